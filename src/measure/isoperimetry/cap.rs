//! A class that fills a cap of the sphere, and what of it is near the rest.

use statrs::function::beta::beta_reg;

use super::sphere::check;
use crate::error::{Error, Result};
use crate::stats::larger;

/// A class spread evenly over a spherical cap, and a classifier that calls a cap with the same centre by its name.
///
/// The cap of share s is {x : x₁ ≥ sin φ} with μ(cap) = s ≤ ½, so its boundary lies φ(s) ≥ 0 above the equator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CapClass {
    /// d: the sphere is S^{d−1}.
    pub dimension: usize,
    /// s, the share of the sphere that the class fills: its density is v_c = 1/s times the uniform one.
    pub share: f64,
    /// f_c, the share that the classifier gives to the class, from s to ½: s itself is the classifier that is always right.
    pub called: f64,
}

impl CapClass {
    /// The share of the class within geodesic distance ε of a point called otherwise, exactly.
    ///
    /// # Formula
    /// max(0, 1 − T(φ(f_c) + ε)/s), with T(α) = μ{x₁ > sin α} = ½·(1 − I_{sin²α}(½, (d−1)/2)) and T(φ(f_c)) = f_c: the
    /// distance of a point at height α to what is called otherwise is α − φ(f_c).
    ///
    /// # Errors
    /// d below 2 or above 2²⁴; ε negative or not finite; s not in (0, ½], or f_c not in \[s, ½\].
    ///
    /// # Reference
    /// As [`class_expansion_bound`], whose two inequalities are Lévy's, an equality for f_c = ½, and the tail bound.
    pub fn near_others(&self, epsilon: f64) -> Result<f64> {
        check(self.dimension, epsilon)?;
        let edge = self.edge()?;
        Ok(larger(
            1.0 - above(self.dimension, edge + epsilon) / self.share,
            0.0,
        ))
    }

    /// The heights sin φ(s) and φ(f_c) of the two boundaries.
    pub(super) fn heights(&self) -> Result<(f64, f64)> {
        let edge = self.edge()?;
        Ok((height(self.dimension, self.share).sin(), edge))
    }

    fn edge(&self) -> Result<f64> {
        check(self.dimension, 0.0)?;
        if !(self.share > 0.0 && self.share <= 0.5) {
            let what = "the share of the class";
            return Err(Error::domain(what, "above 0, at most 1/2", self.share));
        }
        if !(self.called >= self.share && self.called <= 0.5) {
            let expected = format!("{} to 1/2", self.share);
            return Err(Error::domain("the share called so", expected, self.called));
        }
        Ok(height(self.dimension, self.called))
    }
}

/// The lower bound on the probability that a point of a class is misclassified or within geodesic distance ε of a point called otherwise.
///
/// # Formula
/// 1 − v_c·√(π/8)·e^{−(d−1)ε²/2}, for every classifier that gives the class at most half of the sphere S^{d−1}, where `density` is
/// v_c ≥ 1, the largest density of the class over the uniform one (the surface of the sphere times the largest density).
///
/// *Proof.* What is called otherwise has share ½ or more, so all but √(π/8)·e^{−(d−1)ε²/2} of the sphere is near it
/// ([`sphere_expansion_bound`](super::sphere_expansion_bound)), and a set of share u holds at most v_c·u of the class.
///
/// # Errors
/// As [`sphere_expansion_bound`](super::sphere_expansion_bound); v_c below 1 or not finite.
///
/// # Reference
/// Shafahi, Huang, Studer, Feizi & Goldstein 2019, "Are adversarial examples inevitable?", arXiv:1809.02104, theorem 1.
pub fn class_expansion_bound(d: usize, epsilon: f64, density: f64) -> Result<f64> {
    let far = 1.0 - super::sphere_expansion_bound(d, epsilon)?;
    if !(density >= 1.0 && density.is_finite()) {
        let what = "the density over the uniform one";
        return Err(Error::domain(what, "at least 1", density));
    }
    Ok(1.0 - density * far)
}

/// T(α) for α ≥ 0.
fn above(d: usize, angle: f64) -> f64 {
    if angle >= std::f64::consts::FRAC_PI_2 {
        return 0.0;
    }
    // The upper tail itself: 1 − I would lose it.
    0.5 * beta_reg((d as f64 - 1.0) / 2.0, 0.5, angle.cos().powi(2))
}

/// φ with T(φ) = share, by bisection.
fn height(d: usize, share: f64) -> f64 {
    let (mut low, mut high) = (0.0, std::f64::consts::FRAC_PI_2);
    if share >= 0.5 {
        return 0.0;
    }
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        match above(d, middle) > share {
            true => low = middle,
            false => high = middle,
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::isoperimetry::half_sphere_expansion;
    use crate::stats::smaller;

    fn class(dimension: usize, share: f64, called: f64) -> CapClass {
        CapClass {
            dimension,
            share,
            called,
        }
    }

    #[test]
    fn circle_and_globe_by_hand() {
        for epsilon in [0.0, 0.1, 0.25, 2.0] {
            // On the circle a cap of share s is an arc of length 2πs, and ε is taken from both its ends.
            let arc = class(2, 0.2, 0.2).near_others(epsilon).expect("valid");
            let expected = smaller(2.0 * epsilon / (0.4 * std::f64::consts::PI), 1.0);
            assert!((arc - expected).abs() < 1e-12, "{arc} {expected}");
            // On the globe T(α) = (1 − sin α)/2, so that a tenth lies above sin φ = 0.8.
            let globe = class(3, 0.1, 0.1).near_others(epsilon).expect("valid");
            let top = smaller(0.8_f64.asin() + epsilon, std::f64::consts::FRAC_PI_2);
            assert!((globe - (1.0 - (1.0 - top.sin()) / 0.2)).abs() < 1e-12);
        }
    }

    #[test]
    fn half_of_the_sphere_is_the_half_sphere_and_the_bound_is_below() {
        for d in [2, 10, 200, 3000] {
            for epsilon in [0.0, 0.05, 0.3, 1.0] {
                let half = class(d, 0.5, 0.5).near_others(epsilon).expect("valid");
                let expansion = half_sphere_expansion(d, epsilon).expect("valid");
                assert!((half - (2.0 * expansion - 1.0)).abs() < 1e-12);
                for share in [0.01, 0.1, 0.5] {
                    let bound = class_expansion_bound(d, epsilon, 1.0 / share).expect("valid");
                    for called in [share, 0.5] {
                        let near = class(d, share, called).near_others(epsilon);
                        assert!(near.expect("valid") >= bound - 1e-13, "{d} {epsilon}");
                    }
                }
            }
        }
    }

    #[test]
    fn bad_input_is_an_error() {
        for bad in [
            class(1, 0.1, 0.1),
            class(5, 0.0, 0.1),
            class(5, 0.6, 0.6),
            class(5, 0.2, 0.1),
            class(5, f64::NAN, 0.1),
            class(5, 0.1, f64::NAN),
        ] {
            assert!(bad.near_others(0.1).is_err(), "{bad:?}");
        }
        assert!(class(5, 0.1, 0.1).near_others(-0.1).is_err());
        assert!(class_expansion_bound(5, 0.1, 0.5).is_err());
        assert!(class_expansion_bound(5, 0.1, f64::NAN).is_err());
    }
}
