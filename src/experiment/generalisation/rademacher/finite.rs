//! Finite classes: random ±1 patterns, nested, from one function to all of them.

use ndarray::{Array2, s};
use rand::seq::SliceRandom;

use super::Rademacher;
use crate::error::Result;
use crate::measure::{exact_finite_class_complexity, finite_class_complexity, massart_bound};
use crate::rng::stream;
use crate::stats::Estimate;

/// A finite class.
pub(super) struct FiniteClass {
    pub n: usize,
    pub functions: usize,
    pub exact: f64,
    pub measured: Estimate,
    pub massart: f64,
}

impl Rademacher {
    pub(super) fn finite(&self, seed: u64) -> Result<Vec<FiniteClass>> {
        let n = self.finite_n;
        let mut patterns: Vec<u32> = (0..1 << n).collect();
        patterns.shuffle(&mut stream(seed, "finite class", 0));
        let all = Array2::from_shape_fn((patterns.len(), n), |(j, i)| {
            if patterns[j] >> i & 1 == 1 { -1.0 } else { 1.0 }
        });
        let class = |power: usize| {
            let functions = 1 << power;
            let values = all.slice(s![..functions, ..]);
            Ok(FiniteClass {
                n,
                functions,
                exact: exact_finite_class_complexity(&values)?,
                measured: finite_class_complexity(&values, self.draws, seed ^ power as u64)?,
                massart: massart_bound(&values)?,
            })
        };
        (0..=n).map(class).collect()
    }
}
