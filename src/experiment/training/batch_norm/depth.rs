//! Deep networks on digits: gradients by layer at the start, and training.

use rayon::prelude::*;

use super::BatchNormalisation;
use crate::data::Dataset;
use crate::error::Result;
use crate::experiment::problems::noisy_digits::{Design, NoisyDigits};
use crate::experiment::{Context, Progress};
use crate::fit::{DescentSettings, descend};
use crate::model::{Activation, Init, Loss, Mlp, MlpSettings, NormalisedMlp, classification_error};
use crate::rng::stream;

/// The derivative of the loss by what goes into hidden layer l's activation (or its normalisation), l = 2 … L − 1,
/// over that of the last.
pub(super) struct Layers {
    pub plain: Vec<f64>,
    pub normalised: Vec<f64>,
}

impl Layers {
    /// The factor from one layer to the one before it.
    pub(super) fn growth(gradients: &[f64]) -> f64 {
        let steps = gradients.len().saturating_sub(1) as f64;
        gradients[0].powf(1.0 / steps)
    }
}

/// A trained network.
pub(super) struct Trained {
    pub test_accuracy: f64,
    pub train_accuracy: f64,
    /// Of each step's batch.
    pub losses: Vec<f64>,
}

/// The same digits, twice.
pub(super) struct Pair {
    pub plain: Trained,
    pub normalised: Trained,
}

impl BatchNormalisation {
    fn network(&self, (inputs, outputs): (usize, usize), width: usize) -> MlpSettings {
        let mut sizes = vec![width; self.depth + 1];
        sizes[0] = inputs;
        sizes[self.depth] = outputs;
        MlpSettings {
            sizes,
            activation: Activation::Relu,
            biases: true,
            init: Init::LECUN,
        }
    }

    pub(super) fn digits(&self, seed: u64, context: &Context) -> Result<NoisyDigits> {
        let design = Design {
            n: self.n,
            test: self.test,
            label_noise: 0.0,
            pool: self.pool,
        };
        NoisyDigits::new(&context.data, design, seed)
    }

    /// Over the first training set.
    pub(super) fn layers(&self, digits: &NoisyDigits, seed: u64) -> Result<Layers> {
        let data = digits.draw(0)?.train;
        let settings = self.network(digits.sizes(), self.probe_width);
        let plain = Mlp::new(&settings, &mut stream(seed, "probe", 0))?;
        let trace = plain.trace(&data.x)?;
        let slope = Loss::CrossEntropy.derivative(trace.outputs(), &data.y)?;
        let deltas = plain.deltas(&trace, &slope)?;
        let normalised =
            NormalisedMlp::new(&settings, self.momentum, &mut stream(seed, "probe", 0))?;
        let gradient = normalised.gradient(&data.x, &data.y, Loss::CrossEntropy)?;
        let hidden = self.depth - 1;
        let relative = |norms: Vec<f64>| -> Vec<f64> {
            let last = norms[norms.len() - 1];
            norms.iter().map(|norm| norm / last).collect()
        };
        let size = |a: &ndarray::Array2<f64>| a.iter().map(|v| v * v).sum::<f64>().sqrt();
        Ok(Layers {
            plain: relative(deltas[1..hidden].iter().map(size).collect()),
            normalised: relative(
                gradient.norms[1..]
                    .iter()
                    .map(|n| size(&n.inputs))
                    .collect(),
            ),
        })
    }

    pub(super) fn train_pairs(
        &self,
        digits: &NoisyDigits,
        seed: u64,
        progress: &Progress,
    ) -> Result<Vec<Pair>> {
        (0..self.draws as u64)
            .into_par_iter()
            .map(|index| {
                let pair = self.train_pair(digits, seed, index);
                progress.step();
                pair
            })
            .collect()
    }

    fn train_pair(&self, digits: &NoisyDigits, seed: u64, index: u64) -> Result<Pair> {
        let data = digits.draw(index)?.train;
        let settings = DescentSettings {
            loss: Loss::CrossEntropy,
            learning_rate: self.learning_rate,
            epochs: self.epochs,
            batch: self.batch,
            clip: None,
        };
        let order = || stream(seed, "order", index);
        let start = || stream(seed, "network", index);
        let network = self.network(digits.sizes(), self.width);
        let plain = descend(
            &Mlp::new(&network, &mut start())?,
            &data,
            &settings,
            &mut order(),
        )?;
        let normalised = descend(
            &NormalisedMlp::new(&network, self.momentum, &mut start())?,
            &data,
            &settings,
            &mut order(),
        )?;
        Ok(Pair {
            plain: Trained {
                test_accuracy: accuracy(&plain.model.forward(&digits.test.x)?, &digits.test)?,
                train_accuracy: accuracy(&plain.model.forward(&data.x)?, &data)?,
                losses: plain.losses,
            },
            normalised: Trained {
                test_accuracy: accuracy(&normalised.model.evaluate(&digits.test.x)?, &digits.test)?,
                train_accuracy: accuracy(&normalised.model.evaluate(&data.x)?, &data)?,
                losses: normalised.losses,
            },
        })
    }
}

fn accuracy(outputs: &ndarray::Array2<f64>, data: &Dataset) -> Result<f64> {
    Ok(1.0 - classification_error(outputs, &data.y)?)
}
