//! Attacks without the victim's gradient: made on a substitute, or found by questions.

mod figure;
mod findings;
mod matrix;
mod networks;
mod queries;
mod settings;

use crate::data::Source;
use crate::error::{Error, Result};
use crate::experiment::problems::noisy_digits::fitted;
use crate::experiment::{About, Context, Findings, Study};
use matrix::Pair;
use networks::Networks;
pub use settings::TransferAttack;

impl Study for TransferAttack {
    const ABOUT: About = About {
        id: "transfer_attack",
        title: "Attacks on a model that is not known",
        what: "Trains classifiers of several shapes, and one on other images. Inputs that are made to fool one by its gradients are \
               shown to each of the others. Then a black box is attacked by its scores alone, pixel by pixel, and queries are \
               counted; of a linear model two queries a pixel find the exact worst case.",
        slide: "Foundations of deep learning (CMSC 828W): \"Black-box: Adversary has limited knowledge\"; Scaman, Stability and \
                robustness: \"Beyond the white box setting\"; after Papernot, McDaniel & Goodfellow 2016, arXiv:1605.07277",
        columns: Pair::COLUMNS,
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        fitted(self, &[("n", 2), ("test", 1)], data)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let again = |(at, name): (usize, &&str)| self.substitute[..at].contains(name);
        if self.substitute.iter().enumerate().any(again) {
            return Err(Error::domain(
                "substitute",
                "each once",
                self.substitute.join(","),
            ));
        }
        let networks = Networks::new(self, seed, context)?;
        let matrix = matrix::matrix(self, &networks, seed, context)?;
        let asked = queries::queries(self, &networks, seed)?;
        findings::findings(self, &networks, &matrix, &asked)
    }
}
