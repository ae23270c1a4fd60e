//! What every layer computed, kept; and derivatives carried back through it.

use ndarray::{Array2, ArrayRef2};

use super::MlpOf;
use crate::error::{Error, Result};
use crate::real::{Real, check_array, check_rows};

/// The forward pass of n examples with everything kept.
#[derive(Clone, Debug)]
pub struct Trace<T> {
    /// h_0 = x, h_1, …, h_L = f(x): entry l is `(n, m_l)`. There are L + 1.
    pub h: Vec<Array2<T>>,
    /// z_1, …, z_L, before the activation: entry l − 1 is `(n, m_l)`. The last equals h_L.
    pub z: Vec<Array2<T>>,
}

impl<T: Real> Trace<T> {
    /// f(x), `(n, k)`.
    #[must_use]
    pub fn outputs(&self) -> &Array2<T> {
        &self.h[self.h.len() - 1]
    }
}

impl<T: Real> MlpOf<T> {
    /// Runs the network on the rows of `x`, `(n, d)`, and keeps every layer's numbers.
    ///
    /// # Errors
    /// As for [`forward`](Self::forward).
    pub fn trace(&self, x: &ArrayRef2<T>) -> Result<Trace<T>> {
        self.check_inputs(x)?;
        let trace = self.run(x);
        check_array("the network's outputs", trace.outputs())?;
        Ok(trace)
    }

    /// As [`trace`](Self::trace), of what has been checked.
    pub(super) fn run(&self, x: &ArrayRef2<T>) -> Trace<T> {
        let mut trace = Trace {
            h: vec![x.to_owned()],
            z: Vec::with_capacity(self.layers.len()),
        };
        for index in 0..self.layers.len() {
            let z = self.affine(index, &trace.h[index]);
            trace.h.push(if index + 1 == self.layers.len() {
                z.clone()
            } else {
                z.mapv(|z| self.activation.value(z))
            });
            trace.z.push(z);
        }
        trace
    }

    /// Carries derivatives from the outputs back to every layer, example by example.
    ///
    /// # Formula
    /// Given v_i, `(n, k)`, returns δ_l, `(n, m_l)`, for l = 1…L, whose row i is
    /// ∂(v_i·f(x_i))/∂z_l: δ_L = v and δ_l = (c_{l+1}·δ_{l+1} W_{l+1}) ∘ σ'(z_l).
    ///
    /// With v_i = ∂ℓ_i/∂f_i these are the derivatives of the losses; with v_i = e_j, of output j.
    ///
    /// # Errors
    /// `trace` is not of this network, or `v` is not `(n, k)` or not finite; derivatives beyond the range of `T`.
    ///
    /// # Reference
    /// Rumelhart, Hinton & Williams 1986, doi:10.1038/323533a0.
    pub fn deltas(&self, trace: &Trace<T>, v: &ArrayRef2<T>) -> Result<Vec<Array2<T>>> {
        self.check()?;
        self.check_shapes(trace)?;
        check_rows("the derivatives by the outputs", v, self.n_outputs())?;
        if v.nrows() != trace.h[0].nrows() {
            let expected = format!("({}, {})", trace.h[0].nrows(), self.n_outputs());
            return Err(Error::shape(
                "the derivatives by the outputs",
                expected,
                v.shape(),
            ));
        }
        let mut deltas = vec![v.to_owned()];
        for index in (1..self.layers.len()).rev() {
            let by_h = self.back(index, &deltas[deltas.len() - 1]);
            deltas.push(self.activation.back(by_h, &trace.z[index - 1]));
        }
        deltas.reverse();
        // Weights can be so large that outputs fit and their derivatives do not.
        for (index, delta) in deltas.iter().enumerate() {
            let what = format!("the derivatives by layer {}", index + 1);
            check_array(&what, delta)?;
        }
        Ok(deltas)
    }

    /// c·δ W of layer `index`: from its outputs z to its inputs h.
    pub(super) fn back(&self, index: usize, delta: &ArrayRef2<T>) -> Array2<T> {
        let layer = &self.layers[index];
        let mut out = delta.dot(&layer.weights);
        if layer.multiplier != T::one() {
            out *= layer.multiplier;
        }
        out
    }

    /// A trace has public fields too.
    pub(super) fn check_shapes(&self, trace: &Trace<T>) -> Result<()> {
        let n = trace.h.first().map_or(0, Array2::nrows);
        let sizes = self.layers.iter().map(|layer| layer.weights.nrows());
        let want: Vec<[usize; 2]> = std::iter::once(self.n_inputs())
            .chain(sizes)
            .map(|m| [n, m])
            .collect();
        let same = |arrays: &[Array2<T>], want: &[[usize; 2]]| {
            arrays.len() == want.len() && arrays.iter().zip(want).all(|(a, w)| a.shape() == w)
        };
        if n == 0 || !same(&trace.h, &want) || !same(&trace.z, &want[1..]) {
            let expected = format!("made by this network: arrays {want:?} with n ≥ 1");
            let got: Vec<_> = trace.h.iter().map(|a| a.shape().to_vec()).collect();
            return Err(Error::domain("the trace", expected, format!("{got:?}")));
        }
        Ok(())
    }
}
