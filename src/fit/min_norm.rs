//! The minimum-norm least-squares solution, by SVD.

use ndarray::{Array1, Array2, ArrayRef2, s};

use super::{check_problem, check_solution, mean_square_difference};
use crate::error::{Error, Result, check_finite};
use crate::linalg::thin_svd;

/// A least-squares fit and what its factorisation tells.
#[derive(Clone, Debug)]
pub struct LeastSquares {
    /// The weights w, `(m, k)`.
    pub weights: Array2<f64>,
    /// The numerical rank of the features.
    pub rank: usize,
    /// The singular values of the features, `(min(n, m),)`, decreasing.
    pub singular_values: Array1<f64>,
    /// The mean squared residual (1/nk)‖Φw − y‖_F² on the training data.
    pub train_mse: f64,
}

/// Among all w that minimise ‖Φw − y‖², the one of smallest norm: w = Φ⁺ y.
///
/// # Formula
/// Φ = U diag(s) Vᵀ, w = V diag(1/s_i for s_i > rcond·s_1, else 0) Uᵀ y. Gradient descent on
/// ‖Φw − y‖² from w = 0 has this limit.
///
/// Takes `features` Φ, `(n, m)`, and `targets` y, `(n, k)`. The cut `rcond = None` is
/// ε·max(n, m), as in numpy.
///
/// # Errors
/// Empty, non-finite or mismatched arrays; a cut that is negative or not finite; weights or residuals beyond
/// the range of f64.
///
/// # Reference
/// Golub & Van Loan 2013, "Matrix computations", 4th ed., §5.5.
///
/// ```
/// use dltheory::fit::min_norm;
/// use ndarray::array;
/// // One equation, two unknowns: w₁ + w₂ = 2.
/// let fit = min_norm(&array![[1.0, 1.0]], &array![[2.0]], None)?;
/// assert!((fit.weights[[0, 0]] - 1.0).abs() < 1e-15);
/// assert!((fit.weights[[1, 0]] - 1.0).abs() < 1e-15);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn min_norm(
    features: &ArrayRef2<f64>,
    targets: &ArrayRef2<f64>,
    rcond: Option<f64>,
) -> Result<LeastSquares> {
    check_problem(features, targets)?;
    if let Some(cut) = rcond.filter(|cut| !(cut.is_finite() && *cut >= 0.0)) {
        return Err(Error::domain("the cut rcond", "a finite number ≥ 0", cut));
    }
    let svd = thin_svd(features)?;
    check_finite("the singular values", &svd.s)?;
    let rank = svd.rank(rcond);
    let mut coefficients = svd.u.slice(s![.., ..rank]).t().dot(targets);
    for (mut row, value) in coefficients.rows_mut().into_iter().zip(&svd.s) {
        row /= *value;
    }
    let weights = svd.vt.slice(s![..rank, ..]).t().dot(&coefficients);
    let train_mse = mean_square_difference(&features.dot(&weights), targets);
    check_solution(&weights, train_mse)?;
    Ok(LeastSquares {
        weights,
        rank,
        singular_values: svd.s,
        train_mse,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn solves_the_normal_equations_within_the_row_space() {
        // Rank 2 of 3: the third column is the sum of the others.
        let a = array![
            [1.0, 2.0, 3.0],
            [0.0, 1.0, 1.0],
            [2.0, -1.0, 1.0],
            [1.0, 1.0, 2.0]
        ];
        let y = array![[1.0, 0.0], [2.0, 1.0], [0.0, -1.0], [1.0, 4.0]];
        let fit = min_norm(&a, &y, None).expect("valid");
        assert_eq!(fit.rank, 2);
        let gradient = a.t().dot(&(a.dot(&fit.weights) - &y));
        assert!(gradient.iter().all(|g| g.abs() < 1e-13));
        // The kernel of a is spanned by (1, 1, −1): the solution has no part in it.
        let outside = array![[1.0, 1.0, -1.0]].dot(&fit.weights);
        assert!(outside.iter().all(|o| o.abs() < 1e-13));
    }

    #[test]
    fn bad_input_is_an_error() {
        let a = array![[1.0, 2.0]];
        assert!(min_norm(&a, &array![[1.0], [2.0]], None).is_err());
        assert!(min_norm(&a, &array![[f64::INFINITY]], None).is_err());
        assert!(min_norm(&Array2::zeros((0, 2)), &Array2::zeros((0, 1)), None).is_err());
    }

    #[test]
    fn the_zero_matrix_has_rank_zero_and_the_zero_solution() {
        let fit =
            min_norm(&Array2::zeros((3, 2)), &array![[1.0], [2.0], [2.0]], None).expect("valid");
        assert_eq!((fit.rank, fit.train_mse), (0, 3.0));
        assert!(fit.weights.iter().all(|w| *w == 0.0));
    }
}
