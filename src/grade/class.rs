//! Grades a class: side by side, whatever one submission does, and on from where it was cut off.
//!
//! `OUT/NAME/` gets `feedback.html`, `results.json` (Gradescope) and, last, `grade.json`. A
//! submission whose `grade.json` is there, with our seal, from the same notebooks and the same
//! checks, is not graded again. `OUT/grades.csv` and `OUT/grades.xml` (JUnit) hold the class.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::judge::Grader;
use super::report;
use super::result::Grade;
use super::submission::Submission;
use super::toolchain::write_whole;
use crate::exercise::Visibility;
use crate::{Error, Result};

/// What became of one submission.
#[derive(Clone, Debug)]
pub struct Graded {
    /// Its name, also that of its folder.
    pub name: String,
    /// The grade, or why there is none: the machine failed, not the student.
    pub grade: std::result::Result<Grade, String>,
    /// Whether the grade was there already.
    pub resumed: bool,
}

/// Grades the submissions at `paths` into the folder `out`. `tell` is told of each when it is done.
///
/// # Errors
/// `out` cannot be written, or no threads can be started.
pub fn grade_class(
    grader: &Grader,
    paths: &[PathBuf],
    out: &Path,
    jobs: usize,
    shown: Visibility,
    tell: impl Fn(&Graded) + Sync,
) -> Result<Vec<Graded>> {
    std::fs::create_dir_all(out).map_err(|error| Error::io(out, error))?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .build()
        .map_err(|error| Error::Grading(error.to_string()))?;
    let named = names(paths);
    let all: Vec<Graded> = pool.install(|| {
        named
            .par_iter()
            .map(|(name, path)| {
                // Even a mistake of ours in one submission leaves the others.
                let one = catch_unwind(AssertUnwindSafe(|| {
                    grade_one(grader, name, path, out, shown)
                }));
                let one = one.unwrap_or_else(|_| Err(Error::Grading("the grader panicked".into())));
                let graded = match one {
                    Ok((grade, resumed)) => Graded {
                        name: name.clone(),
                        grade: Ok(grade),
                        resumed,
                    },
                    Err(error) => Graded {
                        name: name.clone(),
                        grade: Err(error.to_string()),
                        resumed: false,
                    },
                };
                tell(&graded);
                graded
            })
            .collect()
    });
    let grades: Vec<Grade> = all
        .iter()
        .filter_map(|graded| graded.grade.clone().ok())
        .collect();
    write_whole(&out.join("grades.csv"), report::csv(&grades)?.as_bytes())?;
    write_whole(&out.join("grades.xml"), report::junit(&grades)?.as_bytes())?;
    Ok(all)
}

/// Names for the submissions: of two with one name the second gets a number.
fn names(paths: &[PathBuf]) -> Vec<(String, &PathBuf)> {
    // Not the names of the class's own files: a student's folder would stand in their way.
    let mut taken = BTreeSet::from(["grades.csv".to_owned(), "grades.xml".to_owned()]);
    let mut named = Vec::new();
    for path in paths {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.clone());
        let base = match path.is_dir() {
            true => absolute.file_name(),
            false => absolute.file_stem(),
        };
        let base = base.map_or_else(|| "submission".into(), |n| n.to_string_lossy().into_owned());
        let mut name = base.clone();
        let mut number = 2;
        while !taken.insert(name.clone()) {
            name = format!("{base}-{number}");
            number += 1;
        }
        named.push((name, path));
    }
    named
}

fn grade_one(
    grader: &Grader,
    name: &str,
    path: &Path,
    out: &Path,
    shown: Visibility,
) -> Result<(Grade, bool)> {
    let mut submission = Submission::read(path)?;
    submission.name = name.to_owned();
    let folder = out.join(name);
    let file = folder.join("grade.json");
    // One that somebody else has put there is none.
    let before = std::fs::read_to_string(&file)
        .ok()
        .filter(|text| grader.seal().is_ours(text))
        .and_then(|text| serde_json::from_str::<Grade>(&text).ok());
    let same = before.filter(|grade| {
        grade.schema == super::SCHEMA
            && grade.grader_hash == grader.hash()
            && grade.submission_hash == submission.hash()
    });
    let (grade, resumed) = match same {
        Some(grade) => (grade, true),
        None => (grader.grade(&submission)?, false),
    };
    std::fs::create_dir_all(&folder).map_err(|error| Error::io(&folder, error))?;
    write_whole(
        &folder.join("feedback.html"),
        report::html(&grade, shown).as_bytes(),
    )?;
    let gradescope = format!("{:#}\n", report::gradescope(&grade));
    write_whole(&folder.join("results.json"), gradescope.as_bytes())?;
    if !resumed {
        let json = serde_json::to_string_pretty(&grade)
            .map_err(|error| Error::Grading(format!("grade.json: {error}")))?;
        write_whole(&file, grader.seal().seal(&json).as_bytes())?;
    }
    Ok((grade, resumed))
}
