//! Perturbation stability by width, depth and initialisation, before training and after.

mod by_epoch;
mod figure;
mod findings;
mod run;
mod settings;
mod start;
mod training;

use crate::data::Source;
use crate::error::Result;
use crate::experiment::problems::digit_features::fitted;
use crate::experiment::sizes::share_out;
use crate::experiment::{About, Context, Findings, Study};

pub use settings::PerturbationStability;

impl Study for PerturbationStability {
    const ABOUT: About = About {
        id: "perturbation_stability",
        title: "Perturbation stability by width, depth and initialisation",
        what: "Measures P/ε, the mean movement of a ReLU network's output under a random small step of its input, over many draws of \
               the weights, beside its exact value and the upper bounds of the tutorial's table. At initialisation neither \
               width nor, for He and NTK, depth changes the mean squared gradient. Then trains networks on digits, in the lazy \
               regime and out of it, and measures again: the slides' trends speak of upper bounds and of trained networks.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Robustness in deep learning: metrics\" and \"Main results \
                (Lazy-training regime)\"; after Zhu, Liu, Chrysos & Cevher 2022, arXiv:2209.07263",
        columns: run::Entry::COLUMNS,
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        let images = data.load()?;
        let pixels = images.pixels.ncols();
        let mut fitted = fitted(self, |s| &s.digits, &[("n", 1)], data)?;
        if fitted.input_dim > pixels {
            fitted = share_out(
                &fitted,
                &[("input_dim", 1)],
                pixels,
                "the pixels of an image",
            )?;
        }
        Ok(fitted)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        findings::findings(self, &self.results(seed, context)?)
    }
}
