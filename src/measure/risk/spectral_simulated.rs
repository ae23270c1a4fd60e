//! Draws of ridge and ridgeless regression on a design with any spectrum.

use ndarray::ArrayRef1;

use super::spectral::check_problem;
use crate::data::synthetic::{gaussian_design, linear_targets};
use crate::error::Result;
use crate::fit::solve_positive;
use crate::stats::{Estimate, parallel_draws};

/// Simulates what [`spectral_risk`](super::spectral_risk) predicts; each draw's risk over test points is exact,
/// σ² + Σ_i λ_i(ŵ_i − β_i)².
///
/// # Errors
/// As [`spectral_risk`](super::spectral_risk), and no draws.
pub fn spectral_risk_monte_carlo(
    eigenvalues: &ArrayRef1<f64>,
    beta: &ArrayRef1<f64>,
    n: usize,
    ridge: f64,
    sigma: f64,
    draws: usize,
    seed: u64,
) -> Result<Estimate> {
    check_problem(eigenvalues, beta, n, ridge, sigma)?;
    let values = parallel_draws(draws, seed, "spectral risk", |rng| {
        let x = gaussian_design(n, eigenvalues, rng)?;
        let y = linear_targets(&x, beta, sigma, rng)?;
        let dual = solve_positive(&x.dot(&x.t()), &y, ridge)?.dual;
        let weights = x.t().dot(&dual);
        let excess: f64 = weights
            .iter()
            .zip(beta)
            .zip(eigenvalues)
            .map(|((w, b), value)| value * (w - b) * (w - b))
            .sum();
        Ok(sigma * sigma + excess)
    })?;
    Estimate::from_values(&values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn no_draws_are_an_error() {
        let (one, zero) = (array![1.0], array![0.0]);
        assert!(spectral_risk_monte_carlo(&one, &zero, 3, 0.0, 1.0, 0, 1).is_err());
    }
}
