//! The single draws behind a mean and its standard error: with two draws they tell both.

use crate::exercise::Outcome;

/// The two draws of which an answer tells mean and standard error of the mean: mean ± error.
pub(super) fn two_draws((mean, error): (f64, f64)) -> [f64; 2] {
    [mean - error, mean + error]
}

/// Whether the two draws of a call have nothing to do with one another: the mean product of their
/// distances from the mean is 0. `variance` is that of a draw.
pub(super) fn independent(pairs: &[[f64; 2]], mean: f64, variance: f64) -> Outcome {
    let products = pairs.iter().map(|[a, b]| (a - mean) * (b - mean));
    let correlation = products.sum::<f64>() / variance / pairs.len() as f64;
    let error = 1.0 / (pairs.len() as f64).sqrt();
    // Products have heavier tails than normal numbers.
    Outcome::within("correlation of draws", 0.0, correlation, 8.0 * error)
}
