//! The larger and the smaller of two numbers, where NaN stays: `f64::max` drops it, and a claim about the largest of
//! several distances would hold although one of them is unknown.

/// The larger number; NaN if one is NaN.
pub(super) fn larger(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else {
        a.max(b)
    }
}

/// The smaller number; NaN if one is NaN.
pub(super) fn smaller(a: f64, b: f64) -> f64 {
    -larger(-a, -b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_stays() {
        assert_eq!((larger(1.0, 2.0), smaller(1.0, 2.0)), (2.0, 1.0));
        let infinity = f64::INFINITY;
        assert_eq!((larger(-infinity, 2.0), smaller(infinity, 2.0)), (2.0, 2.0));
        for (a, b) in [(f64::NAN, 1.0), (1.0, f64::NAN)] {
            assert!(larger(a, b).is_nan() && smaller(a, b).is_nan());
        }
        let largest = [1.0, f64::NAN, 2.0].into_iter().fold(0.0, larger);
        assert!(largest.is_nan());
    }
}
