//! One layer: the moments of its outputs, and the weights of its running averages.

use ndarray::{Array1, Array2, Axis};

use super::BatchNormalisation;
use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::model::BatchNorm;
use crate::model::batch_norm::running_weights;
use crate::rng::stream;

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
