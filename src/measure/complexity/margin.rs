//! Margins: by how much the right class wins.

use ndarray::ArrayRef2;

use crate::error::{Error, Result, check_finite, check_positive, within_range};
use crate::model::TargetKind;
use crate::stats::{largest, quantile};

/// The share of examples that [`margin_percentile`] leaves below: the 10th percentile.
const SHARE: f64 = 0.1;

/// The margin of each row of outputs f, `(n, k)`, for targets y, `(n, k)`: returns `(n,)`.
///
/// # Formula
/// For one-hot targets of class c, f_c − max_{j≠c} f_j; for targets ±1 in one column, y f. A row
/// classified wrongly has a margin ≤ 0: the sign is kept, no absolute value is taken.
///
/// # Errors
/// The shapes differ, an array is empty or not finite, or the targets are no classes; a margin beyond the range of f64.
pub fn margins(outputs: &ArrayRef2<f64>, targets: &ArrayRef2<f64>) -> Result<Vec<f64>> {
    let kind = TargetKind::of(targets);
    if kind == TargetKind::Numbers || targets.is_empty() {
        let expected = "classes: ±1 in one column (n, 1), or one-hot rows (n, k)";
        return Err(Error::shape("the targets", expected, targets.shape()));
    }
    if outputs.shape() != targets.shape() {
        let expected = format!("{:?} like the targets", targets.shape());
        return Err(Error::shape("the outputs", expected, outputs.shape()));
    }
    check_finite("the outputs", outputs)?;
    let rows = outputs.rows().into_iter().zip(targets.rows());
    let margin = rows.map(|(f, y)| match kind {
        TargetKind::Signs => f[0] * y[0],
        _ => {
            let pairs = || f.iter().zip(&y);
            let own: f64 = pairs().map(|(f, y)| f * y).sum();
            let others = pairs().filter(|(_, y)| **y == 0.0);
            own - largest(others.map(|(f, _)| *f))
        }
    });
    margin
        .map(|margin| within_range("a margin", margin))
        .collect()
}

/// γ, the 10th percentile of the margins: nine examples of ten are classified with at least this.
///
/// # Errors
/// As [`margins`].
///
/// # Reference
/// Jiang, Neyshabur, Mobahi, Krishnan & Bengio 2020, arXiv:1912.02178: a robust stand-in for the
/// least margin.
pub fn margin_percentile(outputs: &ArrayRef2<f64>, targets: &ArrayRef2<f64>) -> Result<f64> {
    quantile(&margins(outputs, targets)?, SHARE)
}

/// 1/γ², the way a margin enters a bound.
///
/// # Errors
/// A margin that is not positive and finite: its square would hide that examples are wrong; 1/γ² beyond the range of
/// f64.
pub fn inverse_square_margin(margin: f64) -> Result<f64> {
    check_margin(margin)?;
    within_range("1/γ²", margin.powi(-2))
}

/// The least γ = [`margin_percentile`] that a mean cross-entropy `loss` allows.
///
/// # Formula
/// An example of margin m has cross-entropy ln(1 + Σ_{j≠c} e^{f_j − f_c}) ≥ ln(1 + e^{−m}), and a
/// tenth of the examples have m ≤ γ. So loss ≥ ln(1 + e^{−γ})/10, or γ ≥ −ln(e^{10·loss} − 1).
/// Networks trained to one cross-entropy therefore have margins bounded below by one number.
///
/// # Errors
/// A loss that is not positive and finite, or above 10³⁰⁷.
///
/// ```
/// use dltheory::measure::complexity::margin_at_loss;
/// assert!((margin_at_loss(0.01)? - 2.2522).abs() < 1e-4);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn margin_at_loss(loss: f64) -> Result<f64> {
    check_positive("the mean cross-entropy", loss)?;
    // Beyond e^700 the logarithm is the exponent itself.
    let x = loss / SHARE;
    within_range("the margin", if x > 700.0 { -x } else { -x.exp_m1().ln() })
}

pub(super) fn check_margin(margin: f64) -> Result<()> {
    match margin.is_finite() && margin > 0.0 {
        true => Ok(()),
        false => Err(Error::domain("the margin", "positive and finite", margin)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Loss;
    use crate::rng::stream;
    use ndarray::{Array2, array};
    use proptest::prelude::*;
    use rand::RngExt;

    #[test]
    fn margins_keep_their_sign() {
        let f = array![[1.0, 4.0, 2.0], [1.0, 4.0, 2.0], [3.0, 3.0, 0.0]];
        let y = array![[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0]];
        assert_eq!(margins(&f, &y).expect("valid"), [2.0, -3.0, 0.0]);
        let signs = margins(&array![[0.5], [-2.0]], &array![[1.0], [1.0]]).expect("valid");
        assert_eq!(signs, [0.5, -2.0]);
        // Sorted −3, 0, 2: the 10th percentile lies a fifth of the way from −3 to 0.
        assert!((margin_percentile(&f, &y).expect("valid") + 2.4).abs() < 1e-14);
    }

    #[test]
    fn bad_input_is_an_error() {
        let y = array![[0.0, 1.0], [1.0, 0.0]];
        assert!(margins(&array![[1.0, 2.0]], &y).is_err());
        assert!(margins(&array![[1.0], [2.0]], &y).is_err());
        assert!(margins(&array![[1.0, f64::NAN], [0.0, 0.0]], &y).is_err());
        assert!(margins(&array![[1.0, 2.0]], &array![[0.5, 0.5]]).is_err());
        assert!(margins(&Array2::zeros((0, 2)), &Array2::zeros((0, 2))).is_err());
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(inverse_square_margin(bad).is_err(), "{bad}");
        }
        assert_eq!(inverse_square_margin(0.5).expect("positive"), 4.0);
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(margin_at_loss(bad).is_err(), "{bad}");
        }
        assert!((margin_at_loss(100.0).expect("large") + 1000.0).abs() < 1e-9);
    }

    proptest! {
        /// No outputs have a smaller 10th percentile than their cross-entropy allows; two
        /// classes with one margin m for a tenth and none to lose elsewhere come close to it.
        #[test]
        fn the_loss_bounds_the_margin(n in 1_usize..60, seed in 0_u64..1000, size in 0.1..20.0_f64) {
            let rng = &mut stream(seed, "margins", 0);
            let f = Array2::from_shape_simple_fn((n, 3), || size * rng.random::<f64>());
            let y = Array2::from_shape_fn((n, 3), |(i, j)| f64::from(u8::from(i % 3 == j)));
            let loss = Loss::CrossEntropy.mean(&f, &y).expect("valid");
            let margin = margin_percentile(&f, &y).expect("valid");
            prop_assert!(margin >= margin_at_loss(loss).expect("positive") - 1e-9);
        }
    }

    #[test]
    fn the_bound_is_attained() {
        let f = Array2::from_shape_fn((10, 2), |(i, j)| match (i, j) {
            (_, 1) => 0.0,
            (0, _) => 2.0,
            _ => 40.0,
        });
        let y = Array2::from_shape_fn((10, 2), |(_, j)| f64::from(u8::from(j == 0)));
        let loss = Loss::CrossEntropy.mean(&f, &y).expect("valid");
        // The least margin is 2; the percentile lies above it, by linear interpolation.
        assert!((margin_at_loss(loss).expect("positive") - 2.0).abs() < 1e-9);
    }
}
