//! The numbers a run found, by name.

use crate::display::{Html, format_number, html_table, json_number};
use crate::{Error, Result};

/// A number or a list of numbers.
#[derive(Debug, Clone, PartialEq)]
pub enum Quantity {
    /// One number.
    Number(f64),
    /// Several.
    List(Vec<f64>),
    /// None: why there was nothing to measure.
    NotMeasured(String),
}

impl From<f64> for Quantity {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Quantity {
    /// Exact up to 2⁵³.
    fn from(number: usize) -> Self {
        Self::Number(number as f64)
    }
}

impl From<Vec<f64>> for Quantity {
    fn from(list: Vec<f64>) -> Self {
        Self::List(list)
    }
}

/// Named numbers in the order they were put in.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Measured(Vec<(&'static str, Quantity)>);

impl Measured {
    /// Puts a quantity in; a second one of the same name takes the place of the first.
    pub(super) fn insert(&mut self, name: &'static str, quantity: impl Into<Quantity>) {
        let quantity = quantity.into();
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = quantity,
            None => self.0.push((name, quantity)),
        }
    }

    /// The quantities in their order.
    #[must_use]
    pub fn as_slice(&self) -> &[(&'static str, Quantity)] {
        &self.0
    }

    /// The quantity `name`.
    ///
    /// # Errors
    /// [`Error::Unknown`] lists the names.
    pub fn get(&self, name: &str) -> Result<&Quantity> {
        self.0
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, quantity)| quantity)
            .ok_or_else(|| Error::unknown("quantity", name, self.0.iter().map(|(known, _)| *known)))
    }

    /// The number `name`.
    ///
    /// # Errors
    /// [`Error::Unknown`] lists the names; [`Error::Domain`] if it is a list or was not measured.
    pub fn number(&self, name: &str) -> Result<f64> {
        match self.get(name)? {
            Quantity::Number(number) => Ok(*number),
            Quantity::List(list) => {
                let got = format!("a list of {}", list.len());
                Err(Error::domain(
                    &format!("quantity `{name}`"),
                    "one number",
                    got,
                ))
            }
            Quantity::NotMeasured(reason) => Err(not_measured(name, reason)),
        }
    }

    /// The list `name`; a single number is a list of one.
    ///
    /// # Errors
    /// [`Error::Unknown`] lists the names; [`Error::Domain`] if it was not measured.
    pub fn list(&self, name: &str) -> Result<Vec<f64>> {
        Ok(match self.get(name)? {
            Quantity::Number(number) => vec![*number],
            Quantity::List(list) => list.clone(),
            Quantity::NotMeasured(reason) => return Err(not_measured(name, reason)),
        })
    }

    /// All quantities as a JSON object. What was not measured is `{"not_measured": reason}`.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        let value = |quantity: &Quantity| match quantity {
            Quantity::Number(number) => json_number(*number),
            Quantity::List(list) => list.iter().map(|x| json_number(*x)).collect(),
            Quantity::NotMeasured(reason) => serde_json::json!({ "not_measured": reason }),
        };
        self.0
            .iter()
            .map(|(name, quantity)| ((*name).to_owned(), value(quantity)))
            .collect()
    }

    /// All quantities as an HTML table, four digits each.
    #[must_use]
    pub fn html(&self) -> Html {
        let value = |quantity: &Quantity| match quantity {
            Quantity::Number(number) => format_number(*number),
            Quantity::List(list) => {
                let list: Vec<String> = list.iter().map(|x| format_number(*x)).collect();
                list.join(", ")
            }
            Quantity::NotMeasured(reason) => format!("not measured: {reason}"),
        };
        let rows: Vec<Vec<String>> = self
            .0
            .iter()
            .map(|(name, quantity)| vec![(*name).to_owned(), value(quantity)])
            .collect();
        Html::new(html_table(&["quantity", "measured"], &rows))
    }

    /// Shows the quantities as a table in a notebook.
    pub fn evcxr_display(&self) {
        self.html().evcxr_display();
    }
}

fn not_measured(name: &str, reason: &str) -> Error {
    let got = format!("not measured: {reason}");
    Error::domain(&format!("quantity `{name}`"), "a number", got)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_measured_says_why() {
        let mut measured = Measured::default();
        measured.insert(
            "epochs",
            Quantity::NotMeasured("no network fits".to_owned()),
        );
        let error = measured.number("epochs").expect_err("no number");
        assert_eq!(
            error.to_string(),
            "quantity `epochs` is not measured: no network fits, expected a number"
        );
        assert!(measured.list("epochs").is_err());
        assert_eq!(
            measured.to_json().to_string(),
            r#"{"epochs":{"not_measured":"no network fits"}}"#
        );
        assert!(measured.html().as_str().contains("no network fits"));
    }

    #[test]
    fn found_by_name_and_kept_in_order() {
        let mut measured = Measured::default();
        measured.insert("peak", 1.0);
        measured.insert("curve", vec![0.5, f64::INFINITY]);
        measured.insert("count", 3);
        measured.insert("peak", 2.0);
        assert_eq!(
            measured.to_json().to_string(),
            r#"{"peak":2.0,"curve":[0.5,"inf"],"count":3.0}"#
        );
        assert_eq!(measured.number("peak").expect("there"), 2.0);
        assert_eq!(measured.list("peak").expect("there"), [2.0]);
        let error = measured.number("pek").expect_err("misspelt");
        assert_eq!(
            error.to_string(),
            "unknown quantity `pek`; valid: peak, count, curve"
        );
        assert!(measured.number("curve").is_err());
        assert!(measured.html().as_str().contains("0.5, ∞"));
    }
}
