//! Grades a class: side by side, whatever one submission does, and on from where it was cut off.
//!
//! `OUT/NAME/` gets `feedback.html`, `results.json` (Gradescope) and, last, `grade.json`. A
//! submission whose `grade.json` is there, with our seal, from the same notebooks and the same
//! checks, is not graded again. `OUT/grades.csv` and `OUT/grades.xml` (JUnit) hold the class.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::against::{Earlier, kept};
use super::handed_in::{Class, HandedIn, Student, regular};
use super::judge::Grader;
use super::names;
use super::report;
use super::report::{Outcome, Row};
use super::result::Grade;
use super::roster::Roster;
use super::seal::Seal;
use super::submission::Submission;
use super::toolchain::write_whole;
use super::whose;
use crate::exercise::Visibility;
use crate::{Error, Result};

/// How a class is graded.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Folder for the results; made if missing.
    pub out: PathBuf,
    /// How many submissions at once.
    pub jobs: usize,
    /// Which checks the feedback shows.
    pub shown: Visibility,
    /// Who is in the class.
    pub roster: Option<Roster>,
    /// Grades of an earlier time that are not to get lower.
    pub never_lower: Option<Earlier>,
}

impl Plan {
    /// One after the other into `out`, with the visible checks in the feedback.
    #[must_use]
    pub fn new(out: &Path) -> Self {
        Self {
            out: out.to_owned(),
            jobs: 1,
            shown: Visibility::Visible,
            roster: None,
            never_lower: None,
        }
    }
}

/// What became of one submission.
#[derive(Clone, Debug)]
pub struct Graded {
    /// Its name, also that of its folder.
    pub name: String,
    /// What a roster may know the student by.
    pub student: Student,
    /// The grade, or why there is none: the machine failed, not the student.
    pub grade: std::result::Result<Grade, String>,
    /// Whether the grade was there already.
    pub resumed: bool,
}

/// Grades a class. `tell` is told of each submission when it is done. Returns them all, and what the
/// person who grades should know of the roster.
///
/// # Errors
/// `plan.out` is among the submissions or they are in it, or it cannot be written, or no threads can
/// be started, or an earlier grade that is to be kept is out of other points.
pub fn grade_class(
    grader: &Grader,
    class: &Class,
    plan: &Plan,
    tell: impl Fn(&Graded) + Sync,
) -> Result<(Vec<Graded>, Vec<String>)> {
    let out = &plan.out;
    apart(class, out)?;
    if let Some(earlier) = &plan.never_lower {
        earlier.same_scale(grader.scheme().out_of())?;
    }
    std::fs::create_dir_all(out).map_err(|error| Error::io(out, error))?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(plan.jobs)
        .build()
        .map_err(|error| Error::Grading(error.to_string()))?;
    let named = named(&class.submissions);
    let mut joined = plan.roster.as_ref().map(|roster| roster.join(&named));
    let row_of = |index: usize| {
        let row = joined.as_ref()?.of_submission[index]?;
        Some((plan.roster.as_ref()?, row))
    };
    let all: Vec<Graded> = pool.install(|| {
        named
            .par_iter()
            .enumerate()
            .map(|(index, handed_in)| {
                let one = || grade_one(grader, handed_in, row_of(index), plan);
                // Even a mistake of ours in one submission leaves the others.
                let one = catch_unwind(AssertUnwindSafe(one));
                let one = one.unwrap_or_else(|_| Err(Error::Grading("the grader panicked".into())));
                let resumed = matches!(one, Ok((_, true)));
                let graded = Graded {
                    name: handed_in.name.clone(),
                    student: handed_in.student.clone(),
                    grade: one
                        .map(|(grade, _)| grade)
                        .map_err(|error| names::shown(&error.to_string())),
                    resumed,
                };
                tell(&graded);
                graded
            })
            .collect()
    });
    let exercises: Vec<String> = grader.scheme().exercises().map(|e| e.id()).collect();
    let mut rows: Vec<Row> = all.iter().map(Row::of).collect();
    let mut notes = Vec::new();
    for (row, of_names) in rows.iter_mut().zip(whose::notes(&all)) {
        notes.extend(of_names.iter().map(|note| format!("{}: {note}", row.name)));
        row.notes = of_names;
    }
    if let Some((roster, joined)) = plan.roster.as_ref().zip(joined.take()) {
        for (row, at) in rows.iter_mut().zip(&joined.of_submission) {
            row.student = at.map(|at| roster.student(at));
        }
        rows.extend(joined.absent.iter().map(|&at| Row {
            name: roster.student(at).1,
            student: Some(roster.student(at)),
            notes: Vec::new(),
            outcome: Outcome::Absent,
        }));
        let filled = roster.filled(&all, &joined, grader.scheme().out_of())?;
        write_whole(&out.join("roster.csv"), filled.as_bytes())?;
        notes.splice(..0, joined.notes);
        notes.extend(roster.warnings(grader.scheme().out_of()));
    }
    rows.extend(class.left_out.iter().map(|left_out| Row {
        name: left_out.name.clone(),
        student: None,
        notes: Vec::new(),
        outcome: Outcome::None(format!("left out: {}", left_out.why)),
    }));
    let csv = report::csv(&rows, &exercises, grader.scheme().out_of())?;
    write_whole(&out.join("grades.csv"), csv.as_bytes())?;
    write_whole(&out.join("grades.xml"), report::junit(&all)?.as_bytes())?;
    Ok((all, notes))
}

/// Results among submissions would be graded, and submissions among results overwritten.
///
/// # Errors
/// `out` is in a path of the class, or the other way round, or it is a file or below one.
pub fn apart(class: &Class, out: &Path) -> Result<()> {
    let mut there = std::path::absolute(out).map_err(|error| Error::io(out, error))?;
    let mut rest = PathBuf::new();
    // The part of the path that is there may be a link.
    while !there.exists() {
        let Some(name) = there.file_name() else { break };
        rest = Path::new(name).join(&rest);
        there.pop();
    }
    if there.is_file() {
        return Err(Error::domain(
            &format!("--out {}", out.display()),
            "a folder, new or of an earlier grading",
            format!("a file, or below one ({})", there.display()),
        ));
    }
    let there = there.canonicalize().unwrap_or(there).join(rest);
    for path in &class.paths {
        let full = path.canonicalize().map_err(|e| Error::io(path, e))?;
        if there.starts_with(&full) || full.starts_with(&there) {
            return Err(Error::domain(
                &format!("--out {}", out.display()),
                format!("a folder apart from the submissions ({})", path.display()),
                "among the submissions, or holds them",
            ));
        }
    }
    Ok(())
}

/// The submissions, each under a name no other has: of two with one name the second gets a number,
/// and both say so.
pub(super) fn named(submissions: &[HandedIn]) -> Vec<HandedIn> {
    // Not the names of the class's own files: a student's folder would stand in their way.
    let own = [
        "grades.csv",
        "grades.xml",
        "roster.csv",
        "moved.csv",
        "similar.html",
    ];
    let mut taken: BTreeSet<String> = own.map(str::to_owned).into();
    let mut named: Vec<HandedIn> = Vec::new();
    for submission in submissions {
        let base = names::folder(&submission.name);
        let mut name = base.clone();
        let mut number = 2;
        while !taken.insert(name.clone()) {
            name = format!("{base}-{number}");
            number += 1;
        }
        let mut submission = submission.clone();
        if let Some(other) = named.iter_mut().find(|other| other.name == base) {
            let sentence = |name: &str| format!("another submission has the same name: {name}");
            other.findings.push(sentence(&name));
            submission.findings.push(sentence(&base));
        }
        submission.name = name;
        named.push(submission);
    }
    named
}

fn grade_one(
    grader: &Grader,
    handed_in: &HandedIn,
    row: Option<(&Roster, usize)>,
    plan: &Plan,
) -> Result<(Grade, bool)> {
    let submission = Submission::read_all(handed_in)?;
    let folder = plan.out.join(&submission.name);
    // What a link leads to is not ours to write.
    if folder.is_symlink() {
        return Err(Error::Data {
            path: folder,
            expected: "a folder for results, or nothing".into(),
            found: "a link".into(),
        });
    }
    let file = folder.join("grade.json");
    let same = stored(&file, grader.seal()).filter(|grade| {
        grade.schema == super::SCHEMA
            && grade.grader_hash == grader.hash()
            && grade.submission_hash == submission.hash()
    });
    let (mut grade, resumed) = match same {
        Some(grade) => (grade, true),
        None => (grader.grade(&submission)?, false),
    };
    let found = grade.clone();
    whose::bind(&mut grade, row);
    let mut is_new = !resumed || grade != found;
    if let Some(earlier) = plan
        .never_lower
        .as_ref()
        .and_then(|e| e.of(&submission.name))
        && let Some(higher) = kept(earlier, &grade)
    {
        (grade, is_new) = (higher, true);
    }
    std::fs::create_dir_all(&folder).map_err(|error| Error::io(&folder, error))?;
    write_whole(
        &folder.join("feedback.html"),
        report::html(&grade, plan.shown).as_bytes(),
    )?;
    let gradescope = format!("{:#}\n", report::gradescope(&grade));
    write_whole(&folder.join("results.json"), gradescope.as_bytes())?;
    if is_new {
        let json = serde_json::to_string_pretty(&grade)
            .map_err(|error| Error::Grading(format!("grade.json: {error}")))?;
        write_whole(&file, grader.seal().seal(&json).as_bytes())?;
    }
    Ok((grade, resumed))
}

/// A grade that was written before, if there is one.
pub(super) fn stored(file: &Path, seal: &Seal) -> Option<Grade> {
    let text = std::io::read_to_string(regular(file).ok()?).ok()?;
    // One that somebody else has put there is none.
    let ours = seal.is_ours(&text);
    ours.then(|| serde_json::from_str(&text).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_with_one_name_both_say_so() {
        let all = ["ada", "ada", "grades.csv", "x\u{202e}y"].map(|name| HandedIn {
            name: name.into(),
            ..HandedIn::default()
        });
        let named = named(&all);
        let names: Vec<&str> = named.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["ada", "ada-2", "grades.csv-2", "x_y"]);
        assert!(named[0].findings[0].ends_with("ada-2") && named[1].findings[0].ends_with("ada"));
    }

    #[test]
    fn results_and_submissions_lie_apart() {
        let folder = tempfile::TempDir::new().unwrap();
        let submissions = folder.path().join("submissions");
        std::fs::create_dir_all(&submissions).unwrap();
        std::os::unix::fs::symlink(&submissions, folder.path().join("link")).unwrap();
        let class = Class {
            paths: vec![submissions.clone()],
            ..Class::default()
        };
        for out in ["submissions", "submissions/grades/new", "", "link/grades"] {
            let error = apart(&class, &folder.path().join(out)).unwrap_err();
            assert!(
                error.to_string().contains("apart from the submissions"),
                "{out}"
            );
        }
        apart(&class, &folder.path().join("submissions-graded")).unwrap();
        std::fs::write(folder.path().join("roster.csv"), "").unwrap();
        for out in ["roster.csv", "roster.csv/grades"] {
            let error = apart(&class, &folder.path().join(out)).unwrap_err();
            assert!(error.to_string().contains("expected a folder"), "{error}");
        }
    }
}
