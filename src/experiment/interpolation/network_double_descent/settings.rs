//! What can be set.

use crate::experiment::settings;

settings! {
    /// Settings of `network_double_descent`.
    pub struct NetworkDoubleDescent {
        /// Training digits a draw.
        n: usize = 300, quick 60, in 20..=10_000;
        /// Hidden units of the networks.
        widths: Vec<usize> = vec![4, 8, 12, 16, 20, 26, 32, 40, 60, 100, 200, 400],
            quick vec![4, 8, 12, 16, 24, 40, 100, 250], in 1..=4096, len 3..=100, increasing;
        /// Share of training labels changed to another class.
        label_noise: f64 = 0.2, in 0.0..=1.0;
        /// Passes over the training set at most; a run stops once it fits its labels.
        epochs: usize = 3000, quick 1500, in 30..=1_000_000;
        /// Draws of training set, label noise and initial weights.
        draws: usize = 8, in 3..=1000;
        /// Training digits a step.
        batch: usize = 50, quick 30, in 1..=10_000;
        /// Learning rate of Adam at the start; it falls along half a cosine.
        learning_rate: f64 = 0.001, quick 0.003, in 1e-6..=1.0;
        /// Side of the squares of pixels that are averaged: 2 makes 14 × 14 of 28 × 28.
        pool: usize = 2, quick 4, in 1..=28;
        /// Test digits, the same in every draw.
        test: usize = 2000, quick 500, in 10..=10_000;
    }
}
