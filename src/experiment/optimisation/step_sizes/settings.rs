//! Settings, and the rows of the table.

use crate::experiment::{row, settings};
use crate::optimise::Schedule;
use crate::stats::Estimate;

/// How often chance alone may break a claim.
pub(super) const LEVEL: f64 = 1e-4;

settings! {
    /// Settings of `step_sizes`.
    pub struct StepSizes {
        /// The powers κ of steps α_k = γ(1+k)^(−κ); 0 is a constant step.
        powers: Vec<f64> = vec![0.0, 0.25, 0.5, 0.75], in 0.0..=0.8;
        /// γ of these steps, on f = ½x².
        rate: f64 = 0.5, in 0.01..=1.0;
        /// 2γλ of the steps γ/(1+k): below 1 they are too short.
        gains: Vec<f64> = vec![0.5, 1.5, 3.0], in 0.1..=4.0;
        /// The standard deviation σ of a gradient.
        noise: f64 = 1.0, in 0.01..=100.0;
        /// The index a of noise with heavy tails, P(|ξ| > x) ~ x^(−a): moments q < a are finite.
        moment: f64 = 3.0, in 2.1..=10.0;
        /// Steps of the runs on a quadratic.
        steps: usize = 4096, quick 1024, in 128..=1_000_000;
        /// Runs on the quadratic, of 32 coordinates each.
        draws: usize = 60, quick 24, in 10..=10_000;
        /// Steps on the double well.
        well_steps: usize = 60_000, quick 20_000, in 1000..=100_000_000;
        /// Digits the network is trained on: with few it learns flipped labels one by one, and the noise dies.
        digits: usize = 1500, in 20..=5000;
        /// Epochs of it.
        digit_epochs: usize = 10, in 4..=1000;
        /// Where its cool-down begins, as parts of the run; 1 is no cool-down.
        cut_offs: Vec<f64> = vec![0.25, 0.5, 0.75, 1.0], in 0.0..=1.0;
        /// Networks at each.
        digit_draws: usize = 24, in 6..=1000;
    }
}

row! {
    /// One number of a run.
    pub(super) struct Point {
        /// quadratic; one over k; heavy tails; double well; digits
        part: &'static str;
        /// κ, the power of the steps; of one over k the gain 2γλ; of the digits the cut-off
        setting: f64;
        /// steps taken
        step: usize;
        /// E x² on the quadratic; share of runs beyond the limit since half the steps; f of the double well; training loss
        measured: Estimate, and se "its standard error over draws";
        /// the exact number; of heavy tails a lower bound; empty where none is known
        predicted: Option<f64>;
    }
}

impl StepSizes {
    /// γ(1+k)^(−κ).
    pub(super) fn schedule(power: f64) -> Schedule {
        match power {
            0.0 => Schedule::Constant,
            exponent => Schedule::Power {
                scale: 1.0,
                exponent,
            },
        }
    }

    /// Steps after which the runs are looked at: doubling, from 32 to the last.
    pub(super) fn looks(&self) -> Vec<usize> {
        let halves = std::iter::successors(Some(self.steps), |k| Some(k / 2));
        let mut looks: Vec<usize> = halves.take_while(|k| *k >= 32).collect();
        looks.reverse();
        looks
    }
}
