//! Perturbation stability of convolutional networks, with skip connections and without, by depth and channels.

mod figure;
mod findings;
mod images;
mod settings;
mod start;
mod training;

use crate::data::Source;
use crate::error::Result;
use crate::experiment::problems::digit_features::fitted;
use crate::experiment::{About, Context, Findings, Study};

pub use settings::ConvStability;

impl Study for ConvStability {
    const ABOUT: About = About {
        id: "conv_stability",
        title: "Convolutional networks: the input gradient by depth and channels",
        what: "Measures the mean squared input gradient and P/ε of convolutional ReLU networks at He's start, beside a closed form: \
               on a torus it is 2, as for a perceptron, whatever channels and depth; zeros around the image take some of it a layer; \
               every residual block multiplies it. P/ε is measured by sampled steps and by gradients. Then trains some networks on \
               digits for a few steps and measures again: that is reported, not claimed.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Experiments: lazy training experiment for CNN\"; after \
                Zhu, Liu, Chrysos & Cevher 2022, arXiv:2209.07263",
        columns: findings::Entry::COLUMNS,
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        fitted(self, |s| &s.digits, &[("n", 1)], data)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        self.check()?;
        let images = self.images(seed, context)?;
        let starts = self.starts(&images, seed, context)?;
        let ends = match self.trained {
            true => self.ends(&images, seed, context)?,
            false => Vec::new(),
        };
        findings::findings(self, &images, &starts, &ends)
    }
}
