//! Settings.

use std::ops::Bound;

use crate::experiment::settings;
use crate::stats::{larger, smaller};

settings! {
    /// Settings of `adam_nonconvergence`.
    pub struct AdamNonconvergence {
        /// The steepness C of one loss in three; the others have slope −1.
        c: f64 = 3.0, in (Bound::Excluded(2.0), Bound::Included(1000.0));
        /// α: the learning rate of step t is α/√t.
        rate: f64 = 0.5, in 0.01..=0.9;
        /// Losses that are met.
        steps: usize = 20_000, quick 5_000, in 30..=10_000_000;
        /// Where the methods begin.
        start: f64 = 0.0, in -1.0..=1.0;
        /// Other memories β₂ that Adam is tried with.
        memories: Vec<f64> = vec![0.05, 0.2, 0.4, 0.6, 0.8, 0.95], in 0.0..=0.9999;
        /// Random orders of the losses.
        draws: usize = 40, quick 16, in 10..=10_000;
    }
}

impl AdamNonconvergence {
    /// β₂ = 1/(1 + C²).
    pub(super) fn beta2(&self) -> f64 {
        1.0 / (1.0 + self.c * self.c)
    }

    /// (C − 2)/3, of the mean loss.
    pub(super) fn mean_gradient(&self) -> f64 {
        (self.c - 2.0) / 3.0
    }

    /// How far one cycle can lead back from an end, at the rate of step `t` and the memory `beta2`: √v is at least 1, as every
    /// square is, and at a steep loss at least √(1 − β₂)·C. So one steep step is at most min(C, 1/√(1 − β₂)) rates long, and two
    /// others at most 2.
    pub(super) fn way_back(&self, t: f64, beta2: f64) -> f64 {
        let steep = smaller(self.c, 1.0 / (1.0 - beta2).sqrt());
        self.rate / t.sqrt() * larger(2.0, steep)
    }

    /// Whether half of the steps are enough to cross the set twice at `way` rates a cycle: Σ_{t ≤ n} 1/√t ≥ 2(√(n+1) − 1).
    pub(super) fn arrives(&self, way: f64) -> bool {
        let rates = 2.0 * self.rate * ((self.steps as f64 / 2.0).sqrt() - 1.0);
        way.abs() / 3.0 * rates >= 4.0
    }
}

/// Which of the two rules.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Rule {
    Adam,
    AmsGrad,
}

impl Rule {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Adam => "Adam",
            Self::AmsGrad => "AMSGrad",
        }
    }
}
