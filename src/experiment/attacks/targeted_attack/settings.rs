//! What can be set.

use crate::experiment::settings;

settings! {
    /// Settings of `targeted_attack`.
    pub struct TargetedAttack {
        /// The class that images are made to be taken for, in the iterations that are compared and in the gallery.
        target: usize = 8, in 0..=255;
        /// ε: the most a pixel in [0, 1] may change.
        epsilon: f64 = 0.15, in 0.001..=1.0;
        /// Steps of an attack.
        steps: usize = 20, in 2..=1000;
        /// Images of each class that are attacked.
        images: usize = 10, quick 5, in 1..=1000;
        /// Hidden units of the network.
        width: usize = 64, quick 32, in 4..=1024;
        /// Training images.
        n: usize = 2000, quick 600, in 100..=50_000;
        /// Test images, out of which those that are attacked are taken.
        test: usize = 1000, quick 500, in 50..=50_000;
        /// Passes over the training images.
        epochs: usize = 15, quick 10, in 1..=1000;
        /// Side of the squares of pixels that are averaged.
        pool: usize = 2, in 1..=28;
    }
}
