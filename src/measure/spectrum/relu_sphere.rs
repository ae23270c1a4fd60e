//! One ReLU neuron on a sphere, degree by degree.

use statrs::function::gamma::ln_gamma;

use crate::error::{Error, Result, check_count};
use crate::stats::{larger, smaller};

/// Degrees beyond this have not been checked.
const MAX_DEGREE: usize = 256;

/// The part of one degree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SphereDegree {
    /// k.
    pub degree: usize,
    /// N(d, k), how many independent harmonics of this degree there are, as a number.
    pub multiplicity: f64,
    /// F_k, the share of a neuron's mean square that is of this degree.
    pub share: f64,
}

impl SphereDegree {
    /// λ_k = F_k/N(d, k), the eigenvalue of the kernel that random neurons have in common.
    #[must_use]
    pub fn eigenvalue(&self) -> f64 {
        self.share / self.multiplicity
    }
}

/// Splits one ReLU neuron f(x) = max(0, w·x) on the sphere S^{d−1} into spherical harmonics of degree 0, 1, …, `degrees` − 1,
/// in dimension `d`.
///
/// # Formula
/// F_k = N(d, k)·2d·(c·I_k)², with N(d, k) = (2k + d − 2)·Γ(k + d − 2)/(k!·Γ(d − 1)), c = Γ(d/2)/(√π·Γ((d−1)/2)) and
/// I_k = ∫₀¹ u P_k(u)(1 − u²)^{(d−3)/2} du for the Gegenbauer polynomial P_k of dimension d, P_k(1) = 1. By Rodrigues' formula and
/// two integrations by parts, I_k = 2^{−k}·Γ((d−1)/2)/Γ(k + (d−1)/2)·(k − 2)!·C(k + (d−3)/2, k/2 − 1) for even k ≥ 2, up to its
/// sign, and 0 for odd k ≥ 3. F_0 = (d/2π)·(Γ(d/2)/Γ((d+1)/2))² → 1/π, F_1 = ½, Σ F_k = 1.
///
/// Two neurons at the angle θ have E f f' = (1/2d)·Σ F_k P_k(cos θ): the arc-cosine kernel κ₁(θ) is Σ F_k P_k(cos θ), so
/// that λ_k = F_k/N(d, k) are its eigenvalues.
///
/// # Errors
/// `d` is below 2 or above 2²⁰; no degrees, or more than 256.
///
/// # Reference
/// Derived here; Bach 2017, "Breaking the curse of dimensionality with convex neural networks", JMLR 18, has the eigenvalues.
///
/// ```
/// use dltheory::measure::relu_on_sphere;
/// let parts = relu_on_sphere(20, 3)?;
/// assert_eq!((parts[1].multiplicity, parts[1].share), (20.0, 0.5));
/// assert_eq!(parts[2].multiplicity.round(), 209.0);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn relu_on_sphere(d: usize, degrees: usize) -> Result<Vec<SphereDegree>> {
    if !(2..=1 << 20).contains(&d) {
        return Err(Error::domain("the dimension d", "2 to 1048576", d));
    }
    check_count("the number of degrees", degrees)?;
    if degrees > MAX_DEGREE {
        let allowed = format!("at most {MAX_DEGREE}");
        return Err(Error::domain("the number of degrees", allowed, degrees));
    }
    let parts = (0..degrees).map(|degree| {
        let multiplicity = multiplicity(d, degree);
        SphereDegree {
            degree,
            multiplicity,
            share: share(d as f64, degree, multiplicity),
        }
    });
    Ok(parts.collect())
}

fn multiplicity(d: usize, degree: usize) -> f64 {
    let (d, k) = (d as f64, degree as f64);
    match degree {
        0 => 1.0,
        1 => d,
        _ => {
            let log = ln_gamma(k + d - 2.0) - ln_gamma(k + 1.0) - ln_gamma(d - 1.0);
            (2.0 * k + d - 2.0) * log.exp()
        }
    }
}

fn share(d: f64, degree: usize, multiplicity: f64) -> f64 {
    let k = degree as f64;
    match degree {
        0 => {
            let log = ln_gamma(d / 2.0) - ln_gamma(f64::midpoint(d, 1.0));
            d / (2.0 * std::f64::consts::PI) * (2.0 * log).exp()
        }
        1 => 0.5,
        _ if degree % 2 == 1 => 0.0,
        _ => {
            let (half, below, top) = ((d - 1.0) / 2.0, k / 2.0 - 1.0, k + (d - 3.0) / 2.0);
            let binomial =
                ln_gamma(top + 1.0) - ln_gamma(below + 1.0) - ln_gamma(top - below + 1.0);
            let log = ln_gamma(d / 2.0)
                - 0.5 * std::f64::consts::PI.ln()
                - ln_gamma(half + k)
                - k * std::f64::consts::LN_2
                + ln_gamma(k - 1.0)
                + binomial;
            2.0 * d * multiplicity * (2.0 * log).exp()
        }
    }
}

/// The least mean risk that any `columns` fixed features leave, over neurons of random direction, in parts of a neuron's mean
/// square: the sum of all eigenvalues but the `columns` largest.
///
/// # Formula
/// For a space of N functions with projection Π, E_w ‖f_w − Πf_w‖² = tr((1 − Π)K) ≥ Σ_{i>N} λ_i, K the kernel's operator: a
/// theorem for every N and every choice of the features, random or not, that does not see the direction w.
///
/// Takes `parts` from [`relu_on_sphere`]; what they leave out counts as not learned, at most 1 − Σ F_k too much.
#[must_use]
pub fn fixed_features_bound(parts: &[SphereDegree], columns: usize) -> f64 {
    let mut order: Vec<&SphereDegree> = parts.iter().collect();
    order.sort_by(|a, b| b.eigenvalue().total_cmp(&a.eigenvalue()));
    let mut left = columns as f64;
    let mut learned = 0.0;
    for part in order {
        let taken = smaller(part.multiplicity, left);
        learned += taken * part.eigenvalue();
        left -= taken;
    }
    1.0 - learned
}

/// The mean risk of the best combination of `columns` random ReLU neurons as another neuron, in parts of its mean square, as the
/// dimension grows.
///
/// # Formula
/// ε with ε = Σ_k F_k/(1 + N λ_k/ε) + (1 − Σ F_k), N the columns: the deterministic equivalent of a kernel interpolant, with
/// κ = ε/N its effective penalty. Each degree is learned as far as N λ_k exceeds ε. Found by bisection.
///
/// # Reference
/// Sollich 2002, "Learning curves for Gaussian process regression", arXiv:cond-mat/0105015: an approximation for finite d.
/// Here the neurons play the data's part: E f f' is a kernel of their directions.
///
/// # Errors
/// No columns, or no parts.
pub fn random_neurons_risk(parts: &[SphereDegree], columns: usize) -> Result<f64> {
    check_count("the number of columns", columns)?;
    check_count("the number of degrees", parts.len())?;
    let n = columns as f64;
    let rest = 1.0 - parts.iter().map(|part| part.share).sum::<f64>();
    let left = |risk: f64| {
        let parts = parts
            .iter()
            .map(|part| part.share / (1.0 + n * part.eigenvalue() / risk));
        parts.sum::<f64>() + larger(rest, 0.0)
    };
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        match left(middle) > middle {
            true => low = middle,
            false => high = middle,
        }
    }
    Ok(high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kappa1;

    /// P_k by (k + d − 2)P_{k+1} = (2k + d − 2) t P_k − k P_{k−1}.
    fn gegenbauer(d: f64, count: usize, t: f64) -> Vec<f64> {
        let mut p = vec![1.0, t];
        for k in 1..count {
            let degree = k as f64;
            let next =
                ((2.0 * degree + d - 2.0) * t * p[k] - degree * p[k - 1]) / (degree + d - 2.0);
            p.push(next);
        }
        p
    }

    /// The second route: the series of the arc-cosine kernel, whose coefficients these are. What is left out is at most 1 − Σ F_k.
    #[test]
    fn the_parts_add_up_to_the_arc_cosine_kernel() {
        for d in [3_usize, 5, 20, 100] {
            let parts = relu_on_sphere(d, 200).expect("valid");
            let sum: f64 = parts.iter().map(|part| part.share).sum();
            assert!(sum < 1.0 + 1e-10 && sum > 0.999, "{d}: {sum}");
            for theta in [0.0, 0.4, 1.3, 2.0, 3.1_f64] {
                let p = gegenbauer(d as f64, 200, theta.cos());
                let series: f64 = parts.iter().zip(&p).map(|(part, p)| part.share * p).sum();
                let exact = kappa1(theta).expect("an angle");
                assert!(
                    (series - exact).abs() < 1.0 - sum + 1e-10,
                    "{d} {theta}: {series} {exact}"
                );
            }
        }
    }

    #[test]
    fn bounds_and_risks_at_their_ends() {
        let parts = relu_on_sphere(20, 64).expect("valid");
        let above_one = 0.5 - parts[0].share;
        assert!((fixed_features_bound(&parts, 21) - above_one).abs() < 1e-12);
        assert_eq!(fixed_features_bound(&parts, 0), 1.0);
        let mut before = 1.0;
        for columns in [1, 10, 40, 160, 640] {
            let risk = random_neurons_risk(&parts, columns).expect("valid");
            assert!(
                risk < before && risk > fixed_features_bound(&parts, columns),
                "{columns}"
            );
            before = risk;
        }
        assert!(random_neurons_risk(&parts, 0).is_err() && random_neurons_risk(&[], 3).is_err());
        assert!(relu_on_sphere(1, 3).is_err() && relu_on_sphere(3, 0).is_err());
        assert!(relu_on_sphere(3, 1000).is_err());
        // A limit: F_0 → 1/π.
        let wide = relu_on_sphere(100_000, 1).expect("valid")[0].share;
        assert!((wide - std::f64::consts::FRAC_1_PI).abs() < 1e-5);
    }
}
