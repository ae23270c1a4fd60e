//! What may be set.

use crate::experiment::settings;

settings! {
    /// Settings of `adversarial_training`.
    pub struct AdversarialTraining {
        /// ε of the ℓ∞ attacks on digits, in training and in the test, in units of the pixels' range.
        epsilon: f64 = 0.07, in 0.001..=1.0;
        /// How a network is trained: on clean digits; on one step of ε; on five steps of 0.3 ε; along the shortest vector of several
        /// such gradients; on clean digits with capped spectral norms.
        attack: Vec<&'static str> = vec!["standard", "fgsm", "pgd", "ddi", "smooth"],
            in ["standard", "fgsm", "pgd", "ddi", "smooth"], len 1..=5;
        /// Attacks a step for DDi.
        attacks: usize = 5, quick 2, in 2..=50;
        /// The largest spectral norm of a layer that `smooth` allows.
        limit: f64 = 1.0, in 0.1..=100.0;
        /// Passes over the digits, in batches of 50.
        epochs: usize = 60, quick 40, in 1..=10_000;
        /// Hidden units of the networks whose width is compared, trained by `standard`, by `pgd`, and by `pgd` in the last layer alone; the
        /// middle one elsewhere.
        widths: Vec<usize> = vec![8, 32, 128], quick vec![8, 64], in 2..=4096, len 2..=8, increasing;
        /// Training digits, of all classes.
        n: usize = 400, quick 150, in 20..=20_000;
        /// Test digits, the same in every draw.
        test: usize = 400, quick 200, in 20..=50_000;
        /// Side of the squares of pixels that are averaged.
        pool: usize = 4, in 1..=28;
        /// Learning rate.
        learning_rate: f64 = 0.5, in 1e-4..=10.0;
        /// Training sets drawn.
        draws: usize = 8, in 3..=1000;
    }
}
