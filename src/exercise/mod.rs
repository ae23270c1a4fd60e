//! The exercises of the notebooks: their checks, their points, and `check::…` for notebooks.
//!
//! An [`Exercise`] is one function to write. Its signature stands in the workbench's
//! `signatures.rs`, its checks in the chapter's file here, its hidden checks in `hidden/`, its
//! points in `grading.csv`, its solution and known-wrong answers in `solutions/`, and its stub
//! in the chapter's notebook.
//!
//! A check never sees the solution itself. It asks a [`Trial`] to call it, in this process (the
//! notebook) or in another one (the grader), and judges what comes back.

pub(crate) mod cell;
mod chapter_01;
mod chapter_02;
mod chapter_03;
mod chapter_04;
mod chapter_05;
mod chapter_06;
mod chapter_07;
mod chapter_08;
mod chapter_09;
mod chapter_10;
mod chapter_11;
mod chapter_12;
mod chapter_13;
mod chapter_14;
pub mod check;
#[cfg(feature = "cli")]
pub mod hidden;
mod inputs;
mod law;
pub mod numbers;
mod outcome;
pub(crate) mod person;
mod points;
pub(crate) mod recipe;
mod report;
mod trial;

pub use outcome::Outcome;
#[cfg(feature = "cli")]
pub(crate) use points::{GRADING, delimiter, parse};
pub use points::{Points, Visibility, points};
pub use report::{CheckReport, CheckRow};
pub use trial::{Caller, Trial, Trouble, run};

/// One function for the student to write.
#[derive(Debug)]
pub struct Exercise {
    /// The function's name, as in the workbench's list of signatures.
    pub name: &'static str,
    /// The notebook, without `.ipynb`.
    pub chapter: &'static str,
    /// What it is about, a few words.
    pub title: &'static str,
    /// Hints, from a nudge to nearly the answer. A notebook shows one more at every failure.
    pub hints: &'static [&'static str],
    /// The checks a student sees.
    pub checks: &'static [Check],
}

impl Exercise {
    /// `chapter/name`, the name of its test.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}/{}", self.chapter, self.name)
    }
}

/// One property of a right answer.
#[derive(Debug)]
pub struct Check {
    /// Its name within the exercise, such as `interpolates`.
    pub name: &'static str,
    /// What it asks for, one sentence.
    pub about: &'static str,
    /// Draws inputs, calls the solution, judges.
    pub run: fn(&mut Trial) -> Result<Outcome, Trouble>,
}

/// All exercises, in the order of the chapters.
pub fn all() -> impl Iterator<Item = &'static Exercise> {
    [
        chapter_01::EXERCISES,
        chapter_02::EXERCISES,
        chapter_03::EXERCISES,
        chapter_04::EXERCISES,
        chapter_05::EXERCISES,
        chapter_06::EXERCISES,
        chapter_07::EXERCISES,
        chapter_08::EXERCISES,
        chapter_09::EXERCISES,
        chapter_10::EXERCISES,
        chapter_11::EXERCISES,
        chapter_12::EXERCISES,
        chapter_13::EXERCISES,
        chapter_14::EXERCISES,
    ]
    .into_iter()
    .flatten()
}

/// The exercise called `name`.
#[must_use]
pub fn find(name: &str) -> Option<&'static Exercise> {
    all().find(|exercise| exercise.name == name)
}
