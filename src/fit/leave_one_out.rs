//! Cross-validation of ridge regression: leave-one-out by one fit instead of n, and k-fold.

use ndarray::{Array1, Array3, ArrayRef2, Axis, s};

use super::{check_problem, ridge_path};
use crate::error::{Error, Result, check_finite, check_scale};
use crate::linalg::thin_svd;

/// Below this, in units of rounding ε·n, 1 − H_ii without a penalty counts as 0.
const LEVERAGE_ROUNDING: f64 = 100.0;

/// By how much each example's target misses the prediction of a model that never saw that example.
#[derive(Clone, Debug)]
pub struct HeldOut {
    /// The penalties λ, in the caller's order.
    pub lambdas: Vec<f64>,
    /// y_i − φ_i·w^(−i), where w^(−i) is fitted without example i, or without its part, `(lambdas, n, k)`.
    pub residuals: Array3<f64>,
}

impl HeldOut {
    /// The mean squared residual over all n·k entries, one a penalty: the estimate of the risk.
    #[must_use]
    pub fn mse(&self) -> Vec<f64> {
        let each = self.residuals.outer_iter();
        each.map(|r| r.iter().map(|e| e * e).sum::<f64>() / r.len() as f64)
            .collect()
    }
}

/// Leave-one-out residuals of the minimisers of ‖Φw − y‖² + λ‖w‖², for every λ in `lambdas`, by one SVD.
///
/// # Formula
/// y_i − φ_i·w^(−i) = e_i/(1 − H_ii) with H = Φ(ΦᵀΦ + λI)⁻¹Φᵀ and e = y − Hy: leaving out example i changes its
/// residual by that factor alone. Where Φ has rank n, both e and 1 − H vanish with λ; their ratio is
/// \[G y\]_i/G_ii with G = (ΦΦᵀ + λI)⁻¹, which is computed then and holds at λ = 0 too, where it belongs to the
/// solution of least norm.
///
/// Takes `features` Φ, `(n, m)`, `targets` y, `(n, k)`, and penalties λ ≥ 0 in units of the squared features.
///
/// # Errors
/// Empty, non-finite or mismatched arrays; no penalties, or one that is negative or not finite. λ = 0 with H_ii = 1
/// though the rank is below n: a feature that example i alone has; 0/0 then, and a small λ > 0 tells the limit.
///
/// # Reference
/// Golub, Heath & Wahba 1979, "Generalized cross-validation as a method for choosing a good ridge parameter",
/// Technometrics 21(2), 215–223; Scaman, "Mathematics of deep learning": "Hyper-parameter selection via
/// cross-validation".
///
/// ```
/// use dltheory::fit::leave_one_out;
/// use ndarray::array;
/// // Without the second point the line through the origin has slope 1, and misses 3 by 1.
/// let loo = leave_one_out(&array![[1.0], [2.0]], &array![[1.0], [3.0]], &[0.0])?;
/// assert!((loo.residuals[[0, 1, 0]] - 1.0).abs() < 1e-14);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn leave_one_out(
    features: &ArrayRef2<f64>,
    targets: &ArrayRef2<f64>,
    lambdas: &[f64],
) -> Result<HeldOut> {
    check_problem(features, targets)?;
    if lambdas.is_empty() {
        return Err(Error::domain("the penalties λ", "one or more", "none"));
    }
    for &lambda in lambdas {
        check_scale("the penalty λ", lambda)?;
    }
    let n = features.nrows();
    let svd = thin_svd(features)?;
    let rank = svd.rank(None);
    // In units of the largest s: neither squares nor λ/s² may leave the range of f64.
    let unit = svd.s.first().copied().filter(|s| *s > 0.0).unwrap_or(1.0);
    let mut residuals = Array3::zeros((lambdas.len(), n, targets.ncols()));
    for (mut out, &lambda) in residuals.outer_iter_mut().zip(lambdas) {
        let penalty = lambda / unit / unit;
        // Without a penalty, directions beyond the rank are not fitted.
        let kept = if penalty > 0.0 { svd.s.len() } else { rank };
        let (u, s) = (svd.u.slice(s![.., ..kept]), svd.s.slice(s![..kept]));
        let along = u.t().dot(targets);
        let full = kept == n;
        // λ/(s² + λ), or 1/(s² + λ) where every direction is fitted and λ divides out.
        let weight: Array1<f64> = s.mapv(|s| {
            let square = (s / unit).powi(2);
            match full && penalty < 1.0 {
                true => 1.0 / (square + penalty),
                false => 1.0 / (square / penalty + 1.0),
            }
        });
        let mut left = u.dot(&(&along * &weight.view().insert_axis(Axis(1))));
        let mut share = u.mapv(|v| v * v).dot(&weight);
        if !full {
            left += &(targets - u.dot(&along));
            share += &(1.0 - &u.mapv(|v| v * v).sum_axis(Axis(1)));
        }
        let least = match penalty == 0.0 && !full {
            true => LEVERAGE_ROUNDING * n as f64 * f64::EPSILON,
            false => 0.0,
        };
        if let Some(row) = share.iter().position(|share| *share <= least) {
            let expected = format!("above 0 where, as for row {row}, the leverage H_ii is 1");
            return Err(Error::domain("the penalty λ", expected, lambda));
        }
        out.assign(&(left / &share.insert_axis(Axis(1))));
    }
    check_finite("the leave-one-out residuals", &residuals)?;
    Ok(HeldOut {
        lambdas: lambdas.to_vec(),
        residuals,
    })
}

/// The residuals of k-fold cross-validation: each of `folds` parts is predicted by ridge regression on the others.
///
/// Part f has the rows f, f + folds, f + 2·folds, …, so shuffle rows that are sorted. With `folds` = n it is
/// leave-one-out by n fits.
///
/// Takes `features` Φ, `(n, m)`, `targets` y, `(n, k)`, and penalties λ ≥ 0 as [`ridge_path()`](crate::fit::ridge_path()).
///
/// # Errors
/// As there; `folds` is not from 2 to n.
pub fn k_fold(
    features: &ArrayRef2<f64>,
    targets: &ArrayRef2<f64>,
    lambdas: &[f64],
    folds: usize,
) -> Result<HeldOut> {
    check_problem(features, targets)?;
    let n = features.nrows();
    if !(2..=n).contains(&folds) {
        let expected = format!("2 to the number of examples, {n}");
        return Err(Error::domain("the number of folds", expected, folds));
    }
    let mut residuals = Array3::zeros((lambdas.len(), n, targets.ncols()));
    for fold in 0..folds {
        let (held, rest): (Vec<usize>, Vec<usize>) = (0..n).partition(|i| i % folds == fold);
        let known = targets.select(Axis(0), &rest);
        let path = ridge_path(&features.select(Axis(0), &rest), &known, lambdas)?;
        let predicted = path.predict(&features.select(Axis(0), &held))?;
        for (l, predicted) in predicted.outer_iter().enumerate() {
            for (&row, predicted) in held.iter().zip(predicted.rows()) {
                let missed = &targets.row(row) - &predicted;
                residuals.slice_mut(s![l, row, ..]).assign(&missed);
            }
        }
    }
    check_finite("the held-out residuals", &residuals)?;
    Ok(HeldOut {
        lambdas: lambdas.to_vec(),
        residuals,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::fit::ridge;
    use crate::rng::stream;
    use ndarray::{Array2, array};

    #[test]
    fn one_fit_tells_what_n_fits_tell() {
        for (at, (n, m)) in [(12, 5), (12, 30), (12, 12), (5, 1)]
            .into_iter()
            .enumerate()
        {
            let rng = &mut stream(1, "leave one out", at as u64);
            let x = gaussian(n, m, rng).expect("valid");
            let y = gaussian(n, 2, rng).expect("valid");
            // At λ = 0, m = n the leave-one-out fit is an interpolant of least norm too.
            let lambdas = [0.0, 1e-9, 0.3, 50.0];
            let fast = leave_one_out(&x, &y, &lambdas).expect("valid");
            let brute = |lambda: f64| -> Array2<f64> {
                let mut missed = y.clone();
                for i in 0..n {
                    let rest: Vec<usize> = (0..n).filter(|&j| j != i).collect();
                    let (others, known) = (x.select(Axis(0), &rest), y.select(Axis(0), &rest));
                    let w = ridge(&others, &known, lambda).expect("valid").weights;
                    let mut row = missed.row_mut(i);
                    row -= &x.row(i).dot(&w);
                }
                missed
            };
            let folds = k_fold(&x, &y, &lambdas, n).expect("valid").residuals;
            for (l, &lambda) in lambdas.iter().enumerate() {
                let by_fold = &folds.index_axis(Axis(0), l) - &brute(lambda);
                assert!(by_fold.iter().all(|off| off.abs() < 1e-8), "{lambda}");
                let (fast, slow) = (fast.residuals.index_axis(Axis(0), l), brute(lambda));
                let largest = |a: &Array2<f64>| a.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
                let (off, size) = (largest(&(&fast - &slow)), largest(&slow));
                assert!(
                    off < 1e-10 * size.max(1.0),
                    "({n}, {m}), λ = {lambda}: {off}"
                );
            }
        }
    }

    #[test]
    fn equal_rows_and_lost_features() {
        // Two equal rows: rank 1 below n = 2, and each predicts the other.
        let (x, y) = (array![[1.0, 1.0], [1.0, 1.0]], array![[1.0], [3.0]]);
        let loo = leave_one_out(&x, &y, &[0.0]).expect("valid").residuals;
        assert!((loo[[0, 0, 0]] + 2.0).abs() < 1e-12 && (loo[[0, 1, 0]] - 2.0).abs() < 1e-12);
        // Only row 0 has the second feature, and rows 1 and 2 are one: H_00 = 1 with rank 2 of 3.
        let (x, y) = (
            array![[0.0, 1.0], [1.0, 0.0], [1.0, 0.0]],
            array![[5.0], [1.0], [3.0]],
        );
        let error = leave_one_out(&x, &y, &[0.0]).expect_err("0/0").to_string();
        assert!(error.contains("row 0"), "{error}");
        let near = leave_one_out(&x, &y, &[1e-9]).expect("valid").residuals;
        assert!((near[[0, 0, 0]] - 5.0).abs() < 1e-6);
    }

    #[test]
    fn bad_input_is_an_error() {
        let (x, y) = (array![[1.0], [2.0]], array![[1.0], [3.0]]);
        for lambdas in [&[][..], &[-1.0], &[f64::NAN]] {
            assert!(leave_one_out(&x, &y, lambdas).is_err());
        }
        assert!(leave_one_out(&x, &array![[1.0]], &[1.0]).is_err());
        for folds in [0, 1, 3] {
            assert!(k_fold(&x, &y, &[1.0], folds).is_err());
        }
    }
}
