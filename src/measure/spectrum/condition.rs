//! How well conditioned a random linear model is: the tangent kernel K = AAᵀ of a Gaussian A.

use crate::error::{Error, Result};

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

/// ln(λ_max/λ_min) of K = AAᵀ as it is to be expected at finite n and m: the edges of the spectrum lie inside their
/// limits.
///
/// # Formula
/// With a = √(m−½), b = √(n−½): λ_max ≈ (a+b)² − t(a+b)(1/a+1/b)^⅓ and λ_min ≈ (a−b)² + t(a−b)(1/b−1/a)^⅓, where
/// −t = −1.2065 is the mean of the Tracy–Widom law of order 1. The relative shift is of order n^(−⅔).
///
/// # Errors
/// n is 0 or not below m.
///
/// # Reference
/// Johnstone 2001, doi:10.1214/aos/1009210544 (largest); Feldheim & Sodin 2010, arXiv:0812.1961 (smallest); Ma 2012,
/// arXiv:1110.0108 (the halves); Bornemann 2010, arXiv:0904.1581 (the mean).
pub fn expected_log_condition(n: usize, m: usize) -> Result<f64> {
    check(n, m)?;
    let (b, a) = ((n as f64 - 0.5).sqrt(), (m as f64 - 0.5).sqrt());
    let inside = |edge: f64, spread: f64| TRACY_WIDOM_MEAN * edge.abs() * spread.cbrt();
    let largest = (a + b).powi(2) - inside(a + b, 1.0 / a + 1.0 / b);
    let smallest = (a - b).powi(2) + inside(a - b, 1.0 / b - 1.0 / a);
    Ok((largest / smallest).ln())
}

/// Minus the mean of the Tracy–Widom law of order 1.
const TRACY_WIDOM_MEAN: f64 = 1.206_533_574_582;

pub(super) fn check(n: usize, m: usize) -> Result<()> {
    if n == 0 || n >= m {
        let expected = format!("1 to {}", m.saturating_sub(1));
        return Err(Error::domain("the number of examples n", expected, n));
    }
    Ok(())
}
