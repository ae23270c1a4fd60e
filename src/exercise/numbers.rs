//! Numbers of a student's own: `numbers::NAME("Ada Lovelace")` in a notebook shows what Ada works out on
//! paper in the exercise `NAME`. Another name has other numbers, on every machine the same.
//!
//! ```
//! use dltheory::prelude::*;
//! let ada = numbers::more_data("Ada Lovelace")?;
//! assert_eq!(ada, numbers::more_data("lovelace,  ada")?);
//! assert_ne!(ada, numbers::more_data("Emmy Noether")?);
//! # Ok::<(), Error>(())
//! ```

use std::fmt;

use super::chapter_10::promised_gap;
use super::chapter_13::more_data;
use super::person::{self, PLACEHOLDER};
use super::recipe::Recipe;
use crate::display::{Html, aligned, escape, html_table};
use crate::error::{Error, Result};

/// All such exercises.
static ALL: &[&Recipe] = &[&promised_gap::RECIPE, &more_data::RECIPE];

/// The recipe of an exercise, if everybody has numbers of his own in it.
pub(crate) fn recipe(exercise: &str) -> Option<&'static Recipe> {
    ALL.iter().copied().find(|r| r.exercise == exercise)
}

/// Whether everybody has numbers of his own in this exercise.
#[must_use]
pub fn are_own(exercise: &str) -> bool {
    recipe(exercise).is_some()
}

/// The numbers of a student in an exercise. A notebook shows them as a table.
#[derive(Clone, Debug)]
pub struct Numbers {
    recipe: &'static Recipe,
    name: String,
    given: Vec<f64>,
}

/// The numbers count, not how the name is spelt.
impl PartialEq for Numbers {
    fn eq(&self, other: &Self) -> bool {
        self.recipe.exercise == other.recipe.exercise && self.given == other.given
    }
}

impl Numbers {
    fn new(recipe: &'static Recipe, name: &str) -> Result<Self> {
        let shown = person::shown(name);
        let given = match recipe.of(&shown) {
            Some(drawn) => drawn?.given,
            // As the notebook is handed out.
            None if shown == PLACEHOLDER => Vec::new(),
            None => {
                let expected =
                    "your first and last name: two letters or more, 100 characters or fewer";
                return Err(Error::domain("the name", expected, format!("{shown:?}")));
            }
        };
        Ok(Self {
            recipe,
            name: shown,
            given,
        })
    }

    /// The numbers, in the order of the table; none for "Your Name", which is nobody's.
    #[must_use]
    pub fn given(&self) -> &[f64] {
        &self.given
    }

    /// Two lines for the exercise's cell: the name and the numbers.
    #[must_use]
    pub fn code(&self) -> String {
        let line = self.recipe.line(&self.given);
        format!("let name = {:?};\n{line}\n", self.name)
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let symbols = self.recipe.symbols.iter().zip(&self.given);
        let row = |((name, what), given): (&(&str, &str), &f64)| {
            vec![(*name).to_owned(), (*what).to_owned(), given.to_string()]
        };
        symbols.map(row).collect()
    }

    /// The numbers as a table, and the lines for the cell.
    #[must_use]
    pub fn html(&self) -> Html {
        if self.given.is_empty() {
            return Html::message(WRITE_YOUR_NAME);
        }
        let mut html = Html::paragraph(&format!("The numbers of {}:", self.name));
        html.push(&Html::new(html_table(&HEADER, &self.rows())));
        let code = escape(&self.code());
        html.push(&Html::new(format!("<pre>{code}</pre>\n")));
        html
    }

    /// Shows them in a notebook.
    pub fn evcxr_display(&self) {
        self.html().evcxr_display();
    }
}

const WRITE_YOUR_NAME: &str = "Write your first and last name between the quotes, as your course knows it, \
    and run this cell again: it shows your numbers.";
const HEADER: [&str; 3] = ["in the cell", "what", "yours"];

impl fmt::Display for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.given.is_empty() {
            return writeln!(f, "{WRITE_YOUR_NAME}");
        }
        let mut rows = vec![HEADER.map(str::to_owned).to_vec()];
        rows.extend(self.rows());
        write!(
            f,
            "{}\n{}",
            aligned(&rows, &[false, false, true]),
            self.code()
        )
    }
}

/// Chapter 10: features d, thresholds k, examples n and the probability δ of the bound on a finite class.
///
/// # Errors
/// `name` is no name: fewer than two letters, or more than 100 characters.
pub fn promised_gap(name: &str) -> Result<Numbers> {
    Numbers::new(&promised_gap::RECIPE, name)
}

/// Chapter 13: features p, examples before and after, ‖β‖² and σ² of two regressions.
///
/// # Errors
/// `name` is no name: fewer than two letters, or more than 100 characters.
pub fn more_data(name: &str) -> Result<Numbers> {
    Numbers::new(&more_data::RECIPE, name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::{Caller, Outcome, Trouble, find, run};
    use dltheory_workbench::Value;

    struct Says(&'static str, f64);

    impl Caller for Says {
        fn call(&mut self, _: &[Value]) -> std::result::Result<Value, Trouble> {
            Ok((self.0, self.1).into())
        }
    }

    fn number(
        exercise: &str,
        name: &'static str,
        number: f64,
    ) -> std::result::Result<Outcome, Trouble> {
        let check = &find(exercise).unwrap().checks[0];
        run(check, &mut Says(name, number), 0, 1)
    }

    #[test]
    fn two_students_have_other_numbers_and_each_others_answers_fail() {
        for recipe in ALL {
            let name = recipe.exercise;
            let [ada, emmy] =
                ["Ada Lovelace", "Emmy Noether"].map(|n| recipe.of(n).unwrap().unwrap());
            assert_ne!(ada.given, emmy.given);
            assert_eq!(ada.given.len(), recipe.symbols.len());
            assert!(number(name, "ada  LOVELACE", ada.answer).unwrap().passed());
            assert!(!number(name, "Ada Lovelace", emmy.answer).unwrap().passed());
            assert!(!number(name, "Emmy Noether", ada.answer).unwrap().passed());
            // As a student writes it: four digits.
            let four: f64 = format!("{:.3e}", ada.answer).parse().unwrap();
            assert!(number(name, "Ada Lovelace", four).unwrap().passed());
            assert!(
                !number(name, "Ada Lovelace", ada.answer * 1.001)
                    .unwrap()
                    .passed()
            );
        }
    }

    #[test]
    fn a_wrong_number_learns_nothing_about_the_right_one() {
        for recipe in ALL {
            let answer = recipe.of("Ada Lovelace").unwrap().unwrap().answer;
            for factor in [0.01, 0.9, 1.1, 100.0, f64::NAN, -1.0, f64::INFINITY] {
                let outcome = number(recipe.exercise, "Ada Lovelace", factor * answer).unwrap();
                assert!(!outcome.passed() && outcome.relative_error.is_none());
                assert_eq!(
                    outcome.expected,
                    "the number of Ada Lovelace, to four digits"
                );
                assert!(
                    outcome
                        .got
                        .starts_with(&crate::display::format_number(factor * answer))
                );
            }
        }
    }

    #[test]
    fn without_a_name_there_is_no_number() {
        for name in ["", "Your Name", "7", "\u{202e}\n"] {
            let result = number("more_data", name, 1.0);
            assert!(matches!(result, Err(Trouble::Unusable(..))), "{name:?}");
        }
        let error = more_data("7").unwrap_err();
        assert_eq!(error.argument(), Some("the name"));
        assert!(more_data("Your Name").unwrap().given().is_empty());
    }

    /// The same on every machine, this year and next.
    #[test]
    fn numbers_are_pinned() {
        let lines = ALL
            .iter()
            .map(|recipe| recipe.line(&recipe.of("Emmy Noether").unwrap().unwrap().given));
        assert_eq!(
            lines.collect::<Vec<_>>(),
            [
                "let [d, k, n, delta]: [f64; 4] = [16.0, 12.0, 253.0, 0.01];",
                "let [p, before, after, signal, noise]: [f64; 5] = [31.0, 6.0, 37.0, 5.0, 1.4];",
            ]
        );
    }
}
