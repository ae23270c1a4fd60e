//! For a terminal.

use crate::display::aligned;
use crate::exercise::Visibility;
use crate::grade::release::is_students_version;
use crate::grade::{ExerciseResult, Grade};

/// A class, one line a submission.
#[must_use]
pub fn summary(grades: &[Grade]) -> String {
    let header = [
        "submission",
        "points",
        "of",
        "what to know, or could not be graded",
    ]
    .map(str::to_owned)
    .to_vec();
    let mut rows = vec![header];
    for grade in grades {
        let lost: Vec<&str> = grade
            .exercises
            .iter()
            .filter(|exercise| exercise.finding.is_some() && started(exercise))
            .map(name)
            .collect();
        let said = match (grade.findings.first(), lost.as_slice()) {
            (Some(finding), _) => finding.clone(),
            (None, [a, b, c, rest @ ..]) if !rest.is_empty() => {
                format!("{a}, {b}, {c} and {} more", rest.len())
            }
            (None, few) => few.join(", "),
        };
        rows.push(vec![
            grade.submission.clone(),
            grade.points.to_string(),
            grade.out_of.to_string(),
            said,
        ]);
    }
    aligned(&rows, &[false, true, true, false])
}

/// One submission: the reason for every lost point, then one line an exercise.
#[must_use]
pub fn one(grade: &Grade, shown: Visibility) -> String {
    let mut text = String::new();
    for finding in &grade.findings {
        text.push_str(&format!("{finding}\n"));
    }
    let lost = |exercise: &&ExerciseResult| exercise.points < exercise.out_of;
    for exercise in grade.exercises.iter().filter(lost).filter(|e| started(e)) {
        for reason in exercise.reasons(shown) {
            text.push_str(&format!("{}: {reason}\n", exercise.id));
        }
    }
    for exercise in &grade.exercises {
        if let (Some(cell), false) = (&exercise.cell, exercise.notes.is_empty()) {
            let notes = exercise.notes.join("; ");
            text.push_str(&format!("note: {}, {cell}: {notes}\n", exercise.id));
        }
    }
    let stubs: Vec<&str> = grade
        .exercises
        .iter()
        .filter(|e| !started(e))
        .map(name)
        .collect();
    if !stubs.is_empty() {
        text.push_str(&format!("not started: {}\n", stubs.join(", ")));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    let mut rows = Vec::new();
    for exercise in &grade.exercises {
        let mark = match () {
            () if exercise.points == exercise.out_of => "✓",
            () if !started(exercise) => "·",
            () => "✗",
        };
        rows.push(vec![
            format!("{mark} {}", exercise.id),
            exercise.points.to_string(),
            format!("of {}", exercise.out_of),
        ]);
    }
    rows.push(vec![
        "  all".into(),
        grade.points.to_string(),
        format!("of {}", grade.out_of),
    ]);
    text.push_str(&aligned(&rows, &[false, true, false]));
    if is_students_version() {
        text.push_str("These are the points to see here; hidden checks add theirs when your instructor grades.\n");
    }
    text.push_str(&format!(
        "Confinement: {}. {}.\n",
        grade.confinement, grade.toolchain
    ));
    text
}

/// Whether the body is more than `todo!()`.
fn started(exercise: &ExerciseResult) -> bool {
    !exercise
        .finding
        .as_deref()
        .is_some_and(|finding| finding.starts_with("not started"))
}

fn name(exercise: &ExerciseResult) -> &str {
    exercise
        .id
        .split_once('/')
        .map_or(exercise.id.as_str(), |(_, name)| name)
}
