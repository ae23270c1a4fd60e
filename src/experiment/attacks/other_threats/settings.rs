//! What a run may be told.

use crate::experiment::settings;

settings! {
    /// Settings of `other_threats`.
    pub struct OtherThreats {
        /// The threats: a picture shifted by a pixel; grey carried from pixel to pixel; the picture turned and shifted; a square patch;
        /// some free pixels; one poisoned training point.
        kind: Vec<&'static str> = vec!["shift", "transport", "rotation", "patch", "pixels", "poison"],
            in ["shift", "transport", "rotation", "patch", "pixels", "poison"], len 1..=6;
        /// The classes told −1 and +1.
        digits: Vec<usize> = vec![3, 7], in 0..=255, len 2;
        /// Training images.
        n: usize = 600, quick 300, in 20..=10_000;
        /// Test images, which are attacked.
        test: usize = 200, quick 80, in 10..=5000;
        /// Side of the squares of pixels that are averaged.
        pool: usize = 2, in 1..=28;
        /// λ of ridge regression, in units of squared pixels.
        lambda: f64 = 10.0, in 1e-3..=1e6;
        /// Hidden units of the network.
        width: usize = 32, in 1..=2048;
        /// Passes over the data that train the network.
        epochs: usize = 30, in 1..=1000;
        /// How far grey is carried on average, in pixels: bounds of W1.
        budgets: Vec<f64> = vec![0.02, 0.05, 0.1, 0.2, 0.4], in 1e-3..=10.0, increasing;
        /// Largest angles, in degrees.
        degrees: Vec<f64> = vec![0.0, 5.0, 10.0, 20.0, 30.0, 45.0], in 0.0..=180.0, increasing;
        /// With each angle the picture is shifted by up to so many pixels too.
        shift: usize = 1, in 0..=5;
        /// Sides of the patch, in pixels.
        sides: Vec<usize> = vec![1, 2, 3, 4, 5], in 1..=100, increasing;
        /// Free pixels.
        free: Vec<usize> = vec![1, 2, 4, 8, 16], in 1..=10_000, increasing;
        /// Poisoned points that are tried, one at a time.
        poisons: usize = 30, quick 10, in 3..=1000;
    }
}
