//! What an activation makes of Gaussian numbers.

use std::f64::consts::{PI, SQRT_2};

use crate::data::synthetic::check_scale;
use crate::error::{Result, within_range};
use crate::model::Activation;

/// Means of σ² and σ'² over z ~ N(0, q).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GaussianMoments {
    /// E σ(z)².
    pub value: f64,
    /// E σ'(z)².
    pub slope: f64,
    /// E σ'(z)² z²/q: the same, weighted by the size of z. It counts where z and the direction that is asked
    /// about depend on the same weights.
    pub slope_along: f64,
}

/// Beyond this standard deviation tanh is a step for all that matters.
const STEEP: f64 = 1e3;

/// E σ(z)², E σ'(z)² and E σ'(z)² z²/q for z ~ N(0, `q`).
///
/// # Formula
/// | σ | E σ² | E σ'² | E σ'² z²/q |
/// |---|---|---|---|
/// | ReLU | q/2 | ½ | ½ |
/// | linear | q | 1 | 1 |
/// | quadratic | 3q² | 4q | 12q |
/// | tanh | by quadrature | by quadrature | by quadrature |
///
/// For tanh the trapezoidal rule, whose error falls exponentially with the inverse step for a
/// function that is analytic in a strip: here |Im z| < π/(2√q), so the step is a tenth of that at
/// most. Beyond √q = 1000, 1 − 2/√(2πq), (4/3)/√(2πq) and (π²−6)/(9q√(2πq)), with a relative error of order 1/q.
///
/// # Errors
/// `q` is negative or not finite; a moment beyond the range of f64.
///
/// # Reference
/// Trefethen & Weideman 2014, "The exponentially convergent trapezoidal rule", doi:10.1137/130932132.
pub fn gaussian_moments(activation: Activation, q: f64) -> Result<GaussianMoments> {
    check_scale("the variance q", q)?;
    let (value, slope, slope_along) = match activation {
        Activation::Relu => (q / 2.0, 0.5, 0.5),
        Activation::Linear => (q, 1.0, 1.0),
        Activation::Quadratic => (3.0 * q * q, 4.0 * q, 12.0 * q),
        Activation::Tanh => tanh_moments(q.sqrt()),
    };
    Ok(GaussianMoments {
        value: within_range("E σ(z)²", value)?,
        slope: within_range("E σ'(z)²", slope)?,
        slope_along: within_range("E σ'(z)² z²/q", slope_along)?,
    })
}

/// E tanh(sZ)², E (1 − tanh(sZ)²)² and E (1 − tanh(sZ)²)² Z² for Z ~ N(0, 1).
fn tanh_moments(s: f64) -> (f64, f64, f64) {
    if s > STEEP {
        let at_zero = 1.0 / (2.0 * PI).sqrt() / s;
        let along = (PI * PI - 6.0) / 9.0 / (s * s);
        return (1.0 - 2.0 * at_zero, 4.0 / 3.0 * at_zero, along * at_zero);
    }
    let step = (0.15 / s).min(0.1);
    // exp(−z²/2) < 10⁻³⁶ beyond.
    let count = (9.0 * SQRT_2 / step).ceil() as usize;
    let (mut value, mut slope, mut along) = (0.0, 1.0, 0.0);
    for i in 1..=count {
        let z = i as f64 * step;
        let weight = 2.0 * (-0.5 * z * z).exp();
        let h = (s * z).tanh();
        let derivative = 1.0 - h * h;
        value += weight * h * h;
        slope += weight * derivative * derivative;
        along += weight * derivative * derivative * z * z;
    }
    let density = step / (2.0 * PI).sqrt();
    (density * value, density * slope, density * along)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For small s by the series tanh² = z² − (2/3)z⁴ + (17/45)z⁶ − …, whose next term is
    /// (62/315)·105 s⁸; for large s across the seam between the rule and the asymptote.
    #[test]
    fn tanh_by_series_and_by_asymptote() {
        let s = 0.02_f64;
        let (value, slope, along) = tanh_moments(s);
        let s2 = s * s;
        let series = s2 - 2.0 * s2.powi(2) + 17.0 / 3.0 * s2.powi(3);
        assert!((value - series).abs() < 25.0 * s2.powi(4), "{value}");
        // (1 − tanh²)² = 1 − 2z² + (7/3)z⁴ − …
        let series = 1.0 - 2.0 * s2 + 7.0 * s2 * s2;
        assert!((slope - series).abs() < 50.0 * s2.powi(3), "{slope}");
        // Times Z²: moments 1, 3, 15 instead of 1, 1, 3.
        let series = 1.0 - 6.0 * s2 + 35.0 * s2 * s2;
        assert!((along - series).abs() < 400.0 * s2.powi(3), "{along}");
        let below = tanh_moments(STEEP);
        let above = tanh_moments(STEEP * (1.0 + 1e-12));
        assert!((below.0 - above.0).abs() < 1e-8);
        assert!((below.1 / above.1 - 1.0).abs() < 1e-5);
        assert!((below.2 / above.2 - 1.0).abs() < 1e-5);
    }

    /// By Stein's lemma E z·h(z) = q·E h'(z) with h = σσ': E tanh(z)tanh'(z)z, not needed; instead
    /// the simpler identity E tanh² + E tanh' = 1, with E tanh' by the same rule on a half step.
    #[test]
    fn a_finer_rule_gives_the_same() {
        for s in [0.1, 1.0, 5.0, 50.0] {
            let (value, slope, _) = tanh_moments(s);
            let step = (0.15 / s).min(0.1) / 3.0;
            let sum = |f: &dyn Fn(f64) -> f64| -> f64 {
                let count = (13.0 / step) as i64;
                let terms = (-count..=count).map(|i| {
                    let z = i as f64 * step;
                    (-0.5 * z * z).exp() * f((s * z).tanh())
                });
                terms.sum::<f64>() * step / (2.0 * PI).sqrt()
            };
            assert!((sum(&|h| h * h) - value).abs() < 1e-12, "{s}");
            assert!(
                (sum(&|h| (1.0 - h * h).powi(2)) - slope).abs() < 1e-12,
                "{s}"
            );
        }
    }

    #[test]
    fn closed_forms_and_bad_input() {
        let of = |activation, q| gaussian_moments(activation, q).expect("a variance");
        assert_eq!(
            of(Activation::Relu, 3.0),
            GaussianMoments {
                value: 1.5,
                slope: 0.5,
                slope_along: 0.5
            }
        );
        assert_eq!(
            of(Activation::Quadratic, 2.0),
            GaussianMoments {
                value: 12.0,
                slope: 8.0,
                slope_along: 24.0
            }
        );
        let still = of(Activation::Tanh, 0.0);
        assert_eq!(still.value, 0.0);
        assert!((still.slope - 1.0).abs() < 1e-12 && (still.slope_along - 1.0).abs() < 1e-12);
        for bad in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(gaussian_moments(Activation::Linear, bad).is_err());
        }
        assert!(gaussian_moments(Activation::Quadratic, 1e200).is_err());
    }
}
