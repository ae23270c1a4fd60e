//! Rademacher complexity of linear functions in the mean over Gaussian inputs: exact.

use statrs::function::erf::erfc;
use statrs::function::gamma::ln_gamma;

use super::ball::LinearBall;
use crate::error::{Result, check_count, check_scale, within_range};

/// Steps of the trapezoidal rule for the mean of a maximum.
const STEPS: usize = 4000;

impl LinearBall {
    /// E_S R_S, the mean of [`complexity`](Self::complexity) over n inputs with independent standard
    /// normal coordinates in R^d.
    ///
    /// # Formula
    /// Σ_i σ_i x_i is √n·Z with Z ~ N(0, I_d), whatever the signs. So E_S R_S is
    ///
    /// - ℓ2: (B/√n) E‖Z‖₂ = (B/√n)·√2 Γ((d+1)/2)/Γ(d/2), close to B√(d/n);
    /// - ℓ1: (B/√n) E max_j |Z_j| = (B/√n) ∫₀^∞ 1 − erf(t/√2)^d dt, close to B√(2 ln(2d)/n).
    ///
    /// Both fall as 1/√n exactly. The integral is taken by the trapezoidal rule, to about 10⁻⁹.
    ///
    /// # Errors
    /// n or d is 0; a radius that is negative or not finite; a complexity beyond the range of f64.
    ///
    /// ```
    /// use dltheory::measure::LinearBall;
    /// // One dimension: both balls are |w| ≤ B, and E|Z| = √(2/π).
    /// let one = LinearBall::L1 { radius: 1.0 }.gaussian_complexity(1, 1)?;
    /// assert!((one - (2.0 / std::f64::consts::PI).sqrt()).abs() < 1e-9);
    /// # Ok::<(), dltheory::Error>(())
    /// ```
    pub fn gaussian_complexity(&self, n: usize, d: usize) -> Result<f64> {
        check_count("the number of inputs n", n)?;
        check_count("the dimension d", d)?;
        check_scale("the radius B", self.radius())?;
        let size = match self {
            Self::L2 { .. } => mean_length(d),
            Self::L1 { .. } => mean_largest(d),
        };
        within_range("the complexity", self.radius() * size / (n as f64).sqrt())
    }
}

/// E‖Z‖ for Z ~ N(0, I_d).
fn mean_length(d: usize) -> f64 {
    let (d, half) = (d as f64, d as f64 / 2.0);
    if d > 1000.0 {
        // ln Γ of large numbers leaves no digits to their difference; the next term is below 10⁻¹⁴.
        let series = [-0.25, 1.0 / 32.0, 5.0 / 128.0, -21.0 / 2048.0];
        return d.sqrt() * (1.0 + series.iter().rev().fold(0.0, |sum, c| (sum + c) / d));
    }
    std::f64::consts::SQRT_2 * (ln_gamma(half + 0.5) - ln_gamma(half)).exp()
}

/// E max_j |Z_j| for Z ~ N(0, I_d).
fn mean_largest(d: usize) -> f64 {
    // Beyond, the integrand is below d·10⁻²³.
    let (end, power) = (10.0 + (2.0 * (2.0 * d as f64).ln()).sqrt(), d as f64);
    let step = end / STEPS as f64;
    // 1 − erf^d, where erf may round to 1.
    let beyond = |t: f64| -(power * (-erfc(t / std::f64::consts::SQRT_2)).ln_1p()).exp_m1();
    let inner: f64 = (1..STEPS).map(|i| beyond(step * i as f64)).sum();
    step * (inner + 0.5 * (beyond(0.0) + beyond(end)) + correction(step, power))
}

/// The end correction of Euler and Maclaurin, step·(f'(0) − f'(end))/12: f' vanishes at both ends but
/// for d = 1, where f'(0) = −√(2/π).
fn correction(step: f64, power: f64) -> f64 {
    match power {
        1.0 => -step * (2.0 / std::f64::consts::PI).sqrt() / 12.0,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The series beyond d = 1000 goes on where ln Γ ends; the largest coordinate of 10¹⁸ is near √(2 ln(2d)).
    #[test]
    fn many_dimensions() {
        let step = mean_length(1001) - mean_length(1000);
        assert!(
            (step - (mean_length(1000) - mean_length(999))).abs() < 1e-5,
            "{step}"
        );
        let exact =
            |d: f64| std::f64::consts::SQRT_2 * (ln_gamma(d / 2.0 + 0.5) - ln_gamma(d / 2.0)).exp();
        assert!((mean_length(1001) / exact(1001.0) - 1.0).abs() < 1e-11);
        let large = 1_usize << 60;
        assert!((mean_length(large) / (large as f64).sqrt() - 1.0).abs() < 1e-15);
        let most = mean_largest(large);
        let leading = (2.0 * (2.0 * large as f64).ln()).sqrt();
        assert!(0.95 < most / leading && most < leading, "{most} {leading}");
    }
    use crate::data::synthetic::gaussian;
    use crate::rng::stream;
    use crate::stats::Estimate;

    #[test]
    fn known_means() {
        let pi = std::f64::consts::PI;
        // d = 2: Rayleigh, and E max(|Z₁|, |Z₂|) = 2/√π.
        assert!((mean_length(2) - (pi / 2.0).sqrt()).abs() < 1e-13);
        assert!((mean_largest(2) - 2.0 / pi.sqrt()).abs() < 1e-9);
        assert!((mean_largest(1) - mean_length(1)).abs() < 1e-9);
        // Large d: √d(1 − 1/(4d)).
        assert!((mean_length(10_000) / 100.0 - 1.0 + 1.0 / 40_000.0).abs() < 1e-8);
    }

    /// Fresh inputs each time, the exact mean over signs of each.
    #[test]
    fn enumeration_over_many_inputs_agrees() {
        for ball in [
            LinearBall::L2 { radius: 2.0 },
            LinearBall::L1 { radius: 2.0 },
        ] {
            let all: Vec<f64> = (0..400)
                .map(|index| {
                    let x = gaussian(6, 5, &mut stream(1, "gaussian mean", index)).expect("valid");
                    ball.exact_complexity(&x).expect("small")
                })
                .collect();
            let measured = Estimate::from_values(&all).expect("values");
            let predicted = ball.gaussian_complexity(6, 5).expect("valid");
            assert!(measured.distance(predicted) < 4.0, "{measured} {predicted}");
        }
    }

    #[test]
    fn bad_input_is_an_error() {
        let ball = LinearBall::L2 { radius: 1.0 };
        assert!(ball.gaussian_complexity(0, 1).is_err() && ball.gaussian_complexity(1, 0).is_err());
        assert!(
            LinearBall::L1 { radius: -1.0 }
                .gaussian_complexity(1, 1)
                .is_err()
        );
    }
}
