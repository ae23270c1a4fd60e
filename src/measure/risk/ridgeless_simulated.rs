//! Draws of minimum-norm fits, beside the limit, the exact means and the exact laws.

use ndarray::{Axis, concatenate};

use super::ridgeless::IsotropicProblem;
use super::ridgeless_law::{Pieces, RidgelessScores};
use crate::data::Decay;
use crate::data::synthetic::{gaussian, noise};
use crate::error::Result;
use crate::fit::min_norm_path;
use crate::stats::{Estimate, larger, parallel_draws};

/// One ratio of a ridgeless curve: limit, finite-n mean, simulation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RidgelessPoint {
    /// The number of features p.
    pub p: usize,
    /// γ = p/n.
    pub gamma: f64,
    /// The limit of the excess risk; may be ∞.
    pub predicted: f64,
    /// The exact mean of the excess risk at this n and p; may be ∞.
    pub finite: f64,
    /// The simulated excess risk.
    pub risk: Estimate,
    /// The limit of ‖ŵ‖²; may be ∞.
    pub norm_predicted: f64,
    /// The simulated ‖ŵ‖².
    pub norm2: Estimate,
    /// How far the draws lie from their exact laws, also where risk and norm have no mean.
    pub scores: RidgelessScores,
}

/// Simulates the minimum-norm fit for each number of features in `widths`, on `draws` training sets
/// of `n` examples; the risk over test points is exact, ‖ŵ − β‖².
///
/// # Errors
/// n, a width or the draws are 0; a bad problem.
pub fn ridgeless_curve(
    problem: &IsotropicProblem,
    n: usize,
    widths: &[usize],
    draws: usize,
    seed: u64,
) -> Result<Vec<RidgelessPoint>> {
    widths
        .iter()
        .map(|&p| {
            let finite = problem.finite_risk(n, p)?;
            let gamma = p as f64 / n as f64;
            // The risk depends on β by its length alone, since x has no preferred direction.
            let beta = Decay::Flat.coefficients(p, 1.0)?;
            // Fitting Xβ and ε apart gives Πβ and X⁺ε. The prediction at x = β is β·ŵ: ‖Πβ‖² for the one, the overlap
            // for the other; the norm of both together leaves ‖X⁺ε‖².
            let truth = beta.view().insert_axis(Axis(0));
            let label = format!("ridgeless, p = {p}");
            let all = parallel_draws(draws, seed, &label, |rng| {
                let x = gaussian(n, p, rng)?;
                let signal = x.dot(&beta).insert_axis(Axis(1));
                let targets = concatenate![Axis(1), signal, noise(n, 1.0, rng)?];
                let path = min_norm_path(&x, &truth, &targets, &[p])?;
                let [seen, overlap] = [0, 1].map(|k| path.test_predictions[[0, 0, k]]);
                Ok(Pieces {
                    seen,
                    noise: larger(path.norm[0] * path.norm[0] - seen, f64::EPSILON),
                    overlap,
                })
            })?;
            let IsotropicProblem { signal, noise } = *problem;
            let risk = |d: &Pieces| signal * larger(1.0 - d.seen, 0.0) + noise * d.noise;
            let cross = 2.0 * signal.sqrt() * noise.sqrt();
            let norm2 = |d: &Pieces| {
                let sum = signal * d.seen + cross * d.overlap + noise * d.noise;
                larger(sum, 0.0)
            };
            let risks: Vec<f64> = all.iter().map(risk).collect();
            let norms: Vec<f64> = all.iter().map(norm2).collect();
            Ok(RidgelessPoint {
                p,
                gamma,
                predicted: problem.ridgeless_risk(gamma)?,
                finite,
                risk: Estimate::from_values(&risks)?,
                norm_predicted: problem.ridgeless_norm2(gamma)?,
                norm2: Estimate::from_values(&norms)?,
                scores: RidgelessScores::of(n, p, &all)?,
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
        assert!(ridgeless_curve(&problem, 5, &[2], 0, 1).is_err());
        assert!(ridgeless_curve(&problem, 5, &[0], 2, 1).is_err());
    }
}
