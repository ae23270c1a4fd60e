//! What can be set.

use crate::experiment::settings;

settings! {
    /// Settings of `saliency_maps`.
    pub struct SaliencyMaps {
        /// The ε, in ℓ∞ for pixels in [0, 1], that networks are trained against; 0 is standard training.
        epsilon: Vec<f64> = vec![0.0, 0.05, 0.1, 0.2], quick vec![0.0, 0.07], in 0.0..=0.3, len 2..=6, increasing;
        /// Hidden units.
        width: usize = 64, quick 32, in 4..=1024;
        /// Training images.
        n: usize = 2000, quick 600, in 100..=50_000;
        /// Test images.
        test: usize = 500, quick 300, in 20..=50_000;
        /// Passes over the training images.
        epochs: usize = 15, quick 10, in 1..=1000;
        /// Side of the squares of pixels that are averaged.
        pool: usize = 2, in 1..=7;
        /// Networks trained for each ε, each on its own images.
        draws: usize = 5, in 3..=100;
    }
}
