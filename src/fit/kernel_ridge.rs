//! Kernel ridge regression, and its limit without a penalty.

use ndarray::{Array1, Array2, ArrayRef2};

use super::{check_examples, check_filled, check_targets, gram_ridge};
use crate::error::{Error, Result, check_finite, check_scale};
use crate::linalg::{Cholesky, thin_svd};
use crate::model::Kernel;

/// Above this estimate of κ the system is left to the SVD.
const MAX_CONDITION: f64 = 1e12;
/// Steps of power and inverse iteration: each costs one product or one solve.
const CONDITION_STEPS: usize = 12;

/// How a positive semi-definite system was solved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DualRoute {
    /// Cholesky with one step of iterative refinement; `condition` is a lower estimate.
    Cholesky,
    /// A singular value decomposition with small values cut off; `condition` is exact.
    Svd,
}

/// A kernel machine f(x) = Σ_i k(x, x_i) α_i and how far f64 could carry it.
#[derive(Clone, Debug)]
pub struct KernelRidge {
    /// The kernel k.
    pub kernel: Kernel,
    /// The penalty λ.
    pub lambda: f64,
    /// The training inputs, `(n, d)`.
    pub inputs: Array2<f64>,
    /// The dual weights α, `(n, k)`.
    pub dual: Array2<f64>,
    /// The norm ‖f‖ = √tr(αᵀKα) in the kernel's Hilbert space.
    pub norm: f64,
    /// The mean squared training residual over all n·k entries. Without a penalty it is 0 in exact
    /// arithmetic for distinct inputs and a strictly positive kernel; a large value here means that
    /// f64 could not interpolate.
    pub train_mse: f64,
    /// The condition number λ_max/λ_min of K + λI; ∞ where f64 finds no smallest eigenvalue.
    pub condition: f64,
    /// How many eigenvalues of K + λI stand above rounding, ε·n·λ_max. Below n, the directions
    /// left out have been lost to f64, and the fit does not interpolate.
    pub rank: usize,
    /// How the system was solved.
    pub route: DualRoute,
}

impl KernelRidge {
    /// Predictions f(x), `(t, k)`, for inputs `x`, `(t, d)`.
    ///
    /// # Errors
    /// Another d than the training inputs; empty or non-finite inputs; predictions beyond the range of f64.
    pub fn predict(&self, x: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        // The fields are public.
        check_examples(&self.inputs, &self.dual)?;
        let predictions = self.kernel.matrix(x, &self.inputs)?.dot(&self.dual);
        check_finite("the predictions", &predictions)?;
        Ok(predictions)
    }
}

/// The minimiser of Σ_i ‖y_i − f(x_i)‖² + λ‖f‖² over the kernel's Hilbert space; λ = 0 gives the
/// interpolant of smallest norm.
///
/// # Formula
/// f(x) = Σ_i k(x, x_i) α_i with (K + λI) α = y, K_ij = k(x_i, x_j). Inputs that occur twice make K
/// singular: with λ = 0 their targets are then averaged, and [`KernelRidge::rank`] is below n.
///
/// Takes inputs `x`, `(n, d)`, targets `y`, `(n, k)`, and `lambda` λ ≥ 0 in units of the kernel.
/// For a penalty on the mean, (1/n)Σ‖·‖² + λ'‖f‖², use λ = nλ'.
///
/// # Errors
/// Empty, non-finite or mismatched arrays; λ negative or not finite; a kernel's parameter out of
/// range.
///
/// # Reference
/// Saunders, Gammerman & Vovk 1998, "Ridge regression learning algorithm in dual variables".
///
/// ```
/// use dltheory::fit::kernel_ridge;
/// use dltheory::model::Kernel;
/// use ndarray::array;
/// let (x, y) = (array![[0.0], [1.0]], array![[1.0], [-1.0]]);
/// let fit = kernel_ridge(Kernel::Laplace { sigma: 1.0 }, &x, &y, 0.0)?;
/// assert!(fit.train_mse < 1e-30 && fit.rank == 2);
/// assert!(fit.predict(&array![[0.5]])?[[0, 0]].abs() < 1e-15);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn kernel_ridge(
    kernel: Kernel,
    x: &ArrayRef2<f64>,
    y: &ArrayRef2<f64>,
    lambda: f64,
) -> Result<KernelRidge> {
    check_scale("the penalty λ", lambda)?;
    check_examples(x, y)?;
    let gram = kernel.matrix(x, x)?;
    let fit = gram_ridge(&gram, y, lambda)?;
    Ok(KernelRidge {
        kernel,
        lambda,
        inputs: x.to_owned(),
        norm: fit.norm,
        train_mse: fit.train_mse,
        dual: fit.dual,
        condition: fit.condition,
        rank: fit.rank,
        route: fit.route,
    })
}

/// The solution of (K + λI) α = y and what the factorisation tells.
#[derive(Clone, Debug)]
pub struct DualSolution {
    /// The dual weights α, `(n, k)`.
    pub dual: Array2<f64>,
    /// λ_max/λ_min of K + λI: see [`KernelRidge::condition`].
    pub condition: f64,
    /// The number of eigenvalues above ε·n·λ_max.
    pub rank: usize,
    /// How it was solved.
    pub route: DualRoute,
}

/// Solves (K + λI) α = y for a symmetric positive semi-definite `gram` K, `(n, n)`, and `y`, `(n, k)`.
///
/// Cholesky and one refinement step where κ is below 10¹²; else the SVD, with α of smallest norm.
///
/// # Errors
/// K is not square, not symmetric, not finite, or has another n than y; λ negative or not finite; weights beyond
/// the range of f64.
pub fn solve_positive(
    gram: &ArrayRef2<f64>,
    y: &ArrayRef2<f64>,
    lambda: f64,
) -> Result<DualSolution> {
    let n = gram.nrows();
    check_scale("the penalty λ", lambda)?;
    check_filled("the kernel matrix", gram)?;
    check_targets(n, y)?;
    if gram.ncols() != n {
        return Err(Error::shape(
            "the kernel matrix",
            format!("({n}, {n})"),
            gram.shape(),
        ));
    }
    check_symmetric(gram)?;
    let mut system = gram.to_owned();
    system.diag_mut().mapv_inplace(|value| value + lambda);
    check_finite("the diagonal of K + λI", system.diag())?;
    if let Some(cholesky) = Cholesky::new(&system) {
        let condition = condition_estimate(&system, &cholesky)?;
        if condition <= MAX_CONDITION {
            let mut dual = cholesky.solve(y)?;
            dual += &cholesky.solve(&(y - system.dot(&dual)))?;
            check_finite("the dual weights", &dual)?;
            return Ok(DualSolution {
                dual,
                condition,
                rank: n,
                route: DualRoute::Cholesky,
            });
        }
    }
    let svd = thin_svd(&system)?;
    let rank = svd.rank(None);
    let mut coefficients = svd.u.t().dot(y);
    for (i, mut row) in coefficients.rows_mut().into_iter().enumerate() {
        // A cut direction gets weight 0, as in a pseudo-inverse.
        row *= if i < rank { 1.0 / svd.s[i] } else { 0.0 };
    }
    let condition = match (svd.s.first(), svd.s.last()) {
        (Some(largest), Some(smallest)) if rank == n => largest / smallest,
        _ => f64::INFINITY,
    };
    let dual = svd.vt.t().dot(&coefficients);
    check_finite("the dual weights", &dual)?;
    Ok(DualSolution {
        dual,
        condition,
        rank,
        route: DualRoute::Svd,
    })
}

/// Checks K = Kᵀ, but for the rounding of a product ΦΦᵀ.
pub(super) fn check_symmetric(gram: &ArrayRef2<f64>) -> Result<()> {
    let largest = gram.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
    let crooked = gram
        .indexed_iter()
        .find(|((i, j), v)| i > j && (**v - gram[[*j, *i]]).abs() > 1e-8 * largest);
    match crooked {
        None => Ok(()),
        Some(((i, j), v)) => {
            let expected = format!("symmetric: entry ({i}, {j}) = {}", gram[[j, i]]);
            Err(Error::domain("the kernel matrix", expected, v))
        }
    }
}

/// A lower estimate of λ_max/λ_min by power and inverse iteration from a fixed start.
fn condition_estimate(system: &Array2<f64>, cholesky: &Cholesky) -> Result<f64> {
    let n = system.nrows();
    // Fractional parts of multiples of an irrational number: no eigenvector, no symmetry.
    let start = Array2::from_shape_fn((n, 1), |(i, _)| {
        (0.618_033_988_75 * (i + 1) as f64).fract() - 0.3
    });
    let stretch = |step: &dyn Fn(&Array2<f64>) -> Result<Array2<f64>>| -> Result<f64> {
        let mut v = start.clone();
        let mut length = 0.0;
        for _ in 0..CONDITION_STEPS {
            let before = norm(&v);
            v = step(&v)?;
            length = norm(&v) / before;
            if !(length.is_finite() && length > 0.0) {
                return Ok(f64::INFINITY);
            }
            v /= norm(&v);
        }
        Ok(length)
    };
    let largest = stretch(&|v| Ok(system.dot(v)))?;
    let inverse = stretch(&|v| Ok(cholesky.solve(v)?))?.max(cholesky.gain());
    Ok(largest * inverse)
}

fn norm(v: &Array2<f64>) -> f64 {
    let flat: Array1<f64> = v.iter().copied().collect();
    flat.dot(&flat).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::{gaussian, uniform_cube};
    use crate::fit::ridge;
    use crate::rng::stream;
    use ndarray::array;

    #[test]
    fn the_linear_kernel_is_ridge_regression() {
        let rng = &mut stream(1, "kernel ridge", 0);
        let x = gaussian(9, 4, rng).expect("valid");
        let y = gaussian(9, 2, rng).expect("valid");
        let t = gaussian(5, 4, rng).expect("valid");
        let linear = Kernel::Polynomial {
            degree: 1,
            offset: 0.0,
        };
        for lambda in [0.0, 0.3] {
            let fit = kernel_ridge(linear, &x, &y, lambda).expect("valid");
            let weights = ridge(&x, &y, lambda).expect("valid").weights;
            let off = fit.predict(&t).expect("valid") - t.dot(&weights);
            assert!(off.iter().all(|e| e.abs() < 1e-11), "λ = {lambda}: {off}");
            let norm = weights.iter().map(|w| w * w).sum::<f64>().sqrt();
            assert!((fit.norm - norm).abs() < 1e-11);
            // Nine points in four dimensions: K itself has rank 4.
            let rank = if lambda == 0.0 { 4 } else { 9 };
            assert_eq!(fit.rank, rank);
        }
    }

    #[test]
    fn both_routes_and_the_exact_condition_agree() {
        let rng = &mut stream(1, "kernel ridge", 1);
        let a = gaussian(12, 15, rng).expect("valid");
        let gram = a.dot(&a.t());
        let y = gaussian(12, 1, rng).expect("valid");
        let fast = solve_positive(&gram, &y, 0.1).expect("valid");
        assert_eq!(fast.route, DualRoute::Cholesky);
        let mut system = gram.clone();
        system.diag_mut().mapv_inplace(|v| v + 0.1);
        let svd = thin_svd(&system).expect("finite");
        let exact = svd.s[0] / svd.s[11];
        assert!(fast.condition <= exact * 1.000_001 && fast.condition > 0.7 * exact);
        let off = system.dot(&fast.dual) - &y;
        assert!(off.iter().all(|e| e.abs() < 1e-12));
    }

    /// The Gaussian kernel on a line: f64 ends long before the mathematics does, and says so.
    #[test]
    fn the_limit_of_f64_is_reported() {
        let rng = &mut stream(1, "kernel ridge", 2);
        let x = uniform_cube(60, 1, rng).expect("valid");
        let y = gaussian(60, 1, rng).expect("valid");
        let smooth = kernel_ridge(Kernel::Gaussian { sigma: 0.3 }, &x, &y, 0.0).expect("valid");
        assert_eq!(
            (smooth.route, smooth.condition),
            (DualRoute::Svd, f64::INFINITY)
        );
        assert!(
            smooth.rank < 30 && smooth.train_mse > 0.1,
            "{} {}",
            smooth.rank,
            smooth.train_mse
        );
        let rough = kernel_ridge(Kernel::Laplace { sigma: 0.3 }, &x, &y, 0.0).expect("valid");
        assert_eq!((rough.route, rough.rank), (DualRoute::Cholesky, 60));
        assert!(rough.train_mse < 1e-20 && rough.condition < 1e7);
    }

    #[test]
    fn repeated_inputs_are_averaged() {
        let x = array![[0.0], [1.0], [1.0]];
        let y = array![[5.0], [1.0], [3.0]];
        let fit = kernel_ridge(Kernel::Laplace { sigma: 1.0 }, &x, &y, 0.0).expect("valid");
        assert_eq!(fit.rank, 2);
        let at = fit.predict(&array![[0.0], [1.0]]).expect("valid");
        assert!((at[[0, 0]] - 5.0).abs() < 1e-13 && (at[[1, 0]] - 2.0).abs() < 1e-13);
    }

    #[test]
    fn bad_input_is_an_error() {
        let (x, y) = (array![[0.0], [1.0]], array![[0.0], [1.0]]);
        let kernel = Kernel::Laplace { sigma: 1.0 };
        for lambda in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(kernel_ridge(kernel, &x, &y, lambda).is_err());
        }
        assert!(kernel_ridge(kernel, &x, &array![[1.0]], 0.0).is_err());
        assert!(kernel_ridge(Kernel::Laplace { sigma: 0.0 }, &x, &y, 0.0).is_err());
        assert!(kernel_ridge(kernel, &x, &y, f64::MAX).is_ok());
        assert!(solve_positive(&array![[1.0, 2.0]], &array![[1.0]], 0.0).is_err());
        let fit = kernel_ridge(kernel, &x, &y, 0.0).expect("valid");
        assert!(fit.predict(&array![[1.0, 2.0]]).is_err());
    }
}
