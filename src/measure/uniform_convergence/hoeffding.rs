//! Hoeffding's inequality: for one function, and for all functions of a finite class at once.

use statrs::distribution::{Binomial, DiscreteCDF};

use crate::error::{Error, Result, check_count, check_scale, within_range};
use crate::stats::smaller;

/// How far the empirical risks of `functions` functions, fixed before the n examples were drawn, may lie from their
/// risks: with probability at least 1 − δ none of them farther than this.
///
/// # Formula
/// ‖ℓ‖_∞ √(2 ln(2m/δ)/n) for m functions and losses in \[−‖ℓ‖_∞, ‖ℓ‖_∞\]. m = 1 is Hoeffding's inequality; m functions
/// each get the share δ/m. Losses in \[0, c\] have half of that, with ‖ℓ‖_∞ = c.
///
/// Takes `n`, the failure probability `delta` δ in (0, 1), the loss's `size` ‖ℓ‖_∞ and the number of `functions` m.
///
/// # Errors
/// A number outside its range; a gap beyond the range of f64.
///
/// # Reference
/// Hoeffding 1963, doi:10.1080/01621459.1963.10500830; as on the slide "Statistical error" of Scaman, "Stability and
/// robustness".
///
/// ```
/// use dltheory::measure::hoeffding_gap;
/// let (one, thousand) = (hoeffding_gap(400, 0.05, 1.0, 1)?, hoeffding_gap(400, 0.05, 1.0, 1000)?);
/// assert!((one - 0.1358).abs() < 1e-4 && (thousand - 0.2302).abs() < 1e-4);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn hoeffding_gap(n: usize, delta: f64, size: f64, functions: usize) -> Result<f64> {
    check_count("the number of examples n", n)?;
    check_count("the number of functions m", functions)?;
    check_scale("the size of the loss", size)?;
    if !(delta > 0.0 && delta < 1.0) {
        let what = "the failure probability δ";
        return Err(Error::domain(what, "above 0 and below 1", delta));
    }
    // ln(2m) − ln δ: the quotient itself may be beyond the range of f64.
    let ln_share = (2.0 * functions as f64).ln() - delta.ln();
    within_range("the gap", size * (2.0 * ln_share / n as f64).sqrt())
}

/// The probability that the farthest of `functions` coin classifiers lies beyond `gap`, exactly:
/// 1 − (1 − P(|X/n − ½| > gap))^m with X ~ Binomial(n, ½).
///
/// # Errors
/// n or m is 0, n above 10⁶, or a bad gap.
pub fn coin_probability(functions: usize, n: usize, gap: f64) -> Result<f64> {
    check_count("the number of functions m", functions)?;
    check_count("the number of examples n", n)?;
    check_scale("the gap", gap)?;
    if n > 1_000_000 {
        return Err(Error::domain("the number of examples n", "at most 10⁶", n));
    }
    let law = Binomial::new(0.5, n as u64)
        .map_err(|_| Error::domain("the number of examples n", "at least 1", n))?;
    // The largest count whose distance is beyond, by the comparison that the draws make.
    let beyond = |wrong: &usize| (*wrong as f64 / n as f64 - 0.5).abs() > gap;
    let one = match (0..=n / 2).rev().find(beyond) {
        None => 0.0,
        // The minimum, since rounding may leave a little above 1.
        Some(last) => smaller(2.0 * law.cdf(last as u64), 1.0),
    };
    Ok(-(functions as f64 * (-one).ln_1p()).exp_m1())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inequality_holds_exactly() {
        for (m, n, delta) in [
            (1, 10, 0.5),
            (1, 400, 0.05),
            (50, 200, 0.1),
            (1000, 1000, 0.01),
        ] {
            // The 0–1 loss lies in [0, 1]: half the gap.
            let gap = 0.5 * hoeffding_gap(n, delta, 1.0, m).expect("valid");
            assert!(coin_probability(m, n, gap).expect("valid") <= delta);
        }
    }

    #[test]
    fn bad_input_is_an_error() {
        for delta in [0.0, 1.0, f64::NAN] {
            assert!(hoeffding_gap(5, delta, 1.0, 1).is_err());
        }
        assert!(hoeffding_gap(0, 0.1, 1.0, 1).is_err() && hoeffding_gap(5, 0.1, 1.0, 0).is_err());
        assert!(hoeffding_gap(5, 0.1, -1.0, 1).is_err());
        assert!(coin_probability(1, 0, 0.1).is_err() && coin_probability(1, 5, f64::NAN).is_err());
    }
}
