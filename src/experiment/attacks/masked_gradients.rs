//! Defences that look robust because their gradient is hidden.

mod attacks;
mod figure;
mod findings;
mod settings;

use crate::data::Source;
use crate::error::{Error, Result};
use crate::experiment::problems::noisy_digits::{Design, NoisyDigits, fitted};
use crate::experiment::{About, Context, Draw, Findings, Study};
use crate::fit::train::{TrainSettings, train};
use crate::model::{Mlp, MlpSettings};
use attacks::{Cell, Defended, Point};
pub use settings::MaskedGradients;

impl Study for MaskedGradients {
    const ABOUT: About = About {
        id: "masked_gradients",
        title: "Robust to gradients is not robust",
        what: "Puts a rounding of the pixels, or fresh noise, before a classifier. An attack that takes the defence's own gradient finds \
               little; one that sends the gradient straight through the rounding, or takes its mean over the noise, and a black box that \
               asks for scores alone find more. The signs by which the slide tells hidden gradients are computed for both attacks.",
        slide: "Foundations of deep learning (CMSC 828W): \"obfuscated/masked gradients provide a false sense of security\", \"How to \
                attack defenses using gradient masking?\"; after Athalye, Carlini & Wagner 2018, arXiv:1802.00420",
        columns: Point::COLUMNS,
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        fitted(self, &[("n", 1), ("test", 1)], data)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        if self.defence.len() == 2 && self.defence[0] == self.defence[1] {
            return Err(Error::domain(
                "defence",
                "each once",
                self.defence.join(","),
            ));
        }
        let design = Design {
            n: self.n,
            test: self.test,
            label_noise: 0.0,
            pool: self.pool,
        };
        let digits = NoisyDigits::new(&context.data, design, seed)?;
        let (d, k) = digits.sizes();
        let draw = Draw::new(seed, 0);
        let start = Mlp::new(
            &MlpSettings::of_sizes(&[d, self.width, k]),
            &mut draw.rng("masked: start"),
        )?;
        let how = TrainSettings {
            epochs: self.epochs,
            batch: 32,
            record_every: self.epochs,
            ..TrainSettings::default()
        };
        let data = digits.draw(0)?.train;
        let net = train(&start, &data, None, &how, &mut draw.rng("masked: order"))?.net;
        let defended = Defended {
            settings: self,
            net: &net,
            test: &digits.test,
            seed,
        };
        let bounds = || self.epsilons.iter().map(|epsilon| Some(*epsilon));
        let bounded = self
            .defence
            .iter()
            .flat_map(|defence| bounds().map(move |epsilon| (*defence, epsilon)));
        let unbounded = self.defence.iter().map(|defence| (*defence, None));
        let jobs: Vec<(&'static str, Option<f64>)> = bounded.chain(unbounded).collect();
        let cells = context.each("attacks", (0..).zip(jobs), |(index, (defence, epsilon))| {
            defended.attacked(defence, epsilon, index)
        })?;
        let cells: Vec<Cell> = cells.into_iter().flatten().collect();
        findings::findings(self, &cells, (d, k), digits.mnist)
    }
}
