//! For a terminal.

use crate::display::aligned;
use crate::exercise::Visibility;
use crate::grade::{ExerciseResult, Grade};

/// A class, one line a submission.
#[must_use]
pub fn summary(grades: &[Grade]) -> String {
    let header = ["submission", "points", "of", "lost exercises"]
        .map(str::to_owned)
        .to_vec();
    let mut rows = vec![header];
    for grade in grades {
        let lost: Vec<&str> = grade
            .exercises
            .iter()
            .filter(|exercise| {
                exercise.points == 0.0
                    && exercise
                        .finding
                        .as_deref()
                        .is_some_and(|f| !f.starts_with("not started"))
            })
            .map(name)
            .collect();
        rows.push(vec![
            grade.submission.clone(),
            grade.points.to_string(),
            grade.out_of.to_string(),
            lost.join(", "),
        ]);
    }
    aligned(&rows, &[false, true, true, false])
}

/// One submission, one line an exercise and the reason for every lost point.
#[must_use]
pub fn one(grade: &Grade, shown: Visibility) -> String {
    let mut text = String::new();
    for finding in &grade.findings {
        text.push_str(&format!("{finding}\n"));
    }
    let mut rows = Vec::new();
    for exercise in &grade.exercises {
        let started = exercise
            .finding
            .as_deref()
            .is_some_and(|f| f.starts_with("not started"));
        let mark = match () {
            () if exercise.points == exercise.out_of => "✓",
            () if started => "·",
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
    for exercise in grade.exercises.iter().filter(|e| e.points < e.out_of) {
        for reason in exercise.reasons(shown) {
            text.push_str(&format!("\n{}: {reason}", exercise.id));
        }
    }
    text.push_str(&format!(
        "\n\nConfinement: {}. {}.\n",
        grade.confinement, grade.toolchain
    ));
    text
}

fn name(exercise: &ExerciseResult) -> &str {
    exercise
        .id
        .split_once('/')
        .map_or(exercise.id.as_str(), |(_, name)| name)
}
