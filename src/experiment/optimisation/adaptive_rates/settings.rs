//! Settings, and the rows of the table.

use crate::experiment::{row, settings};
use crate::stats::Estimate;

/// How often chance alone may break a claim.
pub(super) const LEVEL: f64 = 1e-4;

/// The first step that exponents are fitted from.
pub(super) const FIRST: usize = 32;

settings! {
    /// Settings of `adaptive_rates`.
    pub struct AdaptiveRates {
        /// The convex problem without noise that all methods are tried on, beside those that are named in the claims; with noise
        /// it is the slow quadratic.
        problem: &'static str = "slow_quadratic", in ["slow_quadratic", "logistic"];
        /// δ: the quadratic's curvatures are spread evenly in ln λ over twelve decades, and its minimiser has squares λ^δ.
        excess: f64 = 0.1, in 0.05..=0.3;
        /// Curvatures of it.
        modes: usize = 160, quick 120, in 40..=1000;
        /// The standard deviation σ of each entry of a gradient, where there is noise.
        noise: f64 = 0.2, in 0.05..=2.0;
        /// s of the function without convexity, (1 + x²)^(−s/2).
        power: f64 = 0.2, in 0.05..=1.0;
        /// Steps; half and quarter of it, and so on, are looked at too.
        steps: usize = 4096, quick 2048, in 512..=16_384;
        /// Runs with noise.
        draws: usize = 32, quick 16, in 8..=1000;
    }
}

row! {
    /// A method after some steps.
    pub(super) struct Point {
        /// convex; convex with noise; not convex; not convex with noise; chain of fixed length; chain of 2k + 1
        kind: &'static str;
        /// the method
        method: &'static str;
        /// k, steps taken; with noise each number of steps has runs of its own, with the learning rate for it
        step: usize;
        /// f − f*; where f is not convex the least squared gradient so far, with noise the mean squared gradient
        value: Estimate, and se "its standard error over draws; none without noise";
        /// the exponent of k in the slide's table, of Extra-Newton that of its theorem; empty where there is a question mark or
        /// nothing, and on the chain of fixed length, of which no step k has its worst case
        printed: Option<f64>;
    }
}

impl AdaptiveRates {
    /// Doubling, from 32 to the last.
    pub(super) fn looks(&self) -> Vec<usize> {
        let halves = std::iter::successors(Some(self.steps), |k| Some(k / 2));
        let mut looks: Vec<usize> = halves.take_while(|k| *k >= FIRST).collect();
        looks.reverse();
        looks
    }

    /// The last four of them: before, methods that find their rate on the way are still finding it where there is noise.
    pub(super) fn late_looks(&self) -> Vec<usize> {
        self.looks().split_off(self.looks().len() - 4)
    }
}
