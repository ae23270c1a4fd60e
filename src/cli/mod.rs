//! The command line: `dltheory list`, `show`, `run`, `figures`, `errata`, `compare`; `grade`, `hand-in`,
//! `release`, `autograder`, `verify`.
//!
//! Results go to stdout; progress and errors, one sentence each, to stderr. The program ends with
//! 0 if it ran, 1 if something failed, 2 if a name, a setting or an option is not valid.

mod args;
mod compare;
mod console;
mod errata;
mod grade;
mod machine;
mod options;
mod run;
mod seeds;
mod show;

use std::process::ExitCode;

use clap::Parser;

use crate::data::Source;
use crate::engine;
use crate::experiment::{ALL, Experiment, find_in};
use crate::grade::GradeSettings;
use crate::{Error, Result};
use args::{Cli, Command};
use console::Console;

/// Runs the program with the arguments of this process.
#[must_use]
pub fn main() -> ExitCode {
    let command = Cli::parse().command;
    let mut console = Console {
        out: &mut std::io::stdout(),
        err: &mut std::io::stderr(),
    };
    if let Command::Run { options, .. } | Command::Figures { options, .. } = &command
        && let Err(error) = machine::prepare(options.threads)
    {
        console.tell("error", &error.to_string());
        engine::leave(1);
    }
    ExitCode::from(match perform(command, ALL, &mut console) {
        Ok(true) => 0,
        Ok(false) => 1,
        Err(error) => {
            console.tell("error", &error.to_string());
            code(&error)
        }
    })
}

/// 2 for what the caller asked for, 1 for what failed.
fn code(error: &Error) -> u8 {
    match error {
        Error::Unknown { .. } | Error::Domain { .. } => 2,
        _ => 1,
    }
}

/// Carries out a command on a list of experiments. `false` if something failed that has been told.
fn perform(command: Command, experiments: &[Experiment], console: &mut Console) -> Result<bool> {
    match command {
        Command::List => console.print(&show::list(experiments)).map(|()| true),
        Command::Show { id, data } => {
            let data = data.map_or_else(Source::from_env, Source::Folder);
            let text = show::show(experiments, &id, &data)?;
            console.print(&text).map(|()| true)
        }
        Command::Run { id, set, options } => run::one(experiments, &id, set, &options, console),
        Command::Figures {
            ids,
            options,
            seeds,
        } => {
            let named = ids.iter().map(|id| find_in(experiments, id).copied());
            let named = named.collect::<Result<Vec<Experiment>>>()?;
            let chosen = if named.is_empty() {
                experiments
            } else {
                &named
            };
            match seeds {
                Some(seeds) => seeds::all(chosen, &options, &seeds, console),
                None => run::all(chosen, &options, console),
            }
        }
        Command::Errata { seed } => errata::all(seed, console),
        Command::Compare { first, second } => compare::compare(&first, &second, console),
        Command::Grade {
            paths,
            out,
            one,
            jobs,
            show,
            seed,
            cpu_seconds,
            chapter,
            grading,
            roster,
            column,
            against,
            never_lower,
            similar,
            no_progress,
        } => {
            let settings = GradeSettings {
                cpu_seconds,
                seed,
                grading,
                chapters: chapter,
                ..GradeSettings::default()
            };
            let job = grade::Job {
                paths,
                one,
                out,
                jobs,
                show,
                roster,
                column,
                against,
                never_lower,
                similar,
                progress: !no_progress,
            };
            job.grade(settings, console)
        }
        Command::HandIn {
            chapters,
            notebooks,
            out,
        } => grade::hand_in(&notebooks, &chapters, &out, console),
        Command::Release { dir } => grade::release(&dir, console),
        Command::Autograder { file } => grade::autograder(&file, console),
        Command::Verify { mutants: None } => grade::verify(console),
        Command::Verify {
            mutants: Some(names),
        } => grade::mutants(&names, console),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_computed_overflow_is_no_bad_setting() {
        assert_eq!(code(&Error::domain("setting `n`", "at least 1", 0)), 2);
        let overflow = crate::error::within_range("the bound", f64::INFINITY);
        assert_eq!(overflow.map_err(|error| code(&error)), Err(1));
    }
}
