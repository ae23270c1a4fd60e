//! One line a submission, one column an exercise; lines too for what has no grade, and why.

use crate::grade::class::Graded;
use crate::grade::{Grade, names};
use crate::{Error, Result};

/// A line of the class's table.
pub struct Row<'a> {
    /// Whose, or what.
    pub name: String,
    /// Number and name on the roster.
    pub student: Option<(String, String)>,
    /// What the person who grades should know besides.
    pub notes: Vec<String>,
    /// What came out.
    pub outcome: Outcome<'a>,
}

/// What came out for a line of the class's table.
pub enum Outcome<'a> {
    /// A grade.
    Graded(&'a Grade),
    /// On the roster, and nothing was handed in: no points.
    Absent,
    /// No grade, and why: what the machine caused is nobody's zero.
    None(String),
}

impl<'a> Row<'a> {
    /// The line of a submission.
    #[must_use]
    pub fn of(graded: &'a Graded) -> Self {
        Self {
            name: names::shown(&graded.name),
            student: None,
            notes: Vec::new(),
            outcome: match &graded.grade {
                Ok(grade) => Outcome::Graded(grade),
                Err(error) => Outcome::None(format!("could not be graded: {error}")),
            },
        }
    }
}

/// The table as CSV, with columns for the exercises of these ids. With a roster there are columns for
/// its numbers and names.
///
/// # Errors
/// It cannot be written as CSV.
pub fn csv(rows: &[Row], exercises: &[String], out_of: f64) -> Result<String> {
    let failed = |error: String| Error::Grading(format!("CSV: {error}"));
    let with_roster = rows.iter().any(|row| row.student.is_some());
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut header = vec!["submission".to_owned()];
    if with_roster {
        header.extend(["id".to_owned(), "student".to_owned()]);
    }
    header.extend(["points".to_owned(), "out_of".to_owned()]);
    header.extend(exercises.iter().cloned());
    header.push("findings".into());
    let mut records = vec![header];
    for row in rows {
        let mut record = vec![harmless(&row.name)];
        if with_roster {
            let (id, student) = row.student.clone().unwrap_or_default();
            record.extend([harmless(&id), harmless(&student)]);
        }
        let findings = match &row.outcome {
            Outcome::Graded(grade) => {
                record.extend([grade.points.to_string(), grade.out_of.to_string()]);
                record.extend(exercises.iter().map(|id| {
                    let points = grade.exercise(id).map(|exercise| exercise.points);
                    points.map_or(String::new(), |points| points.to_string())
                }));
                [grade.findings.as_slice(), &row.notes].concat().join("; ")
            }
            Outcome::Absent => {
                record.extend(["0".to_owned(), out_of.to_string()]);
                record.extend(exercises.iter().map(|_| "0".to_owned()));
                "no submission".to_owned()
            }
            Outcome::None(why) => {
                record.resize(record.len() + 2 + exercises.len(), String::new());
                why.clone()
            }
        };
        record.push(harmless(&findings));
        records.push(record);
    }
    for record in records {
        let written = writer.write_record(&record);
        written.map_err(|error| failed(error.to_string()))?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| failed(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| failed(error.to_string()))
}

/// Text that a spreadsheet would take for a formula starts with an apostrophe: also behind what it
/// skips, and where a sign is full-width.
pub(crate) fn harmless(text: &str) -> String {
    let skipped = |c: char| c.is_whitespace() || names::misleading(c);
    let signs = [
        '=', '+', '-', '@', '＝', '＋', '－', '＠', '−', '﹢', '﹦', '﹣', '﹫',
    ];
    let formula = text.trim_start_matches(skipped).starts_with(signs);
    match formula || text.starts_with(['\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_a_formula() {
        for text in [
            "=1",
            "+1",
            "-1",
            "@x",
            " =1",
            "\u{feff}=1",
            "\u{a0}\u{200b}=1",
            "＝1",
            "\tx",
            "－1",
        ] {
            assert!(harmless(text).starts_with('\''), "{text:?}");
        }
        for text in ["ada", "a=b", "", "O'Neill", "Ada-Lovelace"] {
            assert_eq!(harmless(text), text);
        }
    }

    #[test]
    fn what_has_no_grade_has_a_row_without_points() {
        let row = |name: &str, outcome| Row {
            name: name.into(),
            student: None,
            notes: Vec::new(),
            outcome,
        };
        let rows = [
            row("eve.7z", Outcome::None("left out: an archive".into())),
            row("bob", Outcome::Absent),
        ];
        assert_eq!(
            csv(&rows, &["13/x".into()], 2.5).unwrap(),
            "submission,points,out_of,13/x,findings\neve.7z,,,,left out: an archive\nbob,0,2.5,0,no submission\n"
        );
    }
}
