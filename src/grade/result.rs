//! What grading found: the data behind every report, and the schema of `grade.json`.

use serde::{Deserialize, Serialize};

use crate::display::format_number;
use crate::exercise::Visibility;

/// Name and version of the schema of `grade.json`. The version rises when a field changes meaning
/// or goes.
pub const SCHEMA: &str = "dltheory-grade/1";

/// The grade of one submission.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grade {
    /// [`SCHEMA`].
    pub schema: String,
    /// Whose: the name of the folder or file.
    pub submission: String,
    /// A hash of the notebooks, hexadecimal.
    pub submission_hash: String,
    /// A hash of the checks, their points and the limits, hexadecimal.
    pub grader_hash: String,
    /// The version of `rustc`.
    pub toolchain: String,
    /// What the kernel enforced while the solutions ran.
    pub confinement: String,
    /// The points reached.
    pub points: f64,
    /// The points there are.
    pub out_of: f64,
    /// What concerns the submission as a whole, such as a notebook that cannot be read.
    pub findings: Vec<String>,
    /// One an exercise, in the order of the chapters.
    pub exercises: Vec<ExerciseResult>,
}

/// What came of one exercise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExerciseResult {
    /// `chapter/name`.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// The points reached.
    pub points: f64,
    /// The points there are.
    pub out_of: f64,
    /// Why the exercise as a whole could not be graded: cell missing, does not compile, …
    pub finding: Option<String>,
    /// Which cell was graded: "13_double_descent.ipynb, cell 31".
    #[serde(default)]
    pub cell: Option<String>,
    /// What of it was not, and which others were passed over.
    #[serde(default)]
    pub notes: Vec<String>,
    /// In whose name it was answered, where everybody has numbers of his own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_as: Option<String>,
    /// One a check.
    pub checks: Vec<CheckResult>,
}

/// What came of one check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckResult {
    /// Its name.
    pub name: String,
    /// What it asks for.
    pub asks: String,
    /// `visible`, `after_due_date`, `after_published` or `hidden`.
    pub visibility: String,
    /// Whether it passed.
    pub passed: bool,
    /// The points reached.
    pub points: f64,
    /// The points there are.
    pub out_of: f64,
    /// What was expected.
    pub expected: String,
    /// What came.
    pub got: String,
    /// How far apart, where that is a number; on the grader's own inputs its power of ten.
    pub relative_error: Option<f64>,
    /// How far apart they may be, where the inputs are the notebook's.
    pub tolerance: Option<f64>,
}

impl CheckResult {
    /// Whether someone who may read all up to `shown` may read it. An unknown name is hidden.
    #[must_use]
    pub fn is_shown(&self, shown: Visibility) -> bool {
        Visibility::from_name(&self.visibility).unwrap_or(Visibility::Hidden) <= shown
    }

    /// Why it lost its points: a sentence, or nothing.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        if self.passed {
            return None;
        }
        let mut text = format!("expected {}, got {}", self.expected, self.got);
        match (
            self.relative_error.map(format_number),
            self.tolerance.map(format_number),
        ) {
            (Some(error), Some(tolerance)) => {
                text.push_str(&format!(" (relative error {error}, tolerance {tolerance})"));
            }
            (Some(error), None) => text.push_str(&format!(" (relative error about {error})")),
            (None, _) => {}
        }
        Some(text)
    }
}

impl ExerciseResult {
    /// Passed and all of the checks that `shown` hides.
    #[must_use]
    pub fn unseen(&self, shown: Visibility) -> (usize, usize) {
        let unseen = || self.checks.iter().filter(|check| !check.is_shown(shown));
        (
            unseen().filter(|check| check.passed).count(),
            unseen().count(),
        )
    }

    /// Why points were lost, one sentence each; of checks that `shown` hides, how many passed.
    #[must_use]
    pub fn reasons(&self, shown: Visibility) -> Vec<String> {
        if let Some(finding) = &self.finding {
            return vec![finding.clone()];
        }
        let mut reasons: Vec<String> = self
            .checks
            .iter()
            .filter(|check| check.is_shown(shown))
            .filter_map(|check| Some(format!("{}: {}", check.name, check.reason()?)))
            .collect();
        let (passed, all) = self.unseen(shown);
        if passed < all {
            reasons.push(format!("{passed} of {all} checks not shown here passed"));
        }
        reasons
    }
}

impl Grade {
    /// The exercise called `name`, with or without its chapter.
    #[must_use]
    pub fn exercise(&self, name: &str) -> Option<&ExerciseResult> {
        self.exercises.iter().find(|exercise| {
            exercise.id == name
                || exercise
                    .id
                    .split_once('/')
                    .is_some_and(|(_, id)| id == name)
        })
    }
}
