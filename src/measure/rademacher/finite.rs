//! Rademacher complexity of a finite class: sampled, enumerated, bounded.

use ndarray::{Array2, ArrayRef2, Axis};

use crate::data::synthetic::random_signs;
use crate::error::{Error, Result, check_finite, within_range};
use crate::stats::{Estimate, estimate, largest};

/// The most inputs for which all 2ⁿ sign patterns are tried.
const MAX_EXACT: usize = 20;

/// The empirical Rademacher complexity of a finite class by Monte Carlo: E_σ max_j (1/n) Σ_i σ_i a_ji.
///
/// Takes the class as `values` a, `(m, n)`: one row a function, one column an input.
///
/// # Errors
/// Empty or non-finite values, or values so large that their sum is beyond the range of f64; no draws.
pub fn finite_class_complexity(
    values: &ArrayRef2<f64>,
    draws: usize,
    seed: u64,
) -> Result<Estimate> {
    check_class(values)?;
    let n = values.ncols();
    estimate(draws, seed, "rademacher, finite", |rng| {
        Ok(largest_mean(values, &random_signs(n, rng)?))
    })
}

/// The same expectation exactly: the mean over all 2ⁿ sign patterns.
///
/// # Errors
/// As [`finite_class_complexity`]; n above 20.
///
/// ```
/// use dltheory::measure::exact_finite_class_complexity;
/// use ndarray::array;
/// // Two functions that differ on one of two inputs: max(σ₁ + σ₂, σ₁ − σ₂)/2 = (σ₁ + 1)/2.
/// let r = exact_finite_class_complexity(&array![[1.0, 1.0], [1.0, -1.0]])?;
/// assert_eq!(r, 0.5);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn exact_finite_class_complexity(values: &ArrayRef2<f64>) -> Result<f64> {
    check_class(values)?;
    let n = values.ncols();
    mean_over_signs(n, n, |signs| Ok(largest_mean(values, signs)))
}

/// max_j (1/n) Σ_i σ_i a_ji.
fn largest_mean(values: &ArrayRef2<f64>, signs: &ArrayRef2<f64>) -> f64 {
    let sums = values.dot(signs);
    largest(&sums) / signs.nrows() as f64
}

/// The mean of `of` over the 2^free sign patterns of `n` inputs whose first `free` signs vary while the
/// others are +1. `of` takes signs `(n, 1)`.
pub(super) fn mean_over_signs(
    n: usize,
    free: usize,
    of: impl Fn(&ArrayRef2<f64>) -> Result<f64>,
) -> Result<f64> {
    if n > MAX_EXACT {
        let allowed = format!("at most {MAX_EXACT}");
        return Err(Error::domain("the number of inputs", allowed, n));
    }
    let patterns = 1_u32 << free;
    let total = (0..patterns)
        .map(|pattern| {
            let sign = |i: usize| if pattern >> i & 1 == 1 { -1.0 } else { 1.0 };
            of(&Array2::from_shape_fn((n, 1), |(i, _)| sign(i)))
        })
        .sum::<Result<f64>>()?;
    within_range("the mean supremum", total / f64::from(patterns))
}

/// Massart's bound on the complexity of m functions: max_j ‖a_j‖ √(2 ln m)/n.
///
/// Takes `values` a, `(m, n)`. For ±1 values it is √(2 ln m / n).
///
/// # Errors
/// Empty or non-finite values; a bound beyond the range of f64.
///
/// # Reference
/// Massart 2000; Mohri, Rostamizadeh & Talwalkar 2018, "Foundations of machine learning", Theorem 3.7.
pub fn massart_bound(values: &ArrayRef2<f64>) -> Result<f64> {
    check_class(values)?;
    let rows = values.axis_iter(Axis(0));
    let longest = largest(rows.map(|row| row.dot(&row).sqrt()));
    let (m, n) = values.dim();
    let bound = longest * (2.0 * (m as f64).ln()).sqrt() / n as f64;
    within_range("the bound", bound)
}

fn check_class(values: &ArrayRef2<f64>) -> Result<()> {
    if values.is_empty() {
        return Err(Error::shape(
            "the class's values",
            "at least (1, 1)",
            values.shape(),
        ));
    }
    check_finite("the class's values", values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::rng::stream;
    use ndarray::array;

    #[test]
    fn finite_classes() {
        // All four patterns on two inputs follow any sign; one function follows none.
        let all = array![[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]];
        assert_eq!(
            finite_class_complexity(&all, 20, 1).expect("valid").mean,
            1.0
        );
        assert_eq!(exact_finite_class_complexity(&all).expect("valid"), 1.0);
        assert!((massart_bound(&all).expect("valid") - 4.0_f64.ln().sqrt()).abs() < 1e-15);
        let one = array![[1.0, 1.0, 1.0, 1.0]];
        assert!(
            finite_class_complexity(&one, 4000, 1)
                .expect("valid")
                .distance(0.0)
                < 4.0
        );
        assert_eq!(massart_bound(&one).expect("valid"), 0.0);
    }

    /// Constants ±1 on n inputs: E|Σσ|/n, for n = 4 (2·4 + 8·2 + 6·0)/16/4 = 3/8.
    #[test]
    fn enumeration_matches_hand_and_monte_carlo() {
        let two = Array2::from_shape_fn((2, 4), |(j, _)| if j == 0 { 1.0 } else { -1.0 });
        assert_eq!(exact_finite_class_complexity(&two).expect("valid"), 0.375);
        let values = gaussian(7, 9, &mut stream(1, "finite", 0)).expect("valid");
        let exact = exact_finite_class_complexity(&values).expect("valid");
        let sampled = finite_class_complexity(&values, 4000, 1).expect("valid");
        assert!(sampled.distance(exact) < 4.0, "{sampled:?} {exact}");
    }

    #[test]
    fn bad_input_is_an_error() {
        assert!(massart_bound(&Array2::zeros((0, 3))).is_err());
        assert!(finite_class_complexity(&array![[1.0], [2.0]], 0, 1).is_err());
        assert!(exact_finite_class_complexity(&Array2::zeros((1, 21))).is_err());
        assert!(exact_finite_class_complexity(&array![[f64::NAN]]).is_err());
    }
}
