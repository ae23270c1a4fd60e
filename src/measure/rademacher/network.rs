//! Networks as learners of random signs.

use std::ops::ControlFlow;

use ndarray::Array2;

use super::ball::{check_inputs, check_signs};
use super::fit::SignLearner;
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::fit::memorising_network;
use crate::fit::train::{TrainSettings, train_with};
use crate::model::{Loss, Mlp, MlpSettings};
use crate::optimise::{Adam, Optimiser};
use crate::rng::Rng;

/// A ReLU network with one hidden layer, trained on the signs by full-batch Adam on the logistic loss
/// until it gets every sign right or its epochs are over. Its outputs are the signs ±1 of the network's, 0 counted as +1.
///
/// A class with the outputs ±1 has complexity at most 1, and this learner reaches 1 exactly
/// where training fits every pattern drawn. Below 1 it is a lower bound: training may have missed
/// a better network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NetworkLearner {
    /// Hidden neurons m.
    pub width: usize,
    /// The most epochs; one epoch is one step.
    pub epochs: usize,
    /// The learning rate of Adam.
    pub learning_rate: f64,
}

impl Default for NetworkLearner {
    fn default() -> Self {
        Self {
            width: 64,
            epochs: 3000,
            learning_rate: 0.02,
        }
    }
}

impl NetworkLearner {
    /// The number of weights and biases for inputs in R^d: (d + 2)m + 1.
    #[must_use]
    pub fn parameters(&self, d: usize) -> usize {
        (d + 2) * self.width + 1
    }

    /// Trains a network on inputs `x`, `(n, d)`, and `signs`, `(n, 1)`.
    ///
    /// # Errors
    /// Unusable arrays or settings; training that diverges.
    pub fn train(&self, x: &Array2<f64>, signs: &Array2<f64>, rng: &mut Rng) -> Result<Mlp> {
        check_inputs(x)?;
        check_signs(x, signs)?;
        let sizes = [x.ncols(), self.width, 1];
        let net = Mlp::new(&MlpSettings::of_sizes(&sizes), rng)?;
        let data = Dataset::new(x.clone(), signs.clone())?;
        let settings = TrainSettings {
            loss: Loss::Logistic,
            optimiser: Optimiser::Adam(Adam::default()),
            learning_rate: self.learning_rate,
            epochs: self.epochs,
            batch: x.nrows().max(1),
            record_every: 10,
            ..TrainSettings::default()
        };
        let done = &mut |report: &crate::fit::train::EpochReport| match report.train.error {
            Some(0.0) => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        };
        let trained = train_with(&net, &data, None, &settings, done, rng)?;
        if trained.outcome.diverged() {
            return Err(Error::Diverged {
                method: "training on random signs".to_owned(),
                step: trained.history.last().map_or(0, |report| report.steps),
                quantity: "the loss".to_owned(),
                value: f64::INFINITY,
                hint: "; try a smaller learning rate".to_owned(),
            });
        }
        Ok(trained.net)
    }
}

impl SignLearner for NetworkLearner {
    fn outputs(&self, x: &Array2<f64>, signs: &Array2<f64>, rng: &mut Rng) -> Result<Array2<f64>> {
        Ok(self.train(x, signs, rng)?.forward(x)?.mapv(sign))
    }
}

/// The network of 2n + d numbers that fits any signs: see [`memorising_network`]. Outputs are the
/// network's own, not rounded to signs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MemorisingNetwork;

impl SignLearner for MemorisingNetwork {
    fn outputs(&self, x: &Array2<f64>, signs: &Array2<f64>, rng: &mut Rng) -> Result<Array2<f64>> {
        memorising_network(x, signs, rng)?.forward(x)
    }
}

/// The sign of f, 0 counted as +1.
pub(super) fn sign(f: f64) -> f64 {
    if f < 0.0 { -1.0 } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::measure::learned_complexity;
    use crate::rng::stream;

    #[test]
    fn wide_networks_fit_any_signs_and_one_neuron_does_not() {
        let x = gaussian(30, 5, &mut stream(1, "network", 0)).expect("valid");
        let at = |width: usize| {
            let learner = NetworkLearner {
                width,
                ..Default::default()
            };
            assert_eq!(learner.parameters(5), 7 * width + 1);
            learned_complexity(&learner, &x, 4, 1).expect("trains").mean
        };
        assert_eq!(at(64), 1.0);
        assert!(at(1) < 0.95);
        let written = learned_complexity(&MemorisingNetwork, &x, 10, 1).expect("valid");
        assert!((written.mean - 1.0).abs() < 1e-9, "{written}");
    }

    #[test]
    fn bad_input_is_an_error() {
        let x = Array2::ones((3, 2));
        let flawed = NetworkLearner {
            width: 0,
            ..Default::default()
        };
        assert!(learned_complexity(&flawed, &x, 1, 1).is_err());
        assert!(learned_complexity(&MemorisingNetwork, &x, 1, 1).is_err());
    }
}
