//! SGD on a quadratic in theory: exact second moments, whatever the schedule.

use crate::error::{Error, Result, check_positive, check_scale};

/// E x_k² for k = 0 … K along x_{k+1} = x_k − α_k(λx_k + ξ_k), from x₀² = `start`; ξ_k independent, with mean 0 and variance σ².
///
/// # Formula
/// m_{k+1} = (1 − α_kλ)²m_k + α_k²σ²: exact, as ξ_k is independent of x_k. f = ½λx² has the mean ½λm.
///
/// # Errors
/// λ that is not positive; σ or `start` that is negative; none may be infinite or NaN.
///
/// ```
/// use dltheory::measure::{second_moments, steady_moment};
/// let hovering = second_moments(2.0, 1.0, 9.0, std::iter::repeat_n(0.1, 500))?;
/// assert!((hovering[500] - steady_moment(2.0, 1.0, 0.1)?).abs() < 1e-12);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn second_moments(
    lambda: f64,
    sigma: f64,
    start: f64,
    rates: impl IntoIterator<Item = f64>,
) -> Result<Vec<f64>> {
    check_positive("the curvature λ", lambda)?;
    check_scale("the noise σ", sigma)?;
    check_scale("the first square", start)?;
    let mut moments = vec![start];
    let mut m = start;
    for rate in rates {
        m = (1.0 - rate * lambda).powi(2) * m + (rate * sigma).powi(2);
        moments.push(m);
    }
    Ok(moments)
}

/// The E x² about which SGD at the constant rate α hovers: ασ²/(λ(2 − αλ)), the fixed point of [`second_moments`].
///
/// # Errors
/// λ or α that is not positive, αλ ≥ 2, where nothing is steady; σ that is negative; none may be infinite or NaN.
pub fn steady_moment(lambda: f64, sigma: f64, rate: f64) -> Result<f64> {
    check_positive("the curvature λ", lambda)?;
    check_scale("the noise σ", sigma)?;
    check_positive("the learning rate α", rate)?;
    match rate * lambda < 2.0 {
        true => Ok(rate * sigma * sigma / (lambda * (2.0 - rate * lambda))),
        false => Err(Error::domain("the learning rate α", "below 2/λ", rate)),
    }
}

/// The exponent e of E x_k² ~ k^e under α_k = γ/k: −min(1, 2γλ). Below the threshold 2γλ = 1 what is left of the start, k^(−2γλ), is
/// larger than what the noise makes, γ²σ²/((2γλ − 1)k) above it. At the threshold itself it is ln k/k.
///
/// # Errors
/// γ or λ that is not positive and finite.
///
/// # Reference
/// Chung 1954, "On a stochastic approximation method", Annals of Mathematical Statistics 25, 463–483.
pub fn one_over_k_exponent(lambda: f64, gamma: f64) -> Result<f64> {
    check_positive("the curvature λ", lambda)?;
    check_positive("the rate γ", gamma)?;
    Ok(-crate::stats::smaller(1.0, 2.0 * gamma * lambda))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Signs as noise, all 2¹⁰ of them.
    #[test]
    fn the_moments_are_those_of_all_signs() {
        let rates: Vec<f64> = (0..10).map(|k| 0.7 / f64::from(k + 1)).collect();
        let (lambda, sigma) = (1.3, 0.6);
        let mut sum = 0.0;
        for signs in 0..1024_u32 {
            let mut x = 0.8;
            for (k, rate) in rates.iter().enumerate() {
                let sign = if signs >> k & 1 == 1 { 1.0 } else { -1.0 };
                x -= rate * (lambda * x + sigma * sign);
            }
            sum += x * x / 1024.0;
        }
        let exact = second_moments(lambda, sigma, 0.64, rates).expect("valid");
        assert!((exact[10] - sum).abs() < 1e-12, "{} {sum}", exact[10]);
    }

    #[test]
    fn one_over_k_has_a_threshold() {
        for gain in [0.4, 3.0] {
            let gamma = gain / 2.0 / 1.7;
            let rates = (1..=1_000_000).map(|k| gamma / f64::from(k));
            let m = second_moments(1.7, 1.0, 1.0, rates).expect("valid");
            let slope = (m[1_000_000] / m[500_000]).ln() / 2.0_f64.ln();
            let exact = one_over_k_exponent(1.7, gamma).expect("valid");
            assert!((slope - exact).abs() < 0.01, "{gain}: {slope} {exact}");
        }
        assert!(steady_moment(2.0, 1.0, 1.0).is_err());
        assert!(second_moments(0.0, 1.0, 1.0, [0.1]).is_err());
    }
}
