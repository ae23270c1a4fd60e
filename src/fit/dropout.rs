//! Least squares with dropout: in the mean, a ridge penalty that each input sets for itself.

use ndarray::{Array1, Array2, ArrayRef2, Axis};
use rand::RngExt;

use super::{check_problem, check_solution, ridge};
use crate::error::{Error, Result, check_finite, within_range};

/// E‖y − (X∘M)w‖² over masks M whose entries are 1 with probability `keep` q, else 0, independently.
///
/// # Formula
/// ‖y − qXw‖² + q(1 − q) Σ_j ‖X_j‖² ‖w_j‖², with X_j column j of `x` X, `(n, d)`, and w_j row j of `weights` w, `(d, k)`;
/// `y`, `(n, k)`. Each entry of (X∘M)w has the mean qXw and the variance q(1 − q) Σ_j x_ij² w_j².
///
/// # Errors
/// Empty, non-finite or mismatched arrays; q outside (0, 1]; a value beyond the range of f64.
///
/// # Reference
/// Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov 2014, "Dropout", JMLR 15(56), 1929–1958; Clara, Langer &
/// Schmidt-Hieber 2024, arXiv:2306.10529.
pub fn dropout_objective(
    x: &ArrayRef2<f64>,
    y: &ArrayRef2<f64>,
    weights: &ArrayRef2<f64>,
    keep: f64,
) -> Result<f64> {
    check(x, y, keep)?;
    if weights.dim() != (x.ncols(), y.ncols()) {
        let expected = format!("({}, {})", x.ncols(), y.ncols());
        return Err(Error::shape("the weights", expected, weights.shape()));
    }
    check_finite("the weights", weights)?;
    let residual = x.dot(weights) * keep - y;
    let fit: f64 = residual.iter().map(|r| r * r).sum();
    let penalties = weights.rows().into_iter().zip(squares(x));
    let penalty: f64 = penalties.map(|(w, square)| w.dot(&w) * square).sum();
    within_range(
        "the mean squared error under dropout",
        fit + keep * (1.0 - keep) * penalty,
    )
}

/// The w, `(d, k)`, that minimises [`dropout_objective`].
///
/// # Formula
/// With D = diag ‖X_j‖: w = D⁻¹u/q, where u is the ridge solution for XD⁻¹, columns of length 1, with the penalty
/// (1 − q)/q. So dropout is ridge regression on standardised inputs, and to scale an input does not change the fit.
/// q = 1 gives least squares, of minimum norm where there are several; a column of zeros gets the weight 0.
///
/// # Errors
/// As [`dropout_objective`]; the singular value decomposition does not converge.
pub fn dropout_least_squares(
    x: &ArrayRef2<f64>,
    y: &ArrayRef2<f64>,
    keep: f64,
) -> Result<Array2<f64>> {
    check(x, y, keep)?;
    if keep == 1.0 {
        return Ok(ridge(x, y, 0.0)?.weights);
    }
    let lengths = squares(x).mapv_into(|square| match square > 0.0 {
        true => square.sqrt(),
        false => 1.0,
    });
    let fit = ridge(&(x.to_owned() / &lengths), y, (1.0 - keep) / keep)?;
    let weights = fit.weights / &lengths.insert_axis(Axis(1)) / keep;
    check_solution(&weights, fit.train_mse)?;
    Ok(weights)
}

/// X∘M with a fresh mask: each entry of `x`, `(n, d)`, kept as it is with probability `keep`, else 0.
///
/// # Errors
/// The probability is outside (0, 1].
pub fn drop_inputs(x: &ArrayRef2<f64>, keep: f64, rng: &mut impl rand::Rng) -> Result<Array2<f64>> {
    check_keep(keep)?;
    Ok(x.mapv(|x| match rng.random::<f64>() < keep {
        true => x,
        false => 0.0,
    }))
}

/// ‖X_j‖² of each column, `(d,)`.
fn squares(x: &ArrayRef2<f64>) -> Array1<f64> {
    x.mapv(|x| x * x).sum_axis(Axis(0))
}

fn check(x: &ArrayRef2<f64>, y: &ArrayRef2<f64>, keep: f64) -> Result<()> {
    check_problem(x, y)?;
    check_keep(keep)
}

fn check_keep(keep: f64) -> Result<()> {
    match keep > 0.0 && keep <= 1.0 {
        true => Ok(()),
        false => Err(Error::domain(
            "the probability to keep an input",
            "above 0, at most 1",
            keep,
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::{gaussian, noise};
    use crate::fit::min_norm;
    use crate::rng::stream;
    use ndarray::array;

    /// All 16 masks of two examples with two inputs, each with its probability.
    #[test]
    fn the_objective_is_the_mean_over_all_masks() {
        let (x, y, w) = (
            array![[1.0, -2.0], [0.5, 3.0]],
            array![[1.0], [2.0]],
            array![[0.7], [-0.4]],
        );
        let keep = 0.3_f64;
        let mean: f64 = (0..16_u32)
            .map(|mask| {
                let bit = |at: usize| mask >> at & 1;
                let kept = mask.count_ones() as i32;
                let dropped =
                    Array2::from_shape_fn((2, 2), |(i, j)| x[[i, j]] * f64::from(bit(2 * i + j)));
                let error: f64 = (&y - &dropped.dot(&w)).iter().map(|r| r * r).sum();
                keep.powi(kept) * (1.0 - keep).powi(4 - kept) * error
            })
            .sum();
        let found = dropout_objective(&x, &y, &w, keep).expect("valid");
        assert!((found - mean).abs() < 1e-12, "{found} {mean}");
    }

    #[test]
    fn the_minimiser_is_lower_than_its_neighbours() {
        let rng = &mut stream(1, "dropout", 0);
        let mut x = gaussian(12, 4, rng).expect("valid");
        x.column_mut(2).map_inplace(|x| *x *= 7.0);
        let y = noise(12, 1.0, rng).expect("valid");
        for keep in [0.2, 0.5, 0.9, 1.0] {
            let w = dropout_least_squares(&x, &y, keep).expect("valid");
            let at = |w: &Array2<f64>| dropout_objective(&x, &y, w, keep).expect("valid");
            for j in 0..4 {
                let moved = |step: f64| {
                    let mut w = w.clone();
                    w[[j, 0]] += step;
                    at(&w)
                };
                // A parabola with its vertex here: equal on both sides, and higher.
                let (up, down) = (moved(0.01) - at(&w), moved(-0.01) - at(&w));
                assert!(
                    up > 0.0 && (up / down - 1.0).abs() < 1e-6,
                    "{keep} {j}: {up} {down}"
                );
            }
        }
        let plain = min_norm(&x, &y, None).expect("valid").weights;
        let all = dropout_least_squares(&x, &y, 1.0).expect("valid");
        assert!((plain - all).iter().all(|d| d.abs() < 1e-12));
    }

    #[test]
    fn masks_keep_their_share_and_bad_input_is_an_error() {
        let rng = &mut stream(2, "dropout", 0);
        let x = Array2::ones((200, 50));
        let share = drop_inputs(&x, 0.3, rng).expect("valid").sum() / 10_000.0;
        // Four standard errors of a share.
        assert!(
            (share - 0.3).abs() < 4.0 * (0.21_f64 / 10_000.0).sqrt(),
            "{share}"
        );
        let y = Array2::ones((200, 1));
        for keep in [0.0, -0.1, 1.1, f64::NAN] {
            assert!(drop_inputs(&x, keep, rng).is_err());
            assert!(dropout_least_squares(&x, &y, keep).is_err());
        }
        assert!(dropout_objective(&x, &y, &Array2::ones((3, 1)), 0.5).is_err());
        assert!(dropout_least_squares(&x, &Array2::ones((3, 1)), 0.5).is_err());
    }
}
