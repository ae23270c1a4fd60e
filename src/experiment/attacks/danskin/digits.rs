//! Training on digits with the shortest vector of a hull, and with one attack.

use super::settings::Danskin;
use crate::attack::train::Inner;
use crate::data::Source;
use crate::error::Result;
use crate::experiment::Context;
use crate::experiment::problems::noisy_digits::{Design, NoisyDigits, fitted};
use crate::experiment::problems::robust_digits::{RobustRun, RobustTraining};
use crate::model::{Activation, Mlp, MlpSettings, NormalisedMlp};
use crate::optimise::Unconstrained;

/// What theory does not cover, present or not.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) batch_norm: bool,
    pub(super) relu: bool,
    pub(super) momentum: bool,
    /// DDi, or one attack.
    pub(super) hull: bool,
}

impl Place {
    /// B, R and m, as far as they are there.
    pub(super) fn label(self) -> String {
        let parts = [
            (self.batch_norm, "B"),
            (self.relu, "R"),
            (self.momentum, "m"),
        ];
        let there = parts.iter().filter(|(there, _)| *there);
        let label: String = there.map(|(_, name)| *name).collect();
        match label.is_empty() {
            true => "none".to_owned(),
            false => label,
        }
    }

    /// The same in words.
    pub(super) fn words(self) -> String {
        let parts = [
            (self.batch_norm, "batch normalisation"),
            (self.relu, "ReLU"),
            (self.momentum, "momentum"),
        ];
        let there: Vec<&str> = parts
            .into_iter()
            .filter_map(|(there, name)| there.then_some(name))
            .collect();
        match &*there {
            [] => "tanh, without batch normalisation or momentum".to_owned(),
            [one] => format!("with {one}"),
            [first @ .., last] => format!("with {} and {last}", first.join(", ")),
        }
    }
}

impl Danskin {
    pub(super) fn fit_to(&self, data: &Source) -> Result<Self> {
        fitted(self, &[("n", 1), ("test", 1)], data)
    }

    /// All eight settings, or those that were asked for, each with one attack and then with a hull.
    pub(super) fn places(&self) -> Vec<Place> {
        let mut all = Vec::new();
        for batch_norm in &self.batch_norm {
            for relu in &self.relu {
                for momentum in &self.momentum {
                    let [batch_norm, relu, momentum] =
                        [batch_norm, relu, momentum].map(|there| *there == "with");
                    all.extend([false, true].map(|hull| Place {
                        batch_norm,
                        relu,
                        momentum,
                        hull,
                    }));
                }
            }
        }
        all
    }

    /// How a network is trained at a place: attacks of four steps of ε/4.
    pub(super) fn training(&self, place: Place) -> RobustTraining {
        let (momentum, rate) = match place.momentum {
            true => (0.9, 0.1 * self.learning_rate),
            false => (0.0, self.learning_rate),
        };
        RobustTraining {
            epsilon: self.epsilon,
            inner: if place.hull {
                Inner::Hull(self.attacks)
            } else {
                Inner::One
            },
            attack: (4, 0.25),
            momentum,
            rate,
            epochs: self.epochs,
        }
    }

    /// The runs at each place, draw i with the same digits, start and order at all of them; whether the digits are MNIST's.
    pub(super) fn digit_runs(
        &self,
        places: &[Place],
        seed: u64,
        context: &Context,
    ) -> Result<(Vec<Vec<RobustRun>>, bool)> {
        let design = Design {
            n: self.n,
            test: self.test,
            label_noise: 0.0,
            pool: self.pool,
        };
        let digits = NoisyDigits::new(&context.data, design, seed)?;
        let runs = context.paired("runs on digits", places, self.draws, seed, |place, draw| {
            let drawn = digits.draw(draw.index)?;
            let data = (&drawn.train, &digits.test);
            let (d, k) = digits.sizes();
            let settings = MlpSettings {
                activation: if place.relu {
                    Activation::Relu
                } else {
                    Activation::Tanh
                },
                ..MlpSettings::of_sizes(&[d, self.width, k])
            };
            let (training, start) = (self.training(*place), &mut draw.rng("start"));
            match place.batch_norm {
                false => training.run(&Mlp::new(&settings, start)?, &Unconstrained, data, draw),
                true => training.run(
                    &NormalisedMlp::new(&settings, 0.1, start)?,
                    &Unconstrained,
                    data,
                    draw,
                ),
            }
        })?;
        Ok((runs, digits.mnist))
    }
}
