//! `cargo test --test grade`: grades your notebooks, one test an exercise.
//!
//! `SUBMISSION=path cargo test --test grade` grades another submission: a folder, a notebook or a
//! zip. `cargo test --test grade min_norm` shows one exercise. Plain `cargo test` leaves this out.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use dltheory::exercise::Visibility;
use dltheory::grade::{Grade, GradeSettings, Grader, Scheme, Submission, Toolchain, report};
use libtest_mimic::{Arguments, Trial};

fn grade() -> Result<Grade, String> {
    let path = std::env::var_os("SUBMISSION").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("notebooks"),
        PathBuf::from,
    );
    let submission = Submission::read(&from_here(path)).map_err(|error| error.to_string())?;
    if !Toolchain::is_ready() {
        eprintln!("note: compiling what solutions are built against, once: a minute or two");
    }
    let grader = Grader::new(GradeSettings::default()).map_err(|error| error.to_string())?;
    grader.grade(&submission).map_err(|error| error.to_string())
}

/// Cargo runs this in the repository's folder; a path is meant from where the command was typed.
fn from_here(path: PathBuf) -> PathBuf {
    let typed = std::env::var_os("PWD").map(|here| PathBuf::from(here).join(&path));
    typed.filter(|typed| typed.exists()).unwrap_or(path)
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    // All exercises are compiled together, by whichever test comes first.
    let graded: Arc<OnceLock<Result<Grade, String>>> = Arc::default();
    let scheme = match Scheme::read(None, &[]) {
        Ok(scheme) => scheme,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let trials = scheme
        .exercises()
        .map(|exercise| {
            let graded = graded.clone();
            Trial::test(exercise.id(), move || {
                let grade = graded.get_or_init(grade).as_ref().map_err(Clone::clone)?;
                let result = grade.exercise(exercise.name).ok_or("it was not graded")?;
                if result.points == result.out_of {
                    return Ok(());
                }
                let reasons = result.reasons(Visibility::Visible).join("\n");
                Err(format!("{} of {} points\n{reasons}", result.points, result.out_of).into())
            })
        })
        .collect();
    let conclusion = libtest_mimic::run(&arguments, trials);
    // With a filter one exercise was asked for, and its reason stands above.
    if let (None, Some(Ok(grade))) = (&arguments.filter, graded.get()) {
        println!("{}", report::one(grade, Visibility::Visible));
    }
    conclusion.exit_code()
}
