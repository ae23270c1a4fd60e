//! The cells of the experiment: a corruption with a regulariser, and its runs.

use super::training::Run;
use crate::experiment::row;
use crate::stats::{Estimate, mean};

row! {
    /// One corruption with one regulariser, over draws.
    pub(super) struct Point {
        /// what was done to the training set
        corruption: &'static str;
        /// explicit regularisation
        regulariser: &'static str;
        /// training error at the end, mean over draws
        train_error: Estimate, and train_error_se "its standard error";
        /// test error at the end, on clean images with true labels; shuffled_pixels on images shuffled likewise
        test_error: Estimate, and test_error_se "its standard error";
        /// first epoch with training error 0, mean over draws; empty where one draw had none
        epochs: Option<f64>;
    }
}

/// A way to train, and its runs.
pub(super) struct Cell {
    pub corruption: &'static str,
    pub regulariser: &'static str,
    /// Whether training went on to the last epoch.
    pub whole: bool,
    pub runs: Vec<Run>,
}

/// Whether a training error above 0 was lower in the last quarter of the epochs than in the quarter before.
pub(super) fn still_falling(run: &Run) -> bool {
    let quarter = (run.errors.len() / 4).max(1);
    let mut quarters = run
        .errors
        .rchunks(quarter)
        .map(|part| mean(part.iter().copied()));
    let (late, before) = (quarters.next(), quarters.next());
    last(run) > 0.0 && late < before
}

/// The training error at the end.
pub(super) fn last(run: &Run) -> f64 {
    run.errors[run.errors.len() - 1]
}
