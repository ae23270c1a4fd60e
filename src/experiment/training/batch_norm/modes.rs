//! Training against evaluation, by batch size.

use ndarray::{Array2, Axis};

use super::settings::{BatchNormalisation, Point};
use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::experiment::{Claim, Context, Draft};
use crate::model::batch_norm::batch_statistics_gap;
use crate::model::{BatchNorm, MlpSettings, NormalisedMlp};
use crate::plot::Panel;
use crate::rng::stream;
use crate::stats::{Estimate, largest, parallel_draws};

/// Features of a draw.
const FEATURES: usize = 200;

/// The least batch at which the leading order in 1/b is compared.
const LEADING: usize = 8;

/// ε, so small that the formulas for ε → 0 hold.
const EPSILON: f64 = 1e-14;

/// The chance that one mean over draws is farther from its value than its claim allows.
const LEVEL: f64 = 1e-4;

/// The most batches that fill the running averages before evaluation.
const MOST_BATCHES: usize = 200;

/// One batch size: mean squared distances between the outputs of the two modes.
pub(super) struct Mode {
    pub batch: usize,
    /// Evaluation with the true mean and variance: predicted exactly, and measured.
    pub true_predicted: f64,
    pub true_statistics: Estimate,
    /// Evaluation with running averages: predicted to leading order, and measured.
    pub running_predicted: f64,
    pub running: Estimate,
    /// The running variance of inputs of variance 1, mean over features.
    pub running_variance: Estimate,
}

/// What one example's output depends on.
pub(super) struct Alone {
    /// The largest change of an output when the rest of its batch goes: in evaluation.
    pub evaluation: f64,
    /// In training, when the rest is another.
    pub training: f64,
}

impl BatchNormalisation {
    /// The batches that fill the running averages.
    fn fill(&self) -> usize {
        ((5.0 / self.momentum).ceil() as usize).clamp(1, MOST_BATCHES)
    }

    pub(super) fn modes(&self, seed: u64, context: &Context) -> Result<Vec<Mode>> {
        context.each("batch sizes", &self.batches, |&batch| {
            self.mode(batch, seed)
        })
    }

    fn mode(&self, batch: usize, seed: u64) -> Result<Mode> {
        let fill = self.fill();
        let label = format!("modes at {batch}");
        let draws = parallel_draws(self.mode_draws, seed, &label, |rng| {
            let mut layer = BatchNorm {
                epsilon: EPSILON,
                momentum: self.momentum,
                ..BatchNorm::new(FEATURES)?
            };
            for _ in 0..fill {
                let trace = layer.trace(&gaussian(batch, FEATURES, rng)?)?;
                layer.remember(&trace)?;
            }
            let x = gaussian(batch, FEATURES, rng)?;
            let outputs = layer.trace(&x)?.outputs;
            let distance = |other: &Array2<f64>| {
                let squares = outputs.iter().zip(other).map(|(a, b)| (a - b) * (a - b));
                squares.sum::<f64>() / x.len() as f64
            };
            let variance = layer.running_variance.sum() / FEATURES as f64;
            Ok((distance(&x), distance(&layer.evaluate(&x)?), variance))
        })?;
        let each =
            |of: fn(&(f64, f64, f64)) -> f64| -> Result<Estimate> { Estimate::of(&draws, of) };
        let true_predicted = batch_statistics_gap(batch)?;
        Ok(Mode {
            batch,
            true_predicted,
            true_statistics: each(|draw| draw.0)?,
            running_predicted: true_predicted + self.wander(batch, fill),
            running: each(|draw| draw.1)?,
            running_variance: each(|draw| draw.2)?,
        })
    }

    /// What the wandering of the running averages adds, to leading order in 1/b: the variance of the mean plus a
    /// quarter of the variance of the variance, (1/b + 1/(2(b − 1))) Σ_t w_t².
    fn wander(&self, batch: usize, fill: usize) -> f64 {
        let (b, keep) = (batch as f64, 1.0 - self.momentum);
        let squares = self.momentum / (2.0 - self.momentum) * (1.0 - keep.powi(2 * fill as i32));
        (1.0 / b + 0.5 / (b - 1.0)) * squares
    }

    /// A small network at work, alone and in company.
    pub(super) fn alone(&self, seed: u64) -> Result<Alone> {
        let rng = &mut stream(seed, "alone", 0);
        let settings = MlpSettings::of_sizes(&[8, 16, 16, 3]);
        let mut net = NormalisedMlp::new(&settings, self.momentum, rng)?;
        let [x, other] = [(); 2].map(|()| gaussian(self.batch, 8, rng));
        let (x, mut other) = (x?, other?);
        let trace = net.trace(&x)?;
        net.remember(&trace)?;
        other.row_mut(0).assign(&x.row(0));
        let change = |a: Array2<f64>, b: Array2<f64>| {
            let pairs = a.row(0).to_owned() - b.row(0);
            largest(pairs.iter().map(|v| v.abs()))
        };
        Ok(Alone {
            evaluation: change(net.evaluate(&x)?, net.evaluate(&x.select(Axis(0), &[0]))?),
            training: change(trace.outputs, net.trace(&other)?.outputs),
        })
    }
}

impl Mode {
    pub(super) fn points(&self) -> [Point; 2] {
        let point = |series, predicted, found: Estimate| Point {
            part: "modes",
            series,
            at: self.batch as f64,
            predicted: Some(predicted),
            measured: found.mean,
            se: Some(found.se),
            ..Point::default()
        };
        [
            point("true", self.true_predicted, self.true_statistics),
            point("running", self.running_predicted, self.running),
        ]
    }

    /// Training against evaluation with the true moments.
    fn by_true_moments(&self) -> Result<Claim> {
        Claim::mean_equals(
            &format!(
                "b = {}: training and evaluation with the true mean and variance differ by 2 − \
                 2√(2/b)Γ(b/2)/Γ((b−1)/2) in mean square",
                self.batch
            ),
            self.true_predicted,
            self.true_statistics,
            0.0,
            LEVEL,
        )
    }

    /// The same with running averages.
    fn by_running_averages(&self) -> Result<Claim> {
        let higher = 3.0 / self.batch as f64 * self.running_predicted;
        let claim = Claim::mean_equals(
            &format!(
                "b = {}: with running averages, Σw²·(1/b + 1/(2(b−1))) more; 3/b of it for higher \
                 orders",
                self.batch
            ),
            self.running_predicted,
            self.running,
            higher,
            LEVEL,
        )?;
        Ok(claim.against(0.0, "no distance at all"))
    }

    fn unbiased(&self) -> Result<Claim> {
        Claim::mean_equals(
            &format!(
                "b = {}: the running variance is unbiased, 1 for inputs of variance 1",
                self.batch
            ),
            1.0,
            self.running_variance,
            0.0,
            LEVEL,
        )
    }
}

pub(super) fn claims(found: Draft, modes: &[Mode], alone: &Alone) -> Result<Draft> {
    let leading = modes.iter().filter(|mode| mode.batch >= LEADING);
    let means = modes
        .iter()
        .map(Mode::by_true_moments)
        .chain(leading.map(Mode::by_running_averages))
        .chain(modes.first().map(Mode::unbiased));
    Ok(found
        .measure(
            "train_eval_distance",
            modes
                .iter()
                .map(|mode| mode.running.mean)
                .collect::<Vec<f64>>(),
        )
        .claim(Claim::equals(
            "evaluation sees each example alone: change of its output when the rest of the batch \
             goes (rounding)",
            0.0,
            alone.evaluation,
            1e-12,
        ))
        .identity()
        .claim(Claim::greater_than(
            "training does not: change when the rest of the batch is another, far above rounding",
            1e-6,
            alone.training,
            0.0,
        ))
        .claims(means.collect::<Result<Vec<Claim>>>()?))
}

pub(super) fn panel(modes: &[Mode]) -> Panel {
    let b = |mode: &Mode| mode.batch as f64;
    Panel::new("batch size b", "mean squared distance")
        .title("Training against evaluation")
        .log_x()
        .log_y()
        .line_of("by the true moments", modes, b, |mode| mode.true_predicted)
        .color(6)
        .points_of("measured", modes, b, |mode| mode.true_statistics.mean)
        .color(0)
        .line_of("by running averages", modes, b, |mode| {
            mode.running_predicted
        })
        .color(1)
        .dashed()
        .points_of("measured so", modes, b, |mode| mode.running.mean)
        .color(1)
}
