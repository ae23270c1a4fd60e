//! Kernel ridge regression where only the kernel's values are given: an empirical tangent kernel,
//! a product of features.

use ndarray::{Array2, ArrayRef2};

use super::kernel_ridge::{DualRoute, solve_positive};
use super::{check_filled, check_solution, mean_square_difference};
use crate::error::{Error, Result, check_finite, within_range};

/// A kernel machine known by its dual weights alone.
#[derive(Clone, Debug)]
pub struct GramRidge {
    /// The penalty λ.
    pub lambda: f64,
    /// The dual weights α, `(n, k)`.
    pub dual: Array2<f64>,
    /// The norm ‖f‖ = √tr(αᵀKα) in the kernel's Hilbert space.
    pub norm: f64,
    /// The mean squared training residual over all n·k entries.
    pub train_mse: f64,
    /// λ_max/λ_min of K + λI; see [`KernelRidge::condition`](super::KernelRidge::condition).
    pub condition: f64,
    /// How many eigenvalues of K + λI stand above rounding.
    pub rank: usize,
    /// How the system was solved.
    pub route: DualRoute,
}

impl GramRidge {
    /// Predictions f(x) = Σ_i k(x, x_i) α_i, `(t, k)`, from the kernel's values between test and
    /// training inputs, `cross`, `(t, n)`.
    ///
    /// # Errors
    /// `cross` is empty, not finite or has another n; predictions beyond the range of f64.
    pub fn predict(&self, cross: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        check_cross(cross, self.dual.nrows())?;
        check_filled("the dual weights", &self.dual)?;
        let predictions = cross.dot(&self.dual);
        check_finite("the predictions", &predictions)?;
        Ok(predictions)
    }
}

/// The minimiser of Σ_i ‖y_i − f(x_i)‖² + λ‖f‖² over the Hilbert space of a kernel with values `gram`
/// K, `(n, n)`, on the training inputs; targets `y`, `(n, k)`, and `lambda` λ ≥ 0 in units of K.
///
/// # Formula
/// (K + λI) α = y. λ = 0 gives the interpolant of least norm.
///
/// # Errors
/// K is not square, not symmetric, not finite, or has another n than y; λ negative or not finite;
/// weights or residuals beyond the range of f64.
///
/// ```
/// use dltheory::fit::gram_ridge;
/// use ndarray::array;
/// let fit = gram_ridge(&array![[2.0, 1.0], [1.0, 2.0]], &array![[3.0], [0.0]], 0.0)?;
/// assert!((fit.dual[[0, 0]] - 2.0).abs() < 1e-15 && (fit.dual[[1, 0]] + 1.0).abs() < 1e-15);
/// assert!((fit.predict(&array![[1.0, 1.0]])?[[0, 0]] - 1.0).abs() < 1e-15);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn gram_ridge(gram: &ArrayRef2<f64>, y: &ArrayRef2<f64>, lambda: f64) -> Result<GramRidge> {
    let solution = solve_positive(gram, y, lambda)?;
    let fitted = gram.dot(&solution.dual);
    let train_mse = mean_square_difference(&fitted, y);
    check_solution(&solution.dual, train_mse)?;
    let norm2 = within_range("the squared norm", (&solution.dual * &fitted).sum())?;
    Ok(GramRidge {
        lambda,
        norm: norm2.max(0.0).sqrt(),
        train_mse,
        dual: solution.dual,
        condition: solution.condition,
        rank: solution.rank,
        route: solution.route,
    })
}

/// Checks kernel values between test and `n` training inputs.
pub(super) fn check_cross(cross: &ArrayRef2<f64>, n: usize) -> Result<()> {
    if cross.nrows() == 0 || cross.ncols() != n {
        let expected = format!("(t, {n}) with t ≥ 1");
        return Err(Error::shape("the test kernel", expected, cross.shape()));
    }
    check_finite("the test kernel", cross)
}
