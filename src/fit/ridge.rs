//! Ridge regression.

use ndarray::{Array2, ArrayRef2};

use super::{
    LeastSquares, check_problem, check_solution, mean_square_difference, min_norm, ridge_share,
};
use crate::error::{Error, Result};
use crate::linalg::thin_svd;

/// The minimiser of ‖Φw − y‖² + λ‖w‖².
///
/// # Formula
/// w = V diag(s_i / (s_i² + λ)) Uᵀ y with Φ = U diag(s) Vᵀ; as λ → 0 it tends to the
/// minimum-norm solution, which `lambda = 0` returns.
///
/// Takes `features` Φ, `(n, m)`, `targets` y, `(n, k)`, and `lambda` λ ≥ 0, in units of the
/// squared features. For a penalty on the mean, (1/n)‖Φw − y‖² + λ'‖w‖², use λ = nλ'.
///
/// # Errors
/// Empty, non-finite or mismatched arrays; λ negative or not finite; weights or residuals beyond the range of
/// f64.
///
/// # Reference
/// Hoerl & Kennard 1970, "Ridge regression", doi:10.1080/00401706.1970.10488634.
pub fn ridge(
    features: &ArrayRef2<f64>,
    targets: &ArrayRef2<f64>,
    lambda: f64,
) -> Result<LeastSquares> {
    if !(lambda.is_finite() && lambda >= 0.0) {
        return Err(Error::domain(
            "the penalty λ",
            "a finite number ≥ 0",
            lambda,
        ));
    }
    if lambda == 0.0 {
        return min_norm(features, targets, None);
    }
    check_problem(features, targets)?;
    let svd = thin_svd(features)?;
    let mut coefficients: Array2<f64> = svd.u.t().dot(targets);
    for (mut row, value) in coefficients.rows_mut().into_iter().zip(&svd.s) {
        row *= ridge_share(*value, lambda);
    }
    let weights = svd.vt.t().dot(&coefficients);
    let train_mse = mean_square_difference(&features.dot(&weights), targets);
    check_solution(&weights, train_mse)?;
    Ok(LeastSquares {
        weights,
        rank: svd.rank(None),
        singular_values: svd.s,
        train_mse,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn problem() -> (Array2<f64>, Array2<f64>) {
        (
            array![[1.0, 2.0, 0.5], [0.0, 1.0, -1.0]],
            array![[1.0], [3.0]],
        )
    }

    #[test]
    fn the_gradient_vanishes() {
        let (a, y) = problem();
        for lambda in [1e-6, 0.3, 100.0] {
            let w = ridge(&a, &y, lambda).expect("valid").weights;
            let gradient = a.t().dot(&(a.dot(&w) - &y)) + lambda * &w;
            assert!(
                gradient.iter().all(|g| g.abs() < 1e-13),
                "λ = {lambda}: {gradient}"
            );
        }
    }

    #[test]
    fn a_small_penalty_approaches_the_minimum_norm() {
        let (a, y) = problem();
        let exact = ridge(&a, &y, 0.0).expect("valid").weights;
        let near = ridge(&a, &y, 1e-10).expect("valid").weights;
        assert!((&exact - &near).iter().all(|d| d.abs() < 1e-9));
    }

    #[test]
    fn bad_penalties_are_errors() {
        let (a, y) = problem();
        for lambda in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(ridge(&a, &y, lambda).is_err());
        }
    }
}
