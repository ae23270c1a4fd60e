//! `results.json` as Gradescope reads it.

use serde_json::{Value as Json, json};

use crate::exercise::Visibility;
use crate::grade::Grade;

/// One entry a check; Gradescope itself shows or hides each by its `visibility`.
#[must_use]
pub fn gradescope(grade: &Grade) -> Json {
    let mut tests = Vec::new();
    for (i, exercise) in grade.exercises.iter().enumerate() {
        for (j, check) in exercise.checks.iter().enumerate() {
            let reason = exercise.finding.clone().or_else(|| check.reason());
            tests.push(json!({
                "name": format!("{}: {}", exercise.id, check.name),
                "number": format!("{}.{}", i + 1, j + 1),
                "score": check.points,
                "max_score": check.out_of,
                "status": if check.passed && exercise.finding.is_none() { "passed" } else { "failed" },
                "output": reason.unwrap_or_else(|| check.asks.clone()),
                "visibility": check.visibility,
            }));
        }
    }
    let mut output = grade.findings.join("\n");
    for exercise in &grade.exercises {
        if let (Some(cell), false) = (&exercise.cell, exercise.notes.is_empty()) {
            let notes = exercise.notes.join("; ");
            output.push_str(&format!("{}, {cell}: {notes}\n", exercise.id));
        }
        let (passed, all) = exercise.unseen(Visibility::Visible);
        if exercise.finding.is_none() && all > 0 {
            output.push_str(&format!(
                "{}: {passed} of {all} checks not shown here passed\n",
                exercise.id
            ));
        }
    }
    json!({
        "score": grade.points,
        "output": output.trim_end(),
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
        "extra_data": { "schema": grade.schema, "grader_hash": grade.grader_hash },
    })
}
