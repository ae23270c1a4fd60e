//! What can be set.

use crate::experiment::settings;

settings! {
    /// Settings of `linear_double_descent`.
    pub struct LinearDoubleDescent {
        /// Training examples a draw.
        n: usize = 20, in 4..=100;
        /// Features D in all; the fit sees the first p of them. At least n + 6.
        features: usize = 60, in 10..=500;
        /// Standard deviation σ of the noise in the labels.
        noise: f64 = 0.0, in 0.0..=10.0;
        /// How the squared coefficients fall: all the same, or as 1/j².
        decay: &'static str = "flat", in ["flat", "inverse_square"];
        /// Independent training sets.
        draws: usize = 6000, quick 1000, in 100..=1_000_000;
    }
}
