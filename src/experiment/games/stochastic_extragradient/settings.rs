//! What may be set, and what is tabled.

use crate::experiment::{row, settings};
use crate::stats::Estimate;

settings! {
    /// Settings of `stochastic_extragradient`.
    pub struct StochasticExtragradient {
        /// The game: quadratic, of equality in the weak Minty inequality, L = 1; (x − 0.9)(y − 0.9) in the box ‖z‖∞ ≤ 1; forsaken, c = 0.45.
        game: &'static str = "quadratic", in ["quadratic", "constrained_bilinear", "forsaken"];
        /// ρ of the quadratic game.
        rho: f64 = -0.1, in -0.3..=0.3;
        /// Standard deviation of an entry of the noise.
        noise: f64 = 0.1, in 0.001..=10.0;
        /// The length γ of the exploring step.
        gamma: f64 = 0.5, in 0.05..=1.0;
        /// The first share α₀ of the update; at step k it is α₀/(1 + k/100), or constant, or as the method has it.
        alpha: f64 = 0.055, in 0.01..=0.3;
        /// Steps.
        steps: usize = 50_000, quick 20_000, in 1000..=5_000_000;
        /// Runs of each method.
        seeds: usize = 40, in 4..=1000;
    }
}

row! {
    /// One method after so many steps.
    pub(super) struct Point {
        /// the game; monotone: the quadratic one with ρ = 0
        game: &'static str;
        /// the method
        method: &'static str;
        /// k
        step: usize;
        /// mean square of the distance from the solution, over runs
        square: Estimate, and square_se "its standard error";
        /// a tenth of the runs are nearer
        near: f64;
        /// a tenth of the runs are farther away
        far: f64;
        /// E of the square; empty where no law is known
        exact: Option<f64>;
    }
}
