//! What a run may be told.

use crate::experiment::settings;

settings! {
    /// Settings of `transfer_attack`.
    pub struct TransferAttack {
        /// The classifiers, each attacked by the others: without a hidden layer; with one of 16 units; with `width` units; with three
        /// layers; of `width` units, trained on other images.
        substitute: Vec<&'static str> = vec!["linear", "narrow", "wide", "deep", "other_data"],
            in ["linear", "narrow", "wide", "deep", "other_data"], len 2..=5;
        /// How far a pixel may go, of a range of 1.
        epsilon: f64 = 0.1, in 1e-3..=1.0;
        /// Queries an image of the black box, the clean one among them: where its accuracy is told.
        queries: Vec<usize> = vec![10, 30, 100, 300, 1000], quick vec![10, 30, 100, 300], in 1..=100_000, increasing;
        /// Images the black box is asked about.
        asked: usize = 100, quick 50, in 10..=5000;
        /// Training images of all classes; as many others train `other_data`.
        n: usize = 1500, quick 500, in 20..=30_000;
        /// Test images.
        test: usize = 400, quick 150, in 20..=10_000;
        /// Side of the squares of pixels that are averaged.
        pool: usize = 2, in 1..=28;
        /// Hidden units of `wide`.
        width: usize = 96, quick 48, in 2..=2048;
        /// Passes over the data.
        epochs: usize = 25, quick 20, in 1..=1000;
        /// Steps of projected sign ascent, each 2.5 ε/steps long.
        steps: usize = 20, quick 10, in 1..=1000;
    }
}
