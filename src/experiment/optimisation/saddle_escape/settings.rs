//! What may be set.

use crate::experiment::settings;

settings! {
    /// Settings of `saddle_escape`.
    pub struct SaddleEscape {
        /// Constant steps α.
        steps: Vec<f64> = vec![0.02, 0.04, 0.08, 0.16], in 0.002..=0.5, len 2..=5;
        /// Noise σ: the standard deviation of a coordinate of the gradient. A run has left where |y| ≥ 10 σ.
        noise: f64 = 0.002, in 1e-6..=0.01;
        /// Exponents κ of vanishing steps α_k = α_0/(k + 1)^κ.
        kappas: Vec<f64> = vec![0.5, 0.75, 1.0], in 0.1..=1.0, len 1..=5;
        /// Their first step α_0.
        first_step: f64 = 1.0, in 0.3..=1.5;
        /// Runs for each step and exponent.
        runs: usize = 8000, quick 2000, in 1000..=1_000_000;
    }
}

/// A run has left where |y| ≥ 10 σ: then it comes back with probability at most Φ(−10).
const RADIUS: f64 = 10.0;

impl SaddleEscape {
    /// R.
    pub(super) fn radius(&self) -> f64 {
        RADIUS * self.noise
    }
}
