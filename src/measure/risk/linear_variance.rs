//! How far the risk of one least-squares fit lies from its mean: the exact variance, and where it is infinite.

use super::linear::{finite_but_at_pole, isotropic_risk};
use crate::error::Result;

/// The variance, over training sets, of the test error of the minimum-norm fit on p of D isotropic features.
///
/// # Formula
/// With k = min(n, p), N = max(n, p), d = |n − p|, b = ‖β_T‖² and m = ‖β_Tᶜ‖² + σ², the test error of one
/// fit is m + m Q, to which b(1 − B) joins for p > n:
///
/// - Q = Σ g_i²/λ_i over the k eigenvalues of a k×k Wishart matrix with N degrees of freedom, g ~ N(0, I).
///   So E Q = E tr W⁻¹ and E Q² = E (tr W⁻¹)² + 2 E tr W⁻²,
///   Var Q = k \[(d−2)k + 2N\] / (d(d−1)(d−3)) − k²/(d−1)²;
/// - B, the share of ‖β_T‖² in the row space of the training inputs, is Beta(n/2, (p−n)/2) and independent of Q:
///   Var B = 2n(p−n)/(p²(p+2)).
///
/// The variance is m² Var Q + b² Var B. It is infinite for d ≤ 3 (p ≥ 1, m > 0), where 1/λ_min² has no mean; the
/// mean itself, [`isotropic_risk`], is infinite only for d ≤ 1. The k-th moment is finite for d ≥ 2k.
///
/// Takes what [`isotropic_risk`] takes.
///
/// # Errors
/// As [`isotropic_risk`]; a variance beyond the range of f64 although it is finite.
///
/// # Reference
/// The moments: von Rosen 1988, "Moments for the inverted Wishart distribution", Scand. J. Statist. 15, 97–109.
///
/// ```
/// use dltheory::measure::isotropic_risk_variance;
/// // One feature, 10 examples: Q is g²/χ²₁₀, with mean 1/8 and E Q² = 3/(8·6).
/// let variance = isotropic_risk_variance(10, 1, 1.0, 0.0, 2.0)?;
/// assert!((variance - 4.0 * (3.0 / 48.0 - 1.0 / 64.0)).abs() < 1e-15);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn isotropic_risk_variance(
    n: usize,
    p: usize,
    seen: f64,
    unseen: f64,
    noise_variance: f64,
) -> Result<f64> {
    isotropic_risk(n, p, seen, unseen, noise_variance)?;
    let noise = unseen + noise_variance;
    let amplified = if noise == 0.0 || p == 0 {
        0.0
    } else {
        noise * noise * variance_of_q(n, p)
    };
    let missed = if p > n {
        let (n, p) = (n as f64, p as f64);
        seen * seen * 2.0 * n * (p - n) / (p * p * (p + 2.0))
    } else {
        0.0
    };
    let variance = amplified + missed;
    finite_but_at_pole("the variance of the risk", variance, p.abs_diff(n) <= 3)
}

/// Var Σ g_i²/λ_i.
fn variance_of_q(n: usize, p: usize) -> f64 {
    let (k, most, d) = (n.min(p) as f64, n.max(p) as f64, n.abs_diff(p) as f64);
    if d <= 3.0 {
        return f64::INFINITY;
    }
    let square = k * ((d - 2.0) * k + 2.0 * most) / (d * (d - 1.0) * (d - 3.0));
    square - (k / (d - 1.0)).powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Decay;
    use crate::measure::{LinearRiskSettings, linear_risk_curve};

    /// The sample variance of 20,000 draws: its own relative spread is √((kurtosis − 1)/draws); the
    /// kurtosis is below 20 where |n − p| ≥ 12, so 4 of them are below 13 %.
    #[test]
    fn draws_vary_as_much_as_the_formula_says() {
        let beta = Decay::InverseSquare.coefficients(60, 1.0).expect("valid");
        let (n, widths, sigma) = (20, [1, 5, 8, 33, 45, 60], 0.5);
        let settings = LinearRiskSettings {
            n,
            noise: sigma,
            draws: 20_000,
            ..Default::default()
        };
        let curve = linear_risk_curve(&beta, &widths, &settings).expect("valid");
        for point in curve {
            let seen: f64 = beta.iter().take(point.p).map(|b| b * b).sum();
            let want = isotropic_risk_variance(n, point.p, seen, 1.0 - seen, sigma * sigma);
            let want = want.expect("valid");
            let got = point.risk.se.powi(2) * 20_000.0;
            assert!(
                (got / want - 1.0).abs() < 0.13,
                "p = {}: {got} {want}",
                point.p
            );
        }
    }

    #[test]
    fn infinite_near_the_threshold_and_zero_without_anything_random() {
        let variance = |p, noise| isotropic_risk_variance(20, p, 1.0, 0.0, noise).expect("valid");
        for p in [17, 20, 23] {
            assert_eq!(variance(p, 1.0), f64::INFINITY);
            assert!(variance(p, 0.0).is_finite());
        }
        assert!(variance(16, 1.0).is_finite() && variance(24, 1.0).is_finite());
        assert_eq!(variance(0, 1.0), 0.0);
        assert_eq!(variance(10, 0.0), 0.0);
        assert!(isotropic_risk_variance(0, 1, 1.0, 0.0, 1.0).is_err());
        assert!(isotropic_risk_variance(5, 1, f64::NAN, 0.0, 1.0).is_err());
    }
}
