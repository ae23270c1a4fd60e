//! Proves that the exercises are fair: a stub scores 0, the reference scores everything, and every
//! known-wrong answer loses the check meant for it.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::json;

use super::answers::{self, Wrong};
use super::judge::{Grader, checks_of};
use super::notebook_file::Notebook;
use super::own_numbers;
use super::result::Grade;
use super::submission::Submission;
use super::toolchain::ROOT;
use crate::Result;
use crate::exercise::{self, Exercise, hidden, numbers};

/// How many known-wrong answers an exercise needs.
pub const WRONG_ANSWERS: usize = 3;

/// What was verified of one exercise, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// `chapter/name`.
    pub id: String,
    /// How many checks it has: visible, hidden.
    pub checks: (usize, usize),
    /// How many known-wrong answers it has.
    pub wrong_answers: usize,
    /// The points of the stub, the reference, and all there are.
    pub points: (f64, f64, f64),
    /// What is wrong, one sentence each.
    pub faults: Vec<String>,
    /// What was found where everybody has numbers of his own, one sentence each.
    pub notes: Vec<String>,
}

/// Verifies every exercise. `tell` is told what is being done.
///
/// # Errors
/// The solutions are not there (this is the students' version), a wrong answer does not fit its
/// solution, a row of `grading.csv` is of no check, or grading fails.
pub fn verify(grader: &Grader, mut tell: impl FnMut(&str)) -> Result<Vec<Verdict>> {
    super::release::only_for_instructors()?;
    // A row of grading.csv that is of no check is an error here.
    let grader = &grader.of_everything()?;
    let mut verdicts: BTreeMap<&str, Verdict> = BTreeMap::new();
    let (mut references, mut wrongs) = (BTreeMap::new(), BTreeMap::new());
    for exercise in exercise::all() {
        let mut verdict = Verdict {
            id: exercise.id(),
            ..Verdict::default()
        };
        verdict.checks = (exercise.checks.len(), hidden::checks(exercise.name).len());
        references.insert(exercise.name, answers::solution(exercise.name)?);
        let wrong = answers::wrong_answers(exercise.name)?;
        verdict.wrong_answers = wrong.len();
        table(exercise, &wrong, &mut verdict.faults);
        if numbers::are_own(exercise.name) {
            tell(&format!("a thousand names for {}", exercise.name));
            let solution = &references[exercise.name];
            let tried = own_numbers::tried(grader, exercise, solution, &wrong)?;
            verdict.notes = tried.notes;
            verdict.faults.extend(tried.faults);
        }
        wrongs.insert(exercise.name, wrong);
        verdicts.insert(exercise.name, verdict);
    }
    let mut fault = |name: &str, sentence: String| {
        if let Some(verdict) = verdicts.get_mut(name) {
            verdict.faults.push(sentence);
        }
    };

    tell("the stubs of the notebooks");
    let stubs = grader.grade(&Submission::read(&Path::new(ROOT).join("notebooks"))?)?;
    tell("the references");
    let right = grader.grade(&submission(&references))?;
    for exercise in exercise::all() {
        let (stub, reference) = (result(&stubs, exercise), result(&right, exercise));
        if !stub
            .finding
            .as_ref()
            .is_some_and(|finding| finding.starts_with("not started"))
        {
            let got = stub.finding.clone().unwrap_or_else(|| "it ran".into());
            fault(
                exercise.name,
                format!("the notebook has no stub that compiles: {got}"),
            );
        }
        if stub.points != 0.0 {
            fault(exercise.name, format!("the stub scores {}", stub.points));
        }
        if reference.points != reference.out_of || reference.out_of <= 0.0 {
            fault(
                exercise.name,
                format!(
                    "the reference scores {} of {}",
                    reference.points, reference.out_of
                ),
            );
            for check in reference.checks.iter().filter(|check| !check.passed) {
                let (name, expected, got) = (&check.name, &check.expected, &check.got);
                fault(
                    exercise.name,
                    format!("the reference fails {name}: expected {expected}, got {got}"),
                );
            }
            if let Some(finding) = &reference.finding {
                fault(exercise.name, format!("the reference: {finding}"));
            }
        }
    }
    let most = wrongs.values().map(Vec::len).max().unwrap_or(0);
    for index in 0..most {
        tell(&format!("wrong answers, {} of {most}", index + 1));
        let these: BTreeMap<&str, String> = wrongs
            .iter()
            .filter_map(|(name, list)| Some((*name, list.get(index)?.source.clone())))
            .collect();
        let grade = grader.grade(&submission(&these))?;
        for (name, wrong) in wrongs
            .iter()
            .filter_map(|(name, list)| Some((*name, list.get(index)?)))
        {
            let Some(result) = grade.exercise(name) else {
                continue;
            };
            let meant = result.checks.iter().find(|check| check.name == wrong.loses);
            if let Some(finding) = &result.finding {
                fault(name, format!("{}: {finding}", wrong.name));
            } else if meant.is_none_or(|check| check.passed || check.out_of <= 0.0) {
                fault(
                    name,
                    format!("{} does not lose points on {}", wrong.name, wrong.loses),
                );
            }
        }
    }
    for exercise in exercise::all() {
        if let Some(verdict) = verdicts.get_mut(exercise.name) {
            let reference = result(&right, exercise);
            verdict.points = (
                result(&stubs, exercise).points,
                reference.points,
                reference.out_of,
            );
        }
    }
    Ok(exercise::all()
        .filter_map(|e| verdicts.remove(e.name))
        .collect())
}

/// What must be true of the tables alone.
fn table(exercise: &'static Exercise, wrong: &[Wrong], faults: &mut Vec<String>) {
    let written = exercise.checks.iter().chain(hidden::checks(exercise.name));
    for check in written.filter(|check| exercise::points(exercise.name, check.name).is_none()) {
        faults.push(format!(
            "its check {} has no row in grading.csv",
            check.name
        ));
    }
    if exercise.hints.is_empty() {
        faults.push("it has no hint".into());
    }
    if wrong.len() < WRONG_ANSWERS {
        faults.push(format!(
            "it has {} known-wrong answers, expected at least {WRONG_ANSWERS}",
            wrong.len()
        ));
    }
    for answer in wrong {
        if !checks_of(exercise).any(|(check, _)| check.name == answer.loses) {
            faults.push(format!(
                "{} names no check of it: {:?}",
                answer.name, answer.loses
            ));
        }
    }
}

fn result<'a>(grade: &'a Grade, exercise: &Exercise) -> &'a super::ExerciseResult {
    grade
        .exercise(exercise.name)
        .expect("a grade has every exercise")
}

/// A submission of these sources: one notebook with a cell for each.
pub(crate) fn submission(sources: &BTreeMap<&str, String>) -> Submission {
    let cells: Vec<_> = sources
        .iter()
        .map(|(name, source)| {
            json!({ "cell_type": "code", "metadata": { "exercise": name }, "source": source })
        })
        .collect();
    let bytes = json!({ "cells": cells }).to_string().into_bytes();
    let notebook = Notebook {
        name: "answers.ipynb".into(),
        bytes,
    };
    Submission {
        name: "answers".into(),
        notebooks: vec![notebook],
        findings: Vec::new(),
    }
}

/// The reference solutions as a submission.
///
/// # Errors
/// They are not there.
pub fn references() -> Result<Submission> {
    let read_one =
        |exercise: &'static Exercise| Ok((exercise.name, answers::solution(exercise.name)?));
    Ok(submission(
        &exercise::all().map(read_one).collect::<Result<_>>()?,
    ))
}
