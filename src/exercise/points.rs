//! The points of every check, from `grading.csv`: the one file an instructor edits.

use std::sync::LazyLock;

/// Who may see a check's result, in Gradescope's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Visibility {
    /// At once; in the notebook too, if it is one of the exercise's own checks.
    Visible,
    /// After the deadline.
    AfterDueDate,
    /// After grades are published.
    AfterPublished,
    /// Never: only how many such checks passed.
    Hidden,
}

impl Visibility {
    /// Its name in `grading.csv` and in Gradescope's `results.json`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Visible => "visible",
            Self::AfterDueDate => "after_due_date",
            Self::AfterPublished => "after_published",
            Self::Hidden => "hidden",
        }
    }

    /// The visibility of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [
            Self::Visible,
            Self::AfterDueDate,
            Self::AfterPublished,
            Self::Hidden,
        ]
        .into_iter()
        .find(|v| v.name() == name)
    }
}

/// One row of `grading.csv`.
#[derive(Clone, Debug, PartialEq)]
pub struct Points {
    /// The exercise.
    pub exercise: String,
    /// The check.
    pub check: String,
    /// What it is worth, at least 0.
    pub points: f64,
    /// Who sees it.
    pub visibility: Visibility,
    /// How many sets of inputs it is tried on, at least 1.
    pub seeds: u32,
}

/// The text of `grading.csv` as it was compiled in.
pub(crate) const GRADING: &str = include_str!("grading.csv");

/// The rows of `grading.csv`.
///
/// # Errors
/// `text` is not such a table; the sentence names the row.
pub(crate) fn parse(text: &str) -> Result<Vec<Points>, String> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| error.to_string())?;
    let expected = ["exercise", "check", "points", "visibility", "seeds"];
    if header != expected.as_slice() {
        return Err(format!(
            "grading.csv has the columns {header:?}, expected {expected:?}"
        ));
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| format!("grading.csv: {error}"))?;
        let line = record.position().map_or(0, csv::Position::line);
        let wrong = |column: &str, expected: &str, got: &str| {
            format!("grading.csv, line {line}: {column} is {got:?}, expected {expected}")
        };
        let points: f64 = record[2].parse().unwrap_or(f64::NAN);
        if !(points.is_finite() && points >= 0.0) {
            return Err(wrong("points", "a number, at least 0", &record[2]));
        }
        let visibility = Visibility::from_name(&record[3]).ok_or_else(|| {
            wrong(
                "visibility",
                "visible, after_due_date, after_published or hidden",
                &record[3],
            )
        })?;
        let seeds = record[4].parse().ok().filter(|n| *n > 0);
        rows.push(Points {
            exercise: record[0].to_owned(),
            check: record[1].to_owned(),
            points,
            visibility,
            seeds: seeds.ok_or_else(|| wrong("seeds", "a whole number, at least 1", &record[4]))?,
        });
    }
    Ok(rows)
}

/// The row of a check in the `grading.csv` that was compiled in.
/// A file with a mistake has no rows; the grader says so before it starts.
#[must_use]
pub fn points(exercise: &str, check: &str) -> Option<&'static Points> {
    static ROWS: LazyLock<Vec<Points>> = LazyLock::new(|| parse(GRADING).unwrap_or_default());
    ROWS.iter()
        .find(|row| row.exercise == exercise && row.check == check)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "exercise,check,points,visibility,seeds\n";

    #[test]
    fn rows_are_read_and_comments_skipped() {
        let rows = parse(&format!(
            "# a comment\n{HEADER}min_norm, shape, 0.5, hidden, 3\n"
        ))
        .unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].visibility, Visibility::Hidden);
        assert_eq!((rows[0].points, rows[0].seeds), (0.5, 3));
    }

    #[test]
    fn mistakes_name_the_line() {
        for (row, says) in [
            ("a,b,-1,hidden,1", "line 2: points"),
            ("a,b,1,secret,1", "line 2: visibility"),
            ("a,b,1,hidden,0", "line 2: seeds"),
        ] {
            let error = parse(&format!("{HEADER}{row}\n")).unwrap_err();
            assert!(error.contains(says), "{error}");
        }
        assert!(parse("a,b\n").is_err());
    }
}
