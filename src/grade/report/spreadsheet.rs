//! One line a submission, one column an exercise.

use crate::grade::Grade;
use crate::{Error, Result};

/// The table as CSV.
///
/// # Errors
/// It cannot be written as CSV.
pub fn csv(grades: &[Grade]) -> Result<String> {
    let failed = |error: String| Error::Grading(format!("CSV: {error}"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    let exercises = crate::exercise::all().map(crate::exercise::Exercise::id);
    let mut header = vec!["submission".to_owned(), "points".into(), "out_of".into()];
    header.extend(exercises);
    header.push("findings".into());
    writer
        .write_record(&header)
        .map_err(|error| failed(error.to_string()))?;
    for grade in grades {
        let mut row = vec![
            harmless(&grade.submission),
            grade.points.to_string(),
            grade.out_of.to_string(),
        ];
        row.extend(
            grade
                .exercises
                .iter()
                .map(|exercise| exercise.points.to_string()),
        );
        row.push(harmless(&grade.findings.join("; ")));
        writer
            .write_record(&row)
            .map_err(|error| failed(error.to_string()))?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| failed(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| failed(error.to_string()))
}

/// Text that a spreadsheet would take for a formula starts with an apostrophe.
fn harmless(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}
