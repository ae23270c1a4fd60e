//! Benign, tempered, catastrophic: what each method of the taxonomy pays for fitting noise, as n grows.

mod claims;
mod curve;
mod figure;
mod findings;
mod kernels;
mod linear;
mod local;
mod network;
mod ridge;
mod run;
mod settings;

use crate::error::Result;
use crate::experiment::{About, Context, Findings, Study};

pub use settings::OverfittingRegimes;

impl Study for OverfittingRegimes {
    const ABOUT: About = About {
        id: "overfitting_regimes",
        title: "Benign, tempered, catastrophic: the taxonomy of overfitting",
        what: "Fits labels with noise of variance σ² by every method of the taxonomy, and follows the excess risk in \
               units of σ² as n grows: to 0 it is benign, to a constant tempered, to infinity catastrophic. Local \
               methods, regression at p = n and kernels on a line have exact values or limits; kernels on the circle \
               and designs with their spectra stand beside the eigenframework; one training run gives an interpolating \
               and an early-stopped network.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Beyond benign overfitting\" (three \
                slides); after Mallinar et al. 2022, \"Benign, tempered, or catastrophic: a taxonomy of overfitting\", \
                arXiv:2207.06569",
        columns: curve::Entry::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        findings::findings(self, &self.results(seed, context)?)
    }
}
