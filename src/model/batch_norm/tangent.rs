//! How a training pass, and the way back through it, change along a direction.

use ndarray::{Array1, Array2, ArrayRef2, Axis};

use super::{BatchNormGradient, BatchNormOf, BatchNormTrace};
use crate::real::Real;

/// The derivatives of a training pass along a direction of its inputs, of γ and of β.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchNormTangent<T> {
    /// Of √(V + ε), `(m,)`.
    pub spread: Array1<T>,
    /// Of the normalised inputs x̂, `(b, m)`.
    pub normalised: Array2<T>,
    /// Of the outputs y, `(b, m)`.
    pub outputs: Array2<T>,
    /// Of γ, `(m,)`: the direction itself.
    pub gamma: Array1<T>,
}

impl<T: Real> BatchNormOf<T> {
    /// The derivative of [`trace`](Self::trace) along inputs ẋ, `(b, m)`, γ̇ and β̇, each `(m,)`. Nothing is checked.
    ///
    /// # Formula
    /// With c = ẋ − mean ẋ, s = √(V + ε) and means over the batch: ṡ = mean(x̂ c), x̂˙ = (c − x̂ ṡ)/s,
    /// ẏ = γ̇ x̂ + γ x̂˙ + β̇.
    pub(crate) fn push(
        &self,
        trace: &BatchNormTrace<T>,
        x: &ArrayRef2<T>,
        gamma: Array1<T>,
        beta: &Array1<T>,
    ) -> BatchNormTangent<T> {
        let mut normalised = x.to_owned() - &mean(x);
        let spread = mean(&(&normalised * &trace.normalised));
        normalised -= &(&trace.normalised * &spread);
        normalised /= &self.spread(&trace.variance);
        let outputs = &trace.normalised * &gamma + &normalised * &self.gamma + beta;
        BatchNormTangent {
            spread,
            normalised,
            outputs,
            gamma,
        }
    }

    /// The derivative of [`backward`](Self::backward) along the direction of `tangent`, as v moves along `rate`; both
    /// `(b, m)`. Nothing is checked.
    ///
    /// # Formula
    /// ∂/∂x = (γ/s) r with r = v − mean v − x̂ mean(v x̂), so its derivative is
    /// (γ̇/s − γṡ/s²) r + (γ/s) ṙ.
    pub(crate) fn pull_rate(
        &self,
        trace: &BatchNormTrace<T>,
        tangent: &BatchNormTangent<T>,
        v: &ArrayRef2<T>,
        rate: &ArrayRef2<T>,
    ) -> BatchNormGradient<T> {
        let x = &trace.normalised;
        let along = v.to_owned() * x;
        let along_rate = rate.to_owned() * x + v.to_owned() * &tangent.normalised;
        let (part, part_rate) = (mean(&along), mean(&along_rate));
        let r = v.to_owned() - &mean(v) - x * &part;
        let r_rate = rate.to_owned() - &mean(rate) - &tangent.normalised * &part - x * &part_rate;
        let spread = self.spread(&trace.variance);
        let scale = &self.gamma / &spread;
        let scale_rate = (&tangent.gamma - &scale * &tangent.spread) / &spread;
        BatchNormGradient {
            inputs: r * &scale_rate + r_rate * &scale,
            gamma: along_rate.sum_axis(Axis(0)),
            beta: rate.sum_axis(Axis(0)),
        }
    }
}

/// The mean over the batch, `(m,)`.
fn mean<T: Real>(x: &ArrayRef2<T>) -> Array1<T> {
    x.sum_axis(Axis(0)) / T::of(x.nrows() as f64)
}
