//! What is graded, and for how many points: `grading.csv` as it is when grading starts.

mod known;

use std::path::Path;

use super::fnv::Fnv;
use super::toolchain::ROOT;
use crate::exercise::{self, Check, Exercise, Points};
use crate::{Error, Result};
use known::{known, named, written};

/// The points of every check that is graded.
#[derive(Clone, Debug)]
pub struct Scheme {
    rows: Vec<Points>,
    set: Vec<&'static Exercise>,
    notes: Vec<String>,
}

impl Scheme {
    /// Reads `file`, or the repository's `src/exercise/grading.csv`, or, where that is gone, what was
    /// compiled in. `chosen` are the chapters and exercises that were set; none: those that the file
    /// names in a line `# set: 07, 13`, or all.
    ///
    /// # Errors
    /// The file cannot be read or is not such a table; it names an exercise or a check that there is
    /// not; `chosen` does; or nothing is left to grade.
    pub fn read(file: Option<&Path>, chosen: &[String]) -> Result<Self> {
        let own = Path::new(ROOT).join("src/exercise/grading.csv");
        let path = file.unwrap_or(&own);
        let text = match std::fs::read(path) {
            Ok(bytes) => decoded(path, bytes)?,
            Err(_) if file.is_none() => exercise::GRADING.to_owned(),
            Err(error) => return Err(Error::io(path, error)),
        };
        Self::parse(&path.display().to_string(), &text, chosen)
    }

    /// Everything, for the points that were compiled in.
    ///
    /// # Errors
    /// The table that was compiled in has a mistake.
    pub(crate) fn everything() -> Result<Self> {
        let all: Vec<String> = exercise::all().map(|e| e.name.to_owned()).collect();
        Ok(Self {
            set: exercise::all().collect(),
            ..Self::parse("grading.csv", exercise::GRADING, &all)?
        })
    }

    fn parse(file: &str, text: &str, chosen: &[String]) -> Result<Self> {
        let failed = |sentence: String| Error::Grading(format!("{file}: {sentence}"));
        let grading = exercise::parse(text).map_err(failed)?;
        let mut rows: Vec<Points> = Vec::new();
        for (line, row) in grading.rows {
            if let Err(sentence) = known(&row) {
                return Err(failed(format!("line {line}: {sentence}")));
            }
            let same = |other: &Points| other.exercise == row.exercise && other.check == row.check;
            if rows.iter().any(same) {
                let (exercise, check) = (&row.exercise, &row.check);
                return Err(failed(format!(
                    "line {line}: a second row for {exercise},{check}"
                )));
            }
            rows.push(row);
        }
        let names: &[String] = if chosen.is_empty() {
            &grading.set
        } else {
            chosen
        };
        let mut set: Vec<&Exercise> = match names {
            [] => exercise::all().collect(),
            names => {
                let mut wanted = Vec::new();
                for name in names {
                    wanted.extend(named(name)?);
                }
                exercise::all()
                    .filter(|e| wanted.contains(&e.name))
                    .collect()
            }
        };
        let mut notes = Vec::new();
        let rowless: Vec<String> = set
            .iter()
            .flat_map(|exercise| written(exercise).map(|check| (exercise.name, check.name)))
            .filter(|(exercise, check)| of(&rows, exercise, check).is_none())
            .map(|(exercise, check)| format!("{exercise},{check}"))
            .collect();
        if !rowless.is_empty() {
            let rowless = rowless.join(" and ");
            notes.push(format!("{file} has no row for {rowless}: not graded"));
        }
        rows.retain(|row| row.points > 0.0);
        set.retain(|exercise| rows.iter().any(|row| row.exercise == exercise.name));
        if set.is_empty() {
            let sentence = "no exercise that was set has a check with points";
            return Err(failed(sentence.into()));
        }
        let count = exercise::all().count();
        if set.len() < count {
            let names: Vec<String> = set.iter().map(|exercise| exercise.id()).collect();
            notes.push(format!(
                "{} of {count} exercises are graded: {}",
                set.len(),
                names.join(", ")
            ));
        }
        Ok(Self { rows, set, notes })
    }

    /// The exercises that are graded, in the order of the chapters.
    pub fn exercises(&self) -> impl Iterator<Item = &'static Exercise> + '_ {
        self.set.iter().copied()
    }

    /// The checks of an exercise that have points, visible ones first.
    pub(crate) fn checks(
        &self,
        exercise: &'static Exercise,
    ) -> impl Iterator<Item = (&'static Check, &Points)> {
        written(exercise)
            .filter_map(|check| Some((check, of(&self.rows, exercise.name, check.name)?)))
    }

    /// All points there are.
    #[must_use]
    pub fn out_of(&self) -> f64 {
        let checks = self.exercises().flat_map(|exercise| self.checks(exercise));
        checks.map(|(_, points)| points.points).sum()
    }

    /// What is not graded, one sentence each.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Adds the points to a hash, however the file writes them.
    pub(super) fn add_points(&self, hash: &mut Fnv) {
        for row in &self.rows {
            hash.add(format!("{row:?}").as_bytes());
        }
    }

    /// Adds what was set to a hash.
    pub(super) fn add_set(&self, hash: &mut Fnv) {
        for exercise in &self.set {
            hash.add(exercise.name.as_bytes());
        }
    }
}

fn of<'a>(rows: &'a [Points], exercise: &str, check: &str) -> Option<&'a Points> {
    rows.iter()
        .find(|row| row.exercise == exercise && row.check == check)
}

/// The text of a table. Names in it are ASCII: what an old spreadsheet wrote otherwise is a comment.
fn decoded(path: &Path, bytes: Vec<u8>) -> Result<String> {
    if bytes.contains(&0) {
        return Err(Error::Data {
            path: path.to_owned(),
            expected: "a table as UTF-8 text (save it as \"CSV UTF-8\")".into(),
            found: "another encoding, or no text".into(),
        });
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scheme(text: &str, chosen: &[&str]) -> Result<Scheme> {
        let chosen: Vec<String> = chosen.iter().map(|name| (*name).to_owned()).collect();
        Scheme::parse("grading.csv", text, &chosen)
    }

    #[test]
    fn what_is_spelt_wrong_is_told_with_the_nearest_name() {
        let text = exercise::GRADING;
        let check = text.replace("min_norm,shortest", "min_norm,shortes");
        let error = scheme(&check, &[]).unwrap_err().to_string();
        assert!(
            error.contains("min_norm has no check \"shortes\"; nearest: shortest"),
            "{error}"
        );
        let error = scheme(&text.replace("min_norm,shortest", "minnorm,shortest"), &[]);
        let error = error.unwrap_err().to_string();
        assert!(
            error.contains("no exercise \"minnorm\"; nearest: min_norm"),
            "{error}"
        );
        let twice = format!("{text}\nmin_norm,shortest,1,visible,1\n");
        let error = scheme(&twice, &[]).unwrap_err().to_string();
        assert!(
            error.contains("a second row for min_norm,shortest"),
            "{error}"
        );
        let error = scheme(text, &["55"]).unwrap_err().to_string();
        assert!(
            error.contains("unknown chapter or exercise `55`; valid: "),
            "{error}"
        );
    }

    #[test]
    fn what_is_left_out_or_worth_nothing_is_not_graded_and_told() {
        let kept = exercise::GRADING
            .lines()
            .filter(|l| !l.starts_with("min_norm,shortest"));
        let kept: Vec<&str> = kept.collect();
        let less = scheme(&kept.join("\n"), &[]).unwrap();
        assert!(
            less.notes()[0].contains("no row for min_norm,shortest"),
            "{:?}",
            less.notes()
        );
        let all = Scheme::everything().unwrap();
        assert!(all.notes().is_empty() && less.out_of() < all.out_of());
        let header = "exercise,check,points,visibility,seeds\n";
        let nothing = format!("{header}min_norm,shortest,0,visible,1\n");
        assert!(scheme(&nothing, &[]).is_err());
    }

    #[test]
    fn chapters_are_chosen_on_the_command_line_or_in_the_file() {
        let of_13 = |scheme: &Scheme| scheme.exercises().all(|e| e.chapter.starts_with("13"));
        for name in ["13", "13_double_descent", "13_double_descent.ipynb"] {
            assert!(
                of_13(&scheme(exercise::GRADING, &[name]).unwrap()),
                "{name}"
            );
        }
        let text = format!("# set: 13\n{}", exercise::GRADING);
        assert!(of_13(&scheme(&text, &[]).unwrap()));
        let both = scheme(&text, &["7", "min_norm"]).unwrap();
        assert!(both.exercises().any(|e| e.chapter.starts_with("07")));
        assert_eq!(
            both.exercises()
                .filter(|e| e.chapter.starts_with("13"))
                .count(),
            1
        );
    }

    /// How a file is written changes no grade.
    #[test]
    fn a_german_spreadsheet_has_the_same_hash() {
        let hash = |text: &str| {
            let mut hash = Fnv::default();
            scheme(text, &[]).unwrap().add_points(&mut hash);
            hash.hex()
        };
        let rows: Vec<String> = exercise::GRADING
            .lines()
            .map(|line| match line.starts_with('#') {
                true => line.to_owned(),
                false => line.replace(',', ";").replace('.', ","),
            })
            .collect();
        let german = format!("\u{feff}{}\r\n", rows.join("\r\n"));
        assert_eq!(hash(&german), hash(exercise::GRADING));
        let other = exercise::GRADING.replace("min_norm,shortest,1", "min_norm,shortest,2");
        assert_ne!(hash(&other), hash(exercise::GRADING));
    }
}
