//! The process in which one solution runs. It answers calls; it judges nothing.
//!
//! One line of JSON in, one line out. First it confines itself and says so; only then is the
//! student's code reached. The grader draws the inputs and judges the answers in its own process,
//! so whatever the student's code does here, all it can send is an answer.

use std::fs::File;
use std::io::{BufRead, Write};
use std::os::fd::AsFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use serde_json::{Value as Json, json};

use crate::confine::{Limits, forbid_all_but_computing, restrict_files};
use crate::{Call, Value, panic_message};

/// The longest panic message that is passed on, characters.
const MESSAGE: usize = 2000;

/// Serves the solution named on the command line: `NAME CPU_SECONDS MEMORY_BYTES`.
#[must_use]
pub fn main(solutions: &[(&str, fn() -> Call)]) -> ExitCode {
    match serve(solutions) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("worker: {sentence}");
            ExitCode::from(125)
        }
    }
}

fn serve(solutions: &[(&str, fn() -> Call)]) -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, cpu, memory] = arguments.as_slice() else {
        return Err("expected NAME CPU_SECONDS MEMORY_BYTES".into());
    };
    let number = |text: &str| {
        text.parse::<u64>()
            .map_err(|error| format!("{text}: {error}"))
    };
    let (_, make) = solutions
        .iter()
        .find(|(solution, _)| solution == name)
        .ok_or_else(|| format!("no solution {name}"))?;

    // What the student prints goes to standard error, so that it cannot mix with answers.
    let owned = std::io::stdout().as_fd().try_clone_to_owned();
    let mut answers = File::from(owned.map_err(|error| error.to_string())?);
    rustix::stdio::dup2_stdout(std::io::stderr()).map_err(|error| error.to_string())?;
    std::panic::set_hook(Box::new(|_| ()));
    // The processor's features, the stack of the main thread and the like are read from files at
    // first use; let that be now.
    let _ = std::thread::available_parallelism();

    Limits {
        cpu: number(cpu)?,
        memory: number(memory)?,
        file: 0,
        files: 16,
    }
    .apply()?;
    let landlock = restrict_files(&[], &[])?;
    forbid_all_but_computing()?;
    send(
        &mut answers,
        &json!({ "landlock": landlock, "seccomp": "fully enforced" }),
    )?;

    let call = make();
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|error| error.to_string())?;
        let request: Json = serde_json::from_str(&line).map_err(|error| error.to_string())?;
        let arguments = request["arguments"]
            .as_array()
            .ok_or("a call without arguments")?;
        let arguments = arguments
            .iter()
            .map(Value::from_json)
            .collect::<Result<Vec<_>, _>>()?;
        let mut answer = match catch_unwind(AssertUnwindSafe(|| call(&arguments))) {
            Ok(Ok(value)) => json!({ "value": value.to_json() }),
            Ok(Err(sentence)) => json!({ "misfit": sentence }),
            Err(panic) => {
                json!({ "panic": panic_message(panic.as_ref()).chars().take(MESSAGE).collect::<String>() })
            }
        };
        answer["call"] = request["call"].clone();
        send(&mut answers, &answer)?;
    }
    Ok(())
}

fn send(to: &mut File, line: &Json) -> Result<(), String> {
    to.write_all(format!("{line}\n").as_bytes())
        .map_err(|error| error.to_string())
}
