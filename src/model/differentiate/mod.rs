//! Derivatives of a network f_θ in its parameters θ and its inputs x, first and second, by one backward pass each.
//!
//! A kind of network says in [`Differentiable`] how numbers flow through it forward, backward, and along a direction.
//! A [`Checked`] network turns that into what is asked for: losses are cotangents of [`Checked::vjp`];
//! [`Checked::hessian_vector`] and [`Checked::gradient_penalty`] are its derivative along a direction.

mod checked;
mod second_order;

use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2};

pub use checked::Checked;
pub use second_order::GradientPenalty;

use crate::error::Result;
use crate::real::Real;

/// Derivatives of Σ_i v_i·f(x_i), v the cotangent.
#[derive(Clone, Debug, PartialEq)]
pub struct Vjp<T> {
    /// By θ, `(p,)`, in the order of the network's parameters.
    pub parameters: Array1<T>,
    /// By x, `(n, d)`.
    pub inputs: Array2<T>,
}

/// A direction in which parameters and inputs move at once.
#[derive(Clone, Copy, Debug)]
pub struct Direction<'a, T> {
    /// θ̇, `(p,)`.
    pub parameters: &'a ArrayRef1<T>,
    /// ẋ, `(n, d)`.
    pub inputs: &'a ArrayRef2<T>,
}

/// A network through which numbers and derivatives flow.
///
/// To make a new kind of network differentiable, with convolutions say, is to write these functions. They compute and
/// check nothing: [`Checked`] calls them with arrays of the right shapes and finite numbers, and looks at what comes
/// out. n rows may depend on each other, as they do behind batch normalisation.
pub trait Differentiable: Sized {
    /// What it computes with.
    type Number: Real;
    /// What a forward pass keeps.
    type Trace;
    /// The derivatives of a trace along a direction.
    type Tangent;

    /// d.
    fn n_inputs(&self) -> usize;

    /// k.
    fn n_outputs(&self) -> usize;

    /// p.
    fn n_parameters(&self) -> usize;

    /// The fewest rows a pass needs: 1, or 2 where they are normalised together.
    fn least_rows(&self) -> usize {
        1
    }

    /// Whether its own numbers fit each other and are finite.
    ///
    /// # Errors
    /// They do not, or are not.
    fn check(&self) -> Result<()>;

    /// Whether this many rows fit into memory.
    ///
    /// # Errors
    /// They do not.
    fn check_room(&self, rows: usize) -> Result<()>;

    /// Whether a trace, whose fields are public, is one of this network.
    ///
    /// # Errors
    /// It is not.
    fn check_trace(&self, trace: &Self::Trace) -> Result<()>;

    /// The forward pass of the rows of `x`, `(n, d)`.
    ///
    /// # Errors
    /// Numbers leave their range on the way, and the outputs would not show it.
    fn forward(&self, x: &ArrayRef2<Self::Number>) -> Result<Self::Trace>;

    /// f(x), `(n, k)`.
    fn outputs(trace: &Self::Trace) -> &Array2<Self::Number>;

    /// x, `(n, d)`.
    fn inputs(trace: &Self::Trace) -> &Array2<Self::Number>;

    /// The derivatives of Σ_i v_i·f(x_i) for `v`, `(n, k)`.
    fn pull(&self, trace: &Self::Trace, v: &ArrayRef2<Self::Number>) -> Vjp<Self::Number>;

    /// As [`pull`](Self::pull), by the inputs alone, `(n, d)`: for a network of equal layers half the work.
    fn pull_inputs(
        &self,
        trace: &Self::Trace,
        v: &ArrayRef2<Self::Number>,
    ) -> Array2<Self::Number> {
        self.pull(trace, v).inputs
    }

    /// The derivative of the forward pass along a direction.
    fn push(&self, trace: &Self::Trace, along: Direction<'_, Self::Number>) -> Self::Tangent;

    /// ḟ, `(n, k)`.
    fn pushed_outputs(tangent: &Self::Tangent) -> &Array2<Self::Number>;

    /// The derivative of [`pull`](Self::pull) along the direction that made the tangent, as v moves along `rate`;
    /// both `(n, k)`.
    fn pull_rate(
        &self,
        trace: &Self::Trace,
        tangent: &Self::Tangent,
        along: Direction<'_, Self::Number>,
        v: &ArrayRef2<Self::Number>,
        rate: &ArrayRef2<Self::Number>,
    ) -> Vjp<Self::Number>;

    /// The network, looked at once.
    ///
    /// # Errors
    /// As for [`check`](Self::check).
    fn checked(&self) -> Result<Checked<'_, Self>> {
        Checked::new(self)
    }
}
