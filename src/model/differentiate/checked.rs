//! A network that has been looked at once.

use ndarray::{Array2, ArrayRef1, ArrayRef2};

use super::{Differentiable, Direction, Vjp};
use crate::error::{Error, Result};
use crate::model::Loss;
use crate::real::{Real, check_array};

/// A network whose own numbers are known to fit each other and to be finite, so that no call looks at all its weights
/// again: with one example a step that look costs as much as the work.
///
/// ```
/// use dltheory::model::{Differentiable, Loss, Mlp, MlpSettings};
/// use dltheory::rng::stream;
/// use ndarray::{Array2, array};
/// let net = Mlp::new(&MlpSettings::of_sizes(&[2, 8, 1]), &mut stream(1, "doc", 0))?;
/// let (x, y) = (array![[1.0, 2.0], [0.5, -1.0]], array![[1.0], [0.0]]);
/// let checked = net.checked()?;
/// let (loss, gradient) = checked.loss_gradient(&x, &y, Loss::Mse)?;
/// assert!(loss > 0.0 && gradient.parameters.len() == net.n_parameters());
/// // The same by hand: the cotangent of the mean squared error is 2(f − y)/n.
/// let trace = checked.trace(&x)?;
/// let cotangent = (trace.outputs() - &y) * (2.0 / 2.0);
/// assert_eq!(checked.vjp(&trace, &cotangent)?, gradient);
/// # Ok::<(), dltheory::Error>(())
/// ```
#[derive(Debug)]
pub struct Checked<'a, N> {
    pub(super) net: &'a N,
}

// Derived, they would ask the network itself to be copied.
impl<N> Clone for Checked<'_, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<N> Copy for Checked<'_, N> {}

impl<'a, N: Differentiable> Checked<'a, N> {
    /// Looks at a network.
    ///
    /// # Errors
    /// Its numbers do not fit each other or are not finite.
    pub fn new(net: &'a N) -> Result<Self> {
        net.check()?;
        Ok(Self { net })
    }

    /// The network.
    #[must_use]
    pub fn net(&self) -> &'a N {
        self.net
    }

    /// The forward pass of the rows of `x`, `(n, d)`, with what the way back needs.
    ///
    /// # Errors
    /// `x` has too few rows, another width, or is not finite; outputs beyond the range of the type.
    pub fn trace(&self, x: &ArrayRef2<N::Number>) -> Result<N::Trace> {
        let (least, d) = (self.net.least_rows(), self.net.n_inputs());
        if x.nrows() < least || x.ncols() != d {
            let expected = format!("(n, {d}) with n ≥ {least}");
            return Err(Error::shape("the inputs", expected, x.shape()));
        }
        check_array("the inputs", x)?;
        self.net.check_room(x.nrows())?;
        let trace = self.net.forward(x)?;
        check_array("the network's outputs", N::outputs(&trace))?;
        Ok(trace)
    }

    /// The derivatives of Σ_i v_i·f(x_i) by θ and by x for a cotangent `v`, `(n, k)`.
    ///
    /// # Formula
    /// With J = ∂f/∂(θ, x) it is Jᵀv: a vector–Jacobian product, by one backward pass.
    ///
    /// # Errors
    /// The trace is not of this network; `v` has another shape or is not finite; derivatives beyond the range of the
    /// type.
    pub fn vjp(&self, trace: &N::Trace, v: &ArrayRef2<N::Number>) -> Result<Vjp<N::Number>> {
        self.check_pass(trace, "the cotangent", v)?;
        sound(self.net.pull(trace, v))
    }

    /// The derivative of Σ_i v_i·f(x_i) by x alone, `(n, d)`: what [`vjp`](Self::vjp) has as its inputs, without the work for
    /// the parameters.
    ///
    /// # Errors
    /// As for [`vjp`](Self::vjp).
    pub fn input_vjp(
        &self,
        trace: &N::Trace,
        v: &ArrayRef2<N::Number>,
    ) -> Result<Array2<N::Number>> {
        self.check_pass(trace, "the cotangent", v)?;
        let inputs = self.net.pull_inputs(trace, v);
        check_array("the derivatives by the inputs", &inputs)?;
        Ok(inputs)
    }

    /// How outputs move, `(n, k)`, as parameters and inputs move along a direction: Jv, by one forward pass.
    ///
    /// # Errors
    /// The trace is not of this network; a direction of another shape or not finite; numbers beyond the range of the
    /// type.
    pub fn jvp(
        &self,
        trace: &N::Trace,
        along: Direction<'_, N::Number>,
    ) -> Result<Array2<N::Number>> {
        Ok(N::pushed_outputs(&self.pushed(trace, along)?).to_owned())
    }

    /// The derivative of a forward pass along a direction.
    pub(super) fn pushed(
        &self,
        trace: &N::Trace,
        along: Direction<'_, N::Number>,
    ) -> Result<N::Tangent> {
        self.check_direction(trace, along)?;
        let tangent = self.net.push(trace, along);
        check_array(
            "the derivatives of the outputs",
            N::pushed_outputs(&tangent),
        )?;
        Ok(tangent)
    }

    /// The mean loss of inputs `x`, `(n, d)`, with targets `y`, `(n, k)`, and its derivatives.
    ///
    /// # Errors
    /// As for [`trace`](Self::trace) and [`vjp`](Self::vjp); targets that do not suit the loss.
    pub fn loss_gradient(
        &self,
        x: &ArrayRef2<N::Number>,
        y: &ArrayRef2<N::Number>,
        loss: Loss,
    ) -> Result<(f64, Vjp<N::Number>)> {
        let trace = self.trace(x)?;
        let (value, slope) = loss.value_and_derivative(N::outputs(&trace), y)?;
        let n = N::Number::of(x.nrows() as f64);
        Ok((value, self.vjp(&trace, &(slope / n))?))
    }

    /// Checks a trace and an array of the shape of its outputs.
    pub(super) fn check_pass(
        &self,
        trace: &N::Trace,
        what: &str,
        v: &ArrayRef2<N::Number>,
    ) -> Result<()> {
        self.net.check_trace(trace)?;
        let outputs = N::outputs(trace);
        if v.shape() != outputs.shape() {
            let expected = format!("{:?} like the outputs", outputs.shape());
            return Err(Error::shape(what, expected, v.shape()));
        }
        check_array(what, v)
    }

    fn check_direction(&self, trace: &N::Trace, along: Direction<'_, N::Number>) -> Result<()> {
        self.net.check_trace(trace)?;
        self.check_parameters(along.parameters)?;
        let inputs = N::inputs(trace);
        if along.inputs.shape() != inputs.shape() {
            let (expected, got) = (format!("{:?}", inputs.shape()), along.inputs.shape());
            return Err(Error::shape("the direction of the inputs", expected, got));
        }
        check_array("the direction of the inputs", along.inputs)
    }

    /// Checks a direction of the parameters.
    pub(super) fn check_parameters(&self, direction: &ArrayRef1<N::Number>) -> Result<()> {
        let (what, p) = ("the direction of the parameters", self.net.n_parameters());
        if direction.len() != p {
            return Err(Error::shape(what, format!("({p},)"), &[direction.len()]));
        }
        check_array(what, direction)
    }
}

/// A product whose numbers all stayed within the range of their type.
pub(super) fn sound<T: Real>(vjp: Vjp<T>) -> Result<Vjp<T>> {
    check_array("the gradient", &vjp.parameters)?;
    check_array("the derivatives by the inputs", &vjp.inputs)?;
    Ok(vjp)
}
