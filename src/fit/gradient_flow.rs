//! Gradient descent on a model that is linear in its weights, solved mode by mode: in closed form, without a loop.
//!
//! For the loss ½‖f − y‖² and a tangent kernel K that does not change, the training residual
//! u = f − y obeys du/dt = −K u. Each eigenvector of K decays on its own.

use ndarray::{Array2, ArrayRef2, Axis};

use super::gram_ridge::check_cross;
use super::{check_filled, check_targets};
use crate::error::{Error, Result, check_finite, check_scale};
use crate::linalg::{SymmetricEigen, symmetric_eigen};

/// How far training has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Elapsed {
    /// Time t ≥ 0 of the flow dw/dt = −∇L.
    Flow(f64),
    /// Steps of gradient descent w ← w − η∇L.
    Steps {
        /// The number of steps.
        count: usize,
        /// The step size η ≥ 0, in units of 1/λ.
        eta: f64,
    },
}

impl Elapsed {
    /// What is left of a mode with eigenvalue λ: e^{−λt}, or (1 − ηλ)^count.
    #[must_use]
    pub fn left(self, lambda: f64) -> f64 {
        match self {
            Self::Flow(t) => (-lambda * t).exp(),
            Self::Steps { count, eta } => (1.0 - eta * lambda).powf(count as f64),
        }
    }

    /// (1 − left)/λ, what a mode has put into the dual weights: ∫₀ᵗ e^{−λs} ds, or its sum.
    #[must_use]
    pub fn gained(self, lambda: f64) -> f64 {
        let time = match self {
            Self::Flow(t) => t,
            Self::Steps { count, eta } => eta * count as f64,
        };
        let small = lambda * time;
        if small.abs() < 1e-5 {
            // The next term is below 10⁻¹⁰ of the first, for steps too.
            let steps = match self {
                Self::Flow(_) => 1.0,
                Self::Steps { count, .. } => 1.0 - 1.0 / count.max(1) as f64,
            };
            time * (1.0 - 0.5 * small * steps)
        } else {
            (1.0 - self.left(lambda)) / lambda
        }
    }

    fn check(self) -> Result<()> {
        match self {
            Self::Flow(t) => check_scale("the time t", t),
            Self::Steps { eta, .. } => check_scale("the step η", eta),
        }
    }
}

/// A training problem with a constant kernel, in the eigenbasis of the kernel.
#[derive(Clone, Debug)]
pub struct GradientFlow {
    /// The eigenvalues and eigenvectors of K.
    pub eigen: SymmetricEigen,
    /// Qᵀu(0), the first residual mode by mode, `(n, k)`.
    pub modes: Array2<f64>,
}

/// Prepares the flow du/dt = −K u for a kernel `gram` K, `(n, n)`, targets `y`, `(n, k)`, and
/// first outputs `start` f(0), `(n, k)`: u(0) = f(0) − y.
///
/// # Formula
/// u(t) = e^{−Kt} u(0) = Σ_i e^{−λ_i t} q_i q_iᵀ u(0); after s steps of gradient descent (1 − ηλ_i)^s
/// stands for e^{−λ_i t}. At a test input f(x, t) = f(x, 0) − k(x, X) ∫₀ᵗ e^{−Ks} ds u(0), which ends
/// at kernel regression.
///
/// # Errors
/// K is not square, not finite, or has another n than y or the start; LAPACK does not converge.
///
/// # Reference
/// CMSC 828W, "Analyze GD"; Jacot, Gabriel & Hongler 2018, arXiv:1806.07572, §5; Lee et al. 2019,
/// "Wide neural networks of any depth evolve as linear models", arXiv:1902.06720, eq. 10.
///
/// ```
/// use dltheory::fit::gradient_flow::{Elapsed, gradient_flow};
/// use ndarray::array;
/// let (k, y) = (array![[2.0, 0.0], [0.0, 1.0]], array![[1.0], [1.0]]);
/// let flow = gradient_flow(&k, &y, &array![[0.0], [0.0]])?;
/// let u = flow.residual(Elapsed::Flow(1.0))?;
/// assert!((u[[0, 0]] + (-2.0_f64).exp()).abs() < 1e-15);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn gradient_flow(
    gram: &ArrayRef2<f64>,
    y: &ArrayRef2<f64>,
    start: &ArrayRef2<f64>,
) -> Result<GradientFlow> {
    check_filled("the kernel matrix", gram)?;
    let n = gram.nrows();
    if gram.ncols() != n {
        let expected = format!("({n}, {n})");
        return Err(Error::shape("the kernel matrix", expected, gram.shape()));
    }
    super::kernel_ridge::check_symmetric(gram)?;
    check_targets(n, y)?;
    if start.shape() != y.shape() {
        let expected = format!("{:?}", y.shape());
        return Err(Error::shape("the first outputs", expected, start.shape()));
    }
    check_finite("the first outputs", start)?;
    let eigen = symmetric_eigen(gram)?;
    let modes = eigen.vectors.t().dot(&(start - y));
    check_finite("the first residual", &modes)?;
    Ok(GradientFlow { eigen, modes })
}

impl GradientFlow {
    /// The residual u mode by mode, Qᵀu, `(n, k)`: row i belongs to eigenvalue i, largest first.
    ///
    /// # Errors
    /// A negative or infinite time or step; numbers beyond the range of f64, as where a step is
    /// above 2/λ_max.
    pub fn modes_at(&self, elapsed: Elapsed) -> Result<Array2<f64>> {
        elapsed.check()?;
        let left = self.eigen.values.mapv(|lambda| elapsed.left(lambda));
        let modes = &self.modes * &left.insert_axis(Axis(1));
        check_finite("the residual", &modes)?;
        Ok(modes)
    }

    /// The residual u = f − y on the training set, `(n, k)`.
    ///
    /// # Errors
    /// As for [`modes_at`](Self::modes_at).
    pub fn residual(&self, elapsed: Elapsed) -> Result<Array2<f64>> {
        Ok(self.eigen.vectors.dot(&self.modes_at(elapsed)?))
    }

    /// The loss ½‖u‖².
    ///
    /// # Errors
    /// As for [`modes_at`](Self::modes_at).
    pub fn loss(&self, elapsed: Elapsed) -> Result<f64> {
        let modes = self.modes_at(elapsed)?;
        let loss = modes.iter().map(|v| v * v).sum::<f64>() / 2.0;
        crate::error::within_range("the loss", loss)
    }

    /// Outputs at test inputs, `(t, k)`, from the kernel's values between test and training inputs,
    /// `cross`, `(t, n)`, and the first outputs there, `start`, `(t, k)`.
    ///
    /// # Errors
    /// Arrays of other shapes or not finite; as for [`modes_at`](Self::modes_at).
    pub fn predict(
        &self,
        cross: &ArrayRef2<f64>,
        start: &ArrayRef2<f64>,
        elapsed: Elapsed,
    ) -> Result<Array2<f64>> {
        elapsed.check()?;
        check_cross(cross, self.modes.nrows())?;
        if start.dim() != (cross.nrows(), self.modes.ncols()) {
            let expected = format!("({}, {})", cross.nrows(), self.modes.ncols());
            return Err(Error::shape("the first outputs", expected, start.shape()));
        }
        check_finite("the first outputs", start)?;
        let gained = self.eigen.values.mapv(|lambda| elapsed.gained(lambda));
        let dual = self
            .eigen
            .vectors
            .dot(&(&self.modes * &gained.insert_axis(Axis(1))));
        let mut predictions = start.to_owned();
        predictions -= &cross.dot(&dual);
        check_finite("the predictions", &predictions)?;
        Ok(predictions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::fit::gram_ridge;
    use crate::rng::stream;
    use ndarray::array;

    /// Steps of descent on ½‖Φw − y‖², taken one by one.
    #[test]
    fn steps_are_those_of_descent_on_a_linear_model() {
        let rng = &mut stream(1, "flow", 0);
        let phi = gaussian(5, 7, rng).expect("valid");
        let test = gaussian(3, 7, rng).expect("valid");
        let y = gaussian(5, 2, rng).expect("valid");
        let mut w = gaussian(7, 2, rng).expect("valid");
        let (start, start_test) = (phi.dot(&w), test.dot(&w));
        let flow = gradient_flow(&phi.dot(&phi.t()), &y, &start).expect("valid");
        let (eta, count) = (0.02, 40);
        for _ in 0..count {
            let gradient = phi.t().dot(&(phi.dot(&w) - &y));
            w = w - eta * gradient;
        }
        let at = Elapsed::Steps { count, eta };
        let off = flow.residual(at).expect("valid") - (phi.dot(&w) - &y);
        assert!(off.iter().all(|e| e.abs() < 1e-12), "{off}");
        let cross = test.dot(&phi.t());
        let off = flow.predict(&cross, &start_test, at).expect("valid") - test.dot(&w);
        assert!(off.iter().all(|e| e.abs() < 1e-12), "{off}");
        let loss = (phi.dot(&w) - &y).mapv(|v| v * v).sum() / 2.0;
        assert!((flow.loss(at).expect("valid") - loss).abs() < 1e-12);
    }

    /// The flow is the limit of small steps, and of long times kernel regression.
    #[test]
    fn the_flow_lies_between_small_steps_and_regression() {
        let rng = &mut stream(1, "flow", 1);
        let phi = gaussian(4, 9, rng).expect("valid");
        let test = gaussian(3, 9, rng).expect("valid");
        let y = gaussian(4, 1, rng).expect("valid");
        let (gram, cross) = (phi.dot(&phi.t()), test.dot(&phi.t()));
        let zero = Array2::zeros((4, 1));
        let flow = gradient_flow(&gram, &y, &zero).expect("valid");
        let steps = Elapsed::Steps {
            count: 100_000,
            eta: 1e-6,
        };
        let off = flow.residual(steps).expect("valid")
            - flow.residual(Elapsed::Flow(0.1)).expect("valid");
        assert!(off.iter().all(|e| e.abs() < 1e-3), "{off}");
        let end = flow.predict(&cross, &Array2::zeros((3, 1)), Elapsed::Flow(1e4));
        let fit = gram_ridge(&gram, &y, 0.0).and_then(|fit| fit.predict(&cross));
        let off = end.expect("valid") - fit.expect("valid");
        assert!(off.iter().all(|e| e.abs() < 1e-10), "{off}");
    }

    #[test]
    fn small_eigenvalues_lose_no_digits() {
        for elapsed in [
            Elapsed::Flow(3.0),
            Elapsed::Steps {
                count: 30,
                eta: 0.1,
            },
        ] {
            assert_eq!(elapsed.gained(0.0), 3.0);
            let (below, above) = (
                elapsed.gained(0.999_999e-5 / 3.0),
                elapsed.gained(1.000_001e-5 / 3.0),
            );
            assert!((below / above - 1.0).abs() < 1e-9, "{below} {above}");
        }
    }

    #[test]
    fn bad_input_is_an_error() {
        let (k, y) = (array![[2.0, 0.0], [0.0, 1.0]], array![[1.0], [1.0]]);
        assert!(gradient_flow(&k, &array![[1.0]], &array![[1.0]]).is_err());
        assert!(gradient_flow(&k, &y, &array![[1.0]]).is_err());
        assert!(gradient_flow(&array![[1.0, 2.0], [0.0, 1.0]], &y, &y).is_err());
        let flow = gradient_flow(&k, &y, &Array2::zeros((2, 1))).expect("valid");
        for t in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(flow.residual(Elapsed::Flow(t)).is_err());
        }
        let wild = Elapsed::Steps {
            count: 10_000,
            eta: 9.0,
        };
        assert!(flow.residual(wild).is_err());
        assert!(flow.predict(&array![[1.0]], &array![[0.0]], wild).is_err());
    }
}
