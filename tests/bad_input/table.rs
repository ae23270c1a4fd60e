//! Functions by their arrays, and what must be true of each call.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dltheory::{Error, Result};
use ndarray::{Array1, Array2};
use proptest::prelude::*;

use crate::defect::{ALL, Defect, any_defect, normal};

/// The sizes of one sound problem.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    /// Rows.
    pub(crate) n: usize,
    /// Columns.
    pub(crate) d: usize,
    /// Outputs.
    pub(crate) k: usize,
    /// Test rows.
    pub(crate) t: usize,
}

pub(crate) fn sizes() -> impl Strategy<Value = Sizes> {
    (1_usize..6, 1_usize..6, 1_usize..3, 1_usize..4).prop_map(|(n, d, k, t)| Sizes { n, d, k, t })
}

/// One array argument.
#[derive(Clone, Copy)]
pub(crate) struct Argument {
    /// What errors call it.
    pub(crate) noun: &'static str,
    /// Its shape.
    pub(crate) shape: fn(&Sizes) -> (usize, usize),
    /// What normal numbers are turned into.
    pub(crate) values: fn(f64) -> f64,
    /// Whether it may have any number of rows or columns.
    pub(crate) free: (bool, bool),
}

impl Argument {
    pub(crate) const fn new(noun: &'static str, shape: fn(&Sizes) -> (usize, usize)) -> Self {
        Self {
            noun,
            shape,
            values: |v| v,
            free: (false, false),
        }
    }

    /// Of these values.
    pub(crate) const fn of(self, values: fn(f64) -> f64) -> Self {
        Self { values, ..self }
    }

    /// With any number of rows.
    pub(crate) const fn any_rows(self) -> Self {
        Self {
            free: (true, self.free.1),
            ..self
        }
    }

    /// With any number of columns.
    pub(crate) const fn any_columns(self) -> Self {
        Self {
            free: (self.free.0, true),
            ..self
        }
    }
}

/// ±1.
pub(crate) fn sign(v: f64) -> f64 {
    if v < 0.0 { -1.0 } else { 1.0 }
}

/// A list, for a function that takes one: all entries.
pub(crate) fn list(a: &Array2<f64>) -> Array1<f64> {
    a.iter().copied().collect()
}

/// All numbers of an answer that must be finite.
pub(crate) type Numbers = Result<Vec<f64>>;

/// A function, its arrays, and a call that returns every number that must be finite.
pub(crate) struct Function {
    pub(crate) name: &'static str,
    pub(crate) arguments: &'static [Argument],
    pub(crate) call: fn(&[Array2<f64>], &Sizes) -> Numbers,
}

/// Calls every function of `table` with a defect in one of its arrays; returns what is wrong with the answers.
pub(crate) fn complaints(
    table: &[Function],
    sizes: &Sizes,
    (which, defect, at): (usize, Defect, usize),
    seed: u64,
) -> Vec<String> {
    let one = |function: &Function| {
        let arguments = function.arguments;
        let sound: Vec<Array2<f64>> = arguments
            .iter()
            .zip(seed * 10..)
            .map(|(argument, seed)| normal((argument.shape)(sizes), seed).mapv(argument.values))
            .collect();
        let which = which % arguments.len();
        let mut given = sound.clone();
        given[which] = defect.spoil(&sound[which], at);
        let call = AssertUnwindSafe(|| (function.call)(&given, sizes));
        let complaint = match catch_unwind(call) {
            Ok(said) => complaint(arguments, which, defect, said)?,
            Err(_) => "a panic".to_owned(),
        };
        let noun = arguments[which].noun;
        Some(format!(
            "{}, {defect:?} in {noun}, {sizes:?}: {complaint}",
            function.name
        ))
    };
    table.iter().filter_map(one).collect()
}

/// What is wrong with one answer, if anything.
fn complaint(
    arguments: &[Argument],
    which: usize,
    defect: Defect,
    said: Numbers,
) -> Option<String> {
    let argument = &arguments[which];
    let misfit = match defect {
        Defect::MoreRows => !argument.free.0,
        Defect::MoreColumns => !argument.free.1,
        _ => false,
    };
    let error = match said {
        Ok(_) if defect.is_refused() || misfit => return Some("accepted".to_owned()),
        Ok(numbers) => {
            let sound = numbers.iter().all(|v| v.is_finite());
            return (!sound).then(|| format!("{numbers:?}"));
        }
        Err(error) => error,
    };
    let blamed = error.argument().unwrap_or_default();
    let named = |argument: &Argument| blamed.contains(argument.noun);
    let sound = if defect == Defect::None {
        false
    } else if defect.is_refused() {
        named(argument)
    } else {
        !misfit || matches!(error, Error::Shape { .. })
    };
    (!sound || !is_a_sentence(&error)).then(|| error.to_string())
}

/// Every defect in every argument of every function, at some sizes.
pub(crate) fn all_complaints(table: &[Function]) -> Vec<String> {
    let some = [
        (1, 1, 1, 1),
        (1, 3, 2, 2),
        (4, 2, 2, 1),
        (3, 3, 1, 3),
        (2, 5, 1, 2),
    ];
    let mut all = Vec::new();
    for (n, d, k, t) in some {
        let sizes = Sizes { n, d, k, t };
        for (which, defect) in (0..6).flat_map(|which| ALL.map(|defect| (which, defect))) {
            let few: Vec<&Function> = table.iter().filter(|f| which < f.arguments.len()).collect();
            for function in few {
                let one = std::slice::from_ref(function);
                all.extend(complaints(one, &sizes, (which, defect, 1), 3));
            }
        }
    }
    all
}

/// Whether an error says what was expected, or how a method failed.
pub(crate) fn is_a_sentence(error: &Error) -> bool {
    let said = error.to_string();
    [
        "expected",
        "diverged",
        "did not converge",
        "linear algebra failed",
        "beyond the range of f64",
    ]
    .iter()
    .any(|words| said.contains(words))
}

/// What [`try_all`] is given at random.
pub(crate) fn trial() -> impl Strategy<Value = (Sizes, (usize, Defect, usize), u64)> {
    let spoilt = (0_usize..100, any_defect(), 0_usize..100);
    (sizes(), spoilt, 0_u64..1000)
}
