//! Half cubes and what lies near them, in any ℓp distance.

use statrs::function::erf::erfc;

use crate::error::{Error, Result, check_scale};
use crate::stats::smaller;

/// The largest dimension for the diagonal half cube.
const MAX_DIM: usize = 1 << 20;

/// Lower bounds on the ε-expansion, in ℓp, of any half of the cube.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CubeBound {
    /// η = ε·d^{1/2 − 1/p*}, p* = min(p, 2): an ℓ2 ball of radius η lies in the ℓp ball of radius ε.
    pub reach: f64,
    /// Φ(√(2π)·η), the sharpest of the three.
    pub gaussian: f64,
    /// 1 − e^{−πη²}/(2πη), the one in the slide's form that follows from it; −∞ for η = 0.
    pub tail: f64,
    /// 1 − e^{−2πη²}/(2πη), as the slide's source prints it: the exponent is too large by a factor 2, and the
    /// diagonal half cube violates it; −∞ for η = 0.
    pub printed: f64,
}

/// How much of \[0, 1\]^d lies within ℓp distance ε of any set of volume ½ or more: at least this.
///
/// # Formula
/// With p* = min(p, 2) and η = ε·d^{1/2−1/p*}: vol ≥ Φ(√(2π)η) ≥ 1 − e^{−πη²}/(2πη), that is,
/// 1 − exp(−π d^{1−2/p*} ε²)/(2π ε d^{1/2−1/p*}).
///
/// *Proof.* ‖v‖_p ≤ d^{1/p*−1/2}‖v‖₂, so the ℓp expansion by ε contains the ℓ2 expansion by η. The map Φ on each coordinate takes the
/// standard normal law to the uniform one and has Lipschitz constant φ(0) = 1/√(2π), so the ℓ2 expansion by η contains the
/// image of the Gaussian expansion by √(2π)η, which has measure at least Φ(√(2π)η) (Borell; Sudakov & Tsirelson).
/// Last, 1 − Φ(t) ≤ e^{−t²/2}/(t√(2π)), with t²/2 = πη².
///
/// The slides have 2/p² for 2/p* and misplace ε²; their source prints 2π in the exponent, for which t²/2 would have to be t².
///
/// Takes p ≥ 1, `f64::INFINITY` allowed.
///
/// # Errors
/// d is 0; p below 1 or NaN; ε negative or not finite.
///
/// # Reference
/// Shafahi, Huang, Studer, Feizi & Goldstein 2019, arXiv:1809.02104, lemma 3; Borell 1975,
/// doi:10.1007/BF01425510.
pub fn cube_expansion_bound(d: usize, epsilon: f64, p: f64) -> Result<CubeBound> {
    check(d, epsilon, p)?;
    let star = smaller(p, 2.0);
    let reach = epsilon * (d as f64).powf(0.5 - 1.0 / star);
    let rate = std::f64::consts::PI * reach * reach;
    let below = |exponent: f64| match reach > 0.0 {
        true => 1.0 - (-exponent).exp() / (2.0 * std::f64::consts::PI * reach),
        false => f64::NEG_INFINITY,
    };
    Ok(CubeBound {
        reach,
        // Φ(t) = erfc(−t/√2)/2, t/√2 = √π·η.
        gaussian: 0.5 * erfc(-std::f64::consts::PI.sqrt() * reach),
        tail: below(rate),
        printed: below(2.0 * rate),
    })
}

/// The share of \[0, 1\]^d within ℓp distance ε of the half cube x₁ ≤ ½: min(½ + ε, 1), for every p and d.
///
/// # Errors
/// ε negative or not finite.
pub fn half_cube_expansion(epsilon: f64) -> Result<f64> {
    check_scale("the distance ε", epsilon)?;
    Ok(smaller(0.5 + epsilon, 1.0))
}

/// The share of \[0, 1\]^d outside {Σ(x_i − ½) ≤ η√d}, the half space cut perpendicular to the diagonal and moved by η.
///
/// All of it is farther than η (in ℓ2) from the diagonal half cube {Σ x_i ≤ d/2}, so it is at most what that
/// half leaves uncovered: a test of every lower bound on expansions.
///
/// # Formula
/// P(S > η) for S = Σ(x_i − ½)/√d, by the characteristic function φ(t) = (sin u/u)^d, u = t/(2√d):
/// ½ − (1/π)∫₀^∞ φ(t) sin(tη)/t dt. S is bounded by √d/2, so the trapezoidal rule with a step below 2π/(√d + η) has no error
/// but that of cutting the integral. Absolute error below 10⁻¹³ from d = 8 on; below, the sum of Irwin and Hall.
///
/// # Errors
/// d is 0 or above 2²⁰; η negative or not finite.
///
/// # Reference
/// Gil-Pelaez 1951, doi:10.1093/biomet/38.3-4.481; Hall 1927, doi:10.1093/biomet/19.3-4.240.
pub fn diagonal_half_cube_outside(d: usize, eta: f64) -> Result<f64> {
    check(d, eta, 2.0)?;
    if d > MAX_DIM {
        let expected = format!("1 to {MAX_DIM}");
        return Err(Error::domain("the dimension d", expected, d));
    }
    let root = (d as f64).sqrt();
    if eta >= root / 2.0 {
        return Ok(0.0);
    }
    Ok(match d < 8 {
        true => irwin_hall_tail(d, eta),
        false => by_characteristic_function(root, eta),
    }
    .clamp(0.0, 0.5))
}

/// P(Σx_i > d/2 + η√d) = (1/d!) Σ_k (−1)^k C(d, k) (d/2 − η√d − k)₊^d, by symmetry.
fn irwin_hall_tail(d: usize, eta: f64) -> f64 {
    let below = d as f64 / 2.0 - eta * (d as f64).sqrt();
    let (mut sum, mut term) = (0.0, 1.0);
    for k in 0..=d {
        let rest = below - k as f64;
        if rest <= 0.0 {
            break;
        }
        sum += term * rest.powi(d as i32);
        term *= -((d - k) as f64) / (k + 1) as f64;
    }
    (1..=d).fold(sum, |sum, k| sum / k as f64)
}

fn by_characteristic_function(root: f64, eta: f64) -> f64 {
    let d = root * root;
    let step = smaller(3.0 / (root + 2.0 * eta), 0.05);
    let (mut sum, mut k) = (eta / 2.0, 1.0);
    loop {
        let t = step * k;
        let u = t / (2.0 * root);
        // |sin u/u| ≤ 1/u bounds all that follows once u > 1.
        let size = match u < 1.0 {
            true => (u.sin() / u).powf(d),
            false => u.powf(-d),
        };
        if size < 1e-17 {
            break;
        }
        sum += (u.sin() / u).powi(d.round() as i32) * (t * eta).sin() / t;
        k += 1.0;
    }
    0.5 - step * sum / std::f64::consts::PI
}

pub(super) fn check(d: usize, epsilon: f64, p: f64) -> Result<()> {
    if d == 0 {
        return Err(Error::domain("the dimension d", "at least 1", d));
    }
    if p.is_nan() || p < 1.0 {
        return Err(Error::domain("the exponent p", "at least 1", p));
    }
    check_scale("the distance ε", epsilon)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::uniform_cube;
    use crate::stats::{Estimate, parallel_draws};

    #[test]
    fn two_routes_to_the_diagonal() {
        // Irwin–Hall still has 12 digits at d = 8…12.
        for d in [8, 10, 12] {
            for eta in [0.0, 0.1, 0.4, 0.8, 1.2] {
                let (sum, integral) = (irwin_hall_tail(d, eta), diagonal_half_cube_outside(d, eta));
                assert!((sum - integral.expect("valid")).abs() < 1e-11, "{d} {eta}");
            }
        }
        assert!((diagonal_half_cube_outside(1, 0.2).expect("valid") - 0.3).abs() < 1e-14);
        // The normal limit with variance 1/12.
        let wide = diagonal_half_cube_outside(1 << 20, 0.5).expect("valid");
        assert!((wide - 0.5 * erfc(0.5 * 6_f64.sqrt())).abs() < 1e-6);
        let drawn = parallel_draws(20, 1, "diagonal", |rng| {
            let x = uniform_cube(2000, 30, rng)?;
            let far = x
                .rows()
                .into_iter()
                .filter(|x| x.sum() - 15.0 > 0.2 * 30_f64.sqrt());
            Ok(far.count() as f64 / 2000.0)
        });
        let drawn = Estimate::from_values(&drawn.expect("valid")).expect("valid");
        let exact = diagonal_half_cube_outside(30, 0.2).expect("valid");
        assert!(drawn.distance(exact) < 4.5, "{drawn} {exact}");
    }

    /// The exponent: with 2π the bound is false, with π it holds.
    #[test]
    fn the_diagonal_half_cube_breaks_the_printed_bound_and_no_other() {
        let uncovered = diagonal_half_cube_outside(1000, 1.2).expect("valid");
        let bound = cube_expansion_bound(1000, 1.2, 2.0).expect("valid");
        assert!(1.0 - bound.printed < 0.99 * uncovered);
        for d in [1, 2, 5, 30, 1000, 100_000] {
            for eta in [0.05, 0.2, 0.5, 1.0, 1.2, 1.5] {
                let uncovered = diagonal_half_cube_outside(d, eta).expect("valid");
                let bound = cube_expansion_bound(d, eta, 2.0).expect("valid");
                assert!(1.0 - bound.gaussian >= uncovered - 1e-13, "{d} {eta}");
                assert!(bound.tail <= bound.gaussian);
                assert!(bound.gaussian <= half_cube_expansion(eta).expect("valid") + 1e-15);
            }
        }
    }

    #[test]
    fn exponents_of_the_dimension() {
        // ℓ1: the reach is ε/√d; ℓ2 and beyond: ε.
        let reach = |p: f64| cube_expansion_bound(100, 0.4, p).expect("valid").reach;
        assert!((reach(1.0) - 0.04).abs() < 1e-15 && reach(2.0) == 0.4);
        assert_eq!(reach(f64::INFINITY), 0.4);
        let zero = cube_expansion_bound(3, 0.0, 2.0).expect("valid");
        assert!(zero.gaussian == 0.5 && zero.tail == f64::NEG_INFINITY);
        assert!(cube_expansion_bound(3, 0.1, 0.5).is_err());
        assert!(cube_expansion_bound(0, 0.1, 2.0).is_err());
        assert!(half_cube_expansion(f64::NAN).is_err());
        assert!(diagonal_half_cube_outside(usize::MAX, 0.1).is_err());
    }
}
