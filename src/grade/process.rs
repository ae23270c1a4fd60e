//! A confined process that answers calls: its pipes, its limits, and why it ended.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value as Json;

use super::compile::SYSTEM;
use super::memory;
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
/// How much of the beginning, and of the end, of what a process printed is kept, bytes.
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
    /// Processor time it may use, s.
    seconds: u64,
    /// What it has used, as far as we looked.
    used: Duration,
    /// Nothing ever comes; it closes when all that was printed has been read.
    read: Receiver<()>,
}

impl Process {
    pub(super) fn start(
        toolchain: &Toolchain,
        program: &Path,
        name: &str,
        settings: &GradeSettings,
        seconds: u64,
    ) -> std::io::Result<Self> {
        // The worker confines itself before it reaches student code. If a cell has found a way to
        // run code before that, this first, wider confinement holds it.
        let mut command = Command::new(&toolchain.confine);
        command.args(["--cpu", &seconds.to_string()]);
        command.args(["--memory", &settings.memory.to_string()]);
        command.args(["--file", "0", "--processes", "0"]);
        for path in SYSTEM {
            command.args(["--read", path]);
        }
        command.arg("--read").arg(program);
        command.arg("--").arg(program);
        command.arg(name);
        command.arg(seconds.to_string());
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
        let kept = printed.clone();
        let (reading, read) = sync_channel::<()>(0);
        // From here on its end is ours to see to.
        let process = Self {
            child,
            to,
            lines,
            printed,
            seconds,
            used: Duration::ZERO,
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
            let mut buffer = [0; 1 << 16];
            // To its end, however much that is: a pipe that broke would be a panic of the student's.
            while let Ok(n @ 1..) = prints.read(&mut buffer) {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.extend_from_slice(&buffer[..n]);
                if kept.len() > 2 * KEPT {
                    let end = kept.len() - KEPT;
                    kept.drain(KEPT..end);
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
    /// by the kernel alone; for the rest there is `idle`, of which `slept` is gone.
    pub(super) fn answer(&mut self, slept: &mut Duration, idle: Duration) -> Result<Json, End> {
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
                *slept += LOOK;
                if *slept >= idle {
                    return Err(End::Asleep);
                }
            }
        }
    }

    /// Processor time it has used.
    pub(super) fn used(&self) -> Duration {
        self.used.max(look(self.child.id()).used)
    }

    /// The beginning and the end of what it printed.
    pub(super) fn printed(&self) -> String {
        let printed = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&printed).into_owned()
    }

    /// Ends the process and says why there is no answer.
    pub(super) fn ended(&mut self, end: &End, settings: &GradeSettings) -> Trouble {
        self.used = self.used();
        let ended = match end {
            // It may have closed its pipe and go on.
            End::Closed => wait(&mut self.child, LAST_SLEEP).ok(),
            End::Asleep | End::TooLong | End::Threads => None,
        };
        end_group(&mut self.child);
        // Its last words may be on their way still.
        let _ = self.read.recv_timeout(LAST_WORDS);
        match end {
            End::Asleep => Trouble::Slow(format!(
                "no answer: it slept for {} s, which is all an exercise has for that",
                settings.idle_seconds
            )),
            End::Threads => Trouble::Died(format!("it started more than {MOST_THREADS} threads")),
            End::TooLong => Trouble::Died("its answer is longer than any right one".into()),
            End::Closed => match ended {
                Some((Some(status), used)) => {
                    self.used = self.used.max(used);
                    died(status, used, self.seconds, &self.printed(), settings)
                }
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
fn died(
    status: ExitStatus,
    used: Duration,
    seconds: u64,
    printed: &str,
    settings: &GradeSettings,
) -> Trouble {
    if ran_out(status, used, seconds) {
        return Trouble::Slow(format!("it used more than {seconds} s of processor time"));
    }
    if printed.contains("has overflowed its stack") {
        return Trouble::Died("the stack overflowed: does the recursion end?".into());
    }
    if let Some(sentence) = memory::short(printed, settings.memory) {
        return Trouble::Machine(sentence);
    }
    if memory::wanted(printed).is_some() {
        let gibibytes = settings.memory >> 30;
        return Trouble::Died(format!("it wanted more than {gibibytes} GiB of memory"));
    }
    match (status.code(), status.signal()) {
        // Safe code has one way there; the message above needs files that the process cannot read.
        (_, Some(11)) => Trouble::Ended(
            "its process was ended by signal 11, as when the stack overflowed: does the recursion end?"
                .into(),
        ),
        // A solution cannot send it, and its limits do so only after the time above.
        (_, Some(9)) => Trouble::Machine(format!("a solution's process {KILLED}")),
        (_, Some(signal)) => Trouble::Ended(format!("its process was ended by signal {signal}")),
        (Some(code), _) => Trouble::Ended(format!(
            "its process ended with exit code {code} instead of an answer"
        )),
        _ => Trouble::Ended(format!("its process ended: {status}")),
    }
}

/// Of a process that the system ended: what that is, and the way out.
pub(super) const KILLED: &str = "was killed (signal 9) before it had used up its limits, as a machine does that \
    runs out of memory: grade fewer at once (--jobs 1), or where there is more";

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
