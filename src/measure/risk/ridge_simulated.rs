//! Draws of ridge regression, beside the limits of risk and norm.

use super::ridgeless::IsotropicProblem;
use crate::data::Decay;
use crate::data::synthetic::{gaussian, linear_targets};
use crate::error::{Result, check_count};
use crate::fit::ridge;
use crate::stats::{Estimate, parallel_draws};

/// Simulated ridge regression at one ratio.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RidgePoint {
    /// The number of features p.
    pub p: usize,
    /// γ = p/n.
    pub gamma: f64,
    /// The penalty λ, on the mean's scale.
    pub lambda: f64,
    /// The limit of the excess risk.
    pub predicted: f64,
    /// The simulated excess risk.
    pub risk: Estimate,
    /// The limit of ‖ŵ‖².
    pub norm_predicted: f64,
    /// The simulated ‖ŵ‖².
    pub norm2: Estimate,
}

/// Simulates ridge regression for each number of features in `widths`, with `lambda` λ on the mean's scale, or
/// with the best λ* of each width where it is `None`.
///
/// # Errors
/// n, a width or the draws are 0; a bad problem or penalty; `None` without a signal.
pub fn ridge_curve(
    problem: &IsotropicProblem,
    lambda: Option<f64>,
    n: usize,
    widths: &[usize],
    draws: usize,
    seed: u64,
) -> Result<Vec<RidgePoint>> {
    check_count("the number of examples n", n)?;
    widths
        .iter()
        .map(|&p| {
            check_count("the number of features p", p)?;
            let gamma = p as f64 / n as f64;
            let lambda = match lambda {
                Some(lambda) => lambda,
                None => problem.optimal_penalty(gamma)?,
            };
            let predicted = problem.ridge_risk(lambda, gamma)?;
            let beta = Decay::Flat.coefficients(p, problem.signal.sqrt())?;
            let label = format!("ridge, p = {p}");
            let all = parallel_draws(draws, seed, &label, |rng| {
                let x = gaussian(n, p, rng)?;
                let y = linear_targets(&x, &beta, problem.noise.sqrt(), rng)?;
                let weights = ridge(&x, &y, lambda * n as f64)?.weights;
                let weights = weights.column(0);
                let off = &weights - &beta;
                Ok((off.dot(&off), weights.dot(&weights)))
            })?;
            let (risks, norms): (Vec<f64>, Vec<f64>) = all.into_iter().unzip();
            Ok(RidgePoint {
                p,
                gamma,
                lambda,
                predicted,
                risk: Estimate::from_values(&risks)?,
                norm_predicted: problem.ridge_norm2(lambda, gamma)?,
                norm2: Estimate::from_values(&norms)?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_input_is_an_error() {
        let problem = IsotropicProblem::with_snr(5.0);
        for bad in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(ridge_curve(&problem, Some(bad), 5, &[3], 2, 1).is_err());
        }
        assert!(ridge_curve(&problem, None, 0, &[3], 2, 1).is_err());
        assert!(ridge_curve(&problem, None, 5, &[0], 2, 1).is_err());
        assert!(ridge_curve(&problem, None, 5, &[3], 0, 1).is_err());
    }
}
