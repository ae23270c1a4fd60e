//! How the layers' numbers become one, and how that one enters a bound.

use crate::error::{Result, check_count, check_scale};

/// (Σ v_i^p)^{1/p} of numbers ≥ 0, for p > 0: a norm for p ≥ 1, and for p < 1 larger than the sum
/// when several numbers are not 0. NaN where a number is negative and p is not whole: nothing here is hidden.
#[must_use]
pub fn power_sum(values: &[f64], p: f64) -> f64 {
    values
        .iter()
        .map(|v| v.powf(p))
        .sum::<f64>()
        .powf(p.recip())
}

/// √(v/n): how a squared measure v enters a bound on the gap for n examples. Its logarithm is
/// ½(ln v − ln n); at one n both rank networks as v does.
///
/// # Errors
/// v is negative or not finite, or n = 0.
pub fn size_in_bound(v: f64, n: usize) -> Result<f64> {
    check_scale("the measure", v)?;
    check_count("the number of examples", n)?;
    Ok((v / n as f64).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_below_one_exceed_the_sum() {
        assert_eq!(power_sum(&[3.0, 4.0], 2.0), 5.0);
        assert_eq!(power_sum(&[3.0, 4.0], 1.0), 7.0);
        // (1 + 1)^{3/2} and one number alone.
        assert!((power_sum(&[1.0, 1.0], 2.0 / 3.0) - 8_f64.sqrt()).abs() < 1e-14);
        assert!((power_sum(&[5.0, 0.0], 2.0 / 3.0) - 5.0).abs() < 1e-14);
    }

    #[test]
    fn a_bound_needs_a_size_and_examples() {
        assert!(size_in_bound(-1.0, 3).is_err() && size_in_bound(1.0, 0).is_err());
        assert!(size_in_bound(f64::NAN, 3).is_err());
        assert_eq!(size_in_bound(16.0, 4).expect("valid"), 2.0);
    }
}
