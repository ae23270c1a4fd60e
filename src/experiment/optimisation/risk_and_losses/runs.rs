//! Networks trained on the same digits with each loss, and what is true of all of them.

use ndarray::{Array2, Axis, s};

use super::settings::{RiskAndLosses, loss_named};
use crate::data::{Dataset, Images, one_hot, train_test_split, two_classes};
use crate::error::Result;
use crate::experiment::{Draw, row};
use crate::fit::NetworkLoss;
use crate::fit::train::{History, TrainSettings, train};
use crate::model::{Activation, Init, Loss, Mlp, MlpSettings, classification_error};
use crate::optimise::{Optimiser, Oracle};
use crate::stats::{Estimate, larger, largest};

row! {
    /// The networks of one loss at one epoch.
    pub(super) struct Point {
        /// what was made small
        loss: &'static str;
        /// passes over the data
        epoch: usize;
        /// empirical risk with this loss
        risk: Estimate, and risk_se "its standard error";
        /// share of training digits on the wrong side
        train_error: Estimate, and train_error_se "its standard error";
        /// share of test digits on the wrong side
        test_error: Estimate, and test_error_se "its standard error";
    }
}

/// One network.
pub(super) struct Run {
    pub(super) history: History,
    /// D/(g·v): a central difference along the gradient over the gradient's length, and how far it may be from 1.
    pub(super) difference: (f64, f64),
    /// The largest distance of the mean of an epoch's batch gradients from the gradient, over its length.
    pub(super) batches: f64,
    /// The largest of error − risk over the losses that bound it, on training and test digits.
    pub(super) above: f64,
    /// The largest relative distance of cross-entropy with two outputs from the logistic loss of their difference.
    pub(super) two_outputs: f64,
    /// Share of the training digits whose derivative is 0 at the end.
    pub(super) silent: f64,
    /// Share of those with label 1 on which log(y f) is not defined at the start: f ≤ 0.
    pub(super) undefined: f64,
}

/// The half width h of the central difference.
const H: f64 = 1e-4;

/// Beside a kink it is halved, no farther than to this.
const LEAST_H: f64 = 1e-8;

impl RiskAndLosses {
    pub(super) fn one_run(&self, images: &Images, name: &str, draw: Draw) -> Result<Run> {
        let loss = loss_named(name);
        let outputs = if loss == Loss::CrossEntropy { 2 } else { 1 };
        let (signs, fresh) = self.data(images, draw)?;
        let [data, test] = [&signs, &fresh].map(|of| with_outputs(of, outputs));
        let (data, test) = (data?, test?);
        let shape = MlpSettings {
            sizes: vec![data.x.ncols(), self.width, outputs],
            activation: Activation::Tanh,
            biases: true,
            init: Init::LECUN,
        };
        let start = Mlp::new(&shape, &mut draw.rng("weights"))?;
        let settings = TrainSettings {
            loss,
            optimiser: Optimiser::sgd(),
            learning_rate: self.learning_rate,
            epochs: self.epochs,
            batch: self.batch,
            ..TrainSettings::default()
        };
        let trained = train(
            &start,
            &data,
            Some(&test),
            &settings,
            &mut draw.rng("order"),
        )?;
        let mut above = f64::NEG_INFINITY;
        for (at, signs) in [(&data, &signs), (&test, &fresh)] {
            above = larger(above, error_above(&trained.net, at, signs)?);
        }
        let f = decision(&trained.net.forward(&data.x)?);
        let first = decision(&start.forward(&data.x)?);
        let positive = || first.iter().zip(&signs.y).filter(|(_, y)| **y > 0.0);
        let undefined = match positive().count() {
            0 => 0.0,
            all => positive().filter(|(f, _)| **f <= 0.0).count() as f64 / all as f64,
        };
        let slopes = loss.derivative(&trained.net.forward(&data.x)?, &data.y)?;
        let silent = slopes
            .rows()
            .into_iter()
            .filter(|row| row.iter().all(|s| *s == 0.0))
            .count();
        let two_outputs = match loss {
            Loss::CrossEntropy => {
                let one = Loss::Logistic.mean(&f, &signs.y)?;
                let two = loss.mean(&trained.net.forward(&data.x)?, &data.y)?;
                (one - two).abs() / one
            }
            _ => 0.0,
        };
        Ok(Run {
            difference: difference(&start, &data, loss)?,
            batches: self.batch_distance(&start, &data, loss)?,
            history: trained.history,
            above,
            two_outputs,
            silent: silent as f64 / data.len() as f64,
            undefined,
        })
    }

    /// Training and test digits with labels ±1.
    fn data(&self, images: &Images, draw: Draw) -> Result<(Dataset, Dataset)> {
        // Classes are below 10.
        let all = two_classes(images, self.digits[0] as u8, self.digits[1] as u8)?;
        let split = train_test_split(all.len(), self.n, self.test, &mut draw.rng("digits"))?;
        Ok((all.select(&split.train)?, all.select(&split.test)?))
    }

    /// How far the mean of the gradients of an epoch's batches, each weighted by its size, is from the gradient.
    fn batch_distance(&self, net: &Mlp, data: &Dataset, loss: Loss) -> Result<f64> {
        let whole = net.gradient(&data.x, &data.y, loss)?.flat();
        let mut sum = &whole * 0.0;
        let rows: Vec<usize> = (0..data.len()).collect();
        for batch in rows.chunks(self.batch) {
            let part = data.select(batch)?;
            let share = batch.len() as f64 / data.len() as f64;
            sum.scaled_add(share, &net.gradient(&part.x, &part.y, loss)?.flat());
        }
        let rest = &sum - &whole;
        Ok((rest.dot(&rest) / whole.dot(&whole)).sqrt())
    }
}

/// The same digits for a network with one output or with two.
fn with_outputs(signs: &Dataset, outputs: usize) -> Result<Dataset> {
    match outputs {
        1 => Ok(signs.clone()),
        _ => {
            let labels: Vec<u8> = signs.y.iter().map(|y| u8::from(*y > 0.0)).collect();
            Dataset::new(signs.x.clone(), one_hot(&labels, 2)?)
        }
    }
}

/// f, `(n, 1)`, whose sign decides: of two outputs their difference.
fn decision(outputs: &Array2<f64>) -> Array2<f64> {
    match outputs.ncols() {
        1 => outputs.clone(),
        _ => (&outputs.slice(s![.., 1]) - &outputs.slice(s![.., 0])).insert_axis(Axis(1)),
    }
}

/// The largest of error − risk, for the three losses that are above the error: max(0, 1 − yf), (1 − yf)², log₂(1 + e^(−yf)).
fn error_above(net: &Mlp, data: &Dataset, signs: &Dataset) -> Result<f64> {
    let f = decision(&net.forward(&data.x)?);
    let error = classification_error(&f, &signs.y)?;
    let risks = [
        Loss::Hinge.mean(&f, &signs.y)?,
        Loss::Mse.mean(&f, &signs.y)?,
        Loss::Logistic.mean(&f, &signs.y)? / std::f64::consts::LN_2,
    ];
    Ok(largest(risks.map(|risk| error - risk)))
}

/// A central difference of the risk along its gradient, over the gradient's length, and what it may be off 1: the error of a
/// difference of half width h is a third of D(2h) − D(h), and rounding.
fn difference(net: &Mlp, data: &Dataset, loss: Loss) -> Result<(f64, f64)> {
    let risk = NetworkLoss::new(net, &data.x, &data.y, loss)?;
    let theta = net.parameters();
    let found = net.gradient(&data.x, &data.y, loss)?;
    let g = found.flat();
    let length = g.dot(&g).sqrt();
    let moved = |h: f64| &theta + &(&g * (h / length));
    let at = |h: f64| risk.value(moved(h).as_slice().expect("one axis, made in order"));
    let central = |h: f64| -> Result<f64> { Ok((at(h)? - at(-h)?) / (2.0 * h)) };
    let beyond = |h: f64| -> Result<Vec<bool>> {
        let net = net.with_parameters(moved(h).as_slice().expect("one axis, made in order"))?;
        let margins = net.forward(&data.x)? * &data.y;
        Ok(margins.iter().map(|margin| *margin > 1.0).collect())
    };
    let mut h = H;
    if loss == Loss::Hinge {
        // No example may pass the kink at a margin of 1 on the way.
        while h > LEAST_H && (beyond(2.0 * h)? != beyond(0.0)? || beyond(-2.0 * h)? != beyond(0.0)?)
        {
            h *= 0.5;
        }
    }
    let (narrow, wide) = (central(h)?, central(2.0 * h)?);
    // Each of the two values is a mean of sums over the inputs.
    let rounding = data.x.ncols() as f64 * f64::EPSILON * (1.0 + found.loss) / h;
    Ok((narrow / length, ((wide - narrow).abs() + rounding) / length))
}

/// The rows of the table, one a loss and an epoch.
pub(super) fn points(names: &[&'static str], runs: &[Vec<Run>]) -> Result<Vec<Point>> {
    let mut points = Vec::new();
    for (&loss, runs) in names.iter().zip(runs) {
        // Where one of them diverged, as far as all came.
        let records = runs
            .iter()
            .map(|run| run.history.reports.len())
            .min()
            .unwrap_or(0);
        for at in 0..records {
            let of = |value: fn(&crate::fit::train::EpochReport) -> f64| {
                Estimate::of(runs, |run| value(&run.history.reports[at]))
            };
            points.push(Point {
                loss,
                epoch: runs[0].history.reports[at].epoch,
                risk: of(|r| r.train.loss)?,
                train_error: of(|r| r.train.error.unwrap_or(f64::NAN))?,
                test_error: of(|r| r.test.and_then(|t| t.error).unwrap_or(f64::NAN))?,
            });
        }
    }
    Ok(points)
}
