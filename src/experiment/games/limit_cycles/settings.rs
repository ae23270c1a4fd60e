//! What may be set.

use crate::experiment::settings;

settings! {
    /// Settings of `limit_cycles`.
    pub struct LimitCycles {
        /// The game.
        game: &'static str = "forsaken", in ["almost_bilinear", "forsaken", "global_forsaken", "polar"];
        /// The offset c of the game `forsaken`: 0.1 on one slide, 0.5 on another, 0.45 in the paper.
        offset: f64 = 0.45, in 0.0..=0.6;
        /// The method; `eg_plus` looks ahead twice as far as it steps.
        method: &'static str = "eg", in ["gda", "eg", "eg_plus"];
        /// The step α of the run that is drawn, and of the basins.
        alpha: f64 = 0.01, in 0.001..=0.02;
        /// Where the run that is drawn starts: x and y.
        start: Vec<f64> = vec![0.2, 0.5], in -1.5..=1.5, len 2..=2;
        /// Steps α at which the cycle's radius is measured and noisy runs are counted.
        steps: Vec<f64> = vec![0.00125, 0.0025, 0.005, 0.01, 0.02], in 0.001..=0.02, len 3..=8, increasing;
        /// Noise σ: the standard deviation of an entry of V.
        noise: f64 = 0.03, in 0.001..=0.05;
        /// Noisy runs at each step.
        seeds: usize = 600, quick 200, in 50..=100_000;
        /// Starts along each side of the square of basins.
        side: usize = 80, quick 24, in 4..=400;
    }
}
