//! The largest and the least of measured numbers, for claims.

/// The largest of `values`; NaN if one of them is, or if there are none, so that no claim about it holds.
///
/// A fold by `f64::max` would pass over NaN.
pub(super) fn largest(values: impl IntoIterator<Item = f64>) -> f64 {
    extreme(values, |a, b| a > b)
}

/// The least of `values`; NaN if one of them is, or if there are none.
pub(super) fn least(values: impl IntoIterator<Item = f64>) -> f64 {
    extreme(values, |a, b| a < b)
}

fn extreme(values: impl IntoIterator<Item = f64>, beyond: impl Fn(f64, f64) -> bool) -> f64 {
    let of = |found: f64, value: f64| {
        if value.is_nan() || beyond(value, found) {
            value
        } else {
            found
        }
    };
    values.into_iter().reduce(of).unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_is_never_passed_over() {
        assert_eq!((largest([1.0, 3.0, 2.0]), least([2.0, 1.0])), (3.0, 1.0));
        for values in [vec![], vec![f64::NAN, 1.0], vec![1.0, f64::NAN, 2.0]] {
            assert!(largest(values.clone()).is_nan() && least(values).is_nan());
        }
    }
}
