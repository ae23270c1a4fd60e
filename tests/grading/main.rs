//! The grader on whole submissions.
#![allow(clippy::unwrap_used)] // helpers of tests stop where a test would

mod fair;
mod handing_out;
mod hostile;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

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

/// How many submissions are being graded.
static BUSY: AtomicUsize = AtomicUsize::new(0);

/// Lives while a submission is graded.
struct Grading;

impl Drop for Grading {
    fn drop(&mut self) {
        BUSY.fetch_sub(1, Ordering::SeqCst);
    }
}

fn grading() -> Grading {
    std::sync::LazyLock::force(&hostile::OLD);
    BUSY.fetch_add(1, Ordering::SeqCst);
    Grading
}
