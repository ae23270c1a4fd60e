//! Calling a solution and judging it: the same code for the notebook and for the grader.

use ndarray::{Array1, Array2};

use super::{Check, Outcome};
use crate::rng::{Rng, stream};
use dltheory_workbench::{FromValue, Value};

/// Why a solution gave no answer. Each is a sentence for the student.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It came to a `todo!()` or an `unimplemented!()`.
    Unfinished,
    /// It panicked; the panic's message.
    Panicked(String),
    /// It ran longer than it may; a sentence.
    Slow(String),
    /// Its process ended without an answer; one of a few sentences.
    Died(String),
    /// Its process ended with an exit code or a signal, which the code may choose; a sentence.
    Ended(String),
    /// The machine failed, and not the solution; a sentence.
    Machine(String),
    /// What came back is not a result of this check; a sentence.
    Forged(String),
    /// The result has another shape or holds NaN: expected, got.
    Unusable(String, String),
    /// The check could not be carried out: our mistake, never the student's.
    Check(String),
}

impl From<crate::Error> for Trouble {
    fn from(error: crate::Error) -> Self {
        Self::Check(error.to_string())
    }
}

impl Trouble {
    /// The reason in a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Unfinished => "it came to a todo!(), which is not written yet".into(),
            Self::Panicked(message) => format!("it panicked: {message}"),
            Self::Slow(text) | Self::Died(text) | Self::Ended(text) | Self::Forged(text) => {
                text.clone()
            }
            Self::Machine(text) => format!("the machine failed: {text}"),
            Self::Check(text) => format!("the check itself failed, tell us: {text}"),
            Self::Unusable(expected, got) => format!("expected {expected}, got {got}"),
        }
    }

    /// The same, without what would tell about the inputs: they are not the notebook's.
    #[cfg(feature = "cli")]
    pub(crate) fn elsewhere(self) -> Self {
        const ELSEWHERE: &str = "on other inputs than the notebook's";
        match self {
            Self::Panicked(_) => Self::Panicked(ELSEWHERE.to_owned()),
            Self::Unusable(..) => Self::Unusable(
                "a result of the right kind".to_owned(),
                format!("another, {ELSEWHERE}"),
            ),
            Self::Ended(_) => Self::Died(format!(
                "its process ended instead of an answer, {ELSEWHERE}"
            )),
            Self::Forged(_) => Self::Forged(format!("what came back is no result, {ELSEWHERE}")),
            Self::Check(_) => Self::Check(ELSEWHERE.to_owned()),
            // Each has but a few sentences, all of them ours.
            Self::Unfinished | Self::Slow(_) | Self::Died(_) | Self::Machine(_) => self,
        }
    }
}

/// Where a solution runs.
pub trait Caller {
    /// Calls the solution with `arguments`.
    ///
    /// # Errors
    /// There is no answer.
    fn call(&mut self, arguments: &[Value]) -> Result<Value, Trouble>;
}

impl<C: Caller + ?Sized> Caller for &mut C {
    fn call(&mut self, arguments: &[Value]) -> Result<Value, Trouble> {
        (**self).call(arguments)
    }
}

/// One run of one check: a way to call the solution, and random numbers for its inputs.
pub struct Trial<'a> {
    caller: &'a mut dyn Caller,
    /// For the inputs. Another seed gives others.
    pub rng: Rng,
}

impl Trial<'_> {
    /// Calls the solution; its result as `R`.
    ///
    /// # Errors
    /// There is no answer, or it is of another type.
    pub fn call<R: FromValue>(&mut self, arguments: &[Value]) -> Result<R, Trouble> {
        let value = self.caller.call(arguments)?;
        let kind = value.kind();
        R::from_value(value).ok_or_else(|| Trouble::Unusable(R::EXPECTED.to_owned(), kind))
    }

    /// Calls the solution; its result must be a finite number.
    ///
    /// # Errors
    /// There is no such answer.
    pub fn number(&mut self, arguments: &[Value]) -> Result<f64, Trouble> {
        let number: f64 = self.call(arguments)?;
        finite("a finite number", [number].iter())?;
        Ok(number)
    }

    /// Calls the solution; its result must be `n` finite numbers.
    ///
    /// # Errors
    /// There is no such answer.
    pub fn vector(&mut self, arguments: &[Value], n: usize) -> Result<Array1<f64>, Trouble> {
        let vector: Array1<f64> = self.call(arguments)?;
        if vector.len() != n {
            let (expected, got) = (format!("shape ({n})"), format!("shape ({})", vector.len()));
            return Err(Trouble::Unusable(expected, got));
        }
        finite("finite entries", vector.iter())?;
        Ok(vector)
    }

    /// Calls the solution; its result must be a matrix of finite numbers of this shape.
    ///
    /// # Errors
    /// There is no such answer.
    pub fn matrix(
        &mut self,
        arguments: &[Value],
        shape: (usize, usize),
    ) -> Result<Array2<f64>, Trouble> {
        let matrix: Array2<f64> = self.call(arguments)?;
        if matrix.dim() != shape {
            let (expected, got) = (
                format!("shape {shape:?}"),
                format!("shape {:?}", matrix.dim()),
            );
            return Err(Trouble::Unusable(expected, got));
        }
        finite("finite entries", matrix.iter())?;
        Ok(matrix)
    }

    /// A seed for a solution that takes a generator, another one at every call of this function.
    pub fn seed(&mut self) -> Value {
        use rand::RngExt;
        Value::Seed(self.rng.random())
    }
}

fn finite<'a>(expected: &str, mut numbers: impl Iterator<Item = &'a f64>) -> Result<(), Trouble> {
    match numbers.find(|x| !x.is_finite()) {
        Some(x) => Err(Trouble::Unusable(expected.to_owned(), x.to_string())),
        None => Ok(()),
    }
}

/// Runs a check for `seeds` seeds from `seed` on: the first outcome that does not pass, or the
/// last that does.
///
/// # Errors
/// A call without an answer ends the check.
pub fn run(
    check: &Check,
    caller: &mut dyn Caller,
    seed: u64,
    seeds: u32,
) -> Result<Outcome, Trouble> {
    let mut index = 0;
    loop {
        let rng = stream(seed, check.name, index);
        let outcome = (check.run)(&mut Trial { caller, rng })?;
        index += 1;
        if !outcome.passed() || index >= u64::from(seeds) {
            return Ok(outcome);
        }
    }
}

/// Arguments for a solution: `args![x, y]` from arrays, numbers, counts, flags, lists, seeds.
macro_rules! args {
    ($($argument:expr),* $(,)?) => {
        &[$(dltheory_workbench::Value::from(($argument).clone())),*]
    };
}
pub(crate) use args;
