//! Plain minibatch descent for any model with a gradient, keeping the norm of every gradient.
//!
//! [`train`](fn@super::train) is the fast route for multi-layer perceptrons. Here are models it
//! does not know: recurrent and convolutional networks, networks with batch normalisation. Data types: a model is
//! [`Trainable`]; a run is [`DescentSettings`]; it gives a [`Descent`]. The loop is
//! [`optimise::solve_stochastic`](crate::optimise::solve_stochastic), for which
//! a model and its minibatches are an oracle.

mod minibatches;
mod models;

use std::ops::ControlFlow;

use ndarray::Array1;

use crate::error::{Error, Result};
use crate::model::Loss;
use crate::optimise::{
    Clip, Iterate, Optimiser, SolveSettings, Status, Unconstrained, solve_stochastic,
};
use minibatches::Minibatches;

/// A model that descends: it has a loss, a gradient and parameters that can be moved.
pub trait Trainable: Clone {
    /// What it learns from.
    type Data;

    /// How many examples there are.
    fn n_examples(data: &Self::Data) -> usize;

    /// All parameters θ, `(p,)`.
    fn parameters(&self) -> Array1<f64>;

    /// Takes new parameters, `(p,)`; numbers that are missing leave the old ones.
    fn set_parameters(&mut self, parameters: &[f64]);

    /// The mean loss of these examples and its gradient by all parameters, `(p,)`. May change what
    /// is not learned by descent, such as running averages.
    ///
    /// # Errors
    /// Data that do not fit the model or the loss; numbers beyond the range of f64.
    fn batch_gradient(
        &mut self,
        data: &Self::Data,
        rows: &[usize],
        loss: Loss,
    ) -> Result<(f64, Array1<f64>)>;
}

/// Settings of [`descend`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DescentSettings {
    /// What the mean of is made small.
    pub loss: Loss,
    /// The constant learning rate η > 0.
    pub learning_rate: f64,
    /// Passes over the data.
    pub epochs: usize,
    /// Examples a step, at least 1; with n or more, all.
    pub batch: usize,
    /// How each gradient is cut, if at all.
    pub clip: Option<Clip>,
}

impl Default for DescentSettings {
    /// Cross-entropy, rate 0.1, 10 epochs of batches of 32, no clipping.
    fn default() -> Self {
        Self {
            loss: Loss::CrossEntropy,
            learning_rate: 0.1,
            epochs: 10,
            batch: 32,
            clip: None,
        }
    }
}

/// A model after descent, and what happened at each step.
#[derive(Clone, Debug, PartialEq)]
pub struct Descent<M> {
    /// The model after the last step; after divergence, before the step that broke it, with running averages of all
    /// batches it was shown.
    pub model: M,
    /// The loss of each step's batch before the step.
    pub losses: Vec<f64>,
    /// ‖g‖ of each step.
    pub norms: Vec<f64>,
    /// ‖g‖ after clipping; the same without.
    pub used: Vec<f64>,
    /// The step, from 0, whose numbers left the range of f64, if one did.
    pub diverged: Option<usize>,
}

/// The most steps a run may take: 2³², days of work.
const MAX_STEPS: usize = match 1_usize.checked_shl(32) {
    Some(steps) => steps,
    None => usize::MAX,
};

/// Trains a copy of `model` on `data`.
///
/// # Algorithm
/// Every epoch goes once through the examples in a fresh random order, in whole batches; what is
/// left over at its end waits for the next. Each step is θ ← θ − η·clip(g), g the gradient of the
/// batch's mean loss.
///
/// # Errors
/// A setting out of its range; data that do not fit; a first batch whose loss or gradient is beyond the range of f64.
/// Later that is divergence, which is not an error: see [`Descent::diverged`].
pub fn descend<M: Trainable>(
    model: &M,
    data: &M::Data,
    settings: &DescentSettings,
    rng: &mut impl rand::Rng,
) -> Result<Descent<M>> {
    let n = M::n_examples(data);
    let steps = settings.check(n)?;
    let batch = settings.batch.min(n);
    let mut oracle = Minibatches::new(model, data, settings.loss, batch)?;
    let mut run = Descent {
        model: model.clone(),
        losses: Vec::with_capacity(steps),
        norms: Vec::with_capacity(steps),
        used: Vec::with_capacity(steps),
        diverged: None,
    };
    let mut record = |iterate: &Iterate<'_>| {
        if let (true, Some(clipped)) = (iterate.step < steps, iterate.clipped) {
            run.losses.push(iterate.value);
            run.norms.push(clipped.before);
            run.used.push(clipped.after);
        }
        ControlFlow::Continue(())
    };
    let solve = SolveSettings {
        rule: Optimiser::sgd(),
        rate: settings.learning_rate,
        steps,
        // A limit that only a broken gradient reaches: its norm is recorded all the same.
        clip: Some(settings.clip.unwrap_or(Clip::Norm(f64::MAX))),
        ..SolveSettings::default()
    };
    let start = model.parameters().to_vec();
    let free = &Unconstrained;
    let solution = solve_stochastic(&mut oracle, free, &start, &solve, &mut record, rng)?;
    run.model = oracle.into_model();
    run.model.set_parameters(&solution.x);
    if matches!(solution.status, Status::Diverged { .. }) {
        run.diverged = Some(run.losses.len());
    }
    Ok(run)
}

impl<M> Descent<M> {
    /// How many gradients were longer than `limit`.
    #[must_use]
    pub fn spikes(&self, limit: f64) -> usize {
        self.norms.iter().filter(|norm| **norm > limit).count()
    }
}

impl DescentSettings {
    /// Checks every number for n examples; returns the number of steps.
    fn check(&self, n: usize) -> Result<usize> {
        let rate = self.learning_rate;
        if !(rate.is_finite() && rate > 0.0) {
            let expected = "a positive finite number";
            return Err(Error::domain("the learning rate", expected, rate));
        }
        for (what, count) in [
            ("the number of examples", n),
            ("the number of epochs", self.epochs),
            ("the batch", self.batch),
        ] {
            if count == 0 {
                return Err(Error::domain(what, "at least 1", count));
            }
        }
        self.clip.map_or(Ok(()), Clip::check)?;
        let steps = (n / self.batch.min(n)).saturating_mul(self.epochs);
        if steps > MAX_STEPS {
            let expected = format!("at most {MAX_STEPS} steps in all");
            return Err(Error::domain("the number of epochs", expected, self.epochs));
        }
        Ok(steps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::data::{Dataset, Sequences};
    use crate::fit::train::{TrainSettings, train};
    use crate::model::{Activation, Mlp, MlpSettings, NormalisedMlp, Recurrent, RecurrentSettings};
    use crate::optimise::Optimiser;
    use crate::rng::stream;
    use ndarray::Axis;

    fn problem() -> (Mlp, Dataset) {
        let x = gaussian(12, 3, &mut stream(1, "inputs", 0)).expect("valid");
        let y = x.select(Axis(1), &[0]).mapv(f64::signum);
        let net = Mlp::new(&MlpSettings::of_sizes(&[3, 6, 1]), &mut stream(1, "net", 0));
        (net.expect("valid"), Dataset::new(x, y).expect("same n"))
    }

    /// The two routes take the same steps, clipped or not: 12 examples in 3 batches, 5 epochs.
    #[test]
    fn it_descends_as_training_does() {
        let (net, data) = problem();
        for clip in [None, Some(Clip::Norm(0.1)), Some(Clip::Value(0.02))] {
            let settings = DescentSettings {
                loss: Loss::Logistic,
                epochs: 5,
                batch: 4,
                clip,
                ..DescentSettings::default()
            };
            let run = descend(&net, &data, &settings, &mut stream(1, "order", 0)).expect("fits");
            let same = TrainSettings {
                loss: Loss::Logistic,
                optimiser: Optimiser::sgd(),
                learning_rate: 0.1,
                epochs: 5,
                batch: 4,
                clip,
                ..TrainSettings::default()
            };
            let other = train(&net, &data, None, &same, &mut stream(1, "order", 0)).expect("fits");
            let error = &run.model.parameters() - &other.net.parameters();
            assert!(error.mapv(f64::abs).sum() < 1e-12, "{clip:?}");
            assert_eq!((run.losses.len(), run.diverged), (15, None));
            let moved = &run.model.parameters() - &net.parameters();
            assert!(moved.mapv(f64::abs).sum() > 1e-3);
            if let Some(Clip::Norm(limit)) = clip {
                assert!(run.used.iter().all(|norm| *norm <= limit * (1.0 + 1e-14)));
                assert!(run.spikes(limit) > 0);
            }
        }
    }

    #[test]
    fn divergence_is_told_and_the_model_stays_sound() {
        let settings = RecurrentSettings {
            activation: Activation::Linear,
            outputs: 2,
            inputs: 3,
            ..RecurrentSettings::default()
        };
        let net = Recurrent::new(&settings, &mut stream(1, "net", 0)).expect("valid");
        let data = Sequences::first_symbol(8, 40, 2, 0.5, &mut stream(1, "data", 0));
        let settings = DescentSettings {
            learning_rate: 1e3,
            epochs: 50,
            batch: 4,
            ..DescentSettings::default()
        };
        let run = descend(
            &net,
            &data.expect("valid"),
            &settings,
            &mut stream(1, "order", 0),
        );
        let run = run.expect("not an error");
        assert!(run.diverged.is_some());
        assert!(run.model.parameters().iter().all(|p| p.is_finite()));
        assert!(run.norms.iter().all(|norm| norm.is_finite()));
    }

    /// f(θ) = ½‖θ‖²; its gradient lies backwards in memory, and at a third look the data are gone.
    #[derive(Clone, Debug)]
    struct Odd {
        theta: Array1<f64>,
        looks: usize,
        patience: usize,
    }

    impl Trainable for Odd {
        type Data = ();

        fn n_examples((): &()) -> usize {
            1
        }

        fn parameters(&self) -> Array1<f64> {
            self.theta.clone()
        }

        fn set_parameters(&mut self, parameters: &[f64]) {
            self.theta = Array1::from(parameters.to_vec());
        }

        fn batch_gradient(&mut self, (): &(), _: &[usize], _: Loss) -> Result<(f64, Array1<f64>)> {
            self.looks += 1;
            if self.looks > self.patience {
                return Err(Error::domain("the data", "there", "gone"));
            }
            let backwards: Array1<f64> = self.theta.iter().rev().copied().collect();
            let gradient = backwards.slice_move(ndarray::s![..;-1]);
            Ok((0.5 * gradient.dot(&gradient), gradient))
        }
    }

    #[test]
    fn an_error_of_the_data_is_no_divergence_and_any_gradient_is_cut() {
        let settings = DescentSettings {
            clip: Some(Clip::Norm(0.5)),
            ..DescentSettings::default()
        };
        let mut odd = Odd {
            theta: ndarray::array![3.0, 4.0],
            looks: 0,
            patience: usize::MAX,
        };
        let run = descend(&odd, &(), &settings, &mut stream(1, "order", 0)).expect("sound");
        // Ten steps of length 0.1·0.5 towards 0.
        assert!(
            (&run.model.theta - &ndarray::array![2.7, 3.6])
                .mapv(f64::abs)
                .sum()
                < 1e-14
        );
        assert!((run.norms[0] - 5.0).abs() < 1e-14 && (run.used[0] - 0.5).abs() < 1e-14);
        odd.patience = 2;
        let error = descend(&odd, &(), &settings, &mut stream(1, "order", 0)).expect_err("gone");
        assert_eq!(error.argument(), Some("the data"));
    }

    #[test]
    fn normalised_networks_learn_and_remember() {
        let (_, data) = problem();
        let settings = MlpSettings::of_sizes(&[3, 6, 6, 1]);
        let net = NormalisedMlp::new(&settings, 0.2, &mut stream(1, "net", 0)).expect("valid");
        let settings = DescentSettings {
            loss: Loss::Logistic,
            epochs: 60,
            batch: 6,
            ..DescentSettings::default()
        };
        let run = descend(&net, &data, &settings, &mut stream(1, "order", 0)).expect("fits");
        assert!(run.losses[119] < 0.5 * run.losses[0], "{:?}", run.losses);
        assert_ne!(run.model.norms[0].running_mean, net.norms[0].running_mean);
    }

    #[test]
    fn numbers_out_of_range_are_errors() {
        let (net, data) = problem();
        let refused = |change: &dyn Fn(&mut DescentSettings)| {
            let mut settings = DescentSettings {
                loss: Loss::Logistic,
                ..DescentSettings::default()
            };
            change(&mut settings);
            descend(&net, &data, &settings, &mut stream(1, "bad", 0)).is_err()
        };
        assert!(refused(&|s| s.learning_rate = f64::NAN) && refused(&|s| s.epochs = 0));
        assert!(refused(&|s| s.batch = 0) && refused(&|s| s.epochs = usize::MAX));
        assert!(refused(&|s| s.clip = Some(Clip::Norm(-1.0))));
        assert!(refused(&|s| s.loss = Loss::CrossEntropy) && !refused(&|_| {}));
    }
}
