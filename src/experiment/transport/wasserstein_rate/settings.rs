//! Settings, and the rows of the table.

use crate::experiment::{row, settings};
use crate::stats::Estimate;

settings! {
    /// Settings of `wasserstein_rate`.
    pub struct WassersteinRate {
        /// Dimensions p: the interval for 1, the torus beyond.
        dims: Vec<usize> = vec![1, 2, 3, 5], in 1..=8, len 1..=8, increasing;
        /// Numbers n of points in a sample.
        sizes: Vec<usize> = vec![32, 64, 128, 256, 512], quick vec![32, 64, 128], in 8..=1024, len 2..=12, increasing;
        /// Pairs of samples at each n in two dimensions and more, and of Gaussians.
        draws: usize = 60, quick 20, in 4..=10_000;
        /// Pairs of samples at each n on the interval, where a distance is two sorts.
        line_draws: usize = 4000, quick 1500, in 20..=1_000_000;
        /// Dimension of the Gaussians.
        gaussian_dim: usize = 3, in 1..=8;
        /// Points of a sample of them, and of those behind panel (c).
        gaussian_n: usize = 256, quick 128, in 8..=1024;
    }
}

row! {
    /// The pairs of samples of one size in one dimension.
    pub(super) struct Point {
        /// dimension p
        dimension: usize;
        /// points n in each of the two samples
        n: usize;
        /// W₁ of the two, mean over pairs
        w1: Estimate, and w1_se "its standard error";
        /// the same by theory, on the interval
        w1_exact: Option<f64>;
        /// W₂² of the two, mean over pairs
        w2_square: Estimate, and w2_square_se "its standard error";
        /// the same by theory: on the interval
        w2_square_exact: Option<f64>;
        /// W₁ of one sample and the law itself, on the interval
        to_law: Option<f64>;
    } beside {
        /// The same as a mean with its error.
        law: Option<Estimate>;
        /// The least W₂/W₁ of all pairs.
        least_ratio: f64;
    }
}
