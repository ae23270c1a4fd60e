//! What may be set.

use crate::experiment::settings;

settings! {
    /// Settings of `danskin`.
    pub struct Danskin {
        /// Attacks K whose gradients span the hull, on digits; in the plane this number and others up to 10.
        attacks: usize = 6, quick 4, in 2..=50;
        /// Length of a step in the plane.
        step: f64 = 0.1, in 0.005..=0.5;
        /// Steps in the plane.
        steps: usize = 10, in 1..=2000;
        /// Runs in the plane for each number of attacks.
        runs: usize = 400, quick 200, in 50..=100_000;
        /// Batch normalisation of the hidden layers: the settings that are tried.
        batch_norm: Vec<&'static str> = vec!["without", "with"], in ["without", "with"], len 1..=2;
        /// Hidden units: tanh, which is smooth, or ReLU.
        relu: Vec<&'static str> = vec!["without", "with"], in ["without", "with"], len 1..=2;
        /// Heavy-ball momentum of 0.9, at a tenth of the learning rate.
        momentum: Vec<&'static str> = vec!["without", "with"], in ["without", "with"], len 1..=2;
        /// Training digits, of all classes.
        n: usize = 300, quick 100, in 20..=20_000;
        /// Test digits, the same in every draw.
        test: usize = 300, quick 200, in 20..=50_000;
        /// Side of the squares of pixels that are averaged.
        pool: usize = 4, in 1..=28;
        /// Hidden units.
        width: usize = 32, quick 16, in 4..=2048;
        /// ε of the ℓ∞ attacks on digits, in units of the pixels' range.
        epsilon: f64 = 0.1, quick 0.05, in 0.001..=1.0;
        /// Learning rate without momentum.
        learning_rate: f64 = 0.5, in 1e-4..=10.0;
        /// Passes over the digits, in batches of 50.
        epochs: usize = 20, in 1..=10_000;
        /// Training sets drawn.
        draws: usize = 4, quick 3, in 3..=1000;
    }
}
