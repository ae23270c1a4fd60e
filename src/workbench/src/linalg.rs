//! Three decompositions for solutions: solve, singular values, eigenvalues.
//!
//! They panic with a sentence where LAPACK fails or shapes do not fit: in an exercise that is
//! what one wants to see.

use ndarray::{Array1, Array2, Axis};
use ndarray_linalg::{Eigh, JobSvd, SVDDC, Solve, UPLO};

/// The thin singular value decomposition A = U diag(s) Vᵀ of A, `(n, m)`; k = min(n, m).
#[derive(Clone, Debug)]
pub struct SvdParts {
    /// U, `(n, k)`.
    pub u: Array2<f64>,
    /// The singular values, `(k,)`, decreasing.
    pub s: Array1<f64>,
    /// Vᵀ, `(k, m)`.
    pub vt: Array2<f64>,
}

/// The eigenvalues of a symmetric A = Q diag(λ) Qᵀ.
#[derive(Clone, Debug)]
pub struct EigenParts {
    /// The eigenvalues λ, `(n,)`, decreasing.
    pub values: Array1<f64>,
    /// The eigenvectors as columns of Q, `(n, n)`, in the same order.
    pub vectors: Array2<f64>,
}

/// The x, `(n,)`, with A x = b for a square A, `(n, n)`, of full rank and b, `(n,)` (LU factors).
///
/// # Panics
/// The shapes do not fit, or A is singular.
///
/// ```
/// use dltheory_workbench::prelude::*;
/// let x = linalg::solve(&array![[2.0, 0.0], [0.0, 4.0]], &array![2.0, 2.0]);
/// assert_eq!(x, array![1.0, 0.5]);
/// ```
#[must_use]
pub fn solve(a: &Array2<f64>, b: &Array1<f64>) -> Array1<f64> {
    assert!(
        a.is_square() && a.nrows() == b.len(),
        "solve: A has shape {:?} and b {:?}, expected (n, n) and (n)",
        a.shape(),
        b.shape()
    );
    match a.solve(b) {
        Ok(x) => x,
        Err(error) => panic!("solve: {error}"),
    }
}

/// The thin singular value decomposition of `a`, `(n, m)`.
///
/// # Panics
/// LAPACK does not converge, as with NaN.
///
/// ```
/// use dltheory_workbench::prelude::*;
/// assert_eq!(linalg::svd(&array![[3.0, 0.0], [0.0, 4.0]]).s, array![4.0, 3.0]);
/// ```
#[must_use]
pub fn svd(a: &Array2<f64>) -> SvdParts {
    match a.svddc(JobSvd::Some) {
        Ok((Some(u), s, Some(vt))) => SvdParts { u, s, vt },
        Ok(_) => panic!("svd: LAPACK returned no singular vectors"),
        Err(error) => panic!("svd: {error}"),
    }
}

/// The eigenvalues and eigenvectors of a symmetric `a`, `(n, n)`: its lower triangle is read.
///
/// # Panics
/// `a` is not square, or LAPACK does not converge.
///
/// ```
/// use dltheory_workbench::prelude::*;
/// let eigen = linalg::eigh(&array![[2.0, 1.0], [1.0, 2.0]]);
/// assert!((eigen.values[0] - 3.0).abs() < 1e-12 && (eigen.values[1] - 1.0).abs() < 1e-12);
/// ```
#[must_use]
pub fn eigh(a: &Array2<f64>) -> EigenParts {
    assert!(
        a.is_square(),
        "eigh: A has shape {:?}, expected (n, n)",
        a.shape()
    );
    match a.eigh(UPLO::Lower) {
        Ok((mut values, mut vectors)) => {
            values.invert_axis(Axis(0));
            vectors.invert_axis(Axis(1));
            EigenParts {
                values: values.as_standard_layout().into_owned(),
                vectors: vectors.as_standard_layout().into_owned(),
            }
        }
        Err(error) => panic!("eigh: {error}"),
    }
}
