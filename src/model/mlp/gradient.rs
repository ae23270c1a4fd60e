//! Gradients of the mean loss by the parameters, and of losses and outputs by the inputs.

use ndarray::{Array1, Array2, Array3, ArrayRef2, Axis};

use super::{MlpOf, Trace, column_sums};
use crate::error::{Error, Result, check_finite};
use crate::model::Loss;
use crate::real::{Real, all_finite};

/// The derivative by one layer's parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerGradient<T> {
    /// By W, `(out, in)`.
    pub weights: Array2<T>,
    /// By b, `(out,)`, if the layer has one.
    pub bias: Option<Array1<T>>,
}

/// The mean loss and its gradient.
#[derive(Clone, Debug, PartialEq)]
pub struct LossGradient<T> {
    /// (1/n) Σ_i ℓ_i.
    pub loss: f64,
    /// Its derivative by each layer's parameters.
    pub layers: Vec<LayerGradient<T>>,
}

impl<T: Real> LossGradient<T> {
    /// All derivatives in one vector, `(p,)`, in the order of [`MlpOf::parameters`].
    #[must_use]
    pub fn flat(&self) -> Array1<T> {
        flat(&self.layers)
    }
}

/// Layers' derivatives in the order of [`MlpOf::parameters`].
pub(super) fn flat<T: Real>(layers: &[LayerGradient<T>]) -> Array1<T> {
    let blocks = layers.iter().flat_map(|layer| {
        let bias = layer.bias.iter().flatten();
        layer.weights.iter().chain(bias).copied()
    });
    blocks.collect()
}

impl<T: Real> MlpOf<T> {
    /// The mean loss of inputs `x`, `(n, d)`, with targets `y`, `(n, k)`, and its gradient by
    /// every parameter, by backpropagation.
    ///
    /// # Formula
    /// With δ_l of [`deltas`](Self::deltas) for v_i = (1/n) ∂ℓ_i/∂f_i:
    /// ∂/∂W_l = c_l·δ_lᵀ h_{l−1} and ∂/∂b_l = Σ_i δ_{l,i}.
    ///
    /// # Errors
    /// The arrays are empty, not finite or of other shapes than the network's; the targets do not
    /// suit the loss; outputs, loss or derivatives are beyond the range of `T`.
    pub fn gradient(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef2<T>,
        loss: Loss,
    ) -> Result<LossGradient<T>> {
        let trace = self.trace(x)?;
        let (value, slope) = loss.value_and_derivative(trace.outputs(), y)?;
        let deltas = self.deltas(&trace, &(slope / T::of(x.nrows() as f64)))?;
        let layers = self.layers.iter().zip(&deltas).zip(&trace.h);
        let layers = layers.map(|((layer, delta), h)| LayerGradient {
            weights: delta.t().dot(h) * layer.multiplier,
            bias: layer.bias.as_ref().map(|_| column_sums(delta)),
        });
        let gradient = LossGradient {
            loss: value,
            layers: layers.collect(),
        };
        let sound = |layer: &LayerGradient<T>| {
            let mut bias = layer.bias.iter();
            layer.weights.as_slice().is_some_and(all_finite)
                && bias.all(|bias| bias.as_slice().is_some_and(all_finite))
        };
        if !gradient.layers.iter().all(sound) {
            check_finite("the gradient", &gradient.flat())?;
        }
        Ok(gradient)
    }

    /// ∂ℓ_i/∂x_i in row i, `(n, d)`: where an attacker would push example i.
    ///
    /// # Errors
    /// As for [`gradient`](Self::gradient).
    pub fn input_gradient(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef2<T>,
        loss: Loss,
    ) -> Result<Array2<T>> {
        let trace = self.trace(x)?;
        let slope = loss.derivative(trace.outputs(), y)?;
        self.pull_to_inputs(&trace, &slope)
    }

    /// ∂f_j/∂x_i for output j = `output` (from 0) in row i, `(n, d)`. Its norm is the local
    /// Lipschitz constant of that output.
    ///
    /// # Errors
    /// `x` does not suit the network, or there is no such output.
    pub fn output_input_gradient(&self, x: &ArrayRef2<T>, output: usize) -> Result<Array2<T>> {
        let trace = self.trace(x)?;
        let v = self.unit(x.nrows(), output)?;
        self.pull_to_inputs(&trace, &v)
    }

    /// The Jacobians ∂f/∂x at every row of `x`, `(n, k, d)`.
    ///
    /// # Errors
    /// `x` does not suit the network.
    pub fn input_jacobian(&self, x: &ArrayRef2<T>) -> Result<Array3<T>> {
        let trace = self.trace(x)?;
        let (n, k) = (x.nrows(), self.n_outputs());
        self.check_room(n.saturating_mul(k))?;
        let mut jacobian = Array3::zeros((n, k, self.n_inputs()));
        for output in 0..k {
            let rows = self.pull_to_inputs(&trace, &self.unit(n, output)?)?;
            jacobian.index_axis_mut(Axis(1), output).assign(&rows);
        }
        Ok(jacobian)
    }

    /// ∂(v_i·f(x_i))/∂x_i in row i, `(n, d)`.
    fn pull_to_inputs(&self, trace: &Trace<T>, v: &ArrayRef2<T>) -> Result<Array2<T>> {
        let deltas = self.deltas(trace, v)?;
        let slopes = self.back(0, &deltas[0]);
        check_finite("the derivatives by the inputs", &slopes)?;
        Ok(slopes)
    }

    /// n rows of the unit vector e_output, `(n, k)`.
    pub(super) fn unit(&self, n: usize, output: usize) -> Result<Array2<T>> {
        let k = self.n_outputs();
        if output >= k {
            let expected = format!("below {k}");
            return Err(Error::domain("the output", expected, output));
        }
        let mut v = Array2::zeros((n, k));
        v.column_mut(output).fill(T::one());
        Ok(v)
    }
}
