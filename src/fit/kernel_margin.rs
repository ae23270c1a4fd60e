//! The support vector machine of largest margin from a kernel's values alone.

use ndarray::{Array2, ArrayRef2, Axis, s};

use super::kernel_ridge::check_symmetric;
use super::{HardMargin, check_filled, hard_margin};
use crate::error::{Error, Result};
use crate::linalg::symmetric_eigen;

/// The hyperplane through the origin of largest margin in a kernel's feature space, or `None` where none separates:
/// [`hard_margin()`] where only the products K_ij = φ(x_i)·φ(x_j) are known, `gram`, `(n, n)`, and `signs` y, `(n, 1)`,
/// all ±1.
///
/// # Formula
/// With K = VΛVᵀ the rows of VΛ^½ have the products of the φ(x_i), and the margin, the support and the multipliers α
/// depend on products only. The decision on a new x is Σ_i α_i y_i k(x_i, x): see [`decisions`]. The field `weights` of the answer is in
/// the coordinates of VΛ^½.
///
/// # Errors
/// K is empty, not square, not symmetric, not finite; as [`hard_margin()`].
///
/// # Reference
/// CMSC 828W, "Kernel Trick": "SVM to Kernel SVM".
///
/// ```
/// use dltheory::fit::kernel_margin::{decisions, kernel_hard_margin};
/// use ndarray::array;
/// // k = x·x' on the line: the points 2 and −1, margin 1, from the second alone.
/// let (gram, signs) = (array![[4.0, -2.0], [-2.0, 1.0]], array![[1.0], [-1.0]]);
/// let svm = kernel_hard_margin(&gram, &signs)?.expect("separable");
/// assert!((svm.margin - 1.0).abs() < 1e-12);
/// assert!((decisions(&svm, &signs, &array![[6.0, -3.0]])?[[0, 0]] - 3.0).abs() < 1e-12); // at x = 3
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn kernel_hard_margin(
    gram: &ArrayRef2<f64>,
    signs: &ArrayRef2<f64>,
) -> Result<Option<HardMargin>> {
    check_filled("the kernel matrix", gram)?;
    if !gram.is_square() {
        let expected = format!("({0}, {0})", gram.nrows());
        return Err(Error::shape("the kernel matrix", expected, gram.shape()));
    }
    check_symmetric(gram)?;
    let eigen = symmetric_eigen(gram)?;
    let rounding = gram.nrows() as f64 * f64::EPSILON * eigen.values[0].max(0.0);
    let rank = eigen.values.iter().take_while(|v| **v > rounding).count();
    if rank == 0 {
        // Every φ(x_i) is 0, and lies on every hyperplane.
        return Ok(None);
    }
    let scale = eigen.values.slice(s![..rank]).mapv(f64::sqrt);
    hard_margin(&(&eigen.vectors.slice(s![.., ..rank]) * &scale), signs)
}

/// Σ_i α_i y_i k(x_i, x), `(t, 1)`: the decisions of `svm` with the `signs` y it was made from, `(n, 1)`, on new inputs whose kernel
/// values are `cross`, `(t, n)`.
///
/// # Errors
/// Empty, non-finite or mismatched arrays.
pub fn decisions(
    svm: &HardMargin,
    signs: &ArrayRef2<f64>,
    cross: &ArrayRef2<f64>,
) -> Result<Array2<f64>> {
    let n = svm.multipliers.len();
    check_filled("the kernel's values", cross)?;
    for (what, found, wanted) in [
        ("the signs", signs.shape(), [n, 1]),
        ("the kernel's values", cross.shape(), [cross.nrows(), n]),
    ] {
        if found != wanted {
            return Err(Error::shape(what, format!("{wanted:?}"), found));
        }
    }
    let weights = &svm.multipliers.view().insert_axis(Axis(1)) * &signs.view();
    Ok(cross.dot(&weights))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::{gaussian, random_signs};
    use crate::rng::stream;
    use ndarray::array;

    #[test]
    fn products_are_enough() {
        let rng = &mut stream(1, "kernel margin", 0);
        let (x, t) = (
            gaussian(12, 20, rng).expect("valid"),
            gaussian(7, 20, rng).expect("valid"),
        );
        let signs = random_signs(12, rng).expect("valid");
        let explicit = hard_margin(&x, &signs).expect("valid").expect("n ≤ d");
        let svm = kernel_hard_margin(&x.dot(&x.t()), &signs);
        let svm = svm.expect("valid").expect("separable");
        assert!((svm.margin / explicit.margin - 1.0).abs() < 1e-11);
        assert_eq!(svm.support, explicit.support);
        let off =
            decisions(&svm, &signs, &t.dot(&x.t())).expect("valid") - t.dot(&explicit.weights);
        assert!(off.iter().all(|d| d.abs() < 1e-11), "{off}");
    }

    #[test]
    fn what_cannot_be_separated_and_bad_input() {
        let signs = array![[1.0], [-1.0]];
        assert!(
            kernel_hard_margin(&array![[1.0, 1.0], [1.0, 1.0]], &signs)
                .expect("valid")
                .is_none()
        );
        assert!(
            kernel_hard_margin(&Array2::zeros((2, 2)), &signs)
                .expect("valid")
                .is_none()
        );
        assert!(kernel_hard_margin(&array![[1.0, 0.0]], &signs).is_err());
        assert!(kernel_hard_margin(&array![[1.0, 0.5], [0.0, 1.0]], &signs).is_err());
        let svm = kernel_hard_margin(&Array2::eye(2), &signs)
            .expect("valid")
            .expect("separable");
        assert!(decisions(&svm, &signs, &array![[1.0]]).is_err());
        assert!(decisions(&svm, &array![[1.0]], &array![[1.0, 0.0]]).is_err());
    }
}
