//! One layer: the moments of its outputs, and the weights of its running averages.

use ndarray::{Array1, Array2, Axis};

use super::settings::{BatchNormalisation, Point};
use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::experiment::{Claim, Draft};
use crate::model::BatchNorm;
use crate::model::batch_norm::running_weights;
use crate::plot::{Figure, Panel};
use crate::rng::stream;
use crate::stats::largest;

/// Features of very different scale, one each third of a decade from 10⁻⁴ to 10².
const SCALES: usize = 19;

/// One feature.
pub(super) struct Moment {
    /// √V of the inputs.
    pub deviation: f64,
    pub gamma: f64,
    pub beta: f64,
    /// Of the outputs over the batch.
    pub mean: f64,
    pub variance: f64,
    /// γ²V/(V + ε).
    pub predicted_variance: f64,
}

/// The weights of batches in the running mean, oldest first.
pub(super) struct Weights {
    pub predicted: Vec<f64>,
    pub measured: Vec<f64>,
    /// The running mean after batches with means 0, 1, 2, …
    pub counted: f64,
}

impl Weights {
    /// Σ w_t·t with the newest batch weighing most, and with the oldest, as the slide has it.
    pub(super) fn counts(&self) -> (f64, f64) {
        let sum = |weights: &mut dyn Iterator<Item = &f64>| {
            weights.enumerate().map(|(t, w)| w * t as f64).sum::<f64>()
        };
        let weights = &self.predicted;
        (sum(&mut weights.iter()), sum(&mut weights.iter().rev()))
    }
}

impl BatchNormalisation {
    pub(super) fn moments(&self, seed: u64) -> Result<Vec<Moment>> {
        let rng = &mut stream(seed, "moments", 0);
        let scales = (0..SCALES).map(|j| 10_f64.powf(j as f64 / 3.0 - 4.0));
        let scales: Array1<f64> = scales.collect();
        let x = gaussian(self.batch, SCALES, rng)? * &scales + 3.0;
        let layer = BatchNorm {
            gamma: gaussian(SCALES, 1, rng)?.into_iter().collect(),
            beta: gaussian(SCALES, 1, rng)?.into_iter().collect(),
            ..BatchNorm::new(SCALES)?
        };
        let trace = layer.trace(&x)?;
        let b = self.batch as f64;
        let mean = trace.outputs.sum_axis(Axis(0)) / b;
        let centred = &trace.outputs - &mean;
        let variance = (&centred * &centred).sum_axis(Axis(0)) / b;
        let moment = |j: usize| {
            let (v, gamma) = (trace.variance[j], layer.gamma[j]);
            Moment {
                deviation: v.sqrt(),
                gamma,
                beta: layer.beta[j],
                mean: mean[j],
                variance: variance[j],
                predicted_variance: gamma * gamma * v / (v + layer.epsilon),
            }
        };
        Ok((0..SCALES).map(moment).collect())
    }

    /// Feature j has mean 1 in batch j and 0 in all others; one more feature has mean t in batch t.
    pub(super) fn weights(&self) -> Result<Weights> {
        let count = self.history;
        let mut layer = BatchNorm {
            momentum: self.momentum,
            ..BatchNorm::new(count + 1)?
        };
        for t in 0..count {
            let batch = Array2::from_shape_fn((2, count + 1), |(row, feature)| {
                let mean = match feature {
                    last if last == count => t as f64,
                    feature => f64::from(u8::from(feature == t)),
                };
                mean + if row == 0 { -1.0 } else { 1.0 }
            });
            let trace = layer.trace(&batch)?;
            layer.remember(&trace)?;
        }
        let mut measured = layer.running_mean.to_vec();
        let counted = measured.pop().unwrap_or(f64::NAN);
        Ok(Weights {
            predicted: running_weights(self.momentum, count)?.to_vec(),
            measured,
            counted,
        })
    }
}

pub(super) fn points(moments: &[Moment], weights: &Weights) -> Vec<Point> {
    let moment = |moment: &Moment, series, predicted, measured| Point {
        part: "moments",
        series,
        at: moment.deviation,
        predicted: Some(predicted),
        measured,
        ..Point::default()
    };
    let moments = moments.iter().flat_map(|m| {
        [
            moment(m, "mean", m.beta, m.mean),
            moment(m, "variance", m.predicted_variance, m.variance),
        ]
    });
    let weights = weights.predicted.iter().zip(&weights.measured).enumerate();
    let weights = weights.map(|(t, (predicted, measured))| Point {
        part: "weights",
        at: t as f64,
        predicted: Some(*predicted),
        measured: *measured,
        ..Point::default()
    });
    moments.chain(weights).collect()
}

pub(super) fn claims(found: Draft, moments: &[Moment], weights: &Weights) -> Draft {
    let worst = |of: fn(&Moment) -> f64| largest(moments.iter().map(|m| of(m).abs()));
    let pairs = weights.measured.iter().zip(&weights.predicted);
    let (newest, oldest) = weights.counts();
    found
        .measure("running_mean_of_counting_batches", weights.counted)
        .measure("predicted_newest_first", newest)
        .measure("slide_oldest_first", oldest)
        .claim(Claim::equals(
            "training outputs have mean β: largest error over features of deviation 10^−4 to 10^2 \
             (rounding)",
            0.0,
            worst(|m| m.mean - m.beta),
            1e-9,
        ))
        .identity()
        .claim(Claim::equals(
            "training outputs have variance γ²V/(V + ε): largest relative error (rounding)",
            0.0,
            worst(|m| m.variance / m.predicted_variance - 1.0),
            1e-9,
        ))
        .identity()
        .claim(Claim::equals(
            "batch t weighs (1 − ρ)ρ^(T−t) in the running mean: largest error over batches \
             (rounding)",
            0.0,
            largest(pairs.map(|(m, p)| (m - p).abs())),
            1e-12,
        ))
        .identity()
        .claim(Claim::equals(
            "batches with means 0, 1, 2, …: the running mean is (1 − ρ)Σ ρ^(T−t) E_t (rounding)",
            newest,
            weights.counted,
            1e-9 * weights.measured.len() as f64,
        ))
        .identity()
        // With ρ = 0 both are the last batch alone or the first.
        .claim(
            Claim::greater_than(
                "batches with means 0, 1, 2, …: the running mean lies above (1 − ρ)Σ ρ^t E_t, the slide's formula, in which \
             the oldest batch weighs most",
                oldest,
                weights.counted,
                0.0,
            )
            .headline(),
        )
}

pub(super) fn panels(figure: Figure, moments: &[Moment], weights: &Weights) -> Figure {
    let gamma2 = |m: &Moment| m.gamma * m.gamma;
    let outputs = Panel::new(
        "standard deviation of the input",
        "variance of the output / γ²",
    )
    .title("Training outputs")
    .log_x()
    .line_of(
        "V/(V + ε)",
        moments,
        |m| m.deviation,
        |m| m.predicted_variance / gamma2(m),
    )
    .color(6)
    .points_of(
        "measured",
        moments,
        |m| m.deviation,
        |m| m.variance / gamma2(m),
    )
    .color(0);
    let count = weights.measured.len();
    let (t, predicted) = (|t: usize| t as f64, &weights.predicted);
    let weights = Panel::new("batch t", "weight in the running mean")
        .title("Running averages")
        .line_of("(1−ρ)ρ^(T−t)", 0..count, t, |t| predicted[t])
        .color(6)
        .line_of("slide: (1−ρ)ρ^t", 0..count, t, |t| {
            predicted[count - 1 - t]
        })
        .color(1)
        .dashed()
        .points_of("measured", 0..count, t, |t| weights.measured[t])
        .color(0)
        .size(4.0);
    figure.panel(outputs).panel(weights)
}
