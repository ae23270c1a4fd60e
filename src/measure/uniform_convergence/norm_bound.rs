//! The bound by the norm that every interpolator in a ball obeys.

use crate::error::{Result, check_count, check_scale, within_range};

/// B² Tr(Σ)/n: what the test error of every interpolator with ‖w‖ ≤ B stays below, up to a factor 1 + o(1).
///
/// # Formula
/// sup {R(w) : ‖w‖ ≤ B, Xw = y} ≤ (1 + o(1)) B² Tr(Σ)/n with high probability, for Gaussian x with
/// covariance Σ whose large eigenvalues are few (effective rank of the rest ≫ n). R includes σ².
///
/// Takes `norm2` B², `trace` Tr Σ, and `n`.
///
/// # Errors
/// A negative or non-finite number; n = 0; a bound beyond the range of f64.
///
/// # Reference
/// Koehler, Zhou, Sutherland & Srebro 2021, "Uniform convergence of interpolators",
/// arXiv:2106.09276, Corollary 1, in its simplified form.
pub fn norm_bound(norm2: f64, trace: f64, n: usize) -> Result<f64> {
    check_scale("the squared norm B²", norm2)?;
    check_scale("the trace of Σ", trace)?;
    check_count("the number of examples n", n)?;
    within_range("the bound", norm2 * trace / n as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_input_is_an_error() {
        assert!(norm_bound(-1.0, 1.0, 1).is_err() && norm_bound(1.0, f64::NAN, 1).is_err());
        assert!(norm_bound(1.0, 1.0, 0).is_err());
    }
}
