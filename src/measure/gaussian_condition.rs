//! How well conditioned a random linear model is: the tangent kernel K = AAᵀ of a Gaussian A.

use super::Estimate;
use super::monte_carlo::estimate;
use crate::data::synthetic::gaussian;
use crate::error::{Error, Result};
use crate::linalg::thin_svd;

/// The limit of the condition number λ_max/λ_min of K = AAᵀ for a Gaussian A, `(n, m)`, as n and m
/// grow at the ratio they have: ((√m + √n)/(√m − √n))². Takes n < m examples and m parameters.
///
/// # Errors
/// n is 0, or not below m: at n = m the limit is infinite.
///
/// # Reference
/// Marchenko & Pastur 1967, doi:10.1070/SM1967v001n04ABEH001994; for the edges Bai & Yin 1993,
/// doi:10.1214/aop/1176989118. S1's expression log(m/(|m−n|+1)) is that of the *singular* values, up to
/// a constant: their ratio is the root of this one.
///
/// ```
/// let kappa = dltheory::measure::marchenko_pastur_condition(100, 200)?;
/// assert!((kappa - 33.97).abs() < 0.01);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn marchenko_pastur_condition(n: usize, m: usize) -> Result<f64> {
    check(n, m)?;
    let (rows, columns) = ((n as f64).sqrt(), (m as f64).sqrt());
    Ok(((columns + rows) / (columns - rows)).powi(2))
}

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

fn check(n: usize, m: usize) -> Result<()> {
    if n == 0 || n >= m {
        let expected = format!("1 to {}", m.saturating_sub(1));
        return Err(Error::domain("the number of examples n", expected, n));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The edges of n = 100 are inside the limit by O(n^−⅔) = 5 %, in both eigenvalues.
    #[test]
    fn the_limit_is_near_at_a_hundred() {
        for m in [200, 400, 1600] {
            let measured = gaussian_condition(100, m, 8, 1).expect("valid");
            let limit = marchenko_pastur_condition(100, m).expect("valid").ln();
            assert!(
                (measured.mean - limit).abs() < 0.1,
                "{m}: {measured} {limit}"
            );
        }
        assert!(marchenko_pastur_condition(5, 5).is_err());
        assert!(gaussian_condition(0, 5, 3, 1).is_err());
        assert!(gaussian_condition(2, 5, 0, 1).is_err());
    }
}
