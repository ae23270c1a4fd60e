//! One useful coordinate among very many useless ones: first-order theory of its interpolators.

use statrs::function::erf::erf;

use super::norm_bound::norm_bound;
use crate::error::{Error, Result, check_count, check_positive, check_scale, check_size};
use crate::stats::largest;

/// Angles of the witnesses of [`JunkFeatures::two_sided`](super::JunkFeatures::two_sided).
pub(super) const ANGLES: usize = 360;

/// What [`junk_features`](super::junk_features()) draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JunkFeaturesSettings {
    /// The number of training examples n.
    pub n: usize,
    /// The number q > n of junk coordinates.
    pub junk: usize,
    /// The variance λ > 0 of all junk coordinates together.
    pub power: f64,
    /// The coefficient β of the one useful coordinate.
    pub signal: f64,
    /// The noise's standard deviation σ > 0.
    pub noise: f64,
    /// The ball's radius in units of the least norm of an interpolator: B = `inflation`·‖ŵ‖, at least 1.
    pub inflation: f64,
    /// The number of independent training sets.
    pub draws: usize,
    /// The seed of all draws.
    pub seed: u64,
}

impl Default for JunkFeaturesSettings {
    fn default() -> Self {
        Self {
            n: 100,
            junk: 10_000,
            power: 10.0,
            signal: 1.0,
            noise: 1.0,
            inflation: 1.5,
            draws: 20,
            seed: 1,
        }
    }
}

/// What [`junk_features`](super::junk_features()) measures, predicted to first order in 1/n and 1/q.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JunkFeaturesTheory {
    /// The test error of the minimum-norm interpolator.
    pub risk: f64,
    /// The largest test error of an interpolator with ‖w‖ ≤ B.
    pub worst: f64,
    /// B² Tr(Σ)/n.
    pub bound: f64,
    /// What sup |R − R_n| over the ball ‖w‖ ≤ ‖ŵ‖ is at least. The mean of the measured floor lies a little above, since it is
    /// the largest of differences that fluctuate.
    pub two_sided: f64,
}

/// The predictions for [`junk_features`](super::junk_features()).
///
/// # Formula
/// The inverse Gram matrix of the junk is κI in the mean, κ = q/(λ(q−n−1)): the junk acts as a ridge penalty 1/κ on the useful
/// coefficient. So ŵ₀ − β has mean −β/(1+κn) and variance κ²nσ²/(1+κn)², and
///
/// - ‖ŵ‖² = κn\[σ²(1 − κ/(1+κn)) + β²/(1+κn)\],
/// - risk = σ² + E(ŵ₀−β)² + (λ/q)(‖ŵ‖² − Eŵ₀²),
/// - worst = σ² + E(|ŵ₀−β| + ρ)² + (λ/q)α²‖ŵ‖² with ρ² = (α²−1)‖ŵ‖²/(1+κn), less the small (λ/q)w₀²,
/// - bound = α²‖ŵ‖²(1+λ)/n,
/// - two_sided = max over φ of g² − 2g(‖ŵ‖ cos φ − |β|) with g = ‖ŵ‖ sin φ·√(λ/n): a witness whose junk shows −g times the
///   useful coordinate on the training set only. For ‖ŵ‖² = σ²n/λ and β = 0 this is σ²(½ + √(¼ + n/λ)).
///
/// As n, λ, q/n → ∞ with λ/n → 0 these go to σ², α²σ², α²σ² and ∞.
///
/// # Errors
/// As [`junk_features`](super::junk_features()).
pub fn junk_features_theory(settings: &JunkFeaturesSettings) -> Result<JunkFeaturesTheory> {
    settings.check()?;
    let JunkFeaturesSettings {
        power,
        signal,
        noise,
        inflation,
        ..
    } = *settings;
    let (n, q) = (settings.n as f64, settings.junk as f64);
    if settings.junk - settings.n < 2 {
        let what = "the number of junk coordinates";
        return Err(Error::domain(what, "at least n + 2", settings.junk));
    }
    let kappa = q / (power * (q - n - 1.0));
    let pull = 1.0 + kappa * n;
    let (mean, variance) = (-signal / pull, n * (kappa / pull * noise).powi(2));
    let norm2 = kappa * n * (noise * noise * (1.0 - kappa / pull) + signal * signal / pull);
    let useful2 = (signal + mean).powi(2) + variance;
    let deviation2 = mean * mean + variance;
    let reach = ((inflation * inflation - 1.0) * norm2 / pull).sqrt();
    let junk_risk = |length2: f64| power / q * (length2 - useful2);
    let ball2 = inflation * inflation * norm2;
    Ok(JunkFeaturesTheory {
        risk: noise * noise + deviation2 + junk_risk(norm2),
        worst: noise * noise
            + deviation2
            + reach * reach
            + 2.0 * reach * mean_size(mean, variance.sqrt())
            + junk_risk(ball2),
        bound: norm_bound(ball2, 1.0 + power, settings.n)?,
        two_sided: two_sided(norm2.sqrt(), power / n, signal.abs()),
    })
}

/// The largest g² − 2g(B cos φ − |β|) over φ, g = B sin φ·√(λ/n).
fn two_sided(radius: f64, power_per_n: f64, signal: f64) -> f64 {
    let difference = |step: usize| {
        let (sin, cos) = (step as f64 / ANGLES as f64 * std::f64::consts::TAU).sin_cos();
        let shown = radius * sin * power_per_n.sqrt();
        shown * shown - 2.0 * shown * (radius * cos - signal)
    };
    largest((0..ANGLES).map(difference))
}

/// E|Z| for Z ~ N(mean, std²).
fn mean_size(mean: f64, std: f64) -> f64 {
    if std == 0.0 {
        return mean.abs();
    }
    let z = mean / std;
    let density = (-0.5 * z * z).exp() * (2.0 / std::f64::consts::PI).sqrt();
    std * density + mean * erf(z / std::f64::consts::SQRT_2)
}

impl JunkFeaturesSettings {
    pub(super) fn check(&self) -> Result<()> {
        check_count("the number of examples n", self.n)?;
        check_size("the junk's outputs", self.n, self.n)?;
        check_positive("the power λ of the junk", self.power)?;
        check_positive("the noise σ", self.noise)?;
        check_scale("the signal |β|", self.signal.abs())?;
        if self.junk <= self.n || self.junk as f64 <= self.power {
            let expected = format!("more than n = {} and λ = {}", self.n, self.power);
            let what = "the number of junk coordinates";
            return Err(Error::domain(what, expected, self.junk));
        }
        if !(self.inflation.is_finite() && self.inflation >= 1.0) {
            let what = "the inflation of the ball";
            return Err(Error::domain(what, "at least 1", self.inflation));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without a signal the largest of a sin 2φ + b sin²φ is b/2 + √(a² + b²/4).
    #[test]
    fn the_floor_is_the_largest_over_angles() {
        let (noise2, ratio) = (4.0_f64, 25.0_f64);
        let most = two_sided((noise2 * ratio).sqrt(), 1.0 / ratio, 0.0);
        let floor = noise2 * (0.5 + (0.25 + ratio).sqrt());
        assert!((most / floor - 1.0).abs() < 1e-3, "{most} {floor}");
    }

    #[test]
    fn the_mean_size_has_its_two_ends() {
        assert!((mean_size(0.0, 2.0) - 2.0 * (2.0 / std::f64::consts::PI).sqrt()).abs() < 1e-12);
        assert!((mean_size(-9.0, 1.0) - 9.0).abs() < 1e-12);
    }
}
