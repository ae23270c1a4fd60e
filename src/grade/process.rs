//! A confined process that answers calls: its pipes, its limits, and why it ended.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value as Json;

use super::compile::SYSTEM;
use super::settings::GradeSettings;
use super::toolchain::Toolchain;
use super::watch::{LOOK, look, wait};
use crate::exercise::Trouble;

/// The longest answer, bytes: as JSON in memory it may grow thirty-fold.
const LONGEST_ANSWER: u64 = 4 << 20;
/// How many threads a process may have.
const MOST_THREADS: usize = 256;
/// How long a process that closed its output may sleep before it ends.
const LAST_SLEEP: Duration = Duration::from_secs(1);
/// How long a busy machine may take to hand over what an ended process printed.
const LAST_WORDS: Duration = Duration::from_secs(10);
/// How much of what a process printed is kept for a report, bytes.
const KEPT: usize = 400;

/// Why no line came.
pub(super) enum End {
    Closed,
    Asleep,
    TooLong,
    Threads,
}

/// A running worker.
pub(super) struct Process {
    child: Child,
    to: ChildStdin,
    lines: Receiver<Result<Json, End>>,
    printed: Arc<Mutex<Vec<u8>>>,
    flooded: Arc<AtomicBool>,
    /// Nothing ever comes; it closes when all that was printed has been read.
    read: Receiver<()>,
}

impl Process {
    pub(super) fn start(
        toolchain: &Toolchain,
        program: &Path,
        name: &str,
        settings: &GradeSettings,
    ) -> std::io::Result<Self> {
        // The worker confines itself before it reaches student code. If a cell has found a way to
        // run code before that, this first, wider confinement holds it.
        let mut command = Command::new(&toolchain.confine);
        command.args(["--cpu", &settings.cpu_seconds.to_string()]);
        command.args(["--memory", &settings.memory.to_string()]);
        command.args(["--file", "0", "--processes", "0"]);
        for path in SYSTEM {
            command.args(["--read", path]);
        }
        command.arg("--read").arg(program);
        command.arg("--").arg(program);
        command.arg(name);
        command.arg(settings.cpu_seconds.to_string());
        command.arg(settings.memory.to_string());
        command.env_clear().env("OPENBLAS_NUM_THREADS", "1");
        // Some processors need these for OpenBLAS to compute right.
        for variable in ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"] {
            if let Some(value) = std::env::var_os(variable) {
                command.env(variable, value);
            }
        }
        command
            .current_dir(program.parent().unwrap_or(Path::new("/")))
            .process_group(0);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(to), Some(from), Some(prints)) = pipes else {
            return Err(std::io::Error::other("no pipes"));
        };
        let (sender, lines) = sync_channel(1);
        let printed = Arc::new(Mutex::new(Vec::new()));
        let flooded = Arc::new(AtomicBool::new(false));
        let (kept, flood, limit) = (printed.clone(), flooded.clone(), settings.output);
        let (reading, read) = sync_channel::<()>(0);
        // From here on its end is ours to see to.
        let process = Self {
            child,
            to,
            lines,
            printed,
            flooded,
            read,
        };
        std::thread::Builder::new().spawn(move || {
            let mut from = BufReader::new(from);
            loop {
                let mut line = Vec::new();
                let read = (&mut from)
                    .take(LONGEST_ANSWER)
                    .read_until(b'\n', &mut line);
                let message = match read {
                    Ok(0) | Err(_) => Err(End::Closed),
                    Ok(_) if line.last() != Some(&b'\n') && line.len() as u64 == LONGEST_ANSWER => {
                        Err(End::TooLong)
                    }
                    // Text that is no JSON is an answer too: to no call.
                    Ok(_) => Ok(serde_json::from_slice(&line).unwrap_or(Json::Null)),
                };
                let last = message.is_err();
                if sender.send(message).is_err() || last {
                    return;
                }
            }
        })?;
        std::thread::Builder::new().spawn(move || {
            let (mut prints, _reading) = (prints, reading);
            let (mut buffer, mut total) = ([0; 4096], 0);
            while let Ok(n @ 1..) = prints.read(&mut buffer) {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                let room = KEPT.saturating_sub(kept.len()).min(n);
                kept.extend_from_slice(&buffer[..room]);
                total += n;
                if total > limit {
                    // The pipe closes: whoever prints on gets an error.
                    flood.store(true, Ordering::SeqCst);
                    return;
                }
            }
        })?;
        Ok(process)
    }

    pub(super) fn ask(&mut self, request: &Json) -> std::io::Result<()> {
        self.to.write_all(format!("{request}\n").as_bytes())?;
        self.to.flush()
    }

    /// The next answer. Time in which the process computes, or waits for a processor, is limited
    /// by the kernel alone; for the rest it has `idle`.
    pub(super) fn answer(&mut self, idle: Duration) -> Result<Json, End> {
        let mut slept = Duration::ZERO;
        loop {
            match self.lines.recv_timeout(LOOK) {
                Ok(line) => return line,
                Err(RecvTimeoutError::Disconnected) => return Err(End::Closed),
                Err(RecvTimeoutError::Timeout) => {}
            }
            let seen = look(self.child.id());
            if seen.threads > MOST_THREADS {
                return Err(End::Threads);
            }
            if !seen.busy {
                slept += LOOK;
                if slept >= idle {
                    return Err(End::Asleep);
                }
            }
        }
    }

    /// The beginning of what it printed.
    pub(super) fn printed(&self) -> String {
        let printed = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&printed).into_owned()
    }

    /// Ends the process and says why there is no answer.
    pub(super) fn ended(&mut self, end: &End, settings: &GradeSettings) -> Trouble {
        let ended = match end {
            // It may have closed its pipe and go on.
            End::Closed => wait(&mut self.child, LAST_SLEEP).ok(),
            End::Asleep | End::TooLong | End::Threads => None,
        };
        end_group(&mut self.child);
        // Its last words may be on their way still.
        let _ = self.read.recv_timeout(LAST_WORDS);
        if self.flooded.load(Ordering::SeqCst) {
            return Trouble::Died(format!(
                "it printed more than {} KiB",
                settings.output >> 10
            ));
        }
        match end {
            End::Asleep => Trouble::Slow(format!(
                "no answer: it slept for {} s",
                settings.idle_seconds
            )),
            End::Threads => Trouble::Died(format!("it started more than {MOST_THREADS} threads")),
            End::TooLong => Trouble::Died("its answer is longer than any right one".into()),
            End::Closed => match ended {
                Some((Some(status), used)) => died(status, used, &self.printed(), settings),
                _ => Trouble::Died("it closed its output and went on".into()),
            },
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        end_group(&mut self.child);
    }
}

/// What the end of a process means.
fn died(status: ExitStatus, used: Duration, printed: &str, settings: &GradeSettings) -> Trouble {
    let seconds = settings.cpu_seconds;
    if ran_out(status, used, seconds) {
        return Trouble::Slow(format!("it used more than {seconds} s of processor time"));
    }
    if printed.contains("has overflowed its stack") {
        return Trouble::Died("the stack overflowed: does the recursion end?".into());
    }
    if printed.contains("memory allocation of") {
        let gibibytes = settings.memory >> 30;
        return Trouble::Died(format!("it wanted more than {gibibytes} GiB of memory"));
    }
    match (status.code(), status.signal()) {
        // Safe code has one way there; the message above needs files that the process cannot read.
        (_, Some(11)) => Trouble::Died(
            "its process was ended by signal 11, as when the stack overflowed: does the recursion end?"
                .into(),
        ),
        (_, Some(signal)) => Trouble::Died(format!("its process was ended by signal {signal}")),
        (Some(code), _) => Trouble::Died(format!(
            "its process ended with exit code {code} instead of an answer"
        )),
        _ => Trouble::Died(format!("its process ended: {status}")),
    }
}

/// Whether a child ended by the limit on processor time. The kernel sends a warning, then the end;
/// but the end is also what a machine without memory sends, so what was used decides.
pub(super) fn ran_out(status: ExitStatus, used: Duration, seconds: u64) -> bool {
    use rustix::process::Signal;
    let by = |signal: Signal| status.signal() == Some(signal.as_raw());
    by(Signal::XCPU) || by(Signal::KILL) && used.as_secs() >= seconds
}

/// Kills a child with all it started, and waits for it.
pub(crate) fn end_group(child: &mut Child) {
    if let Some(group) = rustix::process::Pid::from_raw(child.id().cast_signed()) {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}
