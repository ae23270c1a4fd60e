//! An exercise in which everybody has numbers of his own: how they come from the name, and the check.

use super::person;
use super::{Outcome, Trial, Trouble};
use crate::error::Result;
use crate::rng::{Rng, stream};

/// How far a right answer may be off: what rounding to four significant digits does at most.
pub(crate) const ROUNDING: f64 = 5e-4;

/// An exercise in which everybody has numbers of his own.
#[derive(Debug)]
pub(crate) struct Recipe {
    /// The exercise.
    pub(crate) exercise: &'static str,
    /// For each of the numbers its name in a cell, and what it is.
    pub(crate) symbols: &'static [(&'static str, &'static str)],
    /// Draws the numbers, and works out the answer.
    pub(crate) draw: fn(&mut Rng) -> Result<Drawn>,
}

/// The numbers of one student.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Drawn {
    /// What the student is given.
    pub(crate) given: Vec<f64>,
    /// What the student is asked for.
    pub(crate) answer: f64,
}

impl Recipe {
    /// The numbers of `name`: from the words of the name alone. Nothing if it is no name.
    pub(crate) fn of(&self, name: &str) -> Option<Result<Drawn>> {
        let key = person::key(name)?;
        let purpose = format!("numbers of {}: {key}", self.exercise);
        Some((self.draw)(&mut stream(0, &purpose, 0)))
    }

    /// The numbers as a line for a cell.
    pub(crate) fn line(&self, given: &[f64]) -> String {
        let names: Vec<&str> = self.symbols.iter().map(|(name, _)| *name).collect();
        let (names, count) = (names.join(", "), given.len());
        format!("let [{names}]: [f64; {count}] = {given:?};")
    }

    /// The check of such an exercise: whether the number is the right one for the name beside it. Trying
    /// is free, so it tells no more than that.
    pub(super) fn judge(&self, trial: &mut Trial) -> std::result::Result<Outcome, Trouble> {
        let (name, got): (String, f64) = trial.call(&[])?;
        let name = person::shown(&name);
        let no_name = || {
            let got = name.chars().take(40).collect::<String>();
            Trouble::Unusable("your first and last name".into(), format!("{got:?}"))
        };
        let own = self.of(&name).ok_or_else(no_name)??;
        Ok(Outcome::undisclosed(&name, own.answer, got, ROUNDING))
    }
}
