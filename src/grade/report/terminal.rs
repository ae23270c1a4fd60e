//! For a terminal.

use std::collections::BTreeSet;

use crate::display::aligned;
use crate::exercise::Visibility;
use crate::grade::cells::MISSING;
use crate::grade::release::is_students_version;
use crate::grade::{ExerciseResult, Grade};

/// A class, one line a submission.
#[must_use]
pub fn summary(grades: &[Grade]) -> String {
    let header = ["submission", "points", "of", "what to know"]
        .map(str::to_owned)
        .to_vec();
    let mut rows = vec![header];
    for grade in grades {
        let lost = grade.exercises.iter().filter(|exercise| {
            exercise.finding.is_some() && started(exercise) && !missing(exercise)
        });
        let lost: Vec<&str> = lost.map(name).collect();
        let mut said: Vec<String> = grade.findings.first().cloned().into_iter().collect();
        match lost.as_slice() {
            [] => {}
            [a, b, c, rest @ ..] if !rest.is_empty() => said.push(format!(
                "not as asked: {a}, {b}, {c} and {} more",
                rest.len()
            )),
            few => said.push(format!("not as asked: {}", few.join(", "))),
        }
        match grade.exercises.iter().filter(|e| missing(e)).count() {
            0 => {}
            1 => said.push("1 cell is missing".into()),
            more => said.push(format!("{more} cells are missing")),
        }
        rows.push(vec![
            grade.submission.clone(),
            grade.points.to_string(),
            grade.out_of.to_string(),
            said.join("; "),
        ]);
    }
    let mut text = aligned(&rows, &[false, true, true, false]);
    if let Some(sentence) = perhaps_not_set(grades) {
        text.push_str(&format!("{sentence}\n"));
    }
    text
}

/// Chapters of which nobody has a cell were perhaps not set: a sentence that says how to say so.
fn perhaps_not_set(grades: &[Grade]) -> Option<String> {
    let all = || grades.iter().flat_map(|grade| &grade.exercises);
    let has: BTreeSet<&str> = all().filter(|e| !missing(e)).map(chapter).collect();
    let lacks: BTreeSet<&str> = all().map(chapter).filter(|c| !has.contains(c)).collect();
    let options: Vec<String> = has.iter().map(|c| format!("--chapter {c}")).collect();
    let lacks: Vec<&str> = lacks.into_iter().collect();
    (!lacks.is_empty() && !options.is_empty()).then(|| {
        format!(
            "nobody has a cell of {}: if these were not set, {} grades the others alone",
            lacks.join(", "),
            options.join(" ")
        )
    })
}

/// One submission: the reason for every lost point, then one line an exercise.
#[must_use]
pub fn one(grade: &Grade, shown: Visibility) -> String {
    let mut text = String::new();
    for finding in &grade.findings {
        text.push_str(&format!("{finding}\n"));
    }
    let lost = |exercise: &&ExerciseResult| exercise.points < exercise.out_of && !missing(exercise);
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
    let mut list = |what: &str, is: &dyn Fn(&ExerciseResult) -> bool| {
        let these: Vec<&str> = grade.exercises.iter().filter(|e| is(e)).map(name).collect();
        if !these.is_empty() {
            text.push_str(&format!("{what}: {}\n", these.join(", ")));
        }
    };
    list("not started", &|exercise| !started(exercise));
    list("no code cell has the function of", &missing);
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

/// Whether no cell answers it.
fn missing(exercise: &ExerciseResult) -> bool {
    let finding = exercise.finding.as_deref();
    finding.is_some_and(|finding| finding.starts_with(MISSING))
}

fn chapter(exercise: &ExerciseResult) -> &str {
    exercise.id.split('/').next().unwrap_or_default()
}

fn name(exercise: &ExerciseResult) -> &str {
    exercise
        .id
        .split_once('/')
        .map_or(exercise.id.as_str(), |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exercise(id: &str, finding: Option<&str>) -> ExerciseResult {
        ExerciseResult {
            id: id.into(),
            title: String::new(),
            points: 0.0,
            out_of: 1.0,
            finding: finding.map(str::to_owned),
            cell: None,
            notes: Vec::new(),
            answered_as: None,
            checks: Vec::new(),
        }
    }

    fn grade(exercises: Vec<ExerciseResult>) -> Grade {
        Grade {
            schema: String::new(),
            submission: "ada".into(),
            submission_hash: String::new(),
            grader_hash: String::new(),
            toolchain: String::new(),
            confinement: String::new(),
            points: 0.0,
            out_of: exercises.len() as f64,
            findings: vec!["handed in late".into()],
            exercises,
        }
    }

    /// One chapter was set and `--chapter` forgotten: a sentence, no wall of them.
    #[test]
    fn what_is_missing_is_counted_and_the_way_out_told() {
        let missing = |id| exercise(id, Some("its cell is missing: no code cell has `fn x`"));
        let grade = grade(vec![
            missing("07_a/one"),
            missing("07_a/two"),
            missing("08_b/three"),
            missing("13_c/four"),
            exercise("13_c/five", Some("cell 3: it does not compile")),
            exercise("13_c/six", Some("not started: the body is still todo!()")),
        ]);
        let text = summary(std::slice::from_ref(&grade));
        let says = "handed in late; not as asked: five; 4 cells are missing";
        assert!(text.contains(says), "{text}");
        let way = "nobody has a cell of 07_a, 08_b: if these were not set, --chapter 13_c grades";
        assert!(text.contains(way), "{text}");
        let text = one(&grade, Visibility::Visible);
        assert!(
            text.contains("no code cell has the function of: one, two, three, four\n"),
            "{text}"
        );
        assert!(text.contains("not started: six\n"), "{text}");
        assert_eq!(text.matches("its cell is missing").count(), 0, "{text}");
    }

    #[test]
    fn where_every_chapter_has_a_cell_nothing_is_said_of_chapters() {
        let text = summary(&[grade(vec![exercise("13_c/five", None)])]);
        assert!(!text.contains("nobody has"), "{text}");
    }
}
