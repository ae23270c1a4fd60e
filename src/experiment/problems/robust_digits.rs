//! Training on digits under attack, and testing row by row: what the experiments on robust training share.

use std::ops::ControlFlow;

use ndarray::{Array1, Array2};

use crate::attack::train::{Adversarial, HullStep, Inner, Parametrised};
use crate::attack::{NormBall, Objective, PgdSettings, fgsm, pgd, robust_accuracy};
use crate::data::Dataset;
use crate::error::Result;
use crate::experiment::Draw;
use crate::model::{Differentiable, Loss, Mlp, NormalisedMlp, classification_error};
use crate::optimise::{Iterate, Norm, Optimiser, Prox, SolveSettings, solve_stochastic};
use crate::rng::Rng;

/// Digits a step.
pub(crate) const BATCH: usize = 50;

/// Looks at the errors after the start.
pub(crate) const LOOKS: usize = 5;

/// How a network is trained against ℓ∞ attacks of size ε.
#[derive(Clone, Copy)]
pub(crate) struct RobustTraining {
    pub epsilon: f64,
    pub inner: Inner,
    /// Steps of an attack in training, and the length of each as a share of ε.
    pub attack: (usize, f64),
    pub momentum: f64,
    pub rate: f64,
    pub epochs: usize,
}

/// What one run gave.
pub(crate) struct RobustRun {
    /// The test error under a strong attack, ten steps of ε/5, from the start on at each look.
    pub robust: Vec<f64>,
    /// The same under one step of ε.
    pub one_step: Vec<f64>,
    /// The test error without attack, likewise.
    pub clean: Vec<f64>,
    /// The hulls of all steps.
    pub hulls: Vec<HullStep>,
    /// The network at the end, as one that is tested row by row.
    pub net: Mlp,
}

impl RobustRun {
    /// The error under the strong attack at the end.
    pub(crate) fn end(&self) -> f64 {
        self.robust[self.robust.len() - 1]
    }
}

impl RobustTraining {
    /// The steps it takes on n digits.
    pub(crate) fn steps(&self, n: usize) -> usize {
        self.epochs * (n / BATCH.min(n))
    }

    /// The attack with these many steps, each this share of ε long.
    pub(crate) fn attack(&self, steps: usize, share: f64) -> PgdSettings {
        PgdSettings {
            steps,
            step: self.epsilon * share,
            random_start: true,
            objective: Objective::Loss(Loss::CrossEntropy),
            ..PgdSettings::default()
        }
    }

    /// Errors under the strong attack and one step, and without any.
    pub(crate) fn errors(&self, net: &Mlp, test: &Dataset, rng: &mut Rng) -> Result<[f64; 3]> {
        let ball = NormBall::new(Norm::LInf, self.epsilon);
        let victim = net.checked()?;
        let step = fgsm(
            &victim,
            &test.x,
            &test.y,
            &ball,
            Objective::Loss(Loss::CrossEntropy),
        )?;
        let many = pgd(&victim, &test.x, &test.y, &ball, &self.attack(10, 0.2), rng)?;
        let both = 1.0 - robust_accuracy(&[&step, &many])?;
        Ok([
            both,
            step.success(),
            classification_error(&net.forward(&test.x)?, &test.y)?,
        ])
    }

    /// Trains a copy of `net`, each step followed by `prox`.
    ///
    /// # Errors
    /// Data that do not fit; divergence, with what to set.
    pub(crate) fn run<N: Tested>(
        &self,
        net: &N,
        prox: &impl Prox,
        (train, test): (&Dataset, &Dataset),
        draw: Draw,
    ) -> Result<RobustRun> {
        let ball = NormBall::new(Norm::LInf, self.epsilon);
        let attack = self.attack(self.attack.0, self.attack.1);
        let mut oracle = Adversarial::new(
            net.clone(),
            train,
            ball,
            (self.inner, attack),
            Loss::CrossEntropy,
            BATCH,
        )?;
        let steps = self.steps(train.len());
        let settings = SolveSettings {
            rule: Optimiser::momentum(self.momentum),
            rate: self.rate,
            steps,
            ..SolveSettings::default()
        };
        let every = steps.div_ceil(LOOKS);
        let mut found = RobustRun {
            robust: Vec::new(),
            one_step: Vec::new(),
            clean: Vec::new(),
            hulls: Vec::new(),
            net: net.plain(&train.x)?,
        };
        let (tests, mut trouble) = (&mut draw.rng("tests"), None);
        let mut watch = |at: &Iterate<'_>| {
            if !at.step.is_multiple_of(every) && at.step != steps {
                return ControlFlow::Continue(());
            }
            let looked = net
                .with(at.x)
                .and_then(|net| net.plain(&train.x))
                .and_then(|plain| Ok((self.errors(&plain, test, tests)?, plain)));
            match looked {
                Ok(([robust, step, clean], plain)) => {
                    found.robust.push(robust);
                    found.one_step.push(step);
                    found.clean.push(clean);
                    found.net = plain;
                    ControlFlow::Continue(())
                }
                Err(other) => {
                    trouble = Some(other);
                    ControlFlow::Break(())
                }
            }
        };
        let theta = net.all_parameters().to_vec();
        let end = solve_stochastic(
            &mut oracle,
            prox,
            &theta,
            &settings,
            &mut watch,
            &mut draw.rng("order"),
        )?;
        if let Some(trouble) = trouble {
            return Err(trouble);
        }
        end.not_diverged("training", "set a smaller learning_rate")?;
        found.hulls = oracle.hulls;
        Ok(found)
    }
}

/// A network that is tested row by row.
pub(crate) trait Tested: Parametrised + Clone {
    /// The same function as a plain network; normalisation is by the mean and the variance over `x`, `(n, d)`.
    ///
    /// # Errors
    /// `x` does not fit.
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
        let pairs = net
            .layers
            .iter_mut()
            .zip(self.norms.iter().zip(&trace.norms));
        for (layer, (norm, pass)) in pairs {
            let scale: Array1<f64> =
                &norm.gamma / &pass.variance.mapv(|v| (v + norm.epsilon).sqrt());
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
    use crate::model::MlpSettings;
    use crate::rng::stream;

    /// On the rows it was normalised by, the plain network is the training pass.
    #[test]
    fn normalisation_folds_into_the_layers() {
        let rng = &mut stream(1, "fold", 0);
        let net =
            NormalisedMlp::new(&MlpSettings::of_sizes(&[4, 7, 6, 3]), 0.1, rng).expect("valid");
        let x = gaussian(30, 4, rng).expect("valid");
        let outputs = net.plain(&x).expect("valid").forward(&x).expect("valid");
        let gap = outputs - net.trace(&x).expect("valid").outputs;
        assert!(gap.iter().all(|g| g.abs() < 1e-12));
    }
}
