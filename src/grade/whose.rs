//! Whose numbers an exercise was answered with: everybody has numbers of his own there
//! (`exercise::numbers`), which come from the name beside the answer.

use std::collections::{BTreeMap, BTreeSet};

use super::class::Graded;
use super::handed_in::Student;
use super::judge::total;
use super::result::{ExerciseResult, Grade};
use super::roster::Roster;
use crate::exercise::{Caller, Trouble, person};
use dltheory_workbench::Value;

/// Passes calls on and keeps the names in the answers.
pub(super) struct Heard<C> {
    pub(super) caller: C,
    /// By [`person::key`]: one name, unless the solution says another one at another call.
    names: BTreeMap<String, String>,
}

impl<C> Heard<C> {
    pub(super) fn new(caller: C) -> Self {
        Self {
            caller,
            names: BTreeMap::new(),
        }
    }

    /// The name of all answers, if there was any; or why there is none.
    pub(super) fn name(&self) -> Result<Option<String>, String> {
        let names: Vec<&String> = self.names.values().collect();
        match names.as_slice() {
            [] => Ok(None),
            [name] => Ok(Some((*name).clone())),
            [one, other, ..] => Err(format!(
                "it answered as {one} at one call and as {other} at another"
            )),
        }
    }
}

impl<C: Caller> Caller for Heard<C> {
    fn call(&mut self, arguments: &[Value]) -> Result<Value, Trouble> {
        let answer = self.caller.call(arguments)?;
        if let Value::List(parts) = &answer
            && let Some(Value::Text(name)) = parts.first()
            && let Some(key) = person::key(&person::shown(name))
            && self.names.len() < 2
        {
            self.names.entry(key).or_insert_with(|| person::shown(name));
        }
        Ok(answer)
    }
}

/// Takes the points of exercises that were answered with the numbers of somebody else than the
/// roster's student of that row. May be done again, also with another roster: what was taken before
/// and is not any more is given back.
pub(super) fn bind(grade: &mut Grade, row: Option<(&Roster, usize)>) {
    for exercise in &mut grade.exercises {
        let Some(name) = exercise.answered_as.clone() else {
            continue;
        };
        let other = row.filter(|(roster, row)| !roster.is(*row, &name));
        let finding = other.map(|(roster, row)| {
            let whose = roster.student(row).1;
            format!("{ANSWERED} {name}, who is not {whose} of the roster: no points")
        });
        if finding.is_some() || is_taken(exercise) {
            for check in &mut exercise.checks {
                let counts = check.passed && finding.is_none();
                check.points = if counts { check.out_of } else { 0.0 };
            }
            exercise.finding = finding;
            exercise.points = total(&exercise.checks).0;
        }
    }
    grade.points = grade.exercises.iter().map(|e| e.points).sum::<f64>() + 0.0;
}

/// How sentences about a name begin.
pub(super) const ANSWERED: &str = "answered with the numbers of";

fn is_taken(exercise: &ExerciseResult) -> bool {
    let finding = exercise.finding.as_deref();
    finding.is_some_and(|finding| finding.starts_with(ANSWERED))
}

/// What the person who grades should know of each submission: that it was answered with the numbers of
/// somebody else, or of the same person as another submission.
pub(super) fn notes(all: &[Graded]) -> Vec<Vec<String>> {
    let mut notes = vec![Vec::new(); all.len()];
    // By exercise and name, the submissions.
    let mut by_name: BTreeMap<(&str, String), BTreeSet<usize>> = BTreeMap::new();
    for (index, graded) in all.iter().enumerate() {
        let exercises = graded.grade.iter().flat_map(|grade| &grade.exercises);
        for exercise in exercises {
            let Some(name) = &exercise.answered_as else {
                continue;
            };
            let id = exercise.id.as_str();
            match &exercise.finding {
                Some(finding) if is_taken(exercise) => {
                    notes[index].push(format!("{id}: {finding}"))
                }
                _ if is_another(&graded.student, &graded.name, name) => {
                    notes[index].push(format!("{id}: {ANSWERED} {name}"));
                }
                _ => {}
            }
            if let Some(key) = person::key(name) {
                by_name.entry((id, key)).or_default().insert(index);
            }
        }
    }
    for ((id, _), several) in by_name.iter().filter(|(_, several)| several.len() > 1) {
        for &index in several {
            let others = several.iter().filter(|other| **other != index);
            let others: Vec<&str> = others.map(|&other| all[other].name.as_str()).collect();
            let others = others.join(" and ");
            notes[index].push(format!("{id}: answered with the same name as {others}"));
        }
    }
    notes
}

/// Whether a submission says whose it is, and it is not `name`. A folder called `group3` says nothing.
fn is_another(student: &Student, submission: &str, name: &str) -> bool {
    let Some(whose) = &student.name else {
        return false;
    };
    let (words, given) = (person::words(whose), person::words(name));
    let of_a_platform = whose != submission;
    let is_person = !whose.contains(|c: char| c.is_ascii_digit()) && words.len() > 1;
    let known = student.ids.iter().any(|id| id.eq_ignore_ascii_case(name));
    let part = words.iter().all(|word| given.contains(word));
    (of_a_platform || is_person) && !known && !part && !person::same(whose, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Says(Vec<&'static str>);

    impl Caller for Says {
        fn call(&mut self, _: &[Value]) -> Result<Value, Trouble> {
            Ok((self.0.remove(0), 1.0).into())
        }
    }

    fn heard(names: &[&'static str]) -> Result<Option<String>, String> {
        let mut heard = Heard::new(Says(names.to_vec()));
        for _ in names {
            heard.call(&[]).unwrap();
        }
        heard.name()
    }

    #[test]
    fn one_name_is_heard_and_two_are_told() {
        assert_eq!(heard(&["", "7"]), Ok(None));
        assert_eq!(
            heard(&["Ada Lovelace", "lovelace ada"]),
            Ok(Some("Ada Lovelace".into()))
        );
        let two = heard(&["Ada Lovelace", "Emmy Noether", "Lise Meitner"]).unwrap_err();
        assert!(
            two.contains("as Ada Lovelace") && two.contains("as Emmy Noether"),
            "{two}"
        );
    }

    #[test]
    fn a_submission_says_whose_it_is_or_nothing() {
        let another = |whose: &str, submission: &str, ids: &[&str], name: &str| {
            let ids = ids.iter().map(|id| (*id).to_owned()).collect();
            let student = Student {
                name: Some(whose.into()),
                ids,
            };
            is_another(&student, submission, name)
        };
        // Canvas, Moodle, a folder.
        assert!(!another(
            "lovelaceada",
            "lovelaceada_101",
            &["101"],
            "Ada Lovelace"
        ));
        assert!(another(
            "lovelaceada",
            "lovelaceada_101",
            &["101"],
            "Emmy Noether"
        ));
        assert!(!another("Ada King Lovelace", "x", &["1"], "Ada Lovelace"));
        assert!(another("Ada Lovelace", "Ada Lovelace", &[], "Emmy Noether"));
        for folder in ["ada", "group3", "group 3", "work"] {
            assert!(
                !another(folder, folder, &[folder], "Ada Lovelace"),
                "{folder}"
            );
        }
        assert!(!another("Ada Lovelace", "x", &["alove"], "ALOVE"));
    }
}
