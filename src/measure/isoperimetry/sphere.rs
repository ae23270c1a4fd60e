//! Half spheres and what lies near them.

use ndarray::ArrayView1;
use statrs::function::beta::beta_reg;

use super::check_epsilon;
use crate::data::synthetic::unit_sphere;
use crate::error::{Error, Result};
use crate::rng::stream;
use crate::stats::Estimate;

/// Above this dimension the incomplete beta function has not been checked.
const MAX_DIM: usize = 1 << 24;

fn check(d: usize, epsilon: f64) -> Result<()> {
    if !(2..=MAX_DIM).contains(&d) {
        let expected = format!("2 to {MAX_DIM}");
        return Err(Error::domain("the dimension d", expected, d));
    }
    check_epsilon(epsilon)
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

/// [`half_sphere_expansion`] by sampling: the share of `draws` uniform points whose angle to the half sphere is at most ε.
/// Points come in batches of at most 1,000, the standard error is that of a share.
///
/// # Errors
/// As [`half_sphere_expansion`]; no draws.
pub fn half_sphere_expansion_monte_carlo(
    d: usize,
    epsilon: f64,
    draws: usize,
    seed: u64,
) -> Result<Estimate> {
    check(d, epsilon)?;
    let label = format!("half sphere {d} {epsilon}");
    super::cube::share(draws, |batch, count| {
        let points = unit_sphere(count, d, &mut stream(seed, &label, batch))?;
        // The angle to the half sphere x₁ ≤ 0 is arcsin x₁.
        let near = |x: &ArrayView1<'_, f64>| x[0].clamp(-1.0, 1.0).asin() <= epsilon;
        Ok(points.rows().into_iter().filter(near).count() as f64)
    })
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
    fn sampling_and_bad_input() {
        for (d, epsilon) in [(2, 0.4), (10, 0.5), (30, 0.1)] {
            let sampled = half_sphere_expansion_monte_carlo(d, epsilon, 20_000, 1).expect("valid");
            let exact = half_sphere_expansion(d, epsilon).expect("valid");
            assert!(
                sampled.distance(exact) < 4.5,
                "{d} {epsilon}: {sampled} {exact}"
            );
        }
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
        assert!(half_sphere_expansion_monte_carlo(3, 0.1, 0, 1).is_err());
    }
}
