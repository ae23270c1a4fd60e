//! What an activation makes of Gaussian numbers.

use std::f64::consts::{PI, SQRT_2};

use crate::error::{Result, check_scale, within_range};
use crate::model::Activation;
use crate::stats::smaller;

/// E σ(z)², E σ'(z)² and E σ'(z)² z²/q for z ~ N(0, q).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GaussianMoments {
    /// E σ(z)².
    pub value: f64,
    /// E σ'(z)².
    pub slope: f64,
    /// E σ'(z)² z²/q: the same, seen along the input, where a large weight means a large z.
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
/// most. Beyond √q = 1000, 1 − 2/√(2πq), (4/3)/√(2πq) and (π² − 6)/9/√(2π)/q^(3/2), with a relative error of order 1/q.
///
/// # Errors
/// `q` is negative or not finite; a moment beyond the range of f64.
///
/// # Reference
/// Trefethen & Weideman 2014, "The exponentially convergent trapezoidal rule", doi:10.1137/130932132.
pub fn gaussian_moments(activation: Activation, q: f64) -> Result<GaussianMoments> {
    check_scale("the variance q", q)?;
    let [value, slope, slope_along] = match activation {
        Activation::Relu => [q / 2.0, 0.5, 0.5],
        Activation::Linear => [q, 1.0, 1.0],
        Activation::Quadratic => [3.0 * q * q, 4.0 * q, 12.0 * q],
        Activation::Tanh => tanh_moments(q.sqrt()),
    };
    Ok(GaussianMoments {
        value: within_range("E σ(z)²", value)?,
        slope: within_range("E σ'(z)²", slope)?,
        slope_along: within_range("E σ'(z)² z²/q", slope_along)?,
    })
}

/// E tanh(sZ)², E (1 − tanh(sZ)²)² and E Z²(1 − tanh(sZ)²)² for Z ~ N(0, 1).
fn tanh_moments(s: f64) -> [f64; 3] {
    if s > STEEP {
        let at_zero = 1.0 / (2.0 * PI).sqrt() / s;
        let along = (PI * PI - 6.0) / 9.0 * at_zero / (s * s);
        return [1.0 - 2.0 * at_zero, 4.0 / 3.0 * at_zero, along];
    }
    let step = smaller(0.15 / s, 0.1);
    // exp(−z²/2) < 10⁻³⁶ beyond.
    let count = (9.0 * SQRT_2 / step).ceil() as usize;
    let [mut value, mut slope, mut along] = [0.0, 1.0, 0.0];
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
    [value, slope, along].map(|sum| density * sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For small s by the series tanh² = z² − (2/3)z⁴ + (17/45)z⁶ − …, whose next term is
    /// (62/315)·105 s⁸; for large s across the seam between the rule and the asymptote.
    #[test]
    fn tanh_by_series_and_by_asymptote() {
        let s = 0.02_f64;
        let [value, slope, along] = tanh_moments(s);
        let s2 = s * s;
        let series = s2 - 2.0 * s2.powi(2) + 17.0 / 3.0 * s2.powi(3);
        assert!((value - series).abs() < 25.0 * s2.powi(4), "{value}");
        // (1 − tanh²)² = 1 − 2z² + (7/3)z⁴ − …
        let series = 1.0 - 2.0 * s2 + 7.0 * s2 * s2;
        assert!((slope - series).abs() < 50.0 * s2.powi(3), "{slope}");
        let series = 1.0 - 6.0 * s2 + 35.0 * s2 * s2;
        assert!((along - series).abs() < 500.0 * s2.powi(3), "{along}");
        let below = tanh_moments(STEEP);
        let above = tanh_moments(STEEP * (1.0 + 1e-12));
        assert!((below[0] - above[0]).abs() < 1e-8);
        assert!((below[1] / above[1] - 1.0).abs() < 1e-5);
        assert!((below[2] / above[2] - 1.0).abs() < 1e-5);
    }

    #[test]
    fn a_finer_rule_gives_the_same() {
        for s in [0.1, 1.0, 5.0, 50.0] {
            let coarse = tanh_moments(s);
            let step = smaller(0.15 / s, 0.1) / 3.0;
            let sum = |f: &dyn Fn(f64, f64) -> f64| -> f64 {
                let count = (13.0 / step) as i64;
                let terms = (-count..=count).map(|i| {
                    let z = i as f64 * step;
                    (-0.5 * z * z).exp() * f(z, (s * z).tanh())
                });
                terms.sum::<f64>() * step / (2.0 * PI).sqrt()
            };
            let fine = [
                sum(&|_, h| h * h),
                sum(&|_, h| (1.0 - h * h).powi(2)),
                sum(&|z, h| (z * (1.0 - h * h)).powi(2)),
            ];
            for (a, b) in coarse.iter().zip(fine) {
                assert!((a - b).abs() < 1e-12, "{s}: {a} {b}");
            }
        }
    }

    #[test]
    fn closed_forms_and_bad_input() {
        let of = |activation, q| {
            let g = gaussian_moments(activation, q).expect("a variance");
            [g.value, g.slope, g.slope_along]
        };
        assert_eq!(of(Activation::Relu, 3.0), [1.5, 0.5, 0.5]);
        assert_eq!(of(Activation::Quadratic, 2.0), [12.0, 8.0, 24.0]);
        let [value, slope, along] = of(Activation::Tanh, 0.0);
        assert!(value == 0.0 && (slope - 1.0).abs() < 1e-12 && (along - 1.0).abs() < 1e-12);
        for bad in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(gaussian_moments(Activation::Linear, bad).is_err());
        }
        assert!(gaussian_moments(Activation::Quadratic, 1e200).is_err());
    }
}
