//! Fitting: least squares, its path over widths, and descent.
//!
//! Objectives are sums, not means: ‖Φw − y‖² (+ λ‖w‖²). Targets are `(n, k)`, one column an
//! output. Errors are means over all n·k entries.

pub mod hard_margin;
pub mod kernel_ridge;
pub mod knn;
pub mod lagrange;
pub mod memorise;
pub mod min_norm;
pub mod min_norm_path;
pub mod nadaraya_watson;
pub mod ridge;
pub mod ridge_path;
pub mod sgd;
pub mod simplicial;
pub mod train;

pub use hard_margin::{HardMargin, hard_margin, separable};
pub use kernel_ridge::{DualRoute, DualSolution, KernelRidge, kernel_ridge, solve_positive};
pub use knn::{knn_classification, knn_regression, nearest};
pub use lagrange::lagrange_interpolation;
pub use memorise::memorising_network;
pub use min_norm::{LeastSquares, min_norm};
pub use min_norm_path::{MinNormPath, Route, min_norm_path};
pub use nadaraya_watson::{Weighting, nadaraya_watson};
pub use ridge::ridge;
pub use ridge_path::{RidgePath, ridge_path};
pub use sgd::{SgdFit, SgdSettings, sgd};
pub use simplicial::{barycentric, piecewise_linear, simplex_interpolation};
pub use train::{TrainSettings, Trained, Trained32, train};

use ndarray::ArrayRef2;

use crate::error::{Error, Result, check_finite};

/// Checks features `(n, m)` and targets `(n, k)`: not empty, finite, the same n.
fn check_problem(features: &ArrayRef2<f64>, targets: &ArrayRef2<f64>) -> Result<()> {
    if features.is_empty() {
        return Err(Error::shape(
            "the features",
            "at least (1, 1)",
            features.shape(),
        ));
    }
    if targets.nrows() != features.nrows() || targets.ncols() == 0 {
        let expected = format!("({}, k) with k ≥ 1", features.nrows());
        return Err(Error::shape("the targets", expected, targets.shape()));
    }
    check_finite("the features", features)?;
    check_finite("the targets", targets)
}

/// The mean squared difference of two `(n, k)` arrays over all their entries.
fn mean_square_difference(a: &ArrayRef2<f64>, b: &ArrayRef2<f64>) -> f64 {
    let sum: f64 = a.iter().zip(b.iter()).map(|(x, y)| (x - y) * (x - y)).sum();
    sum / a.len() as f64
}

/// ‖a‖_F.
fn frobenius(a: &ArrayRef2<f64>) -> f64 {
    a.iter().map(|x| x * x).sum::<f64>().sqrt()
}
