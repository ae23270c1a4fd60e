//! What can be set.

use crate::experiment::settings;

settings! {
    /// Settings of `optimal_ridge`.
    pub struct OptimalRidge {
        /// Training digits a draw.
        n: usize = 300, quick 80, in 20..=2000;
        /// The two classes told apart, as −1 and +1.
        digits: Vec<usize> = vec![3, 7], in 0..=255, len 2;
        /// Share of training and validation labels flipped.
        label_noise: f64 = 0.1, in 0.0..=0.5;
        /// Bandwidth σ of the Gaussian kernel, in units of the input norm (pixels are 0 to 1).
        sigma: f64 = 5.0, in 0.01..=1000.0;
        /// The smallest number of feature columns, in units of n.
        min_ratio: f64 = 0.3, in 0.05..=0.9;
        /// The largest number of feature columns, in units of n.
        max_ratio: f64 = 4.0, in 1.5..=20.0;
        /// About how many widths, densest around n.
        points: usize = 20, quick 10, in 4..=500;
        /// Penalties λ tried at each width, evenly spaced in ln λ from 10⁻³ to 10².
        penalties: usize = 26, in 6..=500;
        /// Further digits with noisy labels that choose a penalty, a draw.
        validation: usize = 300, quick 100, in 10..=5000;
        /// Draws of training set, validation set and features.
        draws: usize = 8, in 3..=1000;
        /// Test digits, the same in every draw.
        test: usize = 800, quick 400, in 10..=10_000;
        /// Signal over noise r²/σ² of the isotropic problem.
        snr: f64 = 5.0, in 0.1..=20.0;
        /// Examples n, and features p where n varies, of the isotropic problem.
        isotropic_n: usize = 80, quick 30, in 20..=400;
        /// Independent training sets of the isotropic problem, a point.
        isotropic_draws: usize = 200, quick 60, in 20..=100_000;
    }
}
