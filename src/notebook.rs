//! What a notebook's cells print, on its way to the reader.
//!
//! The Rust kernel passes on whole lines of a cell's standard output and reads its own control lines
//! there too. So text without a newline stays behind, a line that looks like a control line hangs the
//! cell, and nothing tells a panic from any other text. Beside this project's kernel
//! (`notebooks/kernel/bridge.py`) a cell's `println!` and its three sisters are [`cell_println!`](crate::cell_println) and
//! its sisters, which write to a pipe of their own instead. Everywhere else they are those of the standard library.
//!
//! Each write to the pipe is a frame: one byte for its [`Kind`], one that is 1 if more of the same
//! follows, two for the length (little-endian), then the text. A frame is shorter than the 4096 bytes
//! that a pipe keeps together, so frames of several threads do not mix.

use std::backtrace::Backtrace;
use std::fmt::Arguments;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::sync::{LazyLock, Mutex, PoisonError};

/// The folder that the kernel and this process share.
const FOLDER: &str = "DLTHEORY_KERNEL";
const LONGEST: usize = 4000;
/// Where the kernel writes what it compiles.
const CELL: &str = "cell/src/lib.rs";

/// What a frame holds.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    Stdout = b'o',
    Stderr = b'e',
    /// A panic, caught or not: thread, file, line and message as JSON.
    Panic = b'p',
    /// A panic ended the cell.
    Panicked = b'P',
    /// `?` ended the cell; the frame before is the error.
    Failed = b'E',
}

static PIPE: LazyLock<Option<Mutex<File>>> = LazyLock::new(|| {
    let path = std::path::Path::new(&std::env::var_os(FOLDER)?).join("output");
    let pipe = OpenOptions::new().write(true).open(path).ok()?;
    Some(Mutex::new(pipe))
});

/// Called by the macros below. Without a kernel that listens, the standard library prints.
#[doc(hidden)]
pub fn print(kind: Kind, text: Arguments<'_>, newline: bool) {
    let end = if newline { "\n" } else { "" };
    match (&*PIPE, kind) {
        (Some(pipe), _) => {
            // Before the lock: what makes the text may itself print, or panic.
            let frames = frames(kind, &format!("{text}{end}"));
            let mut pipe = pipe.lock().unwrap_or_else(PoisonError::into_inner);
            for frame in frames {
                // A kernel that has gone listens no longer: nobody is left to tell.
                let _ = pipe.write_all(&frame);
            }
        }
        (None, Kind::Stdout) => std::print!("{text}{end}"),
        (None, Kind::Stderr) => std::eprint!("{text}{end}"),
        (None, _) => (),
    }
}

fn frames(kind: Kind, text: &str) -> Vec<Vec<u8>> {
    let mut frames = Vec::new();
    let mut rest = text;
    loop {
        let (now, later) = rest.split_at(rest.floor_char_boundary(LONGEST));
        let mut frame = vec![kind as u8, u8::from(!later.is_empty())];
        frame.extend(u16::try_from(now.len()).unwrap_or(u16::MAX).to_le_bytes());
        frame.extend(now.as_bytes());
        frames.push(frame);
        if later.is_empty() {
            return frames;
        }
        rest = later;
    }
}

/// The kernel calls this in every new process that runs cells. From then on it hears of each panic
/// where it happened, and prints no page of backtrace. Without a kernel that listens, does nothing.
#[doc(hidden)]
pub fn listen() {
    if PIPE.is_none() {
        return;
    }
    std::panic::set_hook(Box::new(|panic| {
        let said = dltheory_workbench::panic_message(panic.payload());
        let message = &said[..said.floor_char_boundary(LONGEST / 2)];
        let place = panic.location().map(|at| (at.file(), at.line()));
        let called = match place {
            Some((file, _)) if file.ends_with(CELL) => None,
            _ => line_of_cell(&Backtrace::force_capture().to_string()),
        };
        let thread = std::thread::current();
        let told = serde_json::json!({
            "thread": thread.name(),
            "file": place.map(|at| at.0),
            "line": place.map(|at| at.1),
            "called": called,
            "message": message,
        });
        print(Kind::Panic, format_args!("{told}"), false);
    }));
}

/// The line of the cell that called what panicked, from a backtrace.
fn line_of_cell(trace: &str) -> Option<u32> {
    let (_, after) = trace.split_once(CELL)?;
    after
        .strip_prefix(':')?
        .split([':', '\n'])
        .next()?
        .parse()
        .ok()
}

/// Whether the kernel saw the cell of the exercise `name` fail to compile and not, since, compile.
pub(crate) fn uncompiled(name: &str) -> bool {
    std::env::var_os(FOLDER).is_some_and(|folder| {
        std::path::Path::new(&folder)
            .join("uncompiled")
            .join(name)
            .exists()
    })
}

/// Where the time of the last check of a chapter's exercise stands.
fn mark(chapter: &str) -> std::path::PathBuf {
    std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.lab/checked")).join(chapter)
}

/// Notes that an exercise of this chapter was checked in a notebook, so that handing in can tell
/// one that was not saved since. Where nothing may be written, nothing is noted.
pub(crate) fn checked(chapter: &str) {
    if std::env::var_os(FOLDER).is_some() {
        let mark = mark(chapter);
        let _ = mark.parent().map(std::fs::create_dir_all);
        let _ = std::fs::write(mark, "");
    }
}

/// When an exercise of this chapter was last checked in a notebook.
#[cfg(feature = "cli")]
pub(crate) fn last_check(chapter: &str) -> Option<std::time::SystemTime> {
    std::fs::metadata(mark(chapter)).ok()?.modified().ok()
}

/// [`std::print!`], whole in a notebook too.
#[macro_export]
macro_rules! cell_print {
    ($($text:tt)*) => {
        $crate::notebook::print($crate::notebook::Kind::Stdout, ::std::format_args!($($text)*), false)
    };
}

/// [`std::println!`], safe in a notebook too. The first two rules match what the kernel itself writes
/// into a cell: `println!` in its "a panic ended this" and "an error ended this". They pass the line
/// on, with a mark for this project's kernel before it.
#[macro_export]
macro_rules! cell_println {
    ("EVCXR_PANIC_NOTIFICATION") => {{
        $crate::notebook::print($crate::notebook::Kind::Panicked, ::std::format_args!(""), false);
        ::std::println!("EVCXR_PANIC_NOTIFICATION");
    }};
    ("{}", evcxr_internal_runtime::USER_ERROR_OCCURRED) => {{
        $crate::notebook::print($crate::notebook::Kind::Failed, ::std::format_args!(""), false);
        ::std::println!("{}", evcxr_internal_runtime::USER_ERROR_OCCURRED);
    }};
    () => {
        $crate::notebook::print($crate::notebook::Kind::Stdout, ::std::format_args!(""), true)
    };
    ($($text:tt)*) => {
        $crate::notebook::print($crate::notebook::Kind::Stdout, ::std::format_args!($($text)*), true)
    };
}

/// [`std::eprint!`], whole in a notebook too.
#[macro_export]
macro_rules! cell_eprint {
    ($($text:tt)*) => {
        $crate::notebook::print($crate::notebook::Kind::Stderr, ::std::format_args!($($text)*), false)
    };
}

/// [`std::eprintln!`], in its place among other lines in a notebook too.
#[macro_export]
macro_rules! cell_eprintln {
    () => {
        $crate::notebook::print($crate::notebook::Kind::Stderr, ::std::format_args!(""), true)
    };
    ($($text:tt)*) => {
        $crate::notebook::print($crate::notebook::Kind::Stderr, ::std::format_args!($($text)*), true)
    };
}

#[cfg(test)]
mod tests {
    use super::{Kind, LONGEST, frames, line_of_cell};

    #[test]
    fn a_backtrace_names_the_line() {
        let trace = "  3: f\n   at /x/src/lib.rs:7:1\n  4: run\n   at ./cell/src/lib.rs:116:5\n";
        assert_eq!(line_of_cell(trace), Some(116));
        assert_eq!(line_of_cell("  3: f\n   at /x/src/lib.rs:7:1\n"), None);
    }

    #[test]
    fn frames_keep_the_text_and_fit_a_pipe() {
        for text in ["", "x", "π".repeat(5000).as_str(), "\n\0"] {
            let made = frames(Kind::Stderr, text);
            let mut whole = String::new();
            for (index, frame) in made.iter().enumerate() {
                let length = usize::from(u16::from_le_bytes([frame[2], frame[3]]));
                assert_eq!((frame[0], frame.len()), (b'e', 4 + length));
                assert!(length <= LONGEST);
                assert_eq!(frame[1] == 1, index + 1 < made.len());
                whole += std::str::from_utf8(&frame[4..]).unwrap();
            }
            assert_eq!(whole, text);
        }
    }
}
