//! What a run may be told.

use crate::experiment::settings;

settings! {
    /// Settings of `masked_gradients`.
    pub struct MaskedGradients {
        /// The defences: pixels rounded to a few grey levels; fresh noise at every call.
        defence: Vec<&'static str> = vec!["quantise", "random"], in ["quantise", "random"], len 1..=2;
        /// How far a pixel may go, of a range of 1.
        epsilons: Vec<f64> = vec![0.02, 0.05, 0.1, 0.2, 0.4], quick vec![0.05, 0.1, 0.2], in 1e-3..=1.0, increasing;
        /// Grey levels that pixels are rounded to.
        levels: usize = 16, in 2..=256;
        /// The noise σ that is added to each pixel.
        sigma: f64 = 0.4, in 1e-3..=10.0;
        /// Draws of the noise whose gradients the adaptive attack takes the mean of.
        draws: usize = 20, quick 15, in 1..=1000;
        /// Draws of the noise by which the random defence is judged.
        judged: usize = 50, quick 30, in 2..=10_000;
        /// Steps of projected sign ascent, each 2.5 ε/steps long.
        steps: usize = 20, quick 10, in 1..=1000;
        /// Queries an image of the black box.
        queries: usize = 600, quick 300, in 1..=100_000;
        /// Training images of all classes.
        n: usize = 2000, quick 800, in 20..=60_000;
        /// Test images.
        test: usize = 200, quick 150, in 10..=10_000;
        /// Side of the squares of pixels that are averaged.
        pool: usize = 2, in 1..=28;
        /// Hidden units.
        width: usize = 64, in 2..=2048;
        /// Passes over the data.
        epochs: usize = 25, quick 20, in 1..=1000;
    }
}

impl MaskedGradients {
    /// Why the two gradients of noise cannot be told apart, if so.
    pub(super) fn unfit(&self) -> Option<&'static str> {
        let telling = self.epsilons.iter().filter(|e| (0.05..=0.2).contains(*e));
        if 2 * telling.count() < self.epsilons.len() {
            Some("other ε fool hardly any image or all: let half of epsilons lie from 0.05 to 0.2")
        } else if !(0.2..=0.8).contains(&self.sigma) {
            Some(
                "the noise hides no gradient, or all that there is to see: set sigma from 0.2 to 0.8",
            )
        } else if self.draws < 10 || self.judged < 20 {
            Some("too few draws of the noise: set draws to 10 and judged to 20, or more")
        } else if self.steps < 5 {
            Some("too few steps to be told from one: set steps to 5 or more")
        } else {
            None
        }
    }
}
