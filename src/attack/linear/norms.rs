//! The three norms, and which belong to each other.

use ndarray::{Array1, ArrayRef1};

use crate::optimise::{Ball, Norm, Set};
use crate::real::length;
use crate::stats::largest;

/// ‖v‖ by one of the three norms; NaN if an entry is.
///
/// ```
/// use dltheory::attack::linear::length_by;
/// use dltheory::optimise::Norm;
/// let v = ndarray::array![3.0, -4.0];
/// assert_eq!(length_by(Norm::L1, &v), 7.0);
/// assert_eq!(length_by(Norm::L2, &v), 5.0);
/// assert_eq!(length_by(Norm::LInf, &v), 4.0);
/// ```
#[must_use]
pub fn length_by(norm: Norm, v: &ArrayRef1<f64>) -> f64 {
    match norm {
        Norm::L1 => v.iter().map(|v| v.abs()).sum(),
        Norm::L2 => length(v.iter().copied()),
        Norm::LInf if v.is_empty() => 0.0,
        Norm::LInf => largest(v.iter().map(|v| v.abs())),
    }
}

/// The norm whose unit ball a linear function is largest over: ‖w‖_* = max {w·v : ‖v‖ ≤ 1}. ℓ∞ and ℓ1 belong to each other, ℓ2 to
/// itself.
#[must_use]
pub fn dual_of(norm: Norm) -> Norm {
    match norm {
        Norm::L1 => Norm::LInf,
        Norm::L2 => Norm::L2,
        Norm::LInf => Norm::L1,
    }
}

/// A v of size 1 where w·v is largest, ‖w‖_*: the signs for ℓ∞, w/‖w‖ for ℓ2, the first largest entry alone for ℓ1; 0 for w = 0.
#[must_use]
pub fn steepest(norm: Norm, w: &ArrayRef1<f64>) -> Array1<f64> {
    let down: Vec<f64> = w.iter().map(|w| -w).collect();
    let mut v = vec![0.0; w.len()];
    Ball::around_zero(norm, 1.0, w.len()).minimise_linear(&down, &mut v);
    Array1::from(v)
}
