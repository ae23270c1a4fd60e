//! Half spheres and what lies near them.

use statrs::function::beta::beta_reg;

use crate::error::{Error, Result, check_scale};

/// Above this dimension the incomplete beta function has not been checked.
const MAX_DIM: usize = 1 << 24;

pub(super) fn check(d: usize, epsilon: f64) -> Result<()> {
    if !(2..=MAX_DIM).contains(&d) {
        let expected = format!("2 to {MAX_DIM}");
        return Err(Error::domain("the dimension d", expected, d));
    }
    check_scale("the distance ε", epsilon)
}

/// The share of the unit sphere S^{d−1} of R^d within geodesic distance ε of a half sphere, exactly.
///
/// # Formula
/// The points with x₁ ≤ sin ε: ½ + ½·I_{sin²ε}(½, (d−1)/2) for ε ≤ π/2, with the regularised incomplete
/// beta function I, since x₁² ~ Beta(½, (d−1)/2); 1 beyond. By Lévy's theorem no set of measure ½ has a smaller
/// expansion.
///
/// # Errors
/// d below 2 or above 2²⁴; ε negative or not finite.
///
/// # Reference
/// Lévy & Pellegrino 1951, "Problèmes concrets d'analyse fonctionnelle".
pub fn half_sphere_expansion(d: usize, epsilon: f64) -> Result<f64> {
    check(d, epsilon)?;
    if epsilon >= std::f64::consts::FRAC_PI_2 {
        return Ok(1.0);
    }
    let share = beta_reg(0.5, (d as f64 - 1.0) / 2.0, epsilon.sin().powi(2));
    Ok(0.5 + 0.5 * share)
}

/// The lower bound 1 − √(π/8)·e^{−(d−1)ε²/2} on the ε-expansion of any half of S^{d−1}.
///
/// # Errors
/// As [`half_sphere_expansion`].
///
/// # Reference
/// Milman & Schechtman 1986, "Asymptotic theory of finite dimensional normed spaces", ch. 2; used in Shafahi, Huang, Studer,
/// Feizi & Goldstein 2019, "Are adversarial examples inevitable?", arXiv:1809.02104, lemma 2.
pub fn sphere_expansion_bound(d: usize, epsilon: f64) -> Result<f64> {
    check(d, epsilon)?;
    let fall = (-(d as f64 - 1.0) * epsilon * epsilon / 2.0).exp();
    Ok(1.0 - (std::f64::consts::PI / 8.0).sqrt() * fall)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circle_ball_and_reference_values() {
        for epsilon in [0.0, 0.3, 1.0, 1.5] {
            // On the circle ½ + ε/π; on S², by Archimedes, (1 + sin ε)/2.
            let circle = half_sphere_expansion(2, epsilon).expect("valid");
            assert!((circle - 0.5 - epsilon / std::f64::consts::PI).abs() < 1e-12);
            let globe = half_sphere_expansion(3, epsilon).expect("valid");
            assert!((globe - (1.0 + epsilon.sin()) / 2.0).abs() < 1e-12);
        }
        assert!((half_sphere_expansion(10, 0.5).expect("valid") - 0.932).abs() < 5e-4);
        assert!((sphere_expansion_bound(10, 0.5).expect("valid") - 0.797).abs() < 5e-4);
        assert_eq!(half_sphere_expansion(10, 2.0).expect("valid"), 1.0);
    }

    /// By Simpson's rule on the density ∝ cos^{d−2}, another route; and above the bound everywhere.
    #[test]
    fn the_density_integrates_to_it_and_the_bound_is_below() {
        for d in [2, 3, 5, 10, 50, 200, 1000, 3000] {
            let simpson = |to: f64| {
                let n = 20_000;
                let f = |i: usize| (to * i as f64 / n as f64).cos().powi(d as i32 - 2);
                let sum: f64 = (1..n)
                    .map(|i| f(i) * if i % 2 == 1 { 4.0 } else { 2.0 })
                    .sum();
                (sum + f(0) + f(n)) * to / (3.0 * n as f64)
            };
            let half = simpson(std::f64::consts::FRAC_PI_2);
            for epsilon in [0.01, 0.1, 0.3, 0.6, 1.0, 1.4] {
                let exact = half_sphere_expansion(d, epsilon).expect("valid");
                let other = 0.5 + 0.5 * simpson(epsilon) / half;
                assert!(
                    (exact - other).abs() < 1e-9,
                    "{d} {epsilon}: {exact} {other}"
                );
                assert!(exact >= sphere_expansion_bound(d, epsilon).expect("valid"));
            }
        }
    }

    #[test]
    fn bad_input_is_an_error() {
        for (d, epsilon) in [
            (0, 0.1),
            (1, 0.1),
            (usize::MAX, 0.1),
            (3, -0.1),
            (3, f64::NAN),
        ] {
            assert!(half_sphere_expansion(d, epsilon).is_err());
            assert!(sphere_expansion_bound(d, epsilon).is_err());
        }
    }
}
