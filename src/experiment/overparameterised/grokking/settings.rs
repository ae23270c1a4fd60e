//! Settings and rows.

use crate::experiment::{row, settings};

settings! {
    /// Settings of `grokking`.
    pub struct Grokking {
        /// The modulus p, an odd number.
        modulus: usize = 31, quick 23, in 5..=199;
        /// Share of the p² sums that is seen.
        fraction: f64 = 0.5, quick 0.6, in 0.05..=0.95;
        /// Decoupled weight decay λ of AdamW. 0 shows what happens without.
        weight_decay: Vec<f64> = vec![0.0, 0.25, 0.5, 1.0], quick vec![0.0, 0.5, 1.0], in 0.0..=100.0, len 1..=8;
        /// Steps with all seen sums.
        steps: usize = 1500, quick 700, in 10..=1_000_000;
        /// Hidden units m.
        width: usize = 128, in 4..=4096;
        /// What the units do.
        activation: &'static str = "quadratic", in ["quadratic", "relu"];
        /// Size of the initial weights: the standard deviation of what goes into a unit.
        init_size: f64 = 0.5, in 0.001..=100.0;
        /// Learning rate of AdamW.
        learning_rate: f64 = 0.01, in 1e-5..=1.0;
        /// Networks for each λ, each with its own table; the same for all λ.
        draws: usize = 5, in 5..=1000;
    }
}

row! {
    /// One network on its way.
    pub(super) struct Point {
        /// weight decay λ
        weight_decay: f64;
        /// network
        draw: usize;
        /// steps
        step: usize;
        /// share of the seen sums that are right
        train_accuracy: f64;
        /// share of the other sums that are right
        test_accuracy: f64;
        /// mean squared error on the seen sums
        train_loss: f64;
        /// mean squared error on the others
        test_loss: f64;
        /// length of the vector of all weights
        norm: f64;
    }
}
