//! The exact risk of least squares with p of D Gaussian features: a double descent in closed form.

use ndarray::{Array1, ArrayRef1};

use crate::error::{Error, Result, check_count, check_finite, check_scale, within_range};
use crate::stats::larger;

/// The expected test error E(y − ŵ·x)² of the minimum-norm fit on p of D isotropic features.
///
/// # Formula
/// x ~ N(0, I_D), y = β·x + σξ. The fit sees n examples and the features T, |T| = p. With
/// b = ‖β_T‖², m = ‖β_Tᶜ‖² + σ² (what the fit cannot see acts as noise):
///
/// - p ≤ n − 2: m (1 + p/(n−p−1));
/// - n − 1 ≤ p ≤ n + 1: ∞ (p ≥ 1, m > 0);
/// - p ≥ n + 2: b (1 − n/p) + m (1 + n/(p−n−1)).
///
/// Where m = 0 there is nothing to amplify and the second line does not apply: the risk is 0
/// up to p = n and b (1 − n/p) beyond. With p = 0 it is m for every n.
///
/// Takes `seen` b, `unseen` ‖β_Tᶜ‖² and `noise_variance` σ², all ≥ 0; `n` and `p`, n ≥ 1. The result includes σ²: subtract it
/// for the excess risk.
///
/// # Errors
/// n is 0; a negative or non-finite number; a risk beyond the range of f64 although it has a mean.
///
/// # Reference
/// Belkin, Hsu & Xu 2020, "Two models of double descent for weak features", arXiv:1903.07571, Theorem 1, which
/// writes it without noise.
///
/// ```
/// use dltheory::measure::isotropic_risk;
/// let risk = isotropic_risk(20, 5, 5.0 / 60.0, 55.0 / 60.0, 0.0)?;
/// assert!((risk - 1.244).abs() < 1e-3);
/// assert_eq!(isotropic_risk(20, 20, 0.5, 0.5, 0.0)?, f64::INFINITY);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn isotropic_risk(
    n: usize,
    p: usize,
    seen: f64,
    unseen: f64,
    noise_variance: f64,
) -> Result<f64> {
    check_count("the number of examples n", n)?;
    check_scale("‖β_T‖²", seen)?;
    check_scale("‖β_Tᶜ‖²", unseen)?;
    check_scale("the noise variance σ²", noise_variance)?;
    let noise = within_range("‖β_Tᶜ‖² + σ²", unseen + noise_variance)?;
    let missed = if p > n {
        seen * (1.0 - n as f64 / p as f64)
    } else {
        0.0
    };
    let amplified = noise_amplification(n, p, noise);
    finite_but_at_pole("the risk", missed + noise + amplified, p.abs_diff(n) <= 1)
}

/// `value`, which may be ∞ `at_pole`, where theory says so, and nowhere else.
pub(super) fn finite_but_at_pole(what: &str, value: f64, at_pole: bool) -> Result<f64> {
    match at_pole && value == f64::INFINITY {
        true => Ok(value),
        false => within_range(what, value),
    }
}

/// The variance that noise of variance `noise` adds to the risk of an isotropic fit:
/// noise·p/(n−p−1), ∞, or noise·n/(p−n−1). Exact for every finite n and p.
pub(super) fn noise_amplification(n: usize, p: usize, noise: f64) -> f64 {
    if noise == 0.0 || p == 0 {
        0.0
    } else if p.abs_diff(n) <= 1 {
        f64::INFINITY
    } else {
        p.min(n) as f64 / (p.abs_diff(n) - 1) as f64 * noise
    }
}

/// Which features come first as p grows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FeatureOrder {
    /// As given.
    Given,
    /// The largest β_j² first: a choice that knows the truth.
    #[default]
    Prescient,
    /// In random order, drawn anew each time; the exact risk is the mean over orders.
    Random,
}

/// What [`linear_risk_curve`](super::linear_risk_curve) draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinearRiskSettings {
    /// The number of training examples n.
    pub n: usize,
    /// The standard deviation σ of the noise in the labels.
    pub noise: f64,
    /// Which features come first.
    pub order: FeatureOrder,
    /// The number of independent training sets.
    pub draws: usize,
    /// The seed of all draws.
    pub seed: u64,
}

impl Default for LinearRiskSettings {
    fn default() -> Self {
        Self {
            n: 20,
            noise: 0.0,
            order: FeatureOrder::Prescient,
            draws: 200,
            seed: 1,
        }
    }
}

/// The exact risk at each width in `widths`, and ‖β_T‖² beside ‖β_Tᶜ‖² for the chosen order.
///
/// Takes coefficients `beta` β, `(D,)`, the settings' n, noise and order, and widths p ≤ D (0 allowed).
///
/// # Errors
/// β is empty or not finite; a width above D; n is 0; a bad noise.
pub fn exact_linear_risk(
    beta: &ArrayRef1<f64>,
    widths: &[usize],
    settings: &LinearRiskSettings,
) -> Result<Vec<f64>> {
    check_coefficients(beta)?;
    check_scale("the noise σ", settings.noise)?;
    let dim = beta.len();
    let ordered = in_order(beta, settings.order);
    let total = beta.dot(beta);
    let sums: Vec<f64> = std::iter::once(0.0)
        .chain(ordered.iter().scan(0.0, |sum, b| {
            *sum += b * b;
            Some(*sum)
        }))
        .collect();
    let noise = settings.noise * settings.noise;
    widths
        .iter()
        .map(|&p| {
            let Some(&prefix) = sums.get(p) else {
                let allowed = format!("at most the number of features, {dim}");
                return Err(Error::domain("a width p", allowed, p));
            };
            let seen = match settings.order {
                FeatureOrder::Random => total * p as f64 / dim as f64,
                _ => prefix,
            };
            // Rounding may leave a tiny negative rest at p = D, which would turn 0 into ∞.
            let unseen = if p == dim {
                0.0
            } else {
                larger(total - seen, 0.0)
            };
            isotropic_risk(settings.n, p, seen, unseen, noise)
        })
        .collect()
}

fn check_coefficients(beta: &ArrayRef1<f64>) -> Result<()> {
    check_count("the number of coefficients D", beta.len())?;
    check_finite("the coefficients β", beta)?;
    check_finite("‖β‖²", &[beta.dot(beta)])
}

pub(super) fn in_order(beta: &ArrayRef1<f64>, order: FeatureOrder) -> Array1<f64> {
    let mut ordered = beta.to_vec();
    if order == FeatureOrder::Prescient {
        ordered.sort_by(|a, b| b.abs().total_cmp(&a.abs()));
    }
    ordered.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Decay;
    use ndarray::array;

    #[test]
    fn the_reference_numbers() {
        let risk = |p| isotropic_risk(20, p, p as f64 / 60.0, 1.0 - p as f64 / 60.0, 0.0);
        assert!((risk(5).expect("valid") - 1.244).abs() < 5e-4);
        assert!((risk(30).expect("valid") - 1.778).abs() < 5e-4);
        for p in [19, 20, 21] {
            assert_eq!(risk(p).expect("valid"), f64::INFINITY);
        }
        assert!(risk(18).expect("valid").is_finite() && risk(22).expect("valid").is_finite());
    }

    #[test]
    fn noise_joins_the_unseen_part_and_nothing_is_not_amplified() {
        for p in [3, 40] {
            let split = isotropic_risk(20, p, 1.0, 0.3, 0.4).expect("valid");
            let joined = isotropic_risk(20, p, 1.0, 0.7, 0.0).expect("valid");
            assert!((split - joined).abs() < 1e-15);
        }
        assert_eq!(isotropic_risk(5, 5, 1.0, 0.0, 0.0).expect("valid"), 0.0);
        assert_eq!(isotropic_risk(5, 10, 1.0, 0.0, 0.0).expect("valid"), 0.5);
        assert_eq!(isotropic_risk(1, 0, 0.0, 2.0, 1.0).expect("valid"), 3.0);
        assert_eq!(
            isotropic_risk(1, 1, 0.0, 2.0, 1.0).expect("valid"),
            f64::INFINITY
        );
    }

    #[test]
    fn orders_share_their_ends_and_prescient_is_best_below_n() {
        let beta = Decay::InverseSquare.coefficients(40, 1.0).expect("valid");
        let reversed: Array1<f64> = beta.iter().rev().copied().collect();
        let widths = [0, 5, 12, 25, 40];
        let curve = |order| {
            let settings = LinearRiskSettings {
                n: 15,
                order,
                ..Default::default()
            };
            exact_linear_risk(&reversed, &widths, &settings).expect("valid")
        };
        let (given, prescient) = (curve(FeatureOrder::Given), curve(FeatureOrder::Prescient));
        let random = curve(FeatureOrder::Random);
        for i in [0, 4] {
            assert!(
                (given[i] - prescient[i]).abs() < 1e-14 && (random[i] - prescient[i]).abs() < 1e-14
            );
        }
        for i in [1, 2, 3] {
            assert!(prescient[i] < random[i] && random[i] < given[i]);
        }
    }

    #[test]
    fn bad_input_is_an_error() {
        assert!(isotropic_risk(0, 1, 1.0, 1.0, 0.0).is_err());
        for bad in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(isotropic_risk(5, 1, bad, 1.0, 0.0).is_err());
            assert!(isotropic_risk(5, 1, 1.0, bad, 0.0).is_err());
            assert!(isotropic_risk(5, 1, 1.0, 1.0, bad).is_err());
        }
        let (beta, fine) = (array![1.0, 2.0], LinearRiskSettings::default());
        assert!(exact_linear_risk(&beta, &[3], &fine).is_err());
        assert!(exact_linear_risk(&array![f64::NAN], &[1], &fine).is_err());
    }
}
