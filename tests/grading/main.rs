//! The grader on whole submissions.
#![allow(clippy::unwrap_used)] // helpers of tests stop where a test would

mod classes;
mod constants;
mod fair;
mod handing_out;
mod hostile;
mod inside;
mod instructor;
mod machine;
mod mutants;
mod own_numbers;
mod usual;

use std::ops::Deref;
use std::path::Path;

use dltheory::grade::{GradeSettings, Grader};
use tempfile::TempDir;

/// A grader whose scratch folder nobody else uses, so that what is left there is its own.
struct Own {
    grader: Grader,
    scratch: TempDir,
}

impl Own {
    fn new(settings: GradeSettings) -> Self {
        let scratch = TempDir::new().unwrap();
        let grader = Grader::new(GradeSettings {
            scratch: scratch.path().to_owned(),
            ..settings
        });
        Self {
            grader: grader.unwrap(),
            scratch,
        }
    }

    fn scratch(&self) -> &Path {
        self.scratch.path()
    }
}

impl Deref for Own {
    type Target = Grader;
    fn deref(&self) -> &Grader {
        &self.grader
    }
}

/// Short limits, since tests run into them.
fn short() -> GradeSettings {
    GradeSettings {
        cpu_seconds: 2,
        timeouts: 1,
        ..GradeSettings::default()
    }
}

fn grader() -> Own {
    Own::new(short())
}
