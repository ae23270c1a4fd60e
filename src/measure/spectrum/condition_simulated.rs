//! Drawn Gaussian matrices, and how well conditioned they are.

use super::condition::check;
use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::linalg::thin_svd;
use crate::stats::{Estimate, estimate};

/// The mean of ln(λ_max/λ_min) of K = AAᵀ over `draws` Gaussian matrices A, `(n, m)`, from their
/// singular values. The logarithm, as the condition number itself has heavy tails near n = m.
///
/// # Errors
/// n is 0 or not below m; too many numbers; no draws.
pub fn gaussian_condition(n: usize, m: usize, draws: usize, seed: u64) -> Result<Estimate> {
    check(n, m)?;
    estimate(draws, seed, "gaussian condition", |rng| {
        let svd = thin_svd(&gaussian(n, m, rng)?)?;
        Ok(2.0 * (svd.s[0] / svd.s[n - 1]).ln())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{expected_log_condition, marchenko_pastur_condition};

    /// Within 4.5 standard errors and 0.01, since the mean of a logarithm is not the logarithm of the mean; the limit
    /// itself is farther away.
    #[test]
    fn the_edges_lie_inside_their_limits() {
        for m in [200, 400, 1600] {
            let measured = gaussian_condition(100, m, 24, 1).expect("valid");
            let expected = expected_log_condition(100, m).expect("valid");
            let off = (measured.mean - expected).abs();
            assert!(off < 4.5 * measured.se + 0.01, "{m}: {measured} {expected}");
            let limit = marchenko_pastur_condition(100, m).expect("valid").ln();
            assert!(limit > measured.mean, "{m}: {measured} {limit}");
        }
        let far = marchenko_pastur_condition(1_000_000, 2_000_000).expect("valid");
        let near = expected_log_condition(1_000_000, 2_000_000).expect("valid");
        assert!((near / far.ln() - 1.0).abs() < 1e-3);
        assert!(expected_log_condition(3, 3).is_err());
        assert!(marchenko_pastur_condition(5, 5).is_err());
        assert!(gaussian_condition(0, 5, 3, 1).is_err());
        assert!(gaussian_condition(2, 5, 0, 1).is_err());
    }
}
