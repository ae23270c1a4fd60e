//! Names in a table of points and on the command line, held to what there is.

use crate::exercise::{self, Check, Exercise, Points, hidden};
use crate::{Error, Result};

/// The checks that are written for an exercise, visible ones first.
pub(super) fn written(exercise: &'static Exercise) -> impl Iterator<Item = &'static Check> {
    exercise.checks.iter().chain(hidden::checks(exercise.name))
}

/// A row that is spelt wrong would leave its check out.
pub(super) fn known(row: &Points) -> std::result::Result<(), String> {
    let names = exercise::all().map(|exercise| exercise.name);
    let exercise = exercise::find(&row.exercise).ok_or_else(|| {
        let nearest = nearest(&row.exercise, names).join(", ");
        format!(
            "there is no exercise {:?}; nearest: {nearest}",
            row.exercise
        )
    })?;
    let checks = || written(exercise).map(|check| check.name);
    match checks().any(|name| name == row.check) {
        true => Ok(()),
        false => Err(format!(
            "{} has no check {:?}; nearest: {}",
            row.exercise,
            row.check,
            nearest(&row.check, checks()).join(", ")
        )),
    }
}

/// The three names nearest to `name`.
fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut names: Vec<&str> = names.collect();
    names.sort_by(|a, b| strsim::jaro_winkler(b, name).total_cmp(&strsim::jaro_winkler(a, name)));
    names.truncate(3);
    names
}

/// The exercises of a chapter (`13`, `13_double_descent`) or the one of this name.
pub(super) fn named(name: &str) -> Result<Vec<&'static str>> {
    let plain = name.trim().trim_end_matches(".ipynb");
    let number = |chapter: &str| -> Option<u32> { chapter.split('_').next()?.parse().ok() };
    let wanted: Option<u32> = plain.parse().ok();
    let is = |exercise: &Exercise| {
        exercise.name == plain
            || exercise.chapter == plain
            || (wanted.is_some() && number(exercise.chapter) == wanted)
    };
    let found: Vec<&str> = exercise::all()
        .filter(|exercise| is(exercise))
        .map(|exercise| exercise.name)
        .collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let mut valid: Vec<&str> = exercise::all().map(|exercise| exercise.chapter).collect();
    valid.dedup();
    if wanted.is_none() {
        valid.extend(exercise::all().map(|exercise| exercise.name));
    }
    Err(Error::unknown("chapter or exercise", name, valid))
}
