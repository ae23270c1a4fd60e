//! The largest and the least of measured numbers, where NaN stays: `f64::max` drops it, and a claim
//! about the largest of several distances would hold although one of them is unknown.

use std::borrow::Borrow;
use std::cmp::Ordering;

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

/// The item with the largest `value`, the last of equals; `None` if a value is NaN, or if there are no items.
pub fn largest_by<T>(items: impl IntoIterator<Item = T>, value: impl Fn(&T) -> f64) -> Option<T> {
    extreme(items, value, Ordering::is_ge)
}

/// The item with the least `value`, the first of equals; `None` if a value is NaN, or if there are no items.
pub fn least_by<T>(items: impl IntoIterator<Item = T>, value: impl Fn(&T) -> f64) -> Option<T> {
    extreme(items, value, Ordering::is_lt)
}

fn extreme<T>(
    items: impl IntoIterator<Item = T>,
    value: impl Fn(&T) -> f64,
    replaces: fn(Ordering) -> bool,
) -> Option<T> {
    let mut best: Option<(T, f64)> = None;
    for item in items {
        let own = value(&item);
        if own.is_nan() {
            return None;
        }
        if best
            .as_ref()
            .is_none_or(|(_, best)| replaces(own.total_cmp(best)))
        {
            best = Some((item, own));
        }
    }
    best.map(|(item, _)| item)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_item_is_the_largest_of_unknown_ones() {
        let items = [(0, 1.0), (1, 3.0), (2, 3.0), (3, 1.0)];
        assert_eq!(largest_by(items, |item| item.1), Some((2, 3.0)));
        assert_eq!(least_by(items, |item| item.1), Some((0, 1.0)));
        for unknown in [f64::NAN, -f64::NAN] {
            for at in 0..4 {
                let value = |i: &usize| if *i == at { unknown } else { *i as f64 };
                assert_eq!(
                    (largest_by(0..4, value), least_by(0..4, value)),
                    (None, None)
                );
            }
        }
        assert_eq!(least_by(0..0, |_| 0.0), None);
    }

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
