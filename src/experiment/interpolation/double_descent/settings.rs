//! What can be set.

use crate::experiment::settings;

settings! {
    /// Settings of `double_descent`.
    pub struct DoubleDescent {
        /// Training digits a draw.
        n: usize = 600, quick 150, in 10..=4000;
        /// The two classes told apart, as −1 and +1.
        digits: Vec<usize> = vec![3, 7], in 0..=9, len 2;
        /// Bandwidth σ of the Gaussian kernel, in units of the input norm (pixels are 0 to 1).
        sigma: f64 = 5.0, in 0.01..=1000.0;
        /// The largest number of feature columns, in units of n.
        max_ratio: f64 = 8.0, in 2.0..=50.0;
        /// About how many widths, densest around n.
        points: usize = 40, quick 16, in 4..=2000;
        /// Draws of training set and features.
        draws: usize = 20, in 1..=10_000;
        /// Share of training labels flipped.
        label_noise: f64 = 0.0, in 0.0..=0.5;
        /// Test digits, the same in every draw.
        test: usize = 800, quick 400, in 10..=10_000;
        /// Also run averaged SGD?
        sgd: bool = true;
        /// Constant step of SGD for features with φ·φ = 1, one example a step.
        sgd_step: f64 = 1.0, in 0.001..=10.0;
        /// Passes of SGD over the training set.
        sgd_epochs: usize = 30, in 1..=10_000;
    }
}
