//! From a submission to its grade.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use super::cells::{Cell, Cells};
use super::compile::compile;
use super::confined::Confined;
use super::fnv::Fnv;
use super::result::{CheckResult, ExerciseResult, Grade, SCHEMA};
use super::scheme::Scheme;
use super::settings::GradeSettings;
use super::submission::Submission;
use super::toolchain::Toolchain;
use crate::exercise::cell::{self, OFFERED};
use crate::exercise::{self, Check, CheckRow, Exercise, Outcome, Points, Trouble, hidden};
use crate::{Error, Result};

/// Grades submissions. It may be shared among threads.
#[derive(Clone, Debug)]
pub struct Grader {
    toolchain: Toolchain,
    settings: GradeSettings,
    scheme: Scheme,
    seed: u64,
    hash: String,
}

impl Grader {
    /// Builds what is missing and gets ready.
    ///
    /// # Errors
    /// `grading.csv` is not what it should be, the scratch folder is not there or runs no programs,
    /// or the workbench does not compile.
    pub fn new(mut settings: GradeSettings) -> Result<Self> {
        let scheme = Scheme::read(settings.grading.as_deref(), &settings.chapters)?;
        settings.scratch = runs_programs(&settings.scratch)?;
        let mut hash = Fnv::default();
        scheme.add_points(&mut hash);
        for text in hidden::SOURCES {
            hash.add_text(text.as_bytes());
        }
        let seed = settings.seed.unwrap_or_else(|| hash.seed());
        let limits = GradeSettings {
            scratch: PathBuf::new(),
            grading: None,
            chapters: Vec::new(),
            ..settings.clone()
        };
        scheme.add_set(&mut hash);
        hash.add(format!("{seed} {limits:?} {}", env!("DLTHEORY_GRADING")).as_bytes());
        Ok(Self {
            toolchain: Toolchain::prepare()?,
            settings,
            scheme,
            seed,
            hash: hash.hex(),
        })
    }

    /// What is graded, and for how many points.
    #[must_use]
    pub fn scheme(&self) -> &Scheme {
        &self.scheme
    }

    /// The same grader for every exercise, with the points that were compiled in.
    pub(super) fn of_everything(&self) -> Result<Self> {
        let scheme = Scheme::everything()?;
        Ok(Self {
            scheme,
            ..self.clone()
        })
    }

    /// A hash of the checks, their points and the limits.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Grades a submission. Whatever is wrong with it is in the grade, not an error.
    ///
    /// # Errors
    /// The machine fails: no room, no compiler.
    pub fn grade(&self, submission: &Submission) -> Result<Grade> {
        let cells = Cells::read(&submission.notebooks);
        let mut findings = submission.findings.clone();
        for (notebook, reason) in cells.unreadable() {
            findings.push(format!("{notebook} cannot be read: {reason}"));
        }
        for (notebook, how) in cells.mended() {
            findings.push(format!("{notebook}: {how}"));
        }
        let mut sources: BTreeMap<String, Cell> = BTreeMap::new();
        let mut lost: BTreeMap<&str, String> = BTreeMap::new();
        for exercise in self.scheme.exercises() {
            match usable(&cells, exercise) {
                Ok(cell) => {
                    sources.insert(exercise.name.to_owned(), cell);
                }
                Err(sentence) => {
                    lost.insert(exercise.name, sentence);
                }
            }
        }
        let scratch = tempfile::TempDir::with_prefix_in("dltheory-", &self.settings.scratch)
            .map_err(|error| Error::io(&self.settings.scratch, error))?;
        let mut compiled = compile(&sources, scratch.path(), &self.toolchain, &self.settings)?;
        // What the lint could not read is left to the compiler, which should refuse it too.
        for (name, cell) in &sources {
            if compiled.programs.contains_key(name) && !cell::readable(&cell.source) {
                let (notebook, number) = (&cell.notebook, cell.number);
                let sentence =
                    format!("{notebook}, cell {number}: its text cannot be read as Rust");
                compiled.errors.insert(name.clone(), sentence);
            }
            if let Some(error) = compiled.errors.get_mut(name) {
                error.push_str(&why_alone(&cells, cell));
            }
        }
        let mut confinement = None;
        let mut exercises = Vec::new();
        for exercise in self.scheme.exercises() {
            let finding = lost
                .get(exercise.name)
                .or_else(|| compiled.errors.get(exercise.name))
                .cloned();
            exercises.push(match compiled.programs.get(exercise.name) {
                Some(program) if finding.is_none() => {
                    let mut caller =
                        Confined::new(&self.toolchain, program, exercise.name, &self.settings);
                    let result = self.judge(exercise, &mut caller);
                    confinement = confinement.or(caller.confinement);
                    result
                }
                _ => self.nothing(exercise, finding),
            });
            if let (Some(result), Some(cell)) = (exercises.last_mut(), sources.get(exercise.name)) {
                result.cell = Some(plain(&cell.place()));
                result.notes = cell.notes.iter().map(|note| plain(note)).collect();
            }
        }
        let sum = |part: fn(&ExerciseResult) -> f64| exercises.iter().map(part).sum::<f64>() + 0.0;
        Ok(Grade {
            schema: SCHEMA.to_owned(),
            submission: plain(&submission.name),
            submission_hash: submission.hash(),
            grader_hash: self.hash.clone(),
            toolchain: self.toolchain.version.clone(),
            confinement: confinement.unwrap_or_else(|| "no solution ran".to_owned()),
            points: sum(|exercise| exercise.points),
            out_of: sum(|exercise| exercise.out_of),
            findings: findings
                .iter()
                .take(MOST_FINDINGS)
                .map(|finding| plain(finding))
                .collect(),
            exercises,
        })
    }

    fn judge(&self, exercise: &'static Exercise, caller: &mut Confined) -> ExerciseResult {
        let mut checks = Vec::new();
        let mut finding = None;
        for (check, points) in self.scheme.checks(exercise) {
            let result = match finding {
                // No answer makes a check panic, as far as we know.
                None => catch_unwind(AssertUnwindSafe(|| self.tried(check, caller, points.seeds)))
                    .unwrap_or_else(|_| Err(Trouble::Check("it panicked on this answer".into()))),
                Some(_) => Err(Trouble::Unfinished),
            };
            if result == Err(Trouble::Unfinished) {
                finding = Some(Trouble::Unfinished.sentence());
            }
            checks.push(checked(check, points, result));
        }
        total(exercise, finding, checks)
    }

    /// An exercise that could not be run: no point, and why.
    fn nothing(&self, exercise: &'static Exercise, finding: Option<String>) -> ExerciseResult {
        let checks = self.scheme.checks(exercise);
        let checks = checks.map(|(check, points)| CheckResult {
            expected: "an answer".into(),
            got: "none".into(),
            ..checked(check, points, Err(Trouble::Unfinished))
        });
        total(exercise, finding, checks.collect())
    }

    /// Tries a check on the notebook's inputs, about which all may be told, and then on inputs of
    /// our own. Of those a report says only how far off the answer was: a panic's message or an
    /// answer could carry them out, and whoever may hand in often could collect them.
    fn tried(
        &self,
        check: &Check,
        caller: &mut Confined,
        seeds: u32,
    ) -> std::result::Result<Outcome, Trouble> {
        let open = exercise::run(check, caller, exercise::check::SEED, seeds)?;
        if !open.passed() {
            return Ok(open);
        }
        match exercise::run(check, caller, self.seed, seeds) {
            Ok(outcome) if outcome.passed() => Ok(open),
            Ok(outcome) => Ok(outcome.elsewhere()),
            Err(Trouble::Panicked(_)) => Err(Trouble::Panicked(
                "on other inputs than the notebook's".to_owned(),
            )),
            Err(Trouble::Unusable(..)) => Err(Trouble::Unusable(
                "a result of the right kind".to_owned(),
                "another, on other inputs than the notebook's".to_owned(),
            )),
            Err(trouble) => Err(trouble),
        }
    }
}

/// The full path of a folder, unless no program may be run there: then the system, and not a
/// student, would fail every check.
fn runs_programs(folder: &Path) -> Result<PathBuf> {
    use rustix::fs::{StatVfsMountFlags, statvfs};
    let full = folder
        .canonicalize()
        .map_err(|error| Error::io(folder, error))?;
    let system = statvfs(&full).map_err(|error| Error::io(folder, error.into()))?;
    match system.f_flag.contains(StatVfsMountFlags::NOEXEC) {
        false => Ok(full),
        true => Err(Error::Data {
            path: full,
            expected: "a scratch folder where programs may be run (set TMPDIR to one)".into(),
            found: "a file system mounted with noexec".into(),
        }),
    }
}

/// The cell of an exercise, if it may be compiled.
fn usable(cells: &Cells, exercise: &Exercise) -> std::result::Result<Cell, String> {
    let cell = cells.find(exercise.chapter, exercise.name, &types(exercise.name))?;
    match cell::forbidden(&cell.source) {
        None => Ok(cell),
        Some((line, sentence)) => Err(format!(
            "{}, cell {}, line {line}: {sentence}",
            cell.notebook, cell.number
        )),
    }
}

/// The types of the exercise's function.
fn types(name: &str) -> String {
    let mut all = exercise::check::SIGNATURES.iter();
    let signature = all.find(|(exercise, _)| *exercise == name);
    signature.map_or_else(String::new, |(_, text)| cell::types_of(text))
}

/// Why a cell does not compile alone, as far as names tell.
fn why_alone(cells: &Cells, cell: &Cell) -> String {
    let names = cell::from_elsewhere(&cell.source, &cells.names_beside(cell));
    let sentences = names.iter().map(|name| format!("\n\n{}", name.sentence()));
    let why: String = sentences.collect();
    match why.contains(OFFERED) {
        true => why,
        false => format!("{why}\n\n{OFFERED}"),
    }
}

/// All checks of an exercise that have points where this was compiled, visible ones first.
pub(crate) fn checks_of(
    exercise: &'static Exercise,
) -> impl Iterator<Item = (&'static Check, &'static Points)> {
    let all = exercise.checks.iter().chain(hidden::checks(exercise.name));
    all.filter_map(|check| Some((check, exercise::points(exercise.name, check.name)?)))
}

fn checked(
    check: &'static Check,
    points: &Points,
    result: std::result::Result<Outcome, Trouble>,
) -> CheckResult {
    let row = CheckRow {
        name: check.name,
        about: check.about,
        points: points.points,
        result,
    };
    let [expected, got, ..] = row.cells();
    let number = |x: Option<f64>| x.filter(|x| x.is_finite());
    let (relative_error, tolerance) = match &row.result {
        Ok(outcome) => (number(outcome.relative_error), number(outcome.tolerance)),
        Err(_) => (None, None),
    };
    CheckResult {
        name: check.name.to_owned(),
        asks: check.about.to_owned(),
        visibility: points.visibility.name().to_owned(),
        passed: row.passed(),
        points: if row.passed() { points.points } else { 0.0 },
        out_of: points.points,
        expected: plain(&expected),
        got: plain(&got),
        relative_error,
        tolerance,
    }
}

fn total(exercise: &Exercise, finding: Option<String>, checks: Vec<CheckResult>) -> ExerciseResult {
    ExerciseResult {
        id: exercise.id(),
        title: exercise.title.to_owned(),
        points: checks.iter().map(|check| check.points).sum::<f64>() + 0.0,
        out_of: checks.iter().map(|check| check.out_of).sum::<f64>() + 0.0,
        finding: finding.map(|finding| plain(&finding)),
        cell: None,
        notes: Vec::new(),
        checks,
    }
}

/// How many findings about a submission as a whole are kept.
const MOST_FINDINGS: usize = 50;
/// The longest text of a report, characters.
const LONGEST_TEXT: usize = 20_000;

/// Text without control characters, which would speak to terminals and break XML.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for c in text.chars().take(LONGEST_TEXT) {
        if c == '\n' || c == '\t' || !super::names::misleading(c) {
            plain.push(c);
        } else {
            plain.extend(c.escape_default());
        }
    }
    plain
}
