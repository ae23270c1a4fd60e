//! What can be set, and the rows of the table.

use crate::experiment::{row, settings};
use crate::stats::Estimate;

/// The chance that one claim fails although theory is right: a run has some eight that can, so that it fails by chance less
/// than once in 1,000.
pub(super) const LEVEL: f64 = 1e-4;

settings! {
    /// Settings of `rademacher`.
    pub struct Rademacher {
        /// The largest number of inputs; the curve halves it six times.
        n: usize = 1024, quick 256, in 128..=65_536;
        /// Dimension d of the Gaussian inputs of the linear functions.
        dim: usize = 20, in 1..=1000;
        /// Radius B of the balls of linear functions.
        radius: f64 = 1.0, in 0.001..=1000.0;
        /// The norm that bounds the weights.
        norm: &'static str = "both", in ["l1", "l2", "both"];
        /// Independent sets of inputs for each number of inputs.
        sets: usize = 50, quick 20, in 5..=1000;
        /// Sign patterns drawn for each set of inputs, and for each finite class.
        draws: usize = 2000, quick 500, in 10..=1_000_000;
        /// Inputs of the finite classes, whose sign patterns are all tried.
        finite_n: usize = 12, quick 9, in 3..=13;
        /// Points on the line of the four pictures.
        line_n: usize = 30, quick 30, in 8..=100;
        /// Share of wrong labels on the line.
        label_noise: f64 = 0.15, in 0.0..=0.45;
        /// Training sets on the line.
        line_draws: usize = 20_000, quick 4000, in 100..=1_000_000;
        /// Probability δ with which the bound on the gap may fail.
        delta: f64 = 0.05, in 0.0001..=0.5;
    }
}

row! {
    /// One class on so many inputs.
    pub(super) struct Class {
        /// l2, l1: linear functions in a ball; finite: random ±1 patterns; thresholds, nearest: on the line
        class: &'static str;
        /// inputs
        n: usize;
        /// functions of a finite class
        functions: Option<usize>;
        /// complexity by Monte Carlo; for balls the mean over sets of inputs
        measured: Estimate, and se "standard error of measured";
        /// the same by formula (balls, thresholds) or by all sign patterns (finite)
        exact: f64;
        /// lower bound, for balls the mean over sets
        lower: Option<f64>;
        /// upper bound, for balls the mean over sets
        upper: Option<f64>;
    }
}

impl Class {
    /// |measured − exact| in standard errors.
    pub(super) fn distance(&self) -> f64 {
        self.measured.distance(self.exact)
    }

    /// The bounds, NaN where there is none.
    pub(super) fn bounds(&self) -> (f64, f64) {
        let known = |bound: Option<f64>| bound.unwrap_or(f64::NAN);
        (known(self.lower), known(self.upper))
    }
}
