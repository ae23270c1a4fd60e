//! The two number types a model may have, and their checks.

use ndarray::{Array2, ArrayRef, ArrayRef2, CowArray, Dimension, Ix2, NdFloat};

use crate::error::{Error, Result, check_finite};

mod sealed {
    /// Keeps [`Real`](super::Real) to the two types BLAS multiplies.
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// `f32` or `f64`: what a network computes with. Everything that is reported stays `f64`.
pub trait Real: sealed::Sealed + NdFloat + Default + Into<f64> {
    /// The type's name, `"f32"` or `"f64"`.
    const NAME: &'static str;

    /// The nearest number of this type.
    #[must_use]
    fn of(value: f64) -> Self;

    /// The same number as an `f64`; exact.
    #[must_use]
    fn as_f64(self) -> f64;

    /// The array `(n, m)` in this type and in row-major order, borrowed where it is so already.
    #[must_use]
    fn standard(array: &Array2<f64>) -> CowArray<'_, Self, Ix2>;
}

impl Real for f32 {
    const NAME: &'static str = "f32";

    fn of(value: f64) -> Self {
        value as Self
    }

    fn as_f64(self) -> f64 {
        f64::from(self)
    }

    fn standard(array: &Array2<f64>) -> CowArray<'_, Self, Ix2> {
        array.as_standard_layout().mapv(Self::of).into()
    }
}

impl Real for f64 {
    const NAME: &'static str = "f64";

    fn of(value: f64) -> Self {
        value
    }

    fn as_f64(self) -> f64 {
        self
    }

    fn standard(array: &Array2<f64>) -> CowArray<'_, Self, Ix2> {
        array.as_standard_layout()
    }
}

/// Whether every number is finite. Products with 0 are added up in lanes that need not wait for each other: about as
/// fast as memory.
#[must_use]
pub fn all_finite<T: Real>(values: &[T]) -> bool {
    let (blocks, rest) = values.as_chunks::<16>();
    let mut lanes = [T::zero(); 16];
    for block in blocks {
        for (lane, v) in lanes.iter_mut().zip(block) {
            *lane += *v * T::zero();
        }
    }
    lanes.iter().chain(rest).all(|v| v.is_finite())
}

/// Checks an array `(n, columns)`: at least one row, this many columns, finite.
pub(crate) fn check_rows<T: Real>(what: &str, array: &ArrayRef2<T>, columns: usize) -> Result<()> {
    if array.nrows() == 0 || array.ncols() != columns {
        let expected = format!("(n, {columns}) with n ≥ 1");
        return Err(Error::shape(what, expected, array.shape()));
    }
    check_array(what, array)
}

/// As [`check_finite`], looking at arrays in row-major order at the speed of memory.
pub(crate) fn check_array<T: Real, D: Dimension>(what: &str, array: &ArrayRef<T, D>) -> Result<()> {
    match array.as_slice().is_some_and(all_finite) {
        true => Ok(()),
        false => check_finite(what, array),
    }
}

/// √(Σ v_i²), without overflow on the way; NaN if an entry is.
pub(crate) fn length(entries: impl Iterator<Item = f64> + Clone) -> f64 {
    let largest = entries.clone().fold(0.0_f64, |most, v| most.max(v.abs()));
    if largest == 0.0 || !largest.is_finite() {
        return entries.map(f64::abs).sum();
    }
    largest * entries.map(|v| (v / largest).powi(2)).sum::<f64>().sqrt()
}

/// √(Σ v_i²) of numbers in blocks.
pub(crate) fn norm<'a, T: Real>(blocks: impl IntoIterator<Item = &'a [T], IntoIter: Clone>) -> f64 {
    length(blocks.into_iter().flatten().map(|v| v.as_f64()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bad_number_anywhere_is_found() {
        for n in [0, 1, 15, 16, 17, 33, 100] {
            let mut values = vec![-1e300_f64; n];
            assert!(all_finite(&values));
            for index in 0..n {
                for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                    values[index] = bad;
                    assert!(!all_finite(&values), "{bad} at {index} of {n}");
                }
                values[index] = 0.0;
            }
        }
    }

    #[test]
    fn rounding_is_the_types_own() {
        assert_eq!(f32::of(0.1).as_f64(), f64::from(0.1_f32));
        assert_eq!(f64::of(0.1).as_f64(), 0.1);
        assert!(f32::of(1e300).is_infinite());
        assert_eq!((f32::NAME, f64::NAME), ("f32", "f64"));
    }
}
