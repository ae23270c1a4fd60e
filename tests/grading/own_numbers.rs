//! Exercises in which everybody has numbers of his own: whose name stands beside an answer, and what then.

use std::fs;
use std::path::Path;

use dltheory::exercise::numbers;
use dltheory::grade::answers::solution;
use dltheory::grade::class::{Graded, Plan, grade_class};
use dltheory::grade::{Grade, GradeSettings, Notebook, Roster, Submission, find};
use serde_json::json;
use tempfile::TempDir;

use crate::{Own, short};

const EMMY: &str = "Emmy Noether";

fn own() -> Own {
    Own::new(GradeSettings {
        chapters: vec!["more_data".to_owned()],
        ..short()
    })
}

/// The solution with the name and the numbers of `name`.
fn right_for(name: &str) -> String {
    let [emmy, other] = [EMMY, name].map(|name| numbers::more_data(name).unwrap().code());
    let mut source = solution("more_data").unwrap();
    for (line, new) in emmy.lines().zip(other.lines()) {
        assert_eq!(source.matches(line).count(), 1, "{line}");
        source = source.replace(line, new);
    }
    source
}

fn notebook(source: &str) -> Vec<u8> {
    let cell =
        json!({ "cell_type": "code", "metadata": { "exercise": "more_data" }, "source": source });
    json!({ "cells": [cell], "nbformat": 4 })
        .to_string()
        .into_bytes()
}

fn hand_in(class: &Path, folder: &str, source: &str) {
    fs::create_dir_all(class.join(folder)).unwrap();
    fs::write(class.join(folder).join("work.ipynb"), notebook(source)).unwrap();
}

fn grade_of(all: &[Graded], name: &str) -> Grade {
    let one = all.iter().find(|one| one.name == name).unwrap();
    one.grade.clone().unwrap()
}

#[test]
fn a_student_answers_with_his_own_numbers_and_the_roster_says_who_he_is() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let class = path("class");
    let [ada, emmy, lise] = [
        "Lovelace_Ada_alove_101",
        "Noether_Emmy_enoet_102",
        "Meitner_Lise_lmeit_103",
    ];
    // Ada has Emmy's answer, with Emmy's name.
    hand_in(&class, ada, &right_for(EMMY));
    hand_in(&class, emmy, &right_for("noether,  EMMY"));
    hand_in(&class, lise, &right_for("lmeit"));
    let roster = "Name,ID,Login\n\"Lovelace, Ada\",101,alove\n\"Noether, Emmy\",102,enoet\n\"Meitner, Lise\",103,lmeit\n";
    fs::write(path("roster.csv"), roster).unwrap();
    let grader = own();
    let found = find(&class).unwrap();
    let plan = Plan {
        roster: Some(Roster::read(&path("roster.csv"), None).unwrap()),
        ..Plan::new(&path("out"))
    };
    for resumed in [false, true] {
        let (all, notes) = grade_class(&grader, &found, &plan, |_| ()).unwrap();
        assert!(all.iter().all(|one| one.resumed == resumed));
        let points = [ada, emmy, lise].map(|name| grade_of(&all, name).points);
        assert_eq!(points, [0.0, 2.0, 2.0], "{notes:?}");
        let result = grade_of(&all, ada).exercises[0].clone();
        assert_eq!(result.answered_as.as_deref(), Some(EMMY));
        let says = "answered with the numbers of Emmy Noether, who is not Lovelace, Ada of the roster: no points";
        assert_eq!(result.finding.as_deref(), Some(says));
        for (name, other) in [(ada, emmy), (emmy, ada)] {
            let note = format!(
                "{name}: 13_double_descent/more_data: answered with the same name as {other}"
            );
            assert!(notes.contains(&note), "{notes:?}");
        }
        assert!(!notes.iter().any(|note| note.contains(lise)), "{notes:?}");
        let csv = fs::read_to_string(path("out/grades.csv")).unwrap();
        let line = csv.lines().find(|line| line.starts_with(ada)).unwrap();
        assert!(
            line.contains("\"Lovelace, Ada\",0,2,0,") && line.contains(says),
            "{line}"
        );
        assert!(
            fs::read_to_string(path("out/roster.csv"))
                .unwrap()
                .contains("Ada\",101,alove,0")
        );
    }
    // Without a roster nobody loses a point by a name, and what was taken comes back.
    let plan = Plan::new(&path("out"));
    let (all, notes) = grade_class(&grader, &found, &plan, |_| ()).unwrap();
    assert_eq!(
        [ada, emmy, lise].map(|name| grade_of(&all, name).points),
        [2.0; 3]
    );
    let note =
        format!("{ada}: 13_double_descent/more_data: answered with the numbers of Emmy Noether");
    assert!(notes.contains(&note), "{notes:?}");
    let notes = &grade_of(&all, lise).exercises[0].notes;
    assert_eq!(notes, &["answered with the numbers of lmeit"]);
}

fn submission(source: &str) -> Submission {
    let notebook = Notebook {
        name: "13.ipynb".into(),
        bytes: notebook(source),
    };
    Submission {
        name: "ada".into(),
        notebooks: vec![notebook],
        findings: Vec::new(),
    }
}

fn graded(source: &str) -> Grade {
    own().grade(&submission(source)).unwrap()
}

#[test]
fn anothers_number_beside_ones_own_name_earns_nothing_and_is_not_told() {
    let grade = graded(&right_for(EMMY).replace(EMMY, "Ada Lovelace"));
    let result = &grade.exercises[0];
    assert_eq!((result.points, result.out_of), (0.0, 2.0));
    let check = &result.checks[0];
    assert_eq!(check.expected, "the number of Ada Lovelace, to four digits");
    assert_eq!((check.relative_error, check.passed), (None, false));
    let nobody = graded("fn more_data() -> (&'static str, f64) { (\"Your Name\", 1.0) }");
    assert!(
        nobody.exercises[0].checks[0]
            .expected
            .contains("your first and last name")
    );
    assert_eq!(nobody.points, 0.0);
}

/// One name for the check and another for the roster would be anybody's.
#[test]
fn who_answers_with_two_names_answers_with_none() {
    let [emmy, ada] = [EMMY, "Ada Lovelace"].map(right_for);
    let two = format!(
        "static CALLS: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);\n\
         mod emmy {{ pub {emmy} }}\nmod ada {{ pub {ada} }}\n\
         fn more_data() -> (&'static str, f64) {{\n\
         let first = CALLS.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0;\n\
         if first {{ emmy::more_data() }} else {{ ada::more_data() }}\n}}"
    );
    // Tried twice in one process, the check is answered with either name, and right.
    let folder = TempDir::new().unwrap();
    let table = folder.path().join("grading.csv");
    let rows = "exercise,check,points,visibility,seeds\nmore_data,number,2,visible,2\n";
    fs::write(&table, rows).unwrap();
    let twice = Own::new(GradeSettings {
        grading: Some(table),
        ..short()
    });
    let grade = twice.grade(&submission(&two)).unwrap();
    let result = &grade.exercises[0];
    let finding = "it answered as Ada Lovelace at one call and as Emmy Noether at another";
    assert_eq!(result.finding.as_deref(), Some(finding));
    assert_eq!((result.points, &result.answered_as), (0.0, &None));
}
