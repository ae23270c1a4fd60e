//! Settings, and the rows of the table.

use crate::experiment::{row, settings};

settings! {
    /// Settings of `push_forward`.
    pub struct PushForwardDensity {
        /// The map h whose histogram is drawn: ω², ω³ − 3ω, e^(−ω), e^ω or ω³.
        map: &'static str = "square", in ["square", "fold", "decay", "exp", "cube"];
        /// Normal numbers ω that are mapped.
        samples: usize = 200_000, quick 50_000, in 1_000..=100_000_000;
        /// Bins of the histograms.
        bins: usize = 40, in 4..=400;
    }
}

row! {
    /// One bin of one map.
    pub(super) struct Bin {
        /// the map h
        map: &'static str;
        /// where the bin begins
        from: f64;
        /// where it ends
        to: f64;
        /// share of the samples in it
        share: f64;
        /// its probability by the formula over all branches
        all_branches: f64;
        /// by the formula with one inverse
        one_branch: f64;
    } beside {
        /// Samples in it.
        count: u64;
        /// Whether h has a critical value in it, at which the density has no bound.
        singular: bool;
    }
}
