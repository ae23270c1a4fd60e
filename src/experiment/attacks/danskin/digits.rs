//! Training on digits with the shortest vector of a hull, and with one attack.

use std::ops::ControlFlow;

use ndarray::{Array1, Array2};

use super::settings::Danskin;
use crate::attack::train::{Adversarial, HullStep, Inner, Trainable};
use crate::attack::{NormBall, Objective, PgdSettings, pgd};
use crate::data::{Dataset, Source};
use crate::error::Result;
use crate::experiment::problems::noisy_digits::{Design, NoisyDigits, fitted};
use crate::experiment::{Context, Draw};
use crate::model::{Activation, Differentiable, Loss, Mlp, MlpSettings, NormalisedMlp, classification_error};
use crate::optimise::{Iterate, Norm, Optimiser, SolveSettings, Unconstrained, solve_stochastic};
use crate::rng::Rng;

/// Digits a step.
const BATCH: usize = 50;

/// Steps of an attack in training, each ε/4 long.
const TRAIN_STEPS: usize = 4;

/// Steps of the attack that tests, each ε/5 long.
const TEST_STEPS: usize = 10;

/// Looks at the robust error during training.
const LOOKS: usize = 5;

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
    /// BN, ReLU and m, as far as they are there.
    pub(super) fn label(self) -> String {
        let parts = [(self.batch_norm, "BN"), (self.relu, "ReLU"), (self.momentum, "m")];
        let there: Vec<&str> = parts.iter().filter(|(there, _)| *there).map(|(_, name)| *name).collect();
        match there.is_empty() {
            true => "none".to_owned(),
            false => there.join("+"),
        }
    }
}

/// What one run gave.
pub(super) struct Run {
    /// The robust test error from the start on, at each look.
    pub(super) robust: Vec<f64>,
    /// The clean test error at the end.
    pub(super) clean: f64,
    /// The hulls of all steps.
    pub(super) hulls: Vec<HullStep>,
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
                    let [batch_norm, relu, momentum] = [batch_norm, relu, momentum].map(|there| *there == "with");
                    all.extend([false, true].map(|hull| Place { batch_norm, relu, momentum, hull }));
                }
            }
        }
        all
    }

    /// The runs at each place, draw i with the same digits, start and order at all of them; whether the digits are MNIST's.
    pub(super) fn digit_runs(&self, places: &[Place], seed: u64, context: &Context) -> Result<(Vec<Vec<Run>>, bool)> {
        let design = Design {
            n: self.n,
            test: self.test,
            label_noise: 0.0,
            pool: self.pool,
        };
        let digits = NoisyDigits::new(&context.data, design, seed)?;
        let runs = context.paired("runs on digits", places, self.draws, seed, |place, draw| {
            let train = digits.draw(draw.index)?.train;
            let (d, k) = digits.sizes();
            let settings = MlpSettings {
                activation: if place.relu { Activation::Relu } else { Activation::Tanh },
                ..MlpSettings::of_sizes(&[d, self.width, k])
            };
            let start = &mut draw.rng("start");
            match place.batch_norm {
                false => self.train(Mlp::new(&settings, start)?, *place, &train, &digits.test, draw),
                true => self.train(NormalisedMlp::new(&settings, 0.1, start)?, *place, &train, &digits.test, draw),
            }
        })?;
        Ok((runs, digits.mnist))
    }

    fn attack(&self, steps: usize, share: f64) -> (NormBall, PgdSettings) {
        let settings = PgdSettings {
            steps,
            step: self.epsilon * share,
            random_start: true,
            objective: Objective::Loss(Loss::CrossEntropy),
            ..PgdSettings::default()
        };
        (NormBall::new(Norm::LInf, self.epsilon), settings)
    }

    fn train<N: Tested>(&self, net: N, place: Place, train: &Dataset, test: &Dataset, draw: Draw) -> Result<Run> {
        let (ball, attack) = self.attack(TRAIN_STEPS, 0.25);
        let inner = match place.hull {
            true => Inner::Hull(self.attacks),
            false => Inner::One,
        };
        let loss = Loss::CrossEntropy;
        let mut oracle = Adversarial::new(net.clone(), train, ball, (inner, attack), loss, BATCH)?;
        let steps = self.epochs * oracle.steps_per_epoch();
        let (beta, rate) = match place.momentum {
            true => (0.9, 0.1 * self.learning_rate),
            false => (0.0, self.learning_rate),
        };
        let settings = SolveSettings {
            rule: Optimiser::momentum(beta),
            rate,
            steps,
            ..SolveSettings::default()
        };
        let every = steps.div_ceil(LOOKS);
        let (mut robust, mut trouble) = (Vec::new(), None);
        let (ball, attack) = self.attack(TEST_STEPS, 0.2);
        let error = |theta: &[f64], rng: &mut Rng| -> Result<f64> {
            let plain = net.with(theta)?.plain(&train.x)?;
            let found = pgd(&plain.checked()?, &test.x, &test.y, &ball, &attack, rng)?;
            Ok(found.success())
        };
        let tests = &mut draw.rng("tests");
        let mut watch = |at: &Iterate<'_>| {
            if at.step % every != 0 && at.step != steps {
                return ControlFlow::Continue(());
            }
            match error(at.x, tests) {
                Ok(share) => robust.push(share),
                Err(other) => trouble = Some(other),
            }
            match trouble.is_some() {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        };
        let theta = net.all_parameters().to_vec();
        let order = &mut draw.rng("order");
        let end = solve_stochastic(&mut oracle, &Unconstrained, &theta, &settings, &mut watch, order)?;
        if let Some(trouble) = trouble {
            return Err(trouble);
        }
        let end = end.not_diverged("training", "set a smaller learning_rate")?;
        let plain = net.with(&end.x)?.plain(&train.x)?;
        Ok(Run {
            robust,
            clean: classification_error(&plain.forward(&test.x)?, &test.y)?,
            hulls: oracle.hulls,
        })
    }
}

/// A network that is tested row by row.
trait Tested: Trainable + Clone {
    /// The same function as a plain network; normalisation is by the mean and the variance over `x`, `(n, d)`.
    fn plain(&self, x: &Array2<f64>) -> Result<Mlp>;
}

impl Tested for Mlp {
    fn plain(&self, _: &Array2<f64>) -> Result<Mlp> {
        Ok(self.clone())
    }
}

impl Tested for NormalisedMlp {
    /// γ(z − μ)/√(V + ε) + β is a layer of its own: weights times γ/√(V + ε), and a bias.
    fn plain(&self, x: &Array2<f64>) -> Result<Mlp> {
        let trace = self.trace(x)?;
        let mut net = self.net.clone();
        let pairs = net.layers.iter_mut().zip(self.norms.iter().zip(&trace.norms));
        for (layer, (norm, pass)) in pairs {
            let scale: Array1<f64> = &norm.gamma / &pass.variance.mapv(|v| (v + norm.epsilon).sqrt());
            layer.bias = Some(&norm.beta - &(&pass.mean * &scale));
            for (mut row, scale) in layer.weights.rows_mut().into_iter().zip(&scale) {
                row *= *scale;
            }
        }
        Ok(net)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::rng::stream;

    /// On the rows it was normalised by, the plain network is the training pass.
    #[test]
    fn normalisation_folds_into_the_layers() {
        let rng = &mut stream(1, "fold", 0);
        let net = NormalisedMlp::new(&MlpSettings::of_sizes(&[4, 7, 6, 3]), 0.1, rng).expect("valid");
        let x = gaussian(30, 4, rng).expect("valid");
        let outputs = net.plain(&x).expect("valid").forward(&x).expect("valid");
        let gap = outputs - net.trace(&x).expect("valid").outputs;
        assert!(gap.iter().all(|g| g.abs() < 1e-12));
    }
}
