//! Functions by their arrays, and what must be true of each call.

use dltheory::{Error, Result};
use ndarray::{Array1, Array2};
use proptest::prelude::*;

use crate::defect::{Defect, any_defect, normal};

/// The sizes of one sound problem.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Rows.
    pub n: usize,
    /// Columns.
    pub d: usize,
    /// Outputs.
    pub k: usize,
    /// Test rows.
    pub t: usize,
}

pub fn sizes() -> impl Strategy<Value = Sizes> {
    (1_usize..6, 1_usize..6, 1_usize..3, 1_usize..4).prop_map(|(n, d, k, t)| Sizes { n, d, k, t })
}

/// One array argument.
#[derive(Clone, Copy)]
pub struct Argument {
    /// What errors call it.
    pub noun: &'static str,
    /// Its shape.
    pub shape: fn(&Sizes) -> (usize, usize),
    /// What normal numbers are turned into.
    pub values: fn(f64) -> f64,
    /// Whether it may have any number of rows or columns.
    pub free: (bool, bool),
}

impl Argument {
    pub const fn new(noun: &'static str, shape: fn(&Sizes) -> (usize, usize)) -> Self {
        Self {
            noun,
            shape,
            values: |v| v,
            free: (false, false),
        }
    }

    /// Of these values.
    pub const fn of(self, values: fn(f64) -> f64) -> Self {
        Self { values, ..self }
    }

    /// With any number of rows.
    pub const fn any_rows(self) -> Self {
        Self {
            free: (true, self.free.1),
            ..self
        }
    }

    /// With any number of columns.
    pub const fn any_columns(self) -> Self {
        Self {
            free: (self.free.0, true),
            ..self
        }
    }
}

/// ±1.
pub fn sign(v: f64) -> f64 {
    if v < 0.0 { -1.0 } else { 1.0 }
}

/// A list, for a function that takes one: all entries.
pub fn list(a: &Array2<f64>) -> Array1<f64> {
    a.iter().copied().collect()
}

/// All numbers of an answer that must be finite.
pub type Numbers = Result<Vec<f64>>;

/// A function, its arrays, and a call that returns every number that must be finite.
pub struct Function {
    pub name: &'static str,
    pub arguments: &'static [Argument],
    pub call: fn(&[Array2<f64>], &Sizes) -> Numbers,
}

/// Calls every function of `table` with sound arrays, and with a defect in one of them.
pub fn try_all(
    table: &[Function],
    sizes: &Sizes,
    (which, defect, at): (usize, Defect, usize),
    seed: u64,
) -> std::result::Result<(), TestCaseError> {
    for function in table {
        let arguments = function.arguments;
        let sound: Vec<Array2<f64>> = arguments
            .iter()
            .zip(seed * 10..)
            .map(|(argument, seed)| normal((argument.shape)(sizes), seed).mapv(argument.values))
            .collect();
        let which = which % arguments.len();
        let mut given = sound.clone();
        given[which] = defect.spoil(&sound[which], at);
        let said = (function.call)(&given, sizes);
        let context = format!("{}, {:?} in {}", function.name, defect, arguments[which].noun);
        judge(arguments, which, defect, said, &context)?;
    }
    Ok(())
}

fn judge(
    arguments: &[Argument],
    which: usize,
    defect: Defect,
    said: Numbers,
    context: &str,
) -> std::result::Result<(), TestCaseError> {
    let argument = &arguments[which];
    let misfit = match defect {
        Defect::MoreRows => !argument.free.0,
        Defect::MoreColumns => !argument.free.1,
        _ => false,
    };
    match said {
        Ok(numbers) => {
            prop_assert!(!defect.is_refused(), "{context}: accepted");
            prop_assert!(!misfit, "{context}: accepted");
            let sound = numbers.iter().all(|v| v.is_finite());
            prop_assert!(sound, "{context}: {numbers:?}");
        }
        Err(error) => {
            let said = error.to_string();
            prop_assert!(defect != Defect::None, "{context}: {said}");
            if defect.is_refused() {
                prop_assert!(said.contains(argument.noun), "{context}: {said}");
            } else if misfit {
                let named = arguments.iter().any(|argument| said.contains(argument.noun));
                prop_assert!(named, "{context}: {said}");
            }
            prop_assert!(is_a_sentence(&error), "{context}: {said}");
        }
    }
    Ok(())
}

/// Whether an error says what was expected, or how a method failed.
pub fn is_a_sentence(error: &Error) -> bool {
    let said = error.to_string();
    ["expected", "diverged", "did not converge", "linear algebra failed"]
        .iter()
        .any(|words| said.contains(words))
}

/// What [`try_all`] is given at random.
pub fn trial() -> impl Strategy<Value = (Sizes, (usize, Defect, usize), u64)> {
    let spoilt = (0_usize..100, any_defect(), 0_usize..100);
    (sizes(), spoilt, 0_u64..1000)
}
