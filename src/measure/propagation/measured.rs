//! The mean squares of drawn networks.

use ndarray::{Array2, ArrayRef1, ArrayRef2, Axis};

use super::Propagation;
use crate::error::{Error, Result, within_range};
use crate::model::{Mlp, MlpSettings};
use crate::stats::{Estimate, parallel_draws};

/// The mean squares of every layer over draws of the weights.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasuredPropagation {
    /// The draws one by one: entry `draw` has a number for each layer.
    pub draws: Vec<Propagation<f64>>,
    /// Output 1 of each draw.
    pub outputs: Vec<f64>,
}

impl MeasuredPropagation {
    /// The mean over draws and its standard error from their scatter, layer by layer.
    ///
    /// The scatter of few draws underestimates the error of a heavy tail; see [`predict`](super::predict) for the exact
    /// one.
    ///
    /// # Errors
    /// No draws, or draws of different depth; numbers whose squares are beyond the range of f64.
    pub fn estimates(&self) -> Result<Propagation<Estimate>> {
        let over = |of: fn(&Propagation<f64>) -> &Vec<f64>| {
            let depth = self.draws.first().map_or(0, |draw| of(draw).len());
            if self.draws.iter().any(|draw| of(draw).len() != depth) {
                let expected = format!("{depth} layers in each");
                return Err(Error::domain("the draws", expected, "others"));
            }
            let layers = (0..depth).map(|index| {
                let values: Vec<f64> = self.draws.iter().map(|draw| of(draw)[index]).collect();
                Estimate::from_values(&values)
            });
            layers.collect::<Result<Vec<_>>>()
        };
        Ok(Propagation {
            forward: over(|draw| &draw.forward)?,
            backward: over(|draw| &draw.backward)?,
        })
    }
}

/// Draws networks and measures the mean squares of their layers at the input `x`, `(d,)`: forward
/// of z_l, backward of the derivatives of output 1 by what layer l takes in.
///
/// # Errors
/// `x` is not finite or does not suit the network; no draws; an impossible scheme; outputs or derivatives beyond the
/// range of f64.
pub fn measure(
    settings: &MlpSettings,
    x: &ArrayRef1<f64>,
    draws: usize,
    seed: u64,
) -> Result<MeasuredPropagation> {
    let x: Array2<f64> = x.to_owned().insert_axis(Axis(0));
    let draws = parallel_draws(draws, seed, "propagation", |rng| {
        let net = Mlp::new(settings, rng)?;
        let trace = net.trace(&x)?;
        let mut v = Array2::zeros((1, net.n_outputs()));
        v[[0, 0]] = 1.0;
        let deltas = net.deltas(&trace, &v)?;
        let back = deltas
            .iter()
            .zip(&net.layers)
            .map(|(delta, layer)| mean_square(&(delta.dot(&layer.weights) * layer.multiplier)));
        let squares = Propagation {
            forward: trace
                .z
                .iter()
                .map(|z| mean_square(z))
                .collect::<Result<_>>()?,
            backward: back.collect::<Result<_>>()?,
        };
        Ok((squares, trace.outputs()[[0, 0]]))
    })?;
    let (draws, outputs) = draws.into_iter().unzip();
    Ok(MeasuredPropagation { draws, outputs })
}

fn mean_square(values: &ArrayRef2<f64>) -> Result<f64> {
    let sum: f64 = values.iter().map(|v| v * v).sum();
    within_range("the mean square of a layer", sum / values.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::propagation::predict;
    use crate::model::{Activation, Init};
    use ndarray::Array1;

    /// Mean and scatter of 2,000 draws of a narrow network against the closed forms: the mean within
    /// 4.5 exact standard errors and what skewness adds; the scatter, whose own error needs the eighth moment, within 25 %.
    #[test]
    fn draws_follow_the_recursion_exactly_at_small_width() {
        let x = Array1::from_vec(vec![1.0, -2.0, 0.5]);
        let norm2 = x.dot(&x);
        for (activation, init) in [
            (Activation::Relu, Init::HE),
            (Activation::Linear, Init::XAVIER),
        ] {
            let settings = MlpSettings {
                sizes: vec![3, 24, 40, 32, 1],
                activation,
                init,
                biases: false,
            };
            let predicted = predict(&settings, norm2).expect("valid");
            let measured = measure(&settings, &x, 2000, 5).expect("valid");
            let estimates = measured.estimates().expect("draws");
            let forward = predicted.forward.iter().zip(&estimates.forward);
            let backward = predicted.backward.iter().zip(&estimates.backward);
            for (moment, estimate) in forward.chain(backward) {
                let scatter = moment.scatter.expect("known");
                let sd = scatter.relative_sd * moment.mean;
                let se = sd / 2000_f64.sqrt();
                let off = (estimate.mean - moment.mean).abs();
                assert!(
                    off < scatter.reach(4.5, 2000) * se,
                    "{activation}: {estimate} {moment:?}"
                );
                assert!((estimate.se / se - 1.0).abs() < 0.25, "{estimate} {se}");
            }
        }
    }

    /// Tanh at width 400, two hidden layers: the limit errs by about L/m < 1 %.
    #[test]
    fn tanh_is_near_its_limit() {
        let settings = MlpSettings {
            sizes: vec![3, 400, 400, 1],
            activation: Activation::Tanh,
            init: Init::LECUN.with_gain(1.5),
            biases: false,
        };
        let x = Array1::from_vec(vec![1.0, -1.0, 1.0]);
        let predicted = predict(&settings, 3.0).expect("valid");
        let measured = measure(&settings, &x, 400, 6).expect("valid");
        let estimates = measured.estimates().expect("draws");
        let forward = predicted.forward.iter().zip(&estimates.forward);
        let backward = predicted.backward.iter().zip(&estimates.backward);
        for (moment, estimate) in forward.chain(backward) {
            let tolerance = 4.5 * estimate.se + 0.01 * moment.mean;
            assert!(
                (estimate.mean - moment.mean).abs() < tolerance,
                "{estimate}"
            );
        }
    }
}
