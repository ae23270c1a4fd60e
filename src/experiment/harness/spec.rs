//! What is known about one setting, and how text becomes its value.

use std::fmt;

use super::{Count, Limits, Value};
use crate::{Error, Result};

/// What is known about one setting of an experiment.
#[derive(Debug, Clone, PartialEq)]
pub struct SettingSpec {
    /// Its name, as in the struct and in `--set name=value`.
    pub name: &'static str,
    /// What it means, with its unit where it has one.
    pub help: &'static str,
    /// Its value unless set.
    pub default: Value,
    /// Its value in a quick run, unless set.
    pub quick: Value,
    /// The values it, or each item of it, may take.
    pub limits: Limits,
    /// For a list, the least and the greatest number of items.
    pub length: Option<Count>,
    /// For a list, whether each item must be above the one before.
    pub increasing: bool,
}

impl SettingSpec {
    /// Reads a value from text: a list has commas between its items.
    ///
    /// # Errors
    /// [`Error::Domain`] says what is allowed; for a word, [`Error::Unknown`] lists the words.
    pub fn parse(&self, text: &str) -> Result<Value> {
        let item = |text: &str| {
            let text = text.trim();
            self.limits.parse(text).ok_or_else(|| match &self.limits {
                Limits::OneOf(words) => Error::unknown(self.name, text, words.iter().copied()),
                _ => self.refuse(text),
            })
        };
        if self.length.is_none() {
            return item(text);
        }
        let value = Value::List(text.split(',').map(item).collect::<Result<_>>()?);
        self.check(&value)?;
        Ok(value)
    }

    /// Checks a value that did not come from text.
    ///
    /// # Errors
    /// [`Error::Domain`] says what is allowed.
    pub fn check(&self, value: &Value) -> Result<()> {
        let fits = match (value, self.length) {
            (Value::List(items), Some(Count(least, most))) => {
                (least..=most).contains(&items.len())
                    && items.iter().all(|item| self.limits.admits(item))
                    && !(self.increasing && items.windows(2).any(|pair| pair[0] >= pair[1]))
            }
            (Value::List(_), None) | (_, Some(_)) => false,
            (single, None) => self.limits.admits(single),
        };
        fits.then_some(()).ok_or_else(|| self.refuse(value))
    }

    fn refuse(&self, got: impl fmt::Display) -> Error {
        let got = match got.to_string() {
            empty if empty.is_empty() => "empty".to_owned(),
            got => format!("`{got}`"),
        };
        Error::domain(&format!("setting `{}`", self.name), self.expected(), got)
    }

    /// The allowed values in words: "a whole number from 20 to 4000".
    #[must_use]
    pub fn expected(&self) -> String {
        let (one, many) = match self.limits {
            Limits::Switch => ("", "switches, each "),
            Limits::Whole(..) => ("a whole number ", "whole numbers "),
            Limits::Real(..) => ("a number ", "numbers "),
            Limits::OneOf(_) => ("one of ", "of "),
        };
        let range = self.limits.range();
        match self.length {
            None | Some(Count(1, 1)) => format!("{one}{range}").trim_end().to_owned(),
            Some(Count(least, most)) => {
                let count = match (least, most) {
                    (least, usize::MAX) => format!("{least} or more"),
                    (least, most) if least == most => format!("{least}"),
                    (least, most) => format!("{least} to {most}"),
                };
                let order = if self.increasing { "increasing " } else { "" };
                format!("{count} {order}{many}{range}, separated by commas")
            }
        }
    }
}
