//! What can be wrong with an array.

use dltheory::data::synthetic::gaussian;
use dltheory::rng::stream;
use ndarray::{Array2, Axis, concatenate};
use proptest::prelude::*;

/// One thing that is wrong with an array, or unusual about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Defect {
    /// Nothing.
    None,
    /// `(0, d)`.
    NoRows,
    /// `(n, 0)`.
    NoColumns,
    /// One row too many.
    MoreRows,
    /// One column too many.
    MoreColumns,
    /// One entry is NaN.
    Nan,
    /// One entry is ∞.
    Infinite,
    /// One entry is −∞.
    MinusInfinite,
    /// All entries times 10³⁰⁰: finite, but most products of two are not.
    Huge,
    /// One entry is the largest number there is.
    Largest,
    /// All entries times 10⁻³⁰⁰.
    Tiny,
    /// One entry is the smallest number above 0, the others 0.
    Smallest,
    /// All entries 0: no variance.
    Zero,
    /// All entries equal.
    Constant,
    /// Every row is the first.
    Repeated,
}

pub(crate) const ALL: [Defect; 15] = [
    Defect::None,
    Defect::NoRows,
    Defect::NoColumns,
    Defect::MoreRows,
    Defect::MoreColumns,
    Defect::Nan,
    Defect::Infinite,
    Defect::MinusInfinite,
    Defect::Huge,
    Defect::Largest,
    Defect::Tiny,
    Defect::Smallest,
    Defect::Zero,
    Defect::Constant,
    Defect::Repeated,
];

pub(crate) fn any_defect() -> impl Strategy<Value = Defect> {
    prop::sample::select(ALL.to_vec())
}

impl Defect {
    /// A copy of `sound` with this defect, at the entry `at` counts to.
    pub(crate) fn spoil(self, sound: &Array2<f64>, at: usize) -> Array2<f64> {
        let (n, d) = sound.dim();
        let one = |value: f64| {
            let mut spoilt = sound.clone();
            spoilt[[at % n, (at / n) % d]] = value;
            spoilt
        };
        let doubled = |axis: Axis| {
            let more = sound.select(axis, &[0]);
            concatenate(axis, &[sound.view(), more.view()]).expect("they fit")
        };
        match self {
            Self::None => sound.clone(),
            Self::NoRows => Array2::zeros((0, d)),
            Self::NoColumns => Array2::zeros((n, 0)),
            Self::MoreRows => doubled(Axis(0)),
            Self::MoreColumns => doubled(Axis(1)),
            Self::Nan => one(f64::NAN),
            Self::Infinite => one(f64::INFINITY),
            Self::MinusInfinite => one(f64::NEG_INFINITY),
            Self::Huge => sound * 1e300,
            Self::Largest => one(f64::MAX),
            Self::Tiny => sound * 1e-300,
            Self::Smallest => {
                let mut spoilt = Array2::zeros((n, d));
                spoilt[[at % n, (at / n) % d]] = f64::from_bits(1);
                spoilt
            }
            Self::Zero => Array2::zeros((n, d)),
            Self::Constant => Array2::from_elem((n, d), sound[[0, 0]]),
            Self::Repeated => sound.select(Axis(0), &vec![0; n]),
        }
    }

    /// Empty, or not all numbers: no function may take it.
    pub(crate) fn is_refused(self) -> bool {
        matches!(
            self,
            Self::NoRows | Self::NoColumns | Self::Nan | Self::Infinite | Self::MinusInfinite
        )
    }
}

/// Standard normal numbers, `shape`.
pub(crate) fn normal(shape: (usize, usize), seed: u64) -> Array2<f64> {
    gaussian(shape.0, shape.1, &mut stream(seed, "bad input", 0)).expect("not empty")
}
