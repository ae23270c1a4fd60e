//! Ridge regression at many penalties for about the price of one.

use ndarray::{Array2, Array3, ArrayRef2, Axis, s};

use super::{
    check_filled, check_problem, check_solution, check_targets, frobenius, mean_square_difference,
    ridge_share,
};
use crate::error::{Error, Result, check_finite, within_range};
use crate::linalg::thin_svd;

/// Ridge solutions at several penalties on one problem.
///
/// Entry i of every field belongs to `lambdas[i]`.
#[derive(Clone, Debug)]
pub struct RidgePath {
    /// The penalties λ, in the caller's order.
    pub lambdas: Vec<f64>,
    /// The weights w_λ, `(lambdas, m, k)`.
    pub weights: Array3<f64>,
    /// ‖w_λ‖_F.
    pub norm: Vec<f64>,
    /// The mean squared training residual over all n·k entries.
    pub train_mse: Vec<f64>,
}

impl RidgePath {
    /// Predictions Φ w_λ at every penalty, `(lambdas, t, k)`, for features Φ, `(t, m)`.
    ///
    /// # Errors
    /// The features have another number of columns than those of the fit, are empty or not finite; predictions
    /// beyond the range of f64.
    pub fn predict(&self, features: &ArrayRef2<f64>) -> Result<Array3<f64>> {
        let (count, m, k) = self.weights.dim();
        if features.ncols() != m {
            let expected = format!("(t, {m})");
            return Err(Error::shape("the features", expected, features.shape()));
        }
        check_filled("the features", features)?;
        let mut predictions = Array3::zeros((count, features.nrows(), k));
        for (mut prediction, weights) in predictions.outer_iter_mut().zip(self.weights.outer_iter())
        {
            prediction.assign(&features.dot(&weights));
        }
        check_finite("the predictions", &predictions)?;
        Ok(predictions)
    }

    /// The mean squared error at every penalty on features `(t, m)` with targets `(t, k)`.
    ///
    /// # Errors
    /// As [`predict`](Self::predict), and targets of another shape or not finite.
    pub fn test_mse(
        &self,
        features: &ArrayRef2<f64>,
        targets: &ArrayRef2<f64>,
    ) -> Result<Vec<f64>> {
        let predictions = self.predict(features)?;
        let (_, t, k) = predictions.dim();
        if targets.ncols() != k {
            let expected = format!("({t}, {k})");
            return Err(Error::shape("the targets", expected, targets.shape()));
        }
        check_targets(t, targets)?;
        let errors = predictions.outer_iter().map(|prediction| {
            let error = mean_square_difference(&prediction, targets);
            within_range("the mean squared error", error)
        });
        errors.collect()
    }
}

/// The minimisers of ‖Φw − y‖² + λ‖w‖² for every λ in `lambdas`, by one SVD.
///
/// # Formula
/// Φ = U diag(s) Vᵀ, w_λ = V diag(s_i / (s_i² + λ)) Uᵀ y: beyond the SVD a penalty costs O(m·min(n, m)).
/// λ = 0 gives the minimum-norm solution, with the rank cut of [`min_norm()`](crate::fit::min_norm()).
///
/// Takes `features` Φ, `(n, m)`, `targets` y, `(n, k)`, and penalties λ ≥ 0 in any order, in units of the squared
/// features, as [`ridge()`](crate::fit::ridge()).
///
/// # Errors
/// Empty, non-finite or mismatched arrays; no penalties, or one that is negative or not finite; weights or
/// residuals beyond the range of f64.
///
/// # Reference
/// Hastie, Tibshirani & Friedman 2009, "The elements of statistical learning", 2nd ed., eq. 3.47.
///
/// ```
/// use dltheory::fit::{ridge, ridge_path};
/// use ndarray::{array, Axis};
/// let (a, y) = (array![[1.0, 2.0, 0.5], [0.0, 1.0, -1.0]], array![[1.0], [3.0]]);
/// let path = ridge_path(&a, &y, &[0.0, 0.1, 10.0])?;
/// let single = ridge(&a, &y, 0.1)?.weights;
/// assert!((&path.weights.index_axis(Axis(0), 1) - &single).iter().all(|d| d.abs() < 1e-14));
/// assert!(path.norm[0] > path.norm[1] && path.norm[1] > path.norm[2]);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn ridge_path(
    features: &ArrayRef2<f64>,
    targets: &ArrayRef2<f64>,
    lambdas: &[f64],
) -> Result<RidgePath> {
    check_problem(features, targets)?;
    let refused = |got: String| Error::domain("the penalties λ", "one or more numbers ≥ 0", got);
    if lambdas.is_empty() {
        return Err(refused("none".to_owned()));
    }
    if let Some(bad) = lambdas.iter().find(|l| !(l.is_finite() && **l >= 0.0)) {
        return Err(refused(bad.to_string()));
    }
    let svd = thin_svd(features)?;
    let rank = svd.rank(None);
    let (v, along) = (svd.vt.t(), svd.u.t().dot(targets));
    let (m, k) = (features.ncols(), targets.ncols());
    let mut path = RidgePath {
        lambdas: lambdas.to_vec(),
        weights: Array3::zeros((lambdas.len(), m, k)),
        norm: Vec::with_capacity(lambdas.len()),
        train_mse: Vec::with_capacity(lambdas.len()),
    };
    for (i, &lambda) in lambdas.iter().enumerate() {
        // Without a penalty the directions beyond the rank would get 0/0.
        let kept = if lambda > 0.0 { svd.s.len() } else { rank };
        let mut coefficients: Array2<f64> = along.slice(s![..kept, ..]).to_owned();
        for (mut row, value) in coefficients.rows_mut().into_iter().zip(&svd.s) {
            row *= ridge_share(*value, lambda);
        }
        let weights = v.slice(s![.., ..kept]).dot(&coefficients);
        let train_mse = mean_square_difference(&features.dot(&weights), targets);
        check_solution(&weights, train_mse)?;
        path.train_mse.push(train_mse);
        path.norm.push(within_range(
            "the norm of the weights",
            frobenius(&weights),
        )?);
        path.weights.index_axis_mut(Axis(0), i).assign(&weights);
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::fit::{min_norm, ridge};
    use crate::rng::stream;
    use ndarray::array;

    #[test]
    fn agrees_with_one_fit_at_a_time() {
        for (n, m) in [(12, 5), (5, 12), (7, 7)] {
            let rng = &mut stream(1, "ridge path", (100 * n + m) as u64);
            let a = gaussian(n, m, rng).expect("not empty");
            let (y, test) = (
                gaussian(n, 2, rng).expect("not empty"),
                gaussian(4, m, rng).expect("not empty"),
            );
            let lambdas = [3.0, 0.0, 1e-3];
            let path = ridge_path(&a, &y, &lambdas).expect("valid");
            let predictions = path.predict(&test).expect("valid");
            let errors = path.test_mse(&test, &Array2::zeros((4, 2))).expect("valid");
            for (i, &lambda) in lambdas.iter().enumerate() {
                let one = ridge(&a, &y, lambda).expect("valid");
                let want = test.dot(&one.weights);
                let far = (&predictions.index_axis(Axis(0), i) - &want)
                    .iter()
                    .fold(0.0, |far: f64, d| far.max(d.abs()));
                assert!(far < 1e-12, "({n}, {m}), λ = {lambda}: {far}");
                assert!((path.norm[i] - frobenius(&one.weights)).abs() < 1e-12);
                assert!((path.train_mse[i] - one.train_mse).abs() < 1e-12);
                let mean = want.iter().map(|f| f * f).sum::<f64>() / 8.0;
                assert!((errors[i] - mean).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn no_penalty_is_the_minimum_norm_also_without_full_rank() {
        let a = array![[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]];
        let y = array![[1.0], [3.0]];
        let path = ridge_path(&a, &y, &[0.0]).expect("valid");
        let want = min_norm(&a, &y, None).expect("valid").weights;
        assert!(
            (&path.weights.index_axis(Axis(0), 0) - &want)
                .iter()
                .all(|d| d.abs() < 1e-14)
        );
    }

    #[test]
    fn bad_input_is_an_error() {
        let (a, y) = (array![[1.0, 2.0]], array![[1.0]]);
        for bad in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(ridge_path(&a, &y, &[1.0, bad]).is_err());
        }
        assert!(ridge_path(&a, &y, &[]).is_err());
        assert!(ridge_path(&a, &array![[1.0], [2.0]], &[1.0]).is_err());
        let path = ridge_path(&a, &y, &[1.0]).expect("valid");
        assert!(path.predict(&array![[1.0]]).is_err());
        assert!(path.test_mse(&a, &array![[1.0, 2.0]]).is_err());
    }
}
