//! What may be set, and what is tabled.

use crate::experiment::{row, settings};

settings! {
    /// Settings of `bilinear_game`.
    pub struct BilinearGame {
        /// The step α.
        alpha: f64 = 0.5, in 0.02..=1.5;
        /// Steps of each path.
        steps: usize = 40, in 8..=400;
    }
}

row! {
    /// One method at one step.
    pub(super) struct Point {
        /// factor: modulus of what a step multiplies z by; distance: between one step of the method and one of ppm, over ‖z‖; modulus: |factor| beside ppm's
        quantity: &'static str;
        /// the method; printed_eg: extragradient as the slide has it
        method: &'static str;
        /// α
        alpha: f64;
        /// in closed form
        predicted: f64;
        /// from steps that were taken
        measured: f64;
    }
}
