//! The bound by the norm where a few directions hold most of the variance: they are split off.

use super::norm_bound;
use crate::error::{Error, Result};

/// B² Tr(Σ₂)/n · (1 − √((k+2)/n))⁻² for Σ = Σ₁ ⊕ Σ₂ with rank(Σ₁) = `rank` = k: a bound for every interpolator with ‖w‖ ≤ B,
/// up to fluctuations of relative size O(1/√n), where the best coefficients lie in the k directions of Σ₁.
///
/// # Formula
/// [`norm_bound`] counts all of Tr Σ, though k directions cannot follow the noise of n ≫ k labels. Split them off. An interpolator
/// has X₁v₁ + σξ + X₂w₂ = 0, v₁ what it is off by in the k directions. By Gordon's comparison the last term may be replaced by
/// ‖Σ₂^½w₂‖g, g Gaussian, if its length then stays below h·Σ₂^½w₂ ≤ B‖Σ₂^½h‖, whose mean is at most B√Tr Σ₂. But the length of a
/// combination of k + 2 Gaussian vectors of R^n with squared coefficients that add up to R is at least (√n − √(k+2))√R in the mean
/// of the worst. So (√n − √(k+2))√R ≤ B√Tr Σ₂.
///
/// Takes `norm2` B², `trace_rest` Tr Σ₂, `rank` k and `n` > k + 2.
///
/// # Errors
/// As [`norm_bound`]; n at most k + 2.
///
/// # Reference
/// Koehler, Zhou, Sutherland & Srebro 2021, "Uniform convergence of interpolators", arXiv:2106.09276, who split the covariance; the
/// explicit factor is derived here. The smallest singular value: Davidson & Szarek, "Banach space theory and local operator theory", part II.c.
pub fn split_bound(norm2: f64, trace_rest: f64, rank: usize, n: usize) -> Result<f64> {
    let lost = (rank as f64 + 2.0) / n as f64;
    if n <= rank + 2 {
        let expected = format!("above rank + 2 = {}", rank + 2);
        return Err(Error::domain("the number of examples n", expected, n));
    }
    Ok(norm_bound(norm2, trace_rest, n)? / (1.0 - lost.sqrt()).powi(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_split_off_costs_little() {
        let (plain, split) = (
            norm_bound(0.1, 50.0, 10_000),
            split_bound(0.1, 50.0, 0, 10_000),
        );
        let ratio = split.expect("valid") / plain.expect("valid");
        assert!(ratio > 1.0 && ratio < 1.03);
        assert!(
            split_bound(1.0, 1.0, 8, 10).is_err() && split_bound(f64::NAN, 1.0, 1, 10).is_err()
        );
    }
}
