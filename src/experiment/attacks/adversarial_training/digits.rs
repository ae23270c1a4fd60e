//! Networks trained on digits in each way, and at each width.

use super::settings::AdversarialTraining;
use crate::attack::train::Inner;
use crate::attack::{CappedNorms, Objective, certified_accuracy};
use crate::data::Source;
use crate::error::{Error, Result};
use crate::experiment::Context;
use crate::experiment::problems::noisy_digits::{Design, NoisyDigits, fitted};
use crate::experiment::problems::robust_digits::{RobustRun, RobustTraining};
use crate::linalg::spectral_norm;
use crate::measure::lipschitz::certified_lipschitz;
use crate::model::{Mlp, MlpSettings};
use crate::optimise::{Cuboid, Unconstrained};
use crate::stats::{larger, largest, mean};

/// A way of training at a width.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Place {
    pub(super) training: &'static str,
    pub(super) width: usize,
}

/// A run, and what can be proved of its network.
pub(super) struct Run {
    pub(super) of: RobustRun,
    /// The share of test digits that no attack of this size can change, by a Lipschitz constant.
    pub(super) certified: f64,
    /// The change of every pixel up to which that constant proves a test digit right, 0 for one that is wrong; mean over digits.
    pub(super) radius: f64,
    /// The largest spectral norm of a layer.
    pub(super) norm: f64,
}

/// All runs of a place.
pub(super) struct Cell {
    pub(super) place: Place,
    pub(super) runs: Vec<Run>,
}

impl AdversarialTraining {
    pub(super) fn fit_to(&self, data: &Source) -> Result<Self> {
        fitted(self, &[("n", 1), ("test", 1)], data)
    }

    /// The width at which ways of training are compared.
    pub(super) fn middle(&self) -> usize {
        self.widths[self.widths.len() / 2]
    }

    /// Every way at the middle width; standard and PGD training, of the whole network or of its last layer, at each.
    fn places(&self) -> Result<Vec<Place>> {
        for (at, training) in self.attack.iter().enumerate() {
            if self.attack[..at].contains(training) {
                return Err(Error::domain("attack", "each once", self.attack.join(",")));
            }
        }
        let width = self.middle();
        let mut all: Vec<Place> = self
            .attack
            .iter()
            .map(|&training| Place { training, width })
            .collect();
        for training in ["standard", "pgd", "features"] {
            all.extend(self.widths.iter().map(|&width| Place { training, width }));
        }
        let mut once: Vec<Place> = Vec::new();
        for place in all {
            if !once.contains(&place) {
                once.push(place);
            }
        }
        Ok(once)
    }

    /// How `training` is done.
    pub(super) fn training(&self, training: &str) -> RobustTraining {
        let (inner, attack) = match training {
            "fgsm" => (Inner::One, (1, 1.0)),
            "pgd" | "features" => (Inner::One, (5, 0.3)),
            "ddi" => (Inner::Hull(self.attacks), (5, 0.3)),
            _ => (Inner::Clean, (1, 1.0)),
        };
        RobustTraining {
            epsilon: self.epsilon,
            inner,
            attack,
            momentum: 0.0,
            rate: self.learning_rate,
            epochs: self.epochs,
        }
    }

    /// The runs, draw i with the same digits at all places; whether the digits are MNIST's.
    pub(super) fn cells(&self, seed: u64, context: &Context) -> Result<(Vec<Cell>, bool)> {
        let design = Design {
            n: self.n,
            test: self.test,
            label_noise: 0.0,
            pool: self.pool,
        };
        let digits = NoisyDigits::new(&context.data, design, seed)?;
        let (d, k) = digits.sizes();
        let places = self.places()?;
        let runs = context.paired("networks", &places, self.draws, seed, |place, draw| {
            let drawn = digits.draw(draw.index)?;
            let data = (&drawn.train, &digits.test);
            let net = Mlp::new(
                &MlpSettings::of_sizes(&[d, place.width, k]),
                &mut draw.rng("start"),
            )?;
            let training = self.training(place.training);
            let of = match place.training {
                "smooth" => training.run(&net, &CappedNorms::new(&net, self.limit)?, data, draw)?,
                "features" => training.run(&net, &last_layer(&net), data, draw)?,
                _ => training.run(&net, &Unconstrained, data, draw)?,
            };
            // ‖δ‖₂ ≤ ε√d, and f_c − f_j moves by at most √2 times what f does.
            let slope = (2.0 * d as f64).sqrt() * certified_lipschitz(&of.net)?;
            let outputs = of.net.forward(&digits.test.x)?;
            let y = &digits.test.y;
            let certified = certified_accuracy(&outputs, y, self.epsilon, |_, _| slope)?;
            let behind = Objective::Margin.of_outputs(&outputs, y)?.0;
            let radius = mean(behind.iter().map(|b| larger(-b, 0.0) / slope));
            let norms = of
                .net
                .layers
                .iter()
                .map(|layer| spectral_norm(&layer.weights));
            let norm = largest(norms.collect::<Result<Vec<f64>>>()?);
            Ok(Run {
                of,
                certified,
                radius,
                norm,
            })
        })?;
        let cells = places
            .into_iter()
            .zip(runs)
            .map(|(place, runs)| Cell { place, runs });
        Ok((cells.collect(), digits.mnist))
    }
}

/// Parameters of a network whose layers but the last stay as they are: random features.
fn last_layer(net: &Mlp) -> Cuboid {
    let mut low = net.parameters().to_vec();
    let mut high = low.clone();
    let last = &net.layers[net.layers.len() - 1];
    let from = low.len() - last.weights.len() - last.bias.as_ref().map_or(0, |bias| bias.len());
    low[from..].fill(f64::MIN);
    high[from..].fill(f64::MAX);
    Cuboid { low, high }
}
