//! Draws of minimum-norm fits on p of D features, beside their exact risk.

use ndarray::{ArrayRef1, Axis};
use rand::seq::SliceRandom;

use super::linear::{FeatureOrder, LinearRiskSettings, exact_linear_risk, in_order};
use crate::data::synthetic::{gaussian, linear_targets};
use crate::error::Result;
use crate::fit::min_norm_path;
use crate::stats::{Estimate, larger, parallel_draws};

/// One width of a linear double-descent curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WidthRisk {
    /// The number of features p.
    pub p: usize,
    /// The closed form, σ² included; may be ∞.
    pub exact: f64,
    /// The same by simulation. Within two or three of p = n its distribution has such heavy tails
    /// that `se` understates the error; at |p − n| ≤ 1 the mean grows with the draws.
    pub risk: Estimate,
    /// The simulated ‖ŵ‖².
    pub norm2: Estimate,
}

/// Exact and simulated risk at each width: x ~ N(0, I_D), y = β·x + σξ, minimum-norm fits on the
/// first p features.
///
/// Each draw fits all widths to one training set, and takes the risk over test points exactly:
/// σ² + ‖β_T − ŵ‖² + ‖β_Tᶜ‖².
///
/// Takes coefficients `beta` β, `(D,)`, and increasing widths 1 ≤ p ≤ D.
///
/// # Errors
/// As [`exact_linear_risk`]; widths that are 0 or not increasing; no draws.
pub fn linear_risk_curve(
    beta: &ArrayRef1<f64>,
    widths: &[usize],
    settings: &LinearRiskSettings,
) -> Result<Vec<WidthRisk>> {
    let exact = exact_linear_risk(beta, widths, settings)?;
    let dim = beta.len();
    let base = in_order(beta, settings.order);
    let total = beta.dot(beta);
    let all = parallel_draws(settings.draws, settings.seed, "linear risk", |rng| {
        let mut truth = base.clone();
        if settings.order == FeatureOrder::Random
            && let Some(beta) = truth.as_slice_mut()
        {
            beta.shuffle(rng);
        }
        let x = gaussian(settings.n, dim, rng)?;
        let y = linear_targets(&x, &truth, settings.noise, rng)?;
        // The prediction at x = β is β_T·ŵ, all that ‖β − ŵ‖² = ‖β‖² − 2β_T·ŵ + ‖ŵ‖² needs.
        let path = min_norm_path(&x, &truth.view().insert_axis(Axis(0)), &y, widths)?;
        let risk = |(&overlap, &norm): (&f64, &f64)| {
            let excess = larger(total - 2.0 * overlap + norm * norm, 0.0);
            (excess + settings.noise * settings.noise, norm * norm)
        };
        let pairs = path.test_predictions.iter().zip(&path.norm);
        Ok(pairs.map(risk).collect::<Vec<(f64, f64)>>())
    })?;
    let column = |i: usize, part: fn(&(f64, f64)) -> f64| {
        let values: Vec<f64> = all.iter().map(|draw| part(&draw[i])).collect();
        Estimate::from_values(&values)
    };
    widths
        .iter()
        .zip(exact)
        .enumerate()
        .map(|(i, (&p, exact))| {
            Ok(WidthRisk {
                p,
                exact,
                risk: column(i, |pair| pair.0)?,
                norm2: column(i, |pair| pair.1)?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn bad_input_is_an_error() {
        let (beta, fine) = (array![1.0, 2.0], LinearRiskSettings::default());
        assert!(linear_risk_curve(&beta, &[0], &fine).is_err());
        assert!(linear_risk_curve(&beta, &[2, 1], &fine).is_err());
        for bad in [
            LinearRiskSettings { n: 0, ..fine },
            LinearRiskSettings { draws: 0, ..fine },
            LinearRiskSettings {
                noise: f64::NAN,
                ..fine
            },
        ] {
            assert!(linear_risk_curve(&beta, &[1], &bad).is_err());
        }
    }
}
