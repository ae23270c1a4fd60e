//! Fitting: least squares, its path over widths, and descent.
//!
//! Objectives are sums, not means: ‖Φw − y‖² (+ λ‖w‖²). Targets are `(n, k)`, one column an
//! output. Errors are means over all n·k entries.

pub mod descent;
pub mod dropout;
pub mod gradient_flow;
pub mod gram_ridge;
pub mod half_squares;
pub mod hard_margin;
pub mod kernel_margin;
pub mod kernel_pca;
pub mod kernel_ridge;
pub mod knn;
pub mod lagrange;
pub mod leave_one_out;
pub mod memorise;
pub mod min_norm;
pub mod min_norm_path;
pub mod nadaraya_watson;
pub mod network_flow;
pub mod network_loss;
pub mod pair_descent;
pub mod ridge;
pub mod ridge_path;
pub mod sgd;
pub mod simplicial;
pub mod train;
pub mod tree;

pub use descent::{Descent, DescentSettings, Trainable, descend};
pub use dropout::{drop_inputs, dropout_least_squares, dropout_objective};
pub use gradient_flow::{GradientFlow, gradient_flow};
pub use gram_ridge::{GramRidge, gram_ridge};
pub use half_squares::{HalfSquares, OneExample, Outer};
pub(crate) use hard_margin::separator;
pub use hard_margin::{HardMargin, hard_margin, separable};
pub use kernel_margin::kernel_hard_margin;
pub use kernel_pca::{KernelPca, kernel_pca};
pub use kernel_ridge::{DualRoute, DualSolution, KernelRidge, kernel_ridge, solve_positive};
pub use knn::{knn_classification, knn_regression, nearest};
pub use lagrange::lagrange_interpolation;
pub use leave_one_out::{HeldOut, k_fold, leave_one_out};
pub use memorise::memorising_network;
pub use min_norm::{LeastSquares, min_norm};
pub use min_norm_path::{MinNormPath, Route, min_norm_path};
pub use nadaraya_watson::{Weighting, nadaraya_watson};
pub use network_flow::{Flow, FlowSettings, network_flow};
pub use network_loss::{Interpolating, NetworkLoss, interpolate};
pub use pair_descent::{PairDescent, PairFit, PairRecord, pair_descent};
pub use ridge::ridge;
pub use ridge_path::{RidgePath, ridge_path};
pub use sgd::{SgdFit, SgdSettings, sgd};
pub use simplicial::{barycentric, piecewise_linear, simplex_interpolation};
pub use train::{TrainSettings, Trained, Trained32, train};
pub use tree::{Tree, TreeSettings};

use ndarray::ArrayRef2;

use crate::error::{Error, Result, check_finite, within_range};

/// Checks features `(n, m)` and targets `(n, k)`: not empty, finite, the same n.
fn check_problem(features: &ArrayRef2<f64>, targets: &ArrayRef2<f64>) -> Result<()> {
    check_filled("the features", features)?;
    check_targets(features.nrows(), targets)
}

/// As [`check_problem`], for what is no feature matrix: inputs `(n, d)`.
fn check_examples(x: &ArrayRef2<f64>, targets: &ArrayRef2<f64>) -> Result<()> {
    check_filled("the inputs", x)?;
    check_targets(x.nrows(), targets)
}

/// Checks an array `(n, d)`: not empty, finite.
fn check_filled(what: &str, x: &ArrayRef2<f64>) -> Result<()> {
    if x.is_empty() {
        return Err(Error::shape(what, "at least (1, 1)", x.shape()));
    }
    check_finite(what, x)
}

fn check_targets(n: usize, targets: &ArrayRef2<f64>) -> Result<()> {
    if targets.nrows() != n || targets.ncols() == 0 {
        let expected = format!("({n}, k) with k ≥ 1");
        return Err(Error::shape("the targets", expected, targets.shape()));
    }
    check_finite("the targets", targets)
}

/// Checks that computed weights and their mean squared residual stayed within the range of f64.
fn check_solution(weights: &ArrayRef2<f64>, train_mse: f64) -> Result<()> {
    check_finite("the weights", weights)?;
    within_range("the mean squared residual", train_mse).map(drop)
}

/// s/(s² + λ), the share of ridge regression, where s² may leave the range of f64; 0 for s = λ = 0.
fn ridge_share(s: f64, lambda: f64) -> f64 {
    if s == 0.0 {
        0.0
    } else {
        1.0 / (s + lambda / s)
    }
}

/// The mean squared difference of two `(n, k)` arrays over all their entries.
fn mean_square_difference(a: &ArrayRef2<f64>, b: &ArrayRef2<f64>) -> f64 {
    let sum: f64 = a.iter().zip(b.iter()).map(|(x, y)| (x - y) * (x - y)).sum();
    sum / a.len() as f64
}

/// ‖a‖_F.
pub(crate) fn frobenius(a: &ArrayRef2<f64>) -> f64 {
    a.iter().map(|x| x * x).sum::<f64>().sqrt()
}
