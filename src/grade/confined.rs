//! Calls a solution in its own confined process.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value as Json, json};

use super::process::{End, Process};
use super::settings::GradeSettings;
use super::toolchain::Toolchain;
use crate::exercise::check::told;
use crate::exercise::{Caller, Trouble};
use dltheory_workbench::Value;

/// The longest sentence taken over from an answer, characters.
const LONGEST_SENTENCE: usize = 2000;

/// Runs the solution of one exercise: a process is started when it is needed, and again after it
/// ended.
pub(crate) struct Confined<'a> {
    toolchain: &'a Toolchain,
    program: &'a Path,
    name: &'a str,
    settings: &'a GradeSettings,
    process: Option<Process>,
    /// How many calls ran out of time.
    timeouts: u32,
    /// How long its processes have slept while we waited.
    slept: Duration,
    /// Processor time of the processes that are gone.
    used: Duration,
    /// What the kernel enforces, as the process reported before it reached student code.
    pub(crate) confinement: Option<String>,
}

impl<'a> Confined<'a> {
    pub(crate) fn new(
        toolchain: &'a Toolchain,
        program: &'a Path,
        name: &'a str,
        settings: &'a GradeSettings,
    ) -> Self {
        Self {
            toolchain,
            program,
            name,
            settings,
            process: None,
            timeouts: 0,
            slept: Duration::ZERO,
            used: Duration::ZERO,
            confinement: None,
        }
    }

    /// From now on another process answers: one that knows nothing of the calls so far.
    pub(crate) fn renew(&mut self) {
        if let Some(process) = self.process.take() {
            self.used += process.used();
        }
    }

    /// Processor time an exercise has in all its processes, s.
    fn most(&self) -> u64 {
        self.settings.cpu_seconds * (u64::from(self.settings.timeouts) + 1)
    }

    /// Why nothing more is tried, if nothing is.
    fn spent(&self) -> Option<Trouble> {
        let (slept, computed) = (self.settings.idle_seconds, self.most());
        let sentence = if self.slept >= Duration::from_secs(slept) {
            format!("not tried: the calls before it slept for {slept} s")
        } else if self.timeouts >= self.settings.timeouts {
            let timeouts = self.timeouts;
            format!("not tried: {timeouts} calls before it ran out of time")
        } else if self.process.is_none() && self.used >= Duration::from_secs(computed) {
            format!("not tried: the calls before it used {computed} s of processor time")
        } else {
            return None;
        };
        Some(Trouble::Slow(sentence))
    }

    fn start(&mut self) -> Result<(), Trouble> {
        let left = Duration::from_secs(self.most()).saturating_sub(self.used);
        let seconds = left.as_secs().clamp(1, self.settings.cpu_seconds);
        let (name, program, settings) = (self.name, self.program, self.settings);
        // No student's code has run yet: what fails here is not theirs.
        let mut process = Process::start(self.toolchain, program, name, settings, seconds)
            .map_err(|error| Trouble::Machine(format!("no process can be started: {error}")))?;
        let (mut slept, idle) = (Duration::ZERO, Duration::from_secs(settings.idle_seconds));
        let hello = process.answer(&mut slept, idle);
        let hello = hello.map_err(|end| match process.ended(&end, settings) {
            Trouble::Machine(sentence) => Trouble::Machine(sentence),
            trouble => Trouble::Machine(format!(
                "no process of a solution can be confined here: {} {}",
                trouble.sentence(),
                process.printed()
            )),
        })?;
        let part = |key: &str| hello[key].as_str().unwrap_or("unknown").to_owned();
        self.confinement = Some(format!(
            "Landlock {}; seccomp {}",
            part("landlock"),
            part("seccomp")
        ));
        self.process = Some(process);
        Ok(())
    }
}

impl Caller for Confined<'_> {
    fn call(&mut self, arguments: &[Value]) -> Result<Value, Trouble> {
        if let Some(trouble) = self.spent() {
            return Err(trouble);
        }
        if self.process.is_none() {
            self.start()?;
        }
        let Some(process) = &mut self.process else {
            return Err(Trouble::Machine("the process is gone".into()));
        };
        // A number that nobody knows before the call; an answer must bring it back.
        let call: u64 = rand::random();
        let request = json!({
            "call": call,
            "arguments": arguments.iter().map(Value::to_json).collect::<Vec<_>>(),
        });
        let idle = Duration::from_secs(self.settings.idle_seconds);
        let answer = match process.ask(&request) {
            Ok(()) => process.answer(&mut self.slept, idle),
            Err(_) => Err(End::Closed),
        };
        let judged = match answer {
            Ok(answer) => judge(&answer, call),
            Err(end) => Err(process.ended(&end, self.settings)),
        };
        if matches!(judged, Err(Trouble::Slow(_))) {
            self.timeouts += 1;
        }
        if matches!(
            judged,
            Err(Trouble::Died(_)
                | Trouble::Ended(_)
                | Trouble::Slow(_)
                | Trouble::Forged(_)
                | Trouble::Machine(_)
                | Trouble::Check(_))
        ) {
            self.renew();
        }
        judged
    }
}

/// What an answer says, if it is the answer to this call.
fn judge(answer: &Json, call: u64) -> Result<Value, Trouble> {
    if answer["call"].as_u64() != Some(call) {
        return Err(Trouble::Forged(
            "what came back is no answer to this call".into(),
        ));
    }
    let text = |key: &str| -> Option<String> {
        Some(
            answer[key]
                .as_str()?
                .chars()
                .take(LONGEST_SENTENCE)
                .collect(),
        )
    };
    if let Some(message) = text("panic") {
        return Err(told(&message));
    }
    if let Some(sentence) = text("misfit") {
        return Err(Trouble::Check(sentence));
    }
    Value::from_json(&answer["value"])
        .map_err(|error| Trouble::Forged(format!("what came back is no result: {error}")))
}
