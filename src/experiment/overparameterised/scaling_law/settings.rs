//! Settings and rows.

use crate::experiment::{row, settings};
use crate::stats::Estimate;

settings! {
    /// Settings of `scaling_law`.
    pub struct ScalingLaw {
        /// Eigenvalues of the features fall like i^−α: α.
        exponent: f64 = 2.0, in 1.2..=4.0;
        /// The target's part in feature i falls like i^−(1+s): s, its source exponent.
        source: f64 = 3.0, in 0.3..=8.0;
        /// Sizes a law is fitted to, and last the one it predicts.
        sizes: Vec<usize> = vec![16, 32, 64, 128, 512], quick vec![16, 32, 64, 256], in 4..=2000, len 3..=20;
        /// Eigenvalues p in all, more than any size.
        modes: usize = 4000, quick 2000, in 50..=20_000;
        /// Draws at each size.
        draws: usize = 40, quick 24, in 3..=10_000;
    }
}

row! {
    /// One size.
    pub(super) struct Point {
        /// what grows: examples, with all features; width, random features with examples without end
        grows: &'static str;
        /// size
        size: usize;
        /// mean squared error on fresh examples, over draws
        error: Estimate, unit "label²", and error_se "its standard error";
        /// by theory
        theory: f64, unit "label²";
        /// by the power law through the sizes but the last
        fitted: f64, unit "label²";
    }
}
