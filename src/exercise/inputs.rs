//! Random inputs of checks.

use ndarray::{Array1, Array2};
use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

use crate::rng::Rng;

/// A matrix `(n, m)` of standard normal entries.
pub(crate) fn normal_matrix(n: usize, m: usize, rng: &mut Rng) -> Array2<f64> {
    Array2::from_shape_simple_fn((n, m), || StandardNormal.sample(rng))
}

/// A vector `(n,)` of standard normal entries.
pub(crate) fn normal_vector(n: usize, rng: &mut Rng) -> Array1<f64> {
    Array1::from_shape_simple_fn(n, || StandardNormal.sample(rng))
}

/// A number between `low` and `high`.
pub(crate) fn between(low: f64, high: f64, rng: &mut Rng) -> f64 {
    rng.random_range(low..high)
}

/// A count between `low` and `high`, both included.
pub(crate) fn count(low: usize, high: usize, rng: &mut Rng) -> usize {
    rng.random_range(low..=high)
}

/// A positive number of any size between 10^low and 10^high, every size as likely.
pub(crate) fn size_between(low: f64, high: f64, rng: &mut Rng) -> f64 {
    10.0_f64.powf(between(low, high, rng))
}
