//! Training one network, and what has become of it.

use ndarray::{Array2, Axis};

use super::by_epoch::{Checkpoint, checkpoints, kappa, path};
use super::settings::PerturbationStability;
use crate::data::Dataset;
use crate::error::Result;
use crate::experiment::Draw;
use crate::fit::train::{TrainSettings, Trained as TrainedNet, train};
use crate::measure::lipschitz::local_lipschitz;
use crate::measure::robustness::perturbation_stability_by_gradients;
use crate::model::{Loss, Mlp};
use crate::optimise::Optimiser;
use crate::stats::larger;

/// Points on the way between two digits at which the slope is looked up.
const ON_THE_WAY: usize = 1000;

/// The step for the non-lazy start, whose gradients at the start say nothing about those at the end.
const NON_LAZY_RATE: f64 = 0.05;

/// A run that ends above this mean squared error is tried again with a quarter of the step.
pub(super) const FITTED: f64 = 0.5;

/// The most tries.
const TRIES: i32 = 6;

/// One trained network.
pub(super) struct Trained {
    /// P/ε on the training digits.
    pub stability: f64,
    /// P/ε on them before training.
    pub before: f64,
    /// Σ‖W − W₀‖_F/Σ‖W₀‖_F.
    pub kappa: f64,
    /// Mean squared error at the end.
    pub loss: f64,
    /// Between the two nearest digits of different classes: the largest slope on the way, over |Δh|/‖Δa‖.
    pub slope_ratio: f64,
    /// Along the training; empty where it is not followed.
    pub path: Vec<Checkpoint>,
}

impl PerturbationStability {
    /// Trains a network of a cell by full-batch descent with momentum.
    pub(super) fn train(
        &self,
        cell: (&'static str, usize, usize),
        data: &Dataset,
        draw: Draw,
    ) -> Result<Trained> {
        let start = Mlp::new(&self.net(cell), &mut draw.rng("trained net"))?;
        // The largest curvature of the loss is at most twice the mean squared gradient: a quarter of the limit.
        let squares = start.output_gradients(&data.x, 0)?.squared_norms()?;
        let learning_rate = match cell.0 {
            "small" => NON_LAZY_RATE,
            _ => {
                0.25 / larger(
                    squares.mean().expect("one example or more"),
                    f64::MIN_POSITIVE,
                )
            }
        };
        // A network whose gradients grow as it learns can leave the stable range: it diverges, or all its units die.
        let attempt = |tried: i32| {
            let settings = TrainSettings {
                loss: Loss::Mse,
                optimiser: Optimiser::momentum(0.9),
                learning_rate: learning_rate * 0.25_f64.powi(tried),
                epochs: self.epochs,
                batch: data.len(),
                record_every: self.epochs,
                snapshots: match self.follows(cell) {
                    true => checkpoints(self.epochs),
                    false => Vec::new(),
                },
                ..TrainSettings::default()
            };
            train(&start, data, None, &settings, &mut draw.rng("order"))
        };
        let loss = |done: &TrainedNet| done.history.last().map_or(f64::NAN, |r| r.train.loss);
        let mut done = attempt(0)?;
        for tried in 1..TRIES {
            if loss(&done) < FITTED {
                break;
            }
            let again = attempt(tried)?;
            if loss(&again) < loss(&done) {
                done = again;
            }
        }
        let stability = |net: &Mlp| perturbation_stability_by_gradients(net, &data.x);
        Ok(Trained {
            stability: stability(&done.net)?.mean,
            before: stability(&start)?.mean,
            kappa: kappa(&done.net, &start)?,
            path: path(&start, &done, data)?,
            loss: loss(&done),
            slope_ratio: slope_ratio(&done.net, data)?,
        })
    }
}

/// max‖∇h‖ on the segment between the nearest pair of different classes, over the mean slope |Δh|/‖Δa‖.
fn slope_ratio(net: &Mlp, data: &Dataset) -> Result<f64> {
    let mut nearest = (f64::INFINITY, 0, 0);
    for i in 0..data.len() {
        for j in 0..i {
            if data.y[[i, 0]] != data.y[[j, 0]] {
                let gap = &data.x.row(i) - &data.x.row(j);
                let distance = gap.dot(&gap).sqrt();
                if distance < nearest.0 {
                    nearest = (distance, i, j);
                }
            }
        }
    }
    let (distance, i, j) = nearest;
    let (a, b) = (data.x.row(i), data.x.row(j));
    let mut way = Array2::zeros((ON_THE_WAY, data.x.ncols()));
    for (k, mut row) in way.axis_iter_mut(Axis(0)).enumerate() {
        let t = (k as f64 + 0.5) / ON_THE_WAY as f64;
        row.assign(&(&a * (1.0 - t) + &b * t));
    }
    let most = local_lipschitz(net, &way)?
        .iter()
        .copied()
        .fold(0.0, larger);
    let ends = net.forward(&data.x.select(Axis(0), &[i, j]))?;
    let rise = (ends[[0, 0]] - ends[[1, 0]]).abs();
    // A network that does not tell the two apart has no slope to show, and a dead one has none: 0/0.
    Ok(match rise == 0.0 && most.is_finite() {
        true => f64::INFINITY,
        false => most * distance / rise,
    })
}
