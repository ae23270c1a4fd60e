//! Who is in the class: a table of a learning platform, whose columns are found by their names.

mod columns;
mod filled;

use std::collections::BTreeMap;
use std::path::Path;

use csv::StringRecord;

use super::handed_in::{HandedIn, Student};
use super::names;
use crate::exercise::person::{same, spellings, words};
use crate::{Error, Result};
use columns::Columns;

/// The students, and the table they stand in.
#[derive(Clone, Debug)]
pub struct Roster {
    header: StringRecord,
    rows: Vec<StringRecord>,
    delimiter: u8,
    marked: bool,
    columns: Columns,
    /// Where the points go: a column of the table, or a new one.
    points: std::result::Result<usize, String>,
}

/// Numbers, logins and addresses of a student; names.
type KnownBy = (Vec<String>, Vec<String>);

/// Which submission is whose.
pub(super) struct Joined {
    /// The row of each submission.
    pub(super) of_submission: Vec<Option<usize>>,
    /// The rows of students who handed in nothing.
    pub(super) absent: Vec<usize>,
    /// What could not be joined.
    pub(super) notes: Vec<String>,
}

const GRADES: &[&str] = &["grade", "bewertung"];
/// The name of the column that is added where none is named.
const POINTS: &str = "dltheory";

impl Roster {
    /// Reads a table with a header. Points go into the column `column`, which is added if it is not
    /// there; without a name into `Grade` (Moodle's), or into a new one.
    ///
    /// # Errors
    /// The file cannot be read, or no column says who somebody is, or two say the same.
    pub fn read(path: &Path, column: Option<&str>) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(|error| Error::io(path, error))?;
        let wrong = |expected: &str, found: String| Error::Data {
            path: path.to_owned(),
            expected: expected.into(),
            found,
        };
        if bytes.contains(&0) {
            let expected = "a table as text (save it as \"CSV UTF-8\")";
            return Err(wrong(expected, "another encoding, or no text".into()));
        }
        // What is no UTF-8 is an old spreadsheet's: its letters are those of Latin-1.
        let text = String::from_utf8(bytes)
            .unwrap_or_else(|error| error.as_bytes().iter().map(|&b| char::from(b)).collect());
        let plain = text.trim_start_matches('\u{feff}');
        let delimiter = crate::exercise::delimiter(plain);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(plain.as_bytes());
        let bad = |error: csv::Error| wrong("a table (CSV)", error.to_string());
        let header = reader.headers().map_err(bad)?.clone();
        let rows = reader.records().collect::<std::result::Result<_, _>>();
        let columns =
            Columns::find(&header).map_err(|(expected, found)| wrong(&expected, found))?;
        let wanted = |name: &str| match column {
            Some(column) => name.trim() == column,
            None => GRADES.contains(&words(name).concat().as_str()),
        };
        Ok(Self {
            points: header
                .iter()
                .position(wanted)
                .ok_or_else(|| column.unwrap_or(POINTS).to_owned()),
            header,
            rows: rows.map_err(bad)?,
            delimiter,
            marked: plain.len() < text.len(),
            columns,
        })
    }

    fn cell(&self, row: usize, column: Option<usize>) -> &str {
        let cell = column.and_then(|column| self.rows[row].get(column));
        cell.unwrap_or_default().trim()
    }

    /// Number and name of a student.
    pub(super) fn student(&self, row: usize) -> (String, String) {
        let columns = &self.columns;
        let id = self.cell(row, columns.ids.first().copied().or(columns.login));
        let first_last = [columns.first, columns.last].map(|column| self.cell(row, column));
        let name = match (self.cell(row, columns.name), first_last.join(" ")) {
            ("", name) if !name.trim().is_empty() => name.trim().to_owned(),
            ("", _) => [columns.login, columns.email]
                .map(|column| self.cell(row, column))
                .into_iter()
                .find(|text| !text.is_empty())
                .unwrap_or(id)
                .to_owned(),
            (name, _) => name.to_owned(),
        };
        (names::shown(id), names::shown(&name))
    }

    /// Canvas's second row says what a column is out of; empty rows say nothing.
    fn is_student(&self, row: usize) -> bool {
        let (id, name) = self.student(row);
        !self.says_points(row) && !(id + &name).is_empty()
    }

    fn says_points(&self, row: usize) -> bool {
        self.rows[row]
            .iter()
            .any(|cell| cell.trim() == "Points Possible")
    }

    /// What a student may be known by: numbers, logins and addresses; names.
    fn known_by(&self, row: usize) -> KnownBy {
        let columns = &self.columns;
        let mut ids = Vec::new();
        for column in columns
            .ids
            .iter()
            .copied()
            .chain(columns.login)
            .chain(columns.email)
        {
            let cell = self.cell(row, Some(column)).to_lowercase();
            if let Some((local, _)) = cell.split_once('@') {
                ids.push(local.to_owned());
            }
            // Moodle's identifiers are "Participant 101", "Teilnehmer/in101".
            let digits = cell.trim_start_matches(|c: char| !c.is_ascii_digit());
            if !digits.is_empty()
                && digits.bytes().all(|b| b.is_ascii_digit())
                && columns.ids.contains(&column)
            {
                ids.push(digits.to_owned());
            }
            ids.push(cell);
        }
        ids.retain(|id| !id.is_empty());
        let both = format!(
            "{} {}",
            self.cell(row, columns.first),
            self.cell(row, columns.last)
        );
        let mut names = spellings(self.cell(row, columns.name));
        names.extend(spellings(&both));
        (ids, names)
    }

    /// Whether the student of a row goes by this name, number, login or address.
    pub(super) fn is(&self, row: usize, name: &str) -> bool {
        let columns = &self.columns;
        let both = [columns.first, columns.last].map(|column| self.cell(row, column));
        let id = name.trim().to_lowercase();
        self.known_by(row).0.contains(&id)
            || same(name, self.cell(row, columns.name))
            || same(name, &both.join(" "))
    }

    /// Joins submissions with rows: by number, login or address, and by name. What fits several is
    /// joined with none.
    pub(super) fn join(&self, submissions: &[HandedIn]) -> Joined {
        let students: Vec<usize> = (0..self.rows.len())
            .filter(|&r| self.is_student(r))
            .collect();
        let known: Vec<_> = students.iter().map(|&row| self.known_by(row)).collect();
        let mut joined = Joined {
            of_submission: Vec::new(),
            absent: Vec::new(),
            notes: Vec::new(),
        };
        for submission in submissions {
            let Student { name, ids } = &submission.student;
            let ids: Vec<String> = ids.iter().map(|id| id.to_lowercase()).collect();
            let names = name.as_deref().map(spellings).unwrap_or_default();
            let by = |fits: &dyn Fn(&KnownBy) -> bool| -> Vec<usize> {
                let fitting = students.iter().zip(&known).filter(|(_, known)| fits(known));
                fitting.map(|(&row, _)| row).collect()
            };
            let by_id = by(&|(known, _)| known.iter().any(|id| ids.contains(id)));
            let by_name = by(&|(_, known)| known.iter().any(|name| names.contains(name)));
            let both: Vec<usize> = by_id
                .iter()
                .copied()
                .filter(|r| by_name.contains(r))
                .collect();
            // A number of one and the name of another: it could be either.
            let fitting = match both.is_empty() {
                true => [by_id, by_name].concat(),
                false => both,
            };
            joined.of_submission.push(match fitting.as_slice() {
                [row] => Some(*row),
                [] => {
                    let name = names::shown(&submission.name);
                    joined.notes.push(format!("{name} is not on the roster"));
                    None
                }
                several => {
                    let who: Vec<String> = several.iter().map(|&r| self.student(r).1).collect();
                    let (name, who) = (names::shown(&submission.name), who.join(" and "));
                    joined.notes.push(format!(
                        "{name} could be {who} of the roster: joined with none of them"
                    ));
                    None
                }
            });
        }
        let mut of_row: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        for (submission, row) in submissions.iter().zip(&joined.of_submission) {
            if let Some(row) = row {
                of_row.entry(*row).or_default().push(&submission.name);
            }
        }
        for (row, several) in of_row.iter().filter(|(_, several)| several.len() > 1) {
            joined.notes.push(format!(
                "{} of the roster has {} submissions ({}): the roster gets no points for them",
                self.student(*row).1,
                several.len(),
                names::shown(&several.join(", "))
            ));
        }
        joined.absent = students
            .into_iter()
            .filter(|row| !of_row.contains_key(row))
            .collect();
        if !joined.absent.is_empty() {
            let absent = joined.absent.iter().map(|&row| self.student(row).1);
            let names: Vec<String> = absent.collect();
            joined
                .notes
                .push(format!("no submission: {}", names.join("; ")));
        }
        joined
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grade::class::Graded;

    fn roster(text: &str, column: Option<&str>) -> Roster {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("roster.csv");
        std::fs::write(&path, text).unwrap();
        Roster::read(&path, column).unwrap()
    }

    fn of(name: &str, ids: &[&str]) -> HandedIn {
        HandedIn {
            name: name.into(),
            student: Student {
                name: Some(name.into()),
                ids: ids.iter().map(|id| (*id).to_owned()).collect(),
            },
            ..HandedIn::default()
        }
    }

    #[test]
    fn students_are_found_by_number_login_address_and_name() {
        let roster = roster(
            "Identifier,Full name,Email address,Grade\n\
             Participant 101,Ada Lovelace,ada@x.org,\nParticipant 102,Émilie du Châtelet,em@x.org,\n\
             Participant 103,Jürgen O'Neill-Groß,jo@x.org,\n",
            None,
        );
        let row = |name: &str, ids: &[&str]| roster.join(&[of(name, ids)]).of_submission[0];
        assert_eq!(row("whoever", &["102"]), Some(1));
        assert_eq!(row("whoever", &["ADA@x.org"]), Some(0));
        assert_eq!(row("jo", &["jo"]), Some(2));
        for name in [
            "lovelaceada",
            "Ada Lovelace",
            "Lovelace, Ada",
            "LOVELACE_ADA",
        ] {
            assert_eq!(row(name, &[]), Some(0), "{name}");
        }
        assert_eq!(row("du Chatelet, Emilie", &[]), Some(1));
        assert_eq!(row("oneillgrossjuergen", &[]), Some(2));
        let joined = roster.join(&[of("bob", &[])]);
        assert_eq!(joined.absent, [0, 1, 2]);
        assert_eq!(joined.notes[0], "bob is not on the roster");
        assert!(joined.notes[1].starts_with("no submission: Ada Lovelace; "));
    }

    #[test]
    fn a_student_goes_by_names_and_numbers_of_the_row() {
        let roster = roster(
            "id,login,First name,Last name\n101,alove,Ada King,Lovelace\n102,en,Emmy,Noether\n",
            None,
        );
        for name in [
            "Ada Lovelace",
            "lovelace,ada",
            "LovelaceAda King",
            "101",
            "ALOVE ",
        ] {
            assert!(roster.is(0, name) && !roster.is(1, name), "{name}");
        }
        assert!(!roster.is(0, "Ada") && !roster.is(0, "") && roster.is(1, "Noether Emmy"));
    }

    #[test]
    fn what_fits_several_is_joined_with_none_and_told() {
        let roster = roster("id,name\n1,Kim Lee\n2,Lee Kim\n", None);
        let joined = roster.join(&[of("kimlee", &[]), of("Kim Lee", &["2"]), of("x", &["2"])]);
        assert_eq!(joined.of_submission, [None, Some(1), Some(1)]);
        assert!(joined.notes[0].contains("could be Kim Lee and Lee Kim"));
        assert!(joined.notes[1].contains("has 2 submissions (Kim Lee, x)"));
        assert_eq!(joined.absent, [0]);
    }

    #[test]
    fn a_number_of_one_and_the_name_of_another_is_told() {
        let roster = roster("id,name\n101,Ada Lovelace\n7,Emmy Noether\n", None);
        let joined = roster.join(&[of("Emmy Noether", &["101"])]);
        assert_eq!(joined.of_submission, [None]);
        assert!(joined.notes[0].contains("could be Ada Lovelace and Emmy Noether"));
    }

    #[test]
    fn another_scale_and_a_new_column_are_told() {
        let moodle = roster(
            "ID;Vollständiger Name;Bewertung;Bestwertung\n1;Ada;;100,00\n",
            None,
        );
        let [warning] = &moodle.warnings(2.5)[..] else {
            panic!("one warning");
        };
        assert!(warning.contains("out of 100, and these points are out of 2.5"));
        assert!(moodle.warnings(100.0).is_empty());
        let text = "Student,ID,Week 3\n    Points Possible,,10\nAda,1,\n";
        assert_eq!(roster(text, Some("Week 3")).warnings(2.5).len(), 1);
        assert!(roster(text, None).warnings(2.5).is_empty());
        let new = roster(text, Some("week 3")).warnings(2.5);
        assert!(new[0].contains("new column \"week 3\"") && new[0].contains("\"Week 3\""));
    }

    #[test]
    fn the_table_goes_back_as_it_came_with_points() {
        let german = roster(
            "\u{feff}ID;Vollständiger Name;Bewertung;Bestwertung\nTeilnehmer/in101;Ada Lovelace;;85,5\n;;;\n",
            None,
        );
        let joined = german.join(&[]);
        assert_eq!(joined.absent, [0]);
        assert_eq!(
            german.filled(&[], &joined, 85.5).unwrap(),
            "\u{feff}ID;Vollständiger Name;Bewertung;Bestwertung\nTeilnehmer/in101;Ada Lovelace;0;85,5\n;;;\n"
        );
        let named = roster(
            "Student,ID,Week 3\n    Points Possible,,10\nAda,1\n",
            Some("Week 3"),
        );
        let filled = named.filled(&[], &named.join(&[]), 2.5).unwrap();
        assert_eq!(
            filled,
            "Student,ID,Week 3\n    Points Possible,,10\nAda,1,0\n"
        );
        // The machine's trouble is nobody's zero.
        let HandedIn { name, student, .. } = of("Ada", &["1"]);
        let joined = named.join(&[of("Ada", &["1"])]);
        let failed = Graded {
            name,
            student,
            grade: Err("not yet".into()),
            resumed: false,
        };
        let filled = named.filled(&[failed], &joined, 2.5).unwrap();
        assert!(filled.ends_with("Ada,1,\n"), "{filled}");
    }
}
