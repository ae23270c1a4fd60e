//! Compiles the exercises of a submission: all in one program, or apart where that fails.
//!
//! Every exercise is a file of its own, so whatever brace is missing stays there. A compile error
//! names its file and so its exercise, which is left out of the next build and built alone: only
//! what fails alone is at fault, since an `impl` in one cell can spoil type inference in another.
//! Where a build ends without naming anyone (it ran out of time or memory), each exercise is built
//! alone. But first a program without exercises: what cannot compile that is the machine, and then
//! nobody is graded.

use std::collections::BTreeMap;
use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value as Json;

use super::cells::Cell;
use super::diagnostics::errors;
use super::memory;
use super::process::{KILLED, ran_out};
use super::scratch::BUILD;
use super::settings::GradeSettings;
use super::toolchain::Toolchain;
use super::watch::wait;
use crate::{Error, Result};

/// The programs of a submission, and why some exercises have none.
#[derive(Debug, Default)]
pub(crate) struct Compiled {
    /// Exercise → the program that contains it.
    pub(crate) programs: BTreeMap<String, PathBuf>,
    /// Exercise → what the compiler said.
    pub(crate) errors: BTreeMap<String, String>,
    /// How many times the compiler ran.
    pub(crate) builds: usize,
}

/// Compiles `cells` in the empty folder `scratch`.
///
/// # Errors
/// The machine fails: no room, no memory, no linker.
pub(crate) fn compile(
    cells: &BTreeMap<String, Cell>,
    scratch: &Path,
    toolchain: &Toolchain,
    settings: &GradeSettings,
) -> Result<Compiled> {
    let mut compiled = Compiled::default();
    let mut left: Vec<&str> = cells.keys().map(String::as_str).collect();
    let mut alone: Vec<&str> = Vec::new();
    while left.len() > 1 {
        let folder = scratch.join(format!("{BUILD}{}", compiled.builds));
        compiled.builds += 1;
        match build(
            &left,
            cells,
            &folder,
            toolchain,
            settings,
            settings.build_seconds,
        )? {
            Built::Program(program) => {
                for name in left.drain(..) {
                    compiled.programs.insert(name.to_owned(), program.clone());
                }
            }
            Built::Errors(errors) => {
                let named = |name: &&str| errors.contains_key(*name);
                alone.extend(left.extract_if(.., |name| named(name)));
            }
            Built::Failed(_) => {
                must_work(scratch, toolchain, settings)?;
                break;
            }
        }
    }
    alone.append(&mut left);
    for name in alone {
        let folder = scratch.join(format!("{BUILD}{}", compiled.builds));
        compiled.builds += 1;
        let seconds = settings.build_seconds;
        match build(&[name], cells, &folder, toolchain, settings, seconds)? {
            Built::Program(program) => {
                compiled.programs.insert(name.to_owned(), program);
            }
            Built::Errors(mut errors) => {
                let text = errors.remove(name);
                let text = text.unwrap_or_else(|| "it does not compile".to_owned());
                compiled.errors.insert(name.to_owned(), text);
            }
            Built::Failed(sentence) => {
                must_work(scratch, toolchain, settings)?;
                compiled.errors.insert(name.to_owned(), sentence);
            }
        }
    }
    Ok(compiled)
}

/// Compiles a program without exercises, under the same limits.
fn must_work(scratch: &Path, toolchain: &Toolchain, settings: &GradeSettings) -> Result<()> {
    let folder = scratch.join(format!("{BUILD}nothing"));
    let seconds = settings.build_seconds;
    let built = build(&[], &BTreeMap::new(), &folder, toolchain, settings, seconds)?;
    let said = match built {
        Built::Program(_) => None,
        Built::Errors(_) => Some("errors in a program without exercises".to_owned()),
        Built::Failed(sentence) => Some(sentence),
    };
    std::fs::remove_dir_all(&folder).map_err(|error| Error::io(&folder, error))?;
    match said {
        None => Ok(()),
        Some(sentence) => Err(machine(&format!(
            "it cannot compile a program without exercises either (is there memory, and room in {}?): {sentence}",
            settings.scratch.display()
        ))),
    }
}

/// What the machine caused.
fn machine(sentence: &str) -> Error {
    Error::Machine(format!("the machine failed: {sentence}"))
}

/// Where a system keeps its programs and libraries.
pub(super) const SYSTEM: &[&str] = &[
    "/usr",
    "/bin",
    "/lib",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/alternatives",
];
/// The largest file a build may write, bytes: a program of ours has a tenth of it.
const LARGEST_FILE: u64 = 128 << 20;

/// How one run of the compiler ended.
enum Built {
    /// With a program.
    Program(PathBuf),
    /// With errors that name their exercise.
    Errors(BTreeMap<String, String>),
    /// Otherwise; a sentence.
    Failed(String),
}

fn build(
    names: &[&str],
    cells: &BTreeMap<String, Cell>,
    folder: &Path,
    toolchain: &Toolchain,
    settings: &GradeSettings,
    seconds: u64,
) -> Result<Built> {
    let temporary = folder.join("tmp");
    std::fs::create_dir_all(&temporary).map_err(|error| Error::io(&temporary, error))?;
    let write = |file: String, text: String| {
        let path = folder.join(file);
        std::fs::write(&path, text).map_err(|error| Error::io(&path, error))
    };
    write("main.rs".into(), program(names))?;
    for name in names {
        write(format!("{name}.rs"), module(name, &cells[*name].source))?;
    }

    let mut child = compiler(folder, toolchain, settings, seconds)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| Error::Grading(format!("the compiler cannot be run: {error}")))?;
    let mut pipe = child.stderr.take().expect("is piped");
    let reader = std::thread::Builder::new().spawn(move || {
        let mut said = Vec::new();
        let limit = 4 << 20;
        let read = pipe.by_ref().take(limit).read_to_end(&mut said);
        read.map(|_| String::from_utf8_lossy(&said).into_owned())
            .unwrap_or_default()
    });
    let idle = Duration::from_secs(settings.idle_seconds);
    let waited = wait(&mut child, idle);
    // The linker is a child of the compiler: nothing of the group may stay.
    super::process::end_group(&mut child);
    let failed = |error| Error::Grading(format!("the compiler: {error}"));
    let (status, used) = waited.map_err(failed)?;
    let said = reader.map_err(failed)?.join().unwrap_or_default();
    let output = folder.join("submission");
    match status {
        Some(status) if status.success() && output.is_file() => Ok(Built::Program(output)),
        // Nothing in a cell makes a compiler sleep.
        None => Err(machine(&format!(
            "the compiler slept for {} s",
            settings.idle_seconds
        ))),
        Some(status) => {
            let late = ran_out(status, used, seconds);
            let errors = errors(names, cells, &said);
            // Errors about the library, and not the cell that uses it.
            if said.contains("\"code\":\"E046") || said.contains("\"code\":\"E0514") {
                return Err(machine(&first_error(&said)));
            }
            if !errors.is_empty() {
                return Ok(Built::Errors(errors));
            }
            if let Some(sentence) = memory::short(&said, settings.build_memory) {
                return Err(machine(&sentence));
            }
            let first = first_error(&said);
            let linker = first.starts_with("linking with") && first.contains("SIGKILL");
            if !late && (status.signal() == Some(9) || linker) {
                return Err(machine(&format!("the compiler {KILLED}")));
            }
            Ok(Built::Failed(match late {
                true => format!("compiling it takes more than {seconds} s of processor time"),
                false => format!("the compiler gave up on it ({status}): {first}"),
            }))
        }
    }
}

/// What the compiler said last, where that names no exercise.
fn first_error(said: &str) -> String {
    let messages = said
        .lines()
        .filter_map(|line| serde_json::from_str::<Json>(line).ok());
    let mut errors = messages.filter(|message| message["level"] == "error");
    let text = errors.find_map(|message| message["message"].as_str().map(str::to_owned));
    // What confines the compiler says why it cannot.
    let confined = || said.lines().find(|line| line.starts_with("confine: "));
    text.or_else(|| confined().map(str::to_owned))
        .unwrap_or_else(|| "it needed too much memory, or the code nests too deep".into())
}

fn compiler(
    folder: &Path,
    toolchain: &Toolchain,
    settings: &GradeSettings,
    seconds: u64,
) -> Command {
    use std::os::unix::process::CommandExt;
    let mut command = Command::new(&toolchain.confine);
    command.args(["--cpu", &seconds.to_string()]);
    command.args(["--memory", &settings.build_memory.to_string()]);
    command.args(["--file", &LARGEST_FILE.to_string()]);
    for path in SYSTEM {
        command.args(["--read", path]);
    }
    for path in [&toolchain.sysroot, &toolchain.dependencies] {
        command.arg("--read").arg(path);
    }
    command.args(["--write", "/dev/null"]);
    command.arg("--write").arg(folder);
    command.arg("--").arg(&toolchain.rustc);
    command.args([
        "main.rs",
        "--crate-name=submission",
        "--edition=2024",
        "-o",
        "submission",
    ]);
    command.args([
        "-Copt-level=1",
        "-Cdebuginfo=0",
        "-Ccodegen-units=2",
        "-Cstrip=debuginfo",
    ]);
    command.args([
        "-Dunsafe_code",
        "-Flong_running_const_eval",
        "--error-format=json",
    ]);
    command
        .arg("--extern")
        .arg(extern_argument(&toolchain.workbench));
    command
        .arg("-L")
        .arg(format!("dependency={}", toolchain.dependencies.display()));
    command.current_dir(folder).env_clear().process_group(0);
    command
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("TMPDIR", folder.join("tmp"));
    command
}

/// The workbench goes by the name that the library has in a notebook.
fn extern_argument(workbench: &Path) -> String {
    format!("dltheory={}", workbench.display())
}

/// The program around the exercises.
fn program(names: &[&str]) -> String {
    let mut text = "#![allow(warnings)]\n".to_owned();
    for name in names {
        text.push_str(&format!("mod {name};\n"));
    }
    text.push_str("fn main() -> ::std::process::ExitCode {\n    ::dltheory::worker::main(&[\n");
    for name in names {
        text.push_str(&format!("        ({name:?}, {name}::graded_solution),\n"));
    }
    text.push_str("    ])\n}\n");
    text
}

/// A cell as a module. What the notebook has in scope stands on its first line, so that line
/// numbers stay; what calls the solution stands after its last.
fn module(name: &str, source: &str) -> String {
    format!(
        "use ::dltheory::prelude::*; {source}\n\
         pub(crate) fn graded_solution() -> ::dltheory::Call {{ ::dltheory::call::{name}({name}) }}\n"
    )
}
