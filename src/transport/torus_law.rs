//! Theory: how far two samples of the uniform law on a torus are expected to be apart.

use std::f64::consts::{PI, TAU};

use statrs::function::gamma::gamma_ur;

use crate::error::{Error, Result};

/// By how much n · E W₂²(μ̂_n, ν̂_n) grows with ln n on the torus R²/Z²: 1/(2π).
///
/// # Reference
/// Caracciolo, Lucibello, Parisi & Sicuro 2014, "Scaling hypothesis for the Euclidean bipartite matching problem",
/// arXiv:1402.6993; proven by Ambrosio, Stra & Trevisan 2019, arXiv:1611.04960.
#[must_use]
pub fn plane_growth() -> f64 {
    1.0 / TAU
}

/// What finite n adds in d ≥ 3 dimensions: n · E W₂²(μ̂_n, ν̂_n) = e_d n^{1−2/d} + this, on the torus R^d/Z^d, with a constant e_d
/// that is only known from measurements.
///
/// # Formula
/// Z_d/(2π²) with Z_d the analytic continuation of Σ 1/‖k‖^{2s} over integer vectors k ≠ 0 to s = 1. With Ewald's sum,
/// Z_d/π = −1 − 1/(d/2 − 1) + Σ_k (e^{−x}/x + Γ(d/2 − 1, x) x^{1−d/2}), x = π‖k‖².
///
/// # Errors
/// d below 3 or above 12, where the sum has too many terms.
///
/// # Reference
/// Caracciolo, Lucibello, Parisi & Sicuro 2014, arXiv:1402.6993: the Poisson equation for small displacements, whose sum over
/// waves diverges and is regularised.
pub fn finite_size_term(d: usize) -> Result<f64> {
    if !(3..=12).contains(&d) {
        return Err(Error::domain("the dimension of the torus", "3 to 12", d));
    }
    let half = 0.5 * d as f64 - 1.0;
    // Γ(a, x) = Γ(a) · its regularised form.
    let gamma = statrs::function::gamma::gamma(half);
    // x = 6π leaves out terms below e^−19 each.
    let counts = representations(d, 6);
    let waves = counts.iter().enumerate().skip(1).map(|(square, count)| {
        let x = PI * square as f64;
        count * ((-x).exp() / x + gamma * gamma_ur(half, x) * x.powf(-half))
    });
    let z = PI * (waves.sum::<f64>() - 1.0 - 1.0 / half);
    Ok(z / (2.0 * PI * PI))
}

/// In how many ways each number up to `most` is a sum of d squares of integers.
fn representations(d: usize, most: usize) -> Vec<f64> {
    let mut counts = vec![0.0; most + 1];
    counts[0] = 1.0;
    for _ in 0..d {
        let before = counts.clone();
        for (square, count) in counts.iter_mut().enumerate() {
            let roots = (1..).take_while(|k| k * k <= square);
            *count = before[square] + roots.map(|k| 2.0 * before[square - k * k]).sum::<f64>();
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_squares() {
        assert_eq!(representations(2, 5), [1.0, 4.0, 4.0, 0.0, 4.0, 8.0]);
        assert_eq!(representations(3, 2), [1.0, 6.0, 12.0]);
    }

    /// Z₃ = −8.91363…, the constant of a Wigner crystal's like; Z₄ by Jacobi: 8(1 − 4^{1−s}) ζ(s) ζ(s − 1), at s = 1:
    /// −8 ln 2.
    #[test]
    fn the_sum_is_the_known_one() {
        let z = |d| finite_size_term(d).unwrap() * 2.0 * PI * PI;
        assert!((z(3) + 8.913_63).abs() < 1e-4, "{}", z(3));
        assert!((z(4) + 8.0 * 2.0_f64.ln()).abs() < 1e-7, "{}", z(4));
        assert!(finite_size_term(2).is_err() && finite_size_term(13).is_err());
    }
}
