//! The mean length of a Gaussian vector, and of one with random coordinates switched off.

use crate::error::{Error, Result};

/// The largest size for which the mean over a binomial number of coordinates is summed.
const MAX_SIZE: usize = 1 << 28;

/// Beyond this many degrees of freedom a series in 1/k replaces the recursion.
const SERIES: usize = 64;

/// E χ_k, the mean length of a standard normal vector with k coordinates; 0 for k = 0.
///
/// # Formula
/// E χ_k = √2 Γ((k+1)/2)/Γ(k/2). By the recursion E χ_{k+2} = E χ_k·(k+1)/k from E χ_1 = √(2/π) and
/// E χ_2 = √(π/2), and from k = 64 on by √k (1 − 1/(4k) + 1/(32k²) + 5/(128k³) − 21/(2048k⁴) −
/// 399/(8192k⁵)), whose next term is below 10⁻¹².
///
/// ```
/// use dltheory::measure::robustness::mean_chi;
/// assert!((mean_chi(1) - (2.0 / std::f64::consts::PI).sqrt()).abs() < 1e-15);
/// ```
#[must_use]
pub fn mean_chi(k: usize) -> f64 {
    use std::f64::consts::PI;
    if k == 0 {
        return 0.0;
    }
    if k >= SERIES {
        let x = 1.0 / k as f64;
        let tail = -21.0 / 2048.0 + x * (-399.0 / 8192.0);
        let series = 1.0 + x * (-0.25 + x * (1.0 / 32.0 + x * (5.0 / 128.0 + x * tail)));
        return (k as f64).sqrt() * series;
    }
    let (mut mean, mut at) = match k % 2 {
        1 => ((2.0 / PI).sqrt(), 1),
        _ => ((PI / 2.0).sqrt(), 2),
    };
    while at < k {
        mean *= (at + 1) as f64 / at as f64;
        at += 2;
    }
    mean
}

/// E χ_K for K ~ Binomial(m, ½): the mean length of m standard normal numbers of which a fair coin
/// each keeps or drops.
///
/// The sum runs over the 20√m numbers on each side of m/2; what it leaves out has probability below e⁻⁸⁰⁰.
pub(super) fn mean_halved_chi(m: usize) -> Result<f64> {
    if m == 0 || m > MAX_SIZE {
        let expected = format!("1 to {MAX_SIZE}");
        return Err(Error::domain("the size of a layer", expected, m));
    }
    let reach = 20 * (m as f64).sqrt().ceil() as usize + 20;
    let middle = m / 2;
    // Probabilities relative to the middle: P(k+1)/P(k) = (m−k)/(k+1).
    let (mut sum, mut total) = (mean_chi(middle), 1.0);
    let mut weight = 1.0;
    for k in middle..m.min(middle + reach) {
        weight *= (m - k) as f64 / (k + 1) as f64;
        sum += weight * mean_chi(k + 1);
        total += weight;
    }
    weight = 1.0;
    for k in (middle.saturating_sub(reach) + 1..=middle).rev() {
        weight *= k as f64 / (m - k + 1) as f64;
        sum += weight * mean_chi(k - 1);
        total += weight;
    }
    Ok(sum / total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::function::gamma::ln_gamma;

    #[test]
    fn recursion_and_series_are_the_gamma_quotient() {
        for k in [1, 2, 3, 10, 63, 64, 65, 200, 784] {
            let half = k as f64 / 2.0;
            let exact = 2_f64.sqrt() * (ln_gamma(half + 0.5) - ln_gamma(half)).exp();
            assert!((mean_chi(k) / exact - 1.0).abs() < 1e-11, "{k}");
        }
        assert_eq!(mean_chi(0), 0.0);
        // Both sides of the seam, through E χ_{k+2} = E χ_k (k+1)/k.
        assert!((mean_chi(64) / (mean_chi(62) * 63.0 / 62.0) - 1.0).abs() < 1e-12);
        assert!((mean_chi(65) / (mean_chi(63) * 64.0 / 63.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_binomial_number_of_coordinates() {
        // m = 2: K = 0, 1, 2 with probabilities ¼, ½, ¼.
        let by_hand = 0.5 * mean_chi(1) + 0.25 * mean_chi(2);
        assert!((mean_halved_chi(2).expect("valid") - by_hand).abs() < 1e-15);
        // E√Q for Q of mean 1 and variance 5/m is 1 − 5/(8m) + O(1/m²).
        for m in [1000, 100_000, 1 << 24] {
            let ratio = mean_halved_chi(m).expect("valid") / (m as f64 / 2.0).sqrt();
            let m = m as f64;
            assert!(
                (1.0 - ratio - 0.625 / m).abs() < 2.0 / m / m + 1e-13,
                "{m} {ratio}"
            );
        }
        assert!(mean_halved_chi(0).is_err() && mean_halved_chi(usize::MAX).is_err());
    }
}
