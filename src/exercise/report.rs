//! The table that `check::…` shows.

use std::collections::HashMap;
use std::fmt;
use std::sync::{LazyLock, Mutex, PoisonError};

use super::{Caller, Exercise, Outcome, Trouble, points, run};
use crate::display::{Html, aligned, escape, format_number, html_table};

/// One check of a [`CheckReport`].
#[derive(Clone, Debug)]
pub struct CheckRow {
    /// Its name.
    pub name: &'static str,
    /// What it asks for.
    pub about: &'static str,
    /// What it is worth.
    pub points: f64,
    /// What came out.
    pub result: Result<Outcome, Trouble>,
}

impl CheckRow {
    /// Whether it passed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.result.as_ref().is_ok_and(Outcome::passed)
    }

    /// Expected, got, relative error and tolerance, as text.
    pub(crate) fn cells(&self) -> [String; 4] {
        match &self.result {
            Ok(outcome) => {
                let number = |x: Option<f64>| x.map_or("–".into(), format_number);
                [
                    outcome.expected.clone(),
                    format!("{}: {}", outcome.what, outcome.got),
                    number(outcome.relative_error),
                    number(outcome.tolerance),
                ]
            }
            Err(Trouble::Unusable(expected, got)) => {
                [expected.clone(), got.clone(), "–".into(), "–".into()]
            }
            Err(trouble) => [
                "an answer".into(),
                trouble.sentence(),
                "–".into(),
                "–".into(),
            ],
        }
    }
}

/// The visible checks of an exercise on one solution. A notebook shows it as a table.
#[derive(Clone, Debug)]
pub struct CheckReport {
    exercise: &'static Exercise,
    rows: Vec<CheckRow>,
    hints: usize,
    notes: Vec<String>,
}

impl CheckReport {
    /// Runs the visible checks.
    pub(crate) fn new(exercise: &'static Exercise, caller: &mut dyn Caller, seed: u64) -> Self {
        let mut rows = Vec::new();
        for check in exercise.checks {
            let (points, seeds) =
                points(exercise.name, check.name).map_or((0.0, 1), |row| (row.points, row.seeds));
            rows.push(CheckRow {
                name: check.name,
                about: check.about,
                points,
                result: run(check, caller, seed, seeds),
            });
        }
        let mut report = Self {
            exercise,
            rows,
            hints: 0,
            notes: super::cell::notes(exercise.name),
        };
        report.hints = failures(exercise.name, &report).min(exercise.hints.len());
        report
    }

    /// The rows, one a check.
    #[must_use]
    pub fn rows(&self) -> &[CheckRow] {
        &self.rows
    }

    /// Whether the body is more than `todo!()`: whether some check came to anything else.
    #[must_use]
    pub fn started(&self) -> bool {
        self.rows
            .iter()
            .any(|row| row.result != Err(Trouble::Unfinished))
    }

    /// Whether every visible check passed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.rows.iter().all(CheckRow::passed)
    }

    /// The points of the checks that passed, and of all visible ones.
    #[must_use]
    pub fn points(&self) -> (f64, f64) {
        let got = self
            .rows
            .iter()
            .filter(|row| row.passed())
            .map(|row| row.points);
        let all = self
            .exercise
            .checks
            .iter()
            .filter_map(|check| points(self.exercise.name, check.name));
        (got.sum::<f64>() + 0.0, all.map(|row| row.points).sum())
    }

    /// The hints a student has earned by failing.
    #[must_use]
    pub fn hints(&self) -> &'static [&'static str] {
        &self.exercise.hints[..self.hints]
    }

    fn summary(&self) -> String {
        let (got, all) = self.points();
        let name = self.exercise.name;
        if self.uncompiled() {
            format!(
                "{name}: does not compile. Correct what its cell says, run it, then run this one."
            )
        } else if !self.started() {
            format!(
                "{name}: not started (0 of {all} points to see). Replace todo!() and run both cells."
            )
        } else if self.passed() {
            format!(
                "{name}: all visible checks passed, {got} of {all} points. Hidden checks follow when it is graded."
            )
        } else {
            format!("{name}: {got} of {all} points.")
        }
    }

    fn table(&self) -> Vec<Vec<String>> {
        self.rows
            .iter()
            .map(|row| {
                let mark = if row.passed() { "✓" } else { "✗" };
                let [expected, got, error, tolerance] = row.cells();
                let earned = if row.passed() { row.points } else { 0.0 };
                vec![
                    format!("{mark} {}", row.name),
                    row.about.to_owned(),
                    expected,
                    got,
                    error,
                    tolerance,
                    format!("{earned} / {}", row.points),
                ]
            })
            .collect()
    }

    /// Whether the last version of its cell did not compile, so that the rows are about an older one.
    fn uncompiled(&self) -> bool {
        crate::notebook::uncompiled(self.exercise.name)
    }

    /// The table, as HTML.
    #[must_use]
    pub fn html(&self) -> Html {
        let mut html = Html::paragraph(&self.summary());
        if self.started() && !self.uncompiled() {
            html.push(&Html::new(html_table(&HEADER, &self.table())));
            for hint in self.hints() {
                html.push(&Html::new(format!(
                    "<p><b>Hint.</b> {}</p>\n",
                    escape(hint)
                )));
            }
            if self.passed() {
                html.push(&self.idea());
            }
        }
        for note in &self.notes {
            html.push(&Html::message(note));
        }
        html
    }

    /// One way to the solution, folded: all hints in a row.
    fn idea(&self) -> Html {
        let steps = Html::paragraph(&self.exercise.hints.join(" "));
        Html::folded("One way to do it, to compare with yours", &steps)
    }

    /// Shows the table in a notebook.
    pub fn evcxr_display(&self) {
        self.html().evcxr_display();
    }
}

const HEADER: [&str; 7] = [
    "check",
    "asks",
    "expected",
    "got",
    "relative error",
    "tolerance",
    "points",
];

impl fmt::Display for CheckReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.summary())?;
        if self.started() && !self.uncompiled() {
            let mut rows = vec![HEADER.map(str::to_owned).to_vec()];
            rows.extend(self.table());
            write!(f, "{}", aligned(&rows, &[]))?;
            for hint in self.hints() {
                writeln!(f, "Hint: {hint}")?;
            }
        }
        for note in &self.notes {
            writeln!(f, "{note}")?;
        }
        Ok(())
    }
}

/// With how many different answers in a row the exercise failed in this process, this one
/// included: running a cell again without a change earns no hint.
fn failures(name: &'static str, report: &CheckReport) -> usize {
    type Last = (usize, Vec<[String; 4]>);
    static FAILURES: LazyLock<Mutex<HashMap<&'static str, Last>>> = LazyLock::new(Mutex::default);
    let mut failures = FAILURES.lock().unwrap_or_else(PoisonError::into_inner);
    let (count, last) = failures.entry(name).or_default();
    let answers: Vec<[String; 4]> = report.rows.iter().map(CheckRow::cells).collect();
    if report.passed() {
        *count = 0;
    } else if report.started() && *last != answers {
        *count += 1;
    }
    *last = answers;
    *count
}

#[cfg(test)]
mod tests {
    use crate::exercise::check;
    use ndarray::{Array1, Array2};

    #[test]
    fn a_stub_is_not_started_and_hints_grow() {
        fn stub(_: &Array2<f64>, _: &Array1<f64>) -> Array1<f64> {
            panic!("not yet implemented: as todo!() says it")
        }
        fn wrong(x: &Array2<f64>, _: &Array1<f64>) -> Array1<f64> {
            Array1::zeros(x.ncols())
        }
        fn other(_: &Array2<f64>, _: &Array1<f64>) -> Array1<f64> {
            unimplemented!()
        }
        assert!(!check::min_norm(other).started());
        let report = check::min_norm(stub);
        assert!(!report.started() && report.points().0 == 0.0 && report.hints().is_empty());
        fn twice(x: &Array2<f64>, _: &Array1<f64>) -> Array1<f64> {
            Array1::ones(x.ncols())
        }
        assert_eq!(check::min_norm(wrong).hints().len(), 1);
        assert_eq!(check::min_norm(wrong).hints().len(), 1);
        let again = check::min_norm(twice);
        assert_eq!(again.hints().len(), 2);
        assert!(again.to_string().contains("✗ interpolates"), "{again}");
    }

    #[test]
    fn todo_in_one_branch_costs_the_checks_that_reach_it() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        static CALLS: AtomicUsize = AtomicUsize::new(0);
        fn half(x: &Array2<f64>, y: &Array1<f64>, penalty: f64) -> Array1<f64> {
            if CALLS.fetch_add(1, Ordering::SeqCst) == 0 {
                panic!("not yet implemented: as todo!() says it")
            }
            let a = x.t().dot(x) + penalty * Array2::<f64>::eye(x.ncols());
            dltheory_workbench::linalg::solve(&a, &x.t().dot(y))
        }
        let report = check::ridge_weights(half);
        let (got, all) = report.points();
        assert!(report.started() && !report.passed());
        assert!(0.0 < got && got < all, "{report}");
        assert!(report.to_string().contains("todo!()"), "{report}");
    }

    #[test]
    fn a_right_answer_is_shown_another_way() {
        let right = check::product_bound(|weights: &Vec<Array2<f64>>| {
            let norms = weights
                .iter()
                .map(|w| dltheory_workbench::linalg::svd(w).s[0]);
            norms.product()
        });
        assert!(right.html().as_str().contains("<details><summary>One way"));
        let wrong = check::product_bound(|_: &Vec<Array2<f64>>| 1.0);
        assert!(!wrong.html().as_str().contains("One way"));
    }
}
