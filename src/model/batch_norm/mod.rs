//! Batch normalisation of m features: by the batch in training, by running averages afterwards.
//!
//! Data types: [`BatchNormOf`] is the layer, [`BatchNorm`] that of `f64`, with its learned scale and shift and its running
//! averages; [`BatchNormTrace`] is what a training pass computed; [`BatchNormGradient`] carries
//! derivatives back through it.

mod tangent;
mod theory;

use ndarray::{Array1, Array2, ArrayRef2, Axis};

pub use tangent::BatchNormTangent;
pub use theory::{batch_statistics_gap, running_weights};

use crate::error::{Error, Result, check_finite};
use crate::real::Real;

/// A layer of `f64`.
pub type BatchNorm = BatchNormOf<f64>;

/// A layer that normalises each of m features.
///
/// # Formula
/// In training, on a batch of b rows x_i, feature by feature:
/// E = (1/b) Σ x_i, V = (1/b) Σ (x_i − E)², y_i = γ (x_i − E)/√(V + ε) + β.
/// The outputs have mean β and variance γ²V/(V + ε), and each depends on the whole batch.
///
/// Evaluation puts running averages in place of E and V, so that an output depends on its own input
/// only. After a batch, with ρ = 1 − `momentum`,
/// Ē ← ρĒ + (1 − ρ)E and V̄ ← ρV̄ + (1 − ρ)·V·b/(b − 1), from Ē = 0 and V̄ = 1.
/// So after T batches Ē = (1 − ρ) Σ_t ρ^{T−t} E_t: the newest weighs most.
///
/// As in PyTorch, the output uses the biased V and the running average the unbiased one, and
/// `momentum` = 0.1 is the weight of the newest batch.
///
/// ```
/// use dltheory::model::BatchNorm;
/// use ndarray::array;
/// let layer = BatchNorm::new(1)?;
/// let batch = layer.trace(&array![[1.0], [3.0]])?;
/// assert!((batch.outputs[[1, 0]] - 1.0).abs() < 1e-5);
/// // Before any batch the averages are 0 and 1.
/// assert!((layer.evaluate(&array![[3.0]])?[[0, 0]] - 3.0).abs() < 1e-4);
/// # Ok::<(), dltheory::Error>(())
/// ```
///
/// # Reference
/// Ioffe & Szegedy 2015, "Batch normalization: accelerating deep network training by reducing
/// internal covariate shift", arXiv:1502.03167, algorithms 1 and 2.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchNormOf<T> {
    /// γ, `(m,)`, learned.
    pub gamma: Array1<T>,
    /// β, `(m,)`, learned.
    pub beta: Array1<T>,
    /// ε > 0.
    pub epsilon: f64,
    /// 1 − ρ, the weight of the newest batch in the running averages, in (0, 1].
    pub momentum: f64,
    /// Ē, `(m,)`.
    pub running_mean: Array1<T>,
    /// V̄, `(m,)`, ≥ 0.
    pub running_variance: Array1<T>,
}

/// What a training pass of b rows computed.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchNormTrace<T> {
    /// E, `(m,)`.
    pub mean: Array1<T>,
    /// V, biased, `(m,)`.
    pub variance: Array1<T>,
    /// (x − E)/√(V + ε), `(b, m)`.
    pub normalised: Array2<T>,
    /// y, `(b, m)`.
    pub outputs: Array2<T>,
}

/// Derivatives of Σ_i v_i·y_i.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchNormGradient<T> {
    /// By x, `(b, m)`.
    pub inputs: Array2<T>,
    /// By γ, `(m,)`.
    pub gamma: Array1<T>,
    /// By β, `(m,)`.
    pub beta: Array1<T>,
}

impl<T: Real> BatchNormOf<T> {
    /// γ = 1, β = 0, ε = 10⁻⁵, momentum 0.1, running mean 0 and variance 1, for `features` features.
    ///
    /// # Errors
    /// No feature, or more than 2²⁸.
    pub fn new(features: usize) -> Result<Self> {
        if !(1..=1 << 28).contains(&features) {
            let what = "the number of features to normalise";
            return Err(Error::domain(what, "1 to 2^28", features));
        }
        Ok(Self {
            gamma: Array1::ones(features),
            beta: Array1::zeros(features),
            epsilon: 1e-5,
            momentum: 0.1,
            running_mean: Array1::zeros(features),
            running_variance: Array1::ones(features),
        })
    }

    /// m.
    #[must_use]
    pub fn features(&self) -> usize {
        self.gamma.len()
    }

    /// Normalises the batch `x`, `(b, m)` with b ≥ 2, by its own mean and variance. The running
    /// averages stay as they are until [`remember`](Self::remember).
    ///
    /// # Errors
    /// The layer's own numbers are out of range; `x` has fewer than two rows, another number of
    /// features, or is not finite; its variance is beyond the range of f64.
    pub fn trace(&self, x: &ArrayRef2<T>) -> Result<BatchNormTrace<T>> {
        self.check_batch(x, 2)?;
        let b = T::of(x.nrows() as f64);
        let mean = x.sum_axis(Axis(0)) / b;
        let mut normalised = x.to_owned() - &mean;
        let variance = normalised.mapv(|v| v * v).sum_axis(Axis(0)) / b;
        check_finite("the mean of the batch", &mean)?;
        check_finite("the variance of the batch", &variance)?;
        normalised /= &self.spread(&variance);
        let outputs = &normalised * &self.gamma + &self.beta;
        check_finite("the normalised outputs", &outputs)?;
        Ok(BatchNormTrace {
            mean,
            variance,
            normalised,
            outputs,
        })
    }

    /// Takes a training pass of this layer into the running averages.
    ///
    /// # Errors
    /// The trace is not of such a layer or not finite, or is of fewer than two rows.
    pub fn remember(&mut self, trace: &BatchNormTrace<T>) -> Result<()> {
        self.check_trace(trace)?;
        let b = trace.outputs.nrows() as f64;
        let (keep, fresh) = (T::of(1.0 - self.momentum), T::of(self.momentum));
        let unbiased = &trace.variance * T::of(b / (b - 1.0));
        check_finite("the unbiased variance of the batch", &unbiased)?;
        self.running_mean = &self.running_mean * keep + &trace.mean * fresh;
        self.running_variance = &self.running_variance * keep + unbiased * fresh;
        Ok(())
    }

    /// Normalises `x`, `(n, m)`, by the running averages.
    ///
    /// # Errors
    /// The layer's own numbers are out of range; `x` is empty, not finite, or has another number of
    /// features; outputs beyond the range of f64.
    pub fn evaluate(&self, x: &ArrayRef2<T>) -> Result<Array2<T>> {
        self.check_batch(x, 1)?;
        let scale = &self.gamma / &self.spread(&self.running_variance);
        let outputs = (x.to_owned() - &self.running_mean) * &scale + &self.beta;
        check_finite("the normalised outputs", &outputs)?;
        Ok(outputs)
    }

    /// Carries derivatives v, `(b, m)`, by the outputs of a training pass back through it.
    ///
    /// # Formula
    /// With x̂ = `trace.normalised` and sums over the batch:
    /// ∂/∂β = Σ v_i, ∂/∂γ = Σ v_i x̂_i,
    /// ∂/∂x_i = γ/√(V + ε) · (v_i − (1/b) Σ v_j − x̂_i (1/b) Σ v_j x̂_j).
    /// The two sums are there because E and V depend on every row.
    ///
    /// # Errors
    /// The trace is not of such a layer; `v` has another shape or is not finite; derivatives
    /// beyond the range of f64.
    pub fn backward(
        &self,
        trace: &BatchNormTrace<T>,
        v: &ArrayRef2<T>,
    ) -> Result<BatchNormGradient<T>> {
        self.check_trace(trace)?;
        if v.shape() != trace.outputs.shape() {
            let expected = format!("{:?}", trace.outputs.shape());
            return Err(Error::shape(
                "the derivatives by the outputs",
                expected,
                v.shape(),
            ));
        }
        check_finite("the derivatives by the outputs", v)?;
        let gradient = self.pull(trace, v);
        let BatchNormGradient {
            inputs,
            gamma,
            beta,
        } = &gradient;
        check_finite(
            "the derivatives by the batch",
            inputs.iter().chain(gamma).chain(beta),
        )?;
        Ok(gradient)
    }

    /// As [`backward`](Self::backward), of what has been checked.
    pub(crate) fn pull(&self, trace: &BatchNormTrace<T>, v: &ArrayRef2<T>) -> BatchNormGradient<T> {
        let b = T::of(v.nrows() as f64);
        let beta = v.sum_axis(Axis(0));
        let gamma = (v.to_owned() * &trace.normalised).sum_axis(Axis(0));
        let scale = &self.gamma / &self.spread(&trace.variance);
        let (by_mean, by_spread) = (&beta / b, &gamma / b);
        let mut inputs = v.to_owned() - &by_mean;
        inputs -= &(&trace.normalised * &by_spread);
        inputs *= &scale;
        BatchNormGradient {
            inputs,
            gamma,
            beta,
        }
    }

    /// √(variance + ε), `(m,)`.
    fn spread(&self, variance: &Array1<T>) -> Array1<T> {
        let epsilon = T::of(self.epsilon);
        variance.mapv(|v| (v + epsilon).sqrt())
    }

    /// The fields are public.
    pub(crate) fn check(&self) -> Result<()> {
        let m = self.features();
        let positive = |what: &str, value: f64, most: f64| {
            let sound = value.is_finite() && value > 0.0 && value <= most;
            sound.then_some(()).ok_or_else(|| {
                let expected = format!("above 0 and at most {most:e}");
                Error::domain(what, expected, value)
            })
        };
        positive("the ε of batch normalisation", self.epsilon, f64::MAX)?;
        positive("the momentum of batch normalisation", self.momentum, 1.0)?;
        for (what, values) in [
            ("the scale γ", &self.gamma),
            ("the shift β", &self.beta),
            ("the running mean", &self.running_mean),
            ("the running variance", &self.running_variance),
        ] {
            if values.len() != m || m == 0 {
                let expected = format!("({},)", m.max(1));
                return Err(Error::shape(what, expected, values.shape()));
            }
            check_finite(what, values)?;
        }
        match self.running_variance.iter().find(|v| **v < T::zero()) {
            Some(v) => Err(Error::domain("the running variance", "at least 0", v)),
            None => Ok(()),
        }
    }

    fn check_batch(&self, x: &ArrayRef2<T>, least: usize) -> Result<()> {
        self.check()?;
        if x.nrows() < least || x.ncols() != self.features() {
            let expected = format!("(b, {}) with b ≥ {least}", self.features());
            return Err(Error::shape("the batch", expected, x.shape()));
        }
        check_finite("the batch", x)
    }

    pub(crate) fn check_trace(&self, trace: &BatchNormTrace<T>) -> Result<()> {
        self.check()?;
        let (rows, m) = (trace.outputs.nrows(), self.features());
        let fits = rows >= 2
            && trace.outputs.ncols() == m
            && trace.normalised.dim() == (rows, m)
            && trace.mean.len() == m
            && trace.variance.len() == m;
        if !fits {
            let expected = format!("(b, {m}) with b ≥ 2 and means and variances ({m},)");
            let got = trace.outputs.shape();
            return Err(Error::shape("the trace of the batch", expected, got));
        }
        let statistics = trace.mean.iter().chain(&trace.variance);
        check_finite(
            "the trace of the batch",
            statistics.chain(&trace.normalised),
        )?;
        match trace.variance.iter().find(|v| **v < T::zero()) {
            Some(v) => Err(Error::domain("the variance of the batch", "at least 0", v)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::rng::stream;
    use ndarray::array;

    fn layer() -> BatchNorm {
        BatchNorm {
            gamma: array![2.0, -0.5, 1.0],
            beta: array![0.3, 0.0, -1.0],
            epsilon: 0.1,
            ..BatchNorm::new(3).expect("3 ≥ 1")
        }
    }

    fn batch(rows: usize) -> Array2<f64> {
        gaussian(rows, 3, &mut stream(1, "batch", 0)).expect("valid") * 2.0 + 1.0
    }

    #[test]
    fn outputs_have_the_moments_of_the_formula() {
        let (layer, x) = (layer(), batch(9));
        let trace = layer.trace(&x).expect("fits");
        let mean = trace.outputs.sum_axis(Axis(0)) / 9.0;
        let spread = (&trace.outputs - &mean).mapv(|v| v * v).sum_axis(Axis(0)) / 9.0;
        for j in 0..3 {
            let v = trace.variance[j];
            let predicted = layer.gamma[j].powi(2) * v / (v + 0.1);
            assert!((mean[j] - layer.beta[j]).abs() < 1e-14);
            assert!((spread[j] - predicted).abs() < 1e-13);
        }
    }

    /// Central differences with h = 10⁻⁵ on Σ v·y: truncation h²/6 times third derivatives of
    /// order 10, rounding ε·50/h.
    #[test]
    fn the_backward_pass_is_the_derivative() {
        let (x, h) = (batch(5), 1e-5);
        let v = gaussian(5, 3, &mut stream(1, "slope", 0)).expect("valid");
        let value =
            |layer: &BatchNorm, x: &Array2<f64>| (layer.trace(x).expect("fits").outputs * &v).sum();
        let exact = layer()
            .backward(&layer().trace(&x).expect("fits"), &v)
            .expect("fits");
        for i in 0..x.len() {
            let at = |by: f64| {
                let mut x = x.clone();
                x[[i / 3, i % 3]] += by;
                value(&layer(), &x)
            };
            let numeric = (at(h) - at(-h)) / (2.0 * h);
            let error = (numeric - exact.inputs[[i / 3, i % 3]]).abs();
            assert!(error < 2e-9, "input {i}: {error}");
        }
        for j in 0..3 {
            let at = |gamma: f64, beta: f64| {
                let mut layer = layer();
                layer.gamma[j] += gamma;
                layer.beta[j] += beta;
                value(&layer, &x)
            };
            let gamma = (at(h, 0.0) - at(-h, 0.0)) / (2.0 * h);
            let beta = (at(0.0, h) - at(0.0, -h)) / (2.0 * h);
            assert!((gamma - exact.gamma[j]).abs() < 2e-9);
            assert!((beta - exact.beta[j]).abs() < 2e-9);
        }
    }

    /// Numbers by hand: batch (1, 3): E = 2, V = 1, unbiased 2.
    #[test]
    fn running_averages_are_those_of_pytorch() {
        let mut layer = BatchNorm::new(1).expect("1");
        let trace = layer.trace(&array![[1.0], [3.0]]).expect("fits");
        layer.remember(&trace).expect("its own");
        assert!((layer.running_mean[0] - 0.2).abs() < 1e-15);
        assert!((layer.running_variance[0] - (0.9 + 0.2)).abs() < 1e-15);
        let y = layer.evaluate(&array![[1.2]]).expect("fits");
        assert!((y[[0, 0]] - 1.0 / (1.1_f64 + 1e-5).sqrt()).abs() < 1e-15);
    }

    #[test]
    fn bad_input_is_an_error() {
        let said = |error: Error| error.to_string();
        let error = layer().trace(&batch(1)).expect_err("one row");
        assert!(said(error).contains("b ≥ 2"));
        assert!(layer().trace(&Array2::ones((4, 2))).is_err());
        assert!(layer().trace(&Array2::from_elem((4, 3), f64::NAN)).is_err());
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let broken = BatchNorm {
                epsilon: bad,
                ..layer()
            };
            assert!(broken.evaluate(&batch(2)).is_err());
            let broken = BatchNorm {
                momentum: bad,
                ..layer()
            };
            assert!(broken.evaluate(&batch(2)).is_err());
        }
        let broken = BatchNorm {
            running_variance: array![1.0, -1.0, 1.0],
            ..layer()
        };
        assert!(said(broken.evaluate(&batch(2)).expect_err("< 0")).contains("variance is -1"));
        let trace = layer().trace(&batch(4)).expect("fits");
        assert!(layer().backward(&trace, &Array2::ones((3, 3))).is_err());
        assert!(BatchNorm::new(2).expect("2").remember(&trace).is_err());
        assert!(BatchNorm::new(0).is_err());
    }
}
