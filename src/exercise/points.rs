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

/// What `grading.csv` says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Grading {
    /// Its rows, each with the number of its line.
    pub(crate) rows: Vec<(u64, Points)>,
    /// What was set, from a line `# set: 07, 13`: chapters and exercises. Empty: everything.
    pub(crate) set: Vec<String>,
}

const COLUMNS: [&str; 5] = ["exercise", "check", "points", "visibility", "seeds"];

/// The rows of `grading.csv`, as an editor or any spreadsheet wrote it: with commas, semicolons or
/// tabs between the cells, `0.5` or `0,5`, a byte order mark or none, in any order of columns.
///
/// # Errors
/// `text` is not such a table; the sentence names the line.
pub(crate) fn parse(text: &str) -> Result<Grading, String> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut grading = Grading::default();
    let mut columns = None;
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        if let Some(comment) = record.get(0).and_then(|cell| cell.strip_prefix('#')) {
            // A spreadsheet may have split the comment at its commas.
            if let Some(set) = comment.trim_start().strip_prefix("set:") {
                let cells = std::iter::once(set).chain(record.iter().skip(1));
                let names = cells.flat_map(|cell| cell.split([',', ';', ' ']));
                let named = names.filter(|name| !name.is_empty());
                grading.set.extend(named.map(str::to_owned));
            }
        } else if record.iter().any(|cell| !cell.is_empty()) {
            match columns {
                None => columns = Some(columns_of(&record)?),
                Some(columns) => {
                    let line = record.position().map_or(0, csv::Position::line);
                    grading.rows.push((line, row(line, &record, columns)?));
                }
            }
        }
    }
    match columns {
        Some(_) => Ok(grading),
        None => Err(format!("it is empty, expected the columns {COLUMNS:?}")),
    }
}

/// What stands between the cells: what the first line that is no comment has most of.
pub(crate) fn delimiter(text: &str) -> u8 {
    let header = text.lines().find(|line| {
        !line.trim_start_matches(['"', ' ']).starts_with('#') && !line.trim().is_empty()
    });
    let count = |delimiter: &u8| {
        header.map_or(0, |header| {
            header.bytes().filter(|b| b == delimiter).count()
        })
    };
    b"\t;,".iter().copied().max_by_key(count).unwrap_or(b',')
}

/// Where each of [`COLUMNS`] is. Columns of other names are the instructor's own.
fn columns_of(header: &csv::StringRecord) -> Result<[usize; 5], String> {
    let mut columns = [0; 5];
    for (column, name) in columns.iter_mut().zip(COLUMNS) {
        let mut found = (0..header.len()).filter(|&i| header[i].eq_ignore_ascii_case(name));
        let header: Vec<&str> = header.iter().collect();
        *column = found.next().ok_or_else(|| {
            format!(
                "it has no column {name:?}: it has the columns {header:?}, expected {COLUMNS:?}"
            )
        })?;
        if found.next().is_some() {
            return Err(format!("it has two columns {name:?}"));
        }
    }
    Ok(columns)
}

fn row(line: u64, record: &csv::StringRecord, columns: [usize; 5]) -> Result<Points, String> {
    let [exercise, check, points, visibility, seeds] =
        columns.map(|column| record.get(column).unwrap_or_default());
    let wrong = |column: &str, expected: &str, got: &str| {
        format!("line {line}: {column} is {got:?}, expected {expected}")
    };
    // A number of a German spreadsheet; two marks in it are no number.
    let number = points.replace(',', ".").parse().ok();
    let number = number.filter(|number: &f64| number.is_finite() && *number >= 0.0);
    let shown = Visibility::from_name(visibility).ok_or_else(|| {
        let expected = "visible, after_due_date, after_published or hidden";
        wrong("visibility", expected, visibility)
    })?;
    let inputs = seeds.parse().ok().filter(|n| *n > 0);
    Ok(Points {
        exercise: exercise.to_owned(),
        check: check.to_owned(),
        points: number.ok_or_else(|| wrong("points", "a number, at least 0", points))?,
        visibility: shown,
        seeds: inputs.ok_or_else(|| wrong("seeds", "a whole number, at least 1", seeds))?,
    })
}

/// The row of a check in the `grading.csv` that was compiled in.
/// A file with a mistake has no rows; the grader says so before it starts.
#[must_use]
pub fn points(exercise: &str, check: &str) -> Option<&'static Points> {
    static GRADED: LazyLock<Grading> = LazyLock::new(|| parse(GRADING).unwrap_or_default());
    let mut rows = GRADED.rows.iter().map(|(_, row)| row);
    rows.find(|row| row.exercise == exercise && row.check == check)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "exercise,check,points,visibility,seeds\n";

    #[test]
    fn rows_are_read_and_comments_skipped() {
        let grading = parse(&format!(
            "# a comment, and \"more\"\n# set: 07, min_norm\n{HEADER}min_norm, shape, 0.5, hidden, 3\n"
        ))
        .unwrap();
        let [(line, row)] = grading.rows.as_slice() else {
            panic!("{grading:?}");
        };
        assert_eq!((*line, row.visibility), (4, Visibility::Hidden));
        assert_eq!((row.points, row.seeds), (0.5, 3));
        assert_eq!(grading.set, ["07", "min_norm"]);
    }

    /// As LibreOffice and Excel write it under a German locale, comments quoted or filled up.
    #[test]
    fn any_spreadsheet_writes_the_same_rows() {
        let plain = parse(&format!("# set: 07, 13\n{HEADER}a,b,0.5,hidden,3\n")).unwrap();
        for text in [
            "\u{feff}# set: 07, 13;;;;\r\nexercise;check;points;visibility;seeds\r\na;b;0,5;hidden;3\r\n",
            "\"# set: 07, 13\",,,,\nexercise,check,points,visibility,seeds\na,b,\"0,5\",hidden,3\n",
            "# set: 07\t13\nseeds\tcheck\texercise\tmine\tvisibility\tPoints\n3\tb\ta\tx\thidden\t.5\n",
        ] {
            let parsed = parse(text).unwrap();
            assert_eq!(parsed.set, plain.set, "{text:?}");
            assert_eq!(parsed.rows[0].1, plain.rows[0].1, "{text:?}");
        }
    }

    #[test]
    fn mistakes_name_the_line() {
        for (row, says) in [
            ("a,b,-1,hidden,1", "line 2: points"),
            ("a,b,\"1.000,5\",hidden,1", "line 2: points"),
            ("a,b,1,secret,1", "line 2: visibility"),
            ("a,b,1,hidden,0", "line 2: seeds"),
            ("a,b", "line 2: visibility"),
        ] {
            let error = parse(&format!("{HEADER}{row}\n")).unwrap_err();
            assert!(error.contains(says), "{error}");
        }
        for (text, says) in [("a,b\n", "no column \"exercise\""), ("", "it is empty")] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(says), "{error}");
        }
    }
}
