//! Three decompositions for solutions: solve, singular values, eigenvalues.
//!
//! They panic with a sentence where a factorisation fails or shapes do not fit: in an exercise that is
//! what one wants to see.

use dltheory_engine::{Engine, Work};
use ndarray::{Array1, Array2};

pub use dltheory_engine::{Svd as SvdParts, SymmetricEigen as EigenParts};

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
    match Engine::best(Work::Lu).solve(a, b) {
        Ok(x) => x,
        Err(error) => panic!("solve: {error}"),
    }
}

/// The thin singular value decomposition of `a`, `(n, m)`.
///
/// # Panics
/// The iteration does not converge, as with NaN.
///
/// ```
/// use dltheory_workbench::prelude::*;
/// assert_eq!(linalg::svd(&array![[3.0, 0.0], [0.0, 4.0]]).s, array![4.0, 3.0]);
/// ```
#[must_use]
pub fn svd(a: &Array2<f64>) -> SvdParts {
    match Engine::best(Work::Svd).svd(a) {
        Ok(svd) => svd,
        Err(error) => panic!("svd: {error}"),
    }
}

/// The eigenvalues and eigenvectors of a symmetric `a`, `(n, n)`: its lower triangle is read.
///
/// # Panics
/// `a` is not square, or the iteration does not converge.
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
    match Engine::best(Work::SymmetricEigen).symmetric_eigen(a) {
        Ok(eigen) => eigen,
        Err(error) => panic!("eigh: {error}"),
    }
}
