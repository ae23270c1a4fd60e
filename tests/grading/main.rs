//! The grader on whole submissions.

mod fair;
mod hostile;

use std::sync::{OnceLock, RwLock, RwLockReadGuard};

use dltheory::grade::{GradeSettings, Grader};

/// One grader for all tests: with short limits, since tests run into them.
fn grader() -> &'static Grader {
    static GRADER: OnceLock<Grader> = OnceLock::new();
    GRADER.get_or_init(|| {
        let settings = GradeSettings {
            cpu_seconds: 2,
            timeouts: 1,
            ..GradeSettings::default()
        };
        Grader::new(settings).unwrap()
    })
}

/// Held for reading while something is graded, for writing while nothing may be.
static GRADING: RwLock<()> = RwLock::new(());

fn grading() -> RwLockReadGuard<'static, ()> {
    GRADING.read().unwrap_or_else(|poison| poison.into_inner())
}
