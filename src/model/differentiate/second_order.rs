//! Second derivatives: of a loss by the parameters, and of what is made of input gradients.

use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis, Zip};

use super::checked::sound;
use super::{Checked, Differentiable, Direction, Vjp};
use crate::error::{Error, Result, within_range};
use crate::model::Loss;
use crate::real::{Real, length};

/// A penalty on input gradients, and its derivatives.
#[derive(Clone, Debug, PartialEq)]
pub struct GradientPenalty<T> {
    /// (1/n) Σ_i (‖∇_{x_i} Σ_j f(x_j)‖ − target)².
    pub value: f64,
    /// The norms, `(n,)`.
    pub norms: Array1<T>,
    /// Derivatives of the value by θ and by x.
    pub gradient: Vjp<T>,
}

impl<N: Differentiable> Checked<'_, N> {
    /// The derivative of [`vjp`](Self::vjp) as parameters, inputs and cotangent move: along a direction, and
    /// along `rate`; `v` and `rate` are `(n, k)`.
    ///
    /// # Formula
    /// d/dε of Jᵀv at θ + εθ̇, x + εẋ, v + ε·rate: the R-operator, with the directional derivative of every step of
    /// the forward and of the backward pass.
    ///
    /// # Errors
    /// As for [`vjp`](Self::vjp) and [`jvp`](Self::jvp).
    ///
    /// # Reference
    /// Pearlmutter 1994, "Fast exact multiplication by the Hessian", doi:10.1162/neco.1994.6.1.147.
    pub fn vjp_rate(
        &self,
        trace: &N::Trace,
        along: Direction<'_, N::Number>,
        v: &ArrayRef2<N::Number>,
        rate: &ArrayRef2<N::Number>,
    ) -> Result<Vjp<N::Number>> {
        self.check_pass(trace, "the cotangent", v)?;
        self.check_pass(trace, "the rate of the cotangent", rate)?;
        let tangent = self.pushed(trace, along)?;
        sound(self.net.pull_rate(trace, &tangent, along, v, rate))
    }

    /// H v, `(p,)`, for the Hessian H of the mean loss by the parameters and a vector `v`, `(p,)`, without ever making
    /// H.
    ///
    /// # Formula
    /// H v = d/dε ∇L(θ + εv): [`vjp_rate`](Self::vjp_rate) along v with the cotangent (1/n) ∂ℓ/∂f, which itself moves
    /// by (1/n) (∂²ℓ/∂f²) ḟ. Where σ has a kink its second derivative counts as 0.
    ///
    /// # Errors
    /// As for [`loss_gradient`](Self::loss_gradient); `v` of another length or not finite.
    pub fn hessian_vector(
        &self,
        x: &ArrayRef2<N::Number>,
        y: &ArrayRef2<N::Number>,
        loss: Loss,
        v: &ArrayRef1<N::Number>,
    ) -> Result<Array1<N::Number>> {
        self.check_parameters(v)?;
        let trace = self.trace(x)?;
        let along = Direction {
            parameters: v,
            inputs: &Array2::zeros(x.raw_dim()),
        };
        let n = N::Number::of(x.nrows() as f64);
        let outputs = N::outputs(&trace);
        let slope = loss.derivative(outputs, y)? / n;
        let tangent = self.pushed(&trace, along)?;
        let rate = loss.curvature(outputs, y, N::pushed_outputs(&tangent))? / n;
        let product = self.net.pull_rate(&trace, &tangent, along, &slope, &rate);
        Ok(sound(product)?.parameters)
    }

    /// The derivatives by θ and x of Σ_i u_i·g_i, where row i of g = ∂/∂x Σ_j v_j·f(x_j) is an input gradient: what
    /// carries any function of input gradients to the parameters, with u its derivative by g, `(n, d)`.
    ///
    /// # Formula
    /// u·∂(v·f)/∂x is the derivative of v·f along ẋ = u, so its gradient is [`vjp_rate`](Self::vjp_rate) along ẋ = u,
    /// θ̇ = 0, with a cotangent at rest.
    ///
    /// # Errors
    /// As for [`vjp_rate`](Self::vjp_rate).
    pub fn input_gradient_vjp(
        &self,
        trace: &N::Trace,
        v: &ArrayRef2<N::Number>,
        u: &ArrayRef2<N::Number>,
    ) -> Result<Vjp<N::Number>> {
        let still = Array1::zeros(self.net.n_parameters());
        let along = Direction {
            parameters: &still,
            inputs: u,
        };
        self.vjp_rate(trace, along, v, &Array2::zeros(v.raw_dim()))
    }

    /// The penalty (1/n) Σ_i (‖∇_x f(x_i)‖ − `target`)² of a network with one output, and its derivatives: with target
    /// 1 it keeps a critic nearly Lipschitz.
    ///
    /// Where a gradient is 0 the norm has no derivative, and the example counts with the derivative 0.
    ///
    /// # Errors
    /// As for [`trace`](Self::trace); more than one output; a target that is negative or not finite.
    ///
    /// # Reference
    /// Gulrajani, Ahmed, Arjovsky, Dumoulin & Courville 2017, "Improved training of Wasserstein GANs",
    /// arXiv:1704.00028, eq. 3.
    pub fn gradient_penalty(
        &self,
        x: &ArrayRef2<N::Number>,
        target: f64,
    ) -> Result<GradientPenalty<N::Number>> {
        crate::error::check_scale("the target of the gradient's norm", target)?;
        if self.net.n_outputs() != 1 {
            return Err(Error::domain(
                "the number of outputs",
                "1",
                self.net.n_outputs(),
            ));
        }
        let trace = self.trace(x)?;
        let ones = Array2::ones((x.nrows(), 1));
        let mut u = self.vjp(&trace, &ones)?.inputs;
        let norms = u.map_axis(Axis(1), |g| {
            N::Number::of(length(g.iter().map(|g| g.as_f64())))
        });
        let n = x.nrows() as f64;
        let squares = norms.iter().map(|norm| (norm.as_f64() - target).powi(2));
        let value = within_range("the gradient penalty", squares.sum::<f64>() / n)?;
        Zip::from(u.rows_mut()).and(&norms).for_each(|mut g, norm| {
            if norm.as_f64() != 0.0 {
                g /= *norm;
                g *= N::Number::of(2.0 * (norm.as_f64() - target) / n);
            }
        });
        Ok(GradientPenalty {
            value,
            gradient: self.input_gradient_vjp(&trace, &ones, &u)?,
            norms,
        })
    }
}
