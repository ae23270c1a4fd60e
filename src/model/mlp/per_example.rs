//! The parameter gradient of every single example, without writing any of them out.
//!
//! For one example the derivative by W_l is the outer product c_l·δ_l h_{l−1}ᵀ: two vectors hold
//! what a whole matrix would. So n examples take memory O(n·m), not O(n·m²), and inner products
//! of gradients need products of `(n, m)` arrays only.

use ndarray::{Array1, Array2, ArrayRef2, Axis};

use super::gradient::flat;
use super::{LayerGradient, MlpOf};
use crate::error::{Error, Result, check_finite};
use crate::model::Loss;
use crate::real::Real;

/// One layer's part of the gradients of n examples: by W it is c·δ_i h_iᵀ, by b it is δ_i.
#[derive(Clone, Debug)]
pub struct PerExampleLayer<T> {
    /// h_{l−1}, what the layer took in, `(n, in)`.
    pub h: Array2<T>,
    /// δ_l, the derivative by what it gave out, `(n, out)`.
    pub delta: Array2<T>,
    /// The layer's multiplier c.
    pub multiplier: T,
    /// Whether the layer has a bias.
    pub bias: bool,
}

/// The gradients ∂s_i/∂θ of n numbers s_i, one an example: losses or outputs.
#[derive(Clone, Debug)]
pub struct PerExample<T> {
    /// The layers from input to output. All have the same n.
    pub layers: Vec<PerExampleLayer<T>>,
}

impl<T: Real> MlpOf<T> {
    /// The gradient by the parameters of each example's own loss ℓ_i. Their mean is
    /// [`gradient`](Self::gradient).
    ///
    /// Takes inputs `x`, `(n, d)`, and targets `y`, `(n, k)`.
    ///
    /// # Errors
    /// As for [`gradient`](Self::gradient).
    pub fn loss_gradients(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef2<T>,
        loss: Loss,
    ) -> Result<PerExample<T>> {
        let trace = self.trace(x)?;
        let slope = loss.derivative(trace.outputs(), y)?;
        self.factors(trace, &slope)
    }

    /// The gradient by the parameters of output j = `output` (from 0) at each row of `x`,
    /// `(n, d)`: the rows of the Jacobian whose products are the tangent kernel.
    ///
    /// # Errors
    /// `x` does not suit the network, or there is no such output.
    pub fn output_gradients(&self, x: &ArrayRef2<T>, output: usize) -> Result<PerExample<T>> {
        let v = self.unit(x.nrows(), output)?;
        self.factors(self.trace(x)?, &v)
    }

    fn factors(&self, mut trace: super::Trace<T>, v: &ArrayRef2<T>) -> Result<PerExample<T>> {
        let deltas = self.deltas(&trace, v)?;
        trace.h.truncate(self.layers.len());
        let parts = self.layers.iter().zip(trace.h).zip(deltas);
        let layers = parts.map(|((layer, h), delta)| PerExampleLayer {
            h,
            delta,
            multiplier: layer.multiplier,
            bias: layer.bias.is_some(),
        });
        Ok(PerExample {
            layers: layers.collect(),
        })
    }
}

impl<T: Real> PerExample<T> {
    /// n, the number of examples; 0 without layers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.layers.first().map_or(0, |layer| layer.h.nrows())
    }

    /// Whether there is no example.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The gradient of example `i`, written out.
    ///
    /// # Errors
    /// There is no such example, the layers' parts do not fit each other, or a derivative is beyond the range of `T`.
    pub fn gradient(&self, i: usize) -> Result<Vec<LayerGradient<T>>> {
        self.check()?;
        if i >= self.len() {
            let expected = format!("below {}", self.len());
            return Err(Error::domain("the example", expected, i));
        }
        let outer = |layer: &PerExampleLayer<T>| {
            let column = layer.delta.row(i).insert_axis(Axis(1));
            let row = layer.h.row(i).insert_axis(Axis(0));
            LayerGradient {
                weights: column.dot(&row) * layer.multiplier,
                bias: layer.bias.then(|| layer.delta.row(i).to_owned()),
            }
        };
        let gradient: Vec<LayerGradient<T>> = self.layers.iter().map(outer).collect();
        check_finite("the gradient", &flat(&gradient))?;
        Ok(gradient)
    }

    /// All gradients written out, one a row, `(n, p)`, in the order of [`MlpOf::parameters`].
    /// For small networks: it is n·p numbers.
    ///
    /// # Errors
    /// The layers' parts do not fit each other, or n·p is above 2²⁸.
    pub fn jacobian(&self) -> Result<Array2<T>> {
        self.check()?;
        let p = self.layers.iter().fold(0_usize, |sum, layer| {
            let (out, inputs) = (layer.delta.ncols(), layer.h.ncols());
            sum + out * (inputs + usize::from(layer.bias))
        });
        let n = self.len();
        if n.checked_mul(p)
            .is_none_or(|all| all > super::MAX_PARAMETERS)
        {
            let what = format!("the number of examples for {p} parameters");
            let expected = format!("at most {}", super::MAX_PARAMETERS / p);
            return Err(Error::domain(&what, expected, n));
        }
        let mut jacobian = Array2::zeros((n, p));
        for (i, mut row) in jacobian.rows_mut().into_iter().enumerate() {
            row.assign(&flat(&self.gradient(i)?));
        }
        Ok(jacobian)
    }

    /// The inner products of these gradients with others, `(n, n')`.
    ///
    /// # Formula
    /// K = Σ_l (c_l² h_{l−1} h'_{l−1}ᵀ + \[bias\]) ∘ (δ_l δ'_lᵀ). For
    /// [`output_gradients`](MlpOf::output_gradients) this is the empirical tangent kernel.
    ///
    /// # Errors
    /// The two are not of the same network, or do not fit; products beyond the range of `T`.
    pub fn inner_products(&self, other: &Self) -> Result<Array2<T>> {
        self.check()?;
        other.check()?;
        let shape = |part: &PerExampleLayer<T>| (part.h.ncols(), part.delta.ncols(), part.bias);
        let shapes = |all: &Self| all.layers.iter().map(shape).collect::<Vec<_>>();
        if shapes(self) != shapes(other) {
            return Err(Error::domain(
                "the other gradients",
                format!("layers (in, out, bias) {:?}", shapes(self)),
                format!("{:?}", shapes(other)),
            ));
        }
        let mut kernel = Array2::zeros((self.len(), other.len()));
        for (a, b) in self.layers.iter().zip(&other.layers) {
            let mut inner = a.h.dot(&b.h.t()) * (a.multiplier * b.multiplier);
            if a.bias {
                inner += T::one();
            }
            inner *= &a.delta.dot(&b.delta.t());
            kernel += &inner;
        }
        check_finite("the inner products", &kernel)?;
        Ok(kernel)
    }

    /// The squared norms of the gradients, `(n,)`: the diagonal of
    /// [`inner_products`](Self::inner_products) with itself, in time O(n·m).
    ///
    /// # Errors
    /// The layers' parts do not fit each other; norms beyond the range of `T`.
    ///
    /// # Reference
    /// Goodfellow 2015, "Efficient per-example gradient computations", arXiv:1510.01799.
    pub fn squared_norms(&self) -> Result<Array1<T>> {
        self.check()?;
        let squares = |a: &Array2<T>| a.map_axis(Axis(1), |row| row.dot(&row));
        let mut sum = Array1::zeros(self.len());
        for layer in &self.layers {
            let mut inner = squares(&layer.h) * (layer.multiplier * layer.multiplier);
            if layer.bias {
                inner += T::one();
            }
            sum += &(inner * squares(&layer.delta));
        }
        check_finite("the squared norms", &sum)?;
        Ok(sum)
    }

    fn check(&self) -> Result<()> {
        let n = self.len();
        let fits = |layer: &PerExampleLayer<T>| layer.h.nrows() == n && layer.delta.nrows() == n;
        match n > 0 && self.layers.iter().all(fits) {
            true => Ok(()),
            false => {
                let got: Vec<_> = self
                    .layers
                    .iter()
                    .map(|l| (l.h.dim(), l.delta.dim()))
                    .collect();
                let expected = format!("the same number of rows, {n} ≥ 1, in every array");
                Err(Error::domain("the gradients", expected, format!("{got:?}")))
            }
        }
    }
}
