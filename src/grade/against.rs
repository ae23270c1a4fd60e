//! Grades beside those of an earlier time: whose points moved, and by which check.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::class::{Graded, stored};
use super::report::harmless;
use super::result::Grade;
use super::seal::Seal;
use crate::{Error, Result};

/// The grades of an earlier time, by the names of their folders.
#[derive(Clone, Debug)]
pub struct Earlier(BTreeMap<String, Grade>);

/// What begins the sentence about a grade that was kept.
const KEPT: &str = "the earlier grade is kept";

impl Earlier {
    /// Reads the folder that `--out` was then.
    ///
    /// # Errors
    /// The folder cannot be read or has no grade in it.
    pub fn read(folder: &Path) -> Result<Self> {
        let (seal, mut grades) = (Seal::ours()?, BTreeMap::new());
        for entry in std::fs::read_dir(folder).map_err(|error| Error::io(folder, error))? {
            let entry = entry.map_err(|error| Error::io(folder, error))?;
            if let Some(grade) = stored(&entry.path().join("grade.json"), &seal) {
                grades.insert(entry.file_name().to_string_lossy().into_owned(), grade);
            }
        }
        match grades.is_empty() {
            false => Ok(Self(grades)),
            true => Err(Error::Data {
                path: folder.to_owned(),
                expected: "the results of an earlier grading here (NAME/grade.json with this machine's seal)".into(),
                found: "none".into(),
            }),
        }
    }

    /// The earlier grade of this submission.
    #[must_use]
    pub fn of(&self, name: &str) -> Option<&Grade> {
        self.0.get(name)
    }

    /// Refuses what cannot be compared: of points out of different sums none is the higher.
    pub(super) fn same_scale(&self, out_of: f64) -> Result<()> {
        let other = self
            .0
            .iter()
            .find(|(_, g)| (g.out_of - out_of).abs() > 1e-9);
        other.map_or(Ok(()), |(name, grade)| {
            Err(Error::domain(
                "--never-lower",
                format!("earlier grades out of {out_of} points, as now"),
                format!(
                    "asked for with {name} at {} of {}",
                    grade.points, grade.out_of
                ),
            ))
        })
    }

    /// What changed, one sentence a submission; and the same as a table.
    ///
    /// # Errors
    /// The table cannot be written.
    pub fn moved(&self, now: &[Graded]) -> Result<(Vec<String>, String)> {
        let failed = |error: String| Error::Grading(format!("CSV: {error}"));
        let mut writer = csv::Writer::from_writer(Vec::new());
        let mut write = |row: [&str; 4]| {
            let written = writer.write_record(row);
            written.map_err(|error| failed(error.to_string()))
        };
        write(["submission", "check", "before", "after"])?;
        let mut sentences = Vec::new();
        let mut seen = BTreeSet::new();
        for (name, grade) in now
            .iter()
            .filter_map(|g| Some((&g.name, g.grade.as_ref().ok()?)))
        {
            seen.insert(name);
            let Some(before) = self.of(name) else {
                sentences.push(format!(
                    "{name}: {} points, not graded before",
                    grade.points
                ));
                write([&harmless(name), "all", "", &grade.points.to_string()])?;
                continue;
            };
            let (old, new) = (checks(before), checks(grade));
            let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            let mut which = Vec::new();
            for check in names {
                let (before, after) = (old.get(check), new.get(check));
                if before != after {
                    let text =
                        |points: Option<&f64>| points.map_or("none".to_owned(), f64::to_string);
                    let (before, after) = (text(before), text(after));
                    write([&harmless(name), check, &before, &after])?;
                    which.push(format!("{check} {before} → {after}"));
                }
            }
            if !which.is_empty() || before.points != grade.points {
                let (from, to) = (before.points, grade.points);
                let of = match before.out_of == grade.out_of {
                    true => String::new(),
                    false => format!(" (out of {} → {})", before.out_of, grade.out_of),
                };
                sentences.push(format!("{name}: {from} → {to}{of}: {}", which.join(", ")));
            }
        }
        for (name, before) in self.0.iter().filter(|(name, _)| !seen.contains(name)) {
            sentences.push(format!(
                "{name}: {} points before, not graded now",
                before.points
            ));
            write([&harmless(name), "all", &before.points.to_string(), ""])?;
        }
        let bytes = writer.into_inner().map_err(|e| failed(e.to_string()))?;
        let table = String::from_utf8(bytes).map_err(|e| failed(e.to_string()))?;
        Ok((sentences, table))
    }
}

/// The points of every check, under `chapter/exercise: check`.
fn checks(grade: &Grade) -> BTreeMap<String, f64> {
    let of = |exercise: &super::ExerciseResult| {
        let id = exercise.id.clone();
        let checks = exercise.checks.clone();
        checks
            .into_iter()
            .map(move |check| (format!("{id}: {}", check.name), check.points))
    };
    grade.exercises.iter().flat_map(of).collect()
}

/// The earlier grade where it is higher, and a finding that says so.
pub(super) fn kept(earlier: &Grade, now: &Grade) -> Option<Grade> {
    if earlier.points <= now.points {
        return None;
    }
    let mut kept = earlier.clone();
    kept.findings.retain(|finding| !finding.starts_with(KEPT));
    kept.findings.push(format!(
        "{KEPT}: graded again it would be {} of {}",
        now.points, now.out_of
    ));
    Some(kept)
}
