//! The largest and the least of measured numbers, where NaN stays: `f64::max` drops it, and a claim
//! about the largest of several distances would hold although one of them is unknown.

use std::borrow::Borrow;

/// The larger number; NaN if one is NaN.
#[must_use]
pub fn larger(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else {
        a.max(b)
    }
}

/// The smaller number; NaN if one is NaN.
#[must_use]
pub fn smaller(a: f64, b: f64) -> f64 {
    -larger(-a, -b)
}

/// The largest of `values`; NaN if one of them is, or if there are none.
#[must_use]
pub fn largest(values: impl IntoIterator<Item = impl Borrow<f64>>) -> f64 {
    let values = values.into_iter().map(|value| *value.borrow());
    values.reduce(larger).unwrap_or(f64::NAN)
}

/// The least of `values`; NaN if one of them is, or if there are none.
#[must_use]
pub fn least(values: impl IntoIterator<Item = impl Borrow<f64>>) -> f64 {
    -largest(values.into_iter().map(|value| -*value.borrow()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_is_never_passed_over() {
        assert_eq!((larger(1.0, 2.0), smaller(1.0, 2.0)), (2.0, 1.0));
        let infinity = f64::INFINITY;
        assert_eq!((larger(-infinity, 2.0), smaller(infinity, 2.0)), (2.0, 2.0));
        assert_eq!((largest([1.0, 3.0, 2.0]), least([2.0, 1.0])), (3.0, 1.0));
        for values in [
            Vec::<f64>::new(),
            vec![f64::NAN, 1.0],
            vec![1.0, f64::NAN, 2.0],
        ] {
            assert!(largest(&values).is_nan() && least(values).is_nan());
        }
    }
}
