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
use super::scratch::{Scratch, sweep};
use super::seal::Seal;
use super::settings::GradeSettings;
use super::submission::Submission;
use super::toolchain::Toolchain;
use super::verify::submission;
use super::whose::{ANSWERED, Heard};
use crate::exercise::cell::{self, OFFERED};
use crate::exercise::{self, Caller, Check, CheckRow, Exercise, Outcome, Points, Trouble, hidden};
use crate::{Error, Result};
use dltheory_workbench::Value;

/// Grades submissions. It may be shared among threads.
#[derive(Clone, Debug)]
pub struct Grader {
    toolchain: Toolchain,
    settings: GradeSettings,
    scheme: Scheme,
    seed: u64,
    hash: String,
    seal: Seal,
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
        sweep(&settings.scratch);
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
            seal: Seal::ours()?,
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

    /// What tells our grades from others.
    pub(crate) fn seal(&self) -> &Seal {
        &self.seal
    }

    /// Grades a submission. Whatever is wrong with it is in the grade, not an error.
    ///
    /// # Errors
    /// The machine fails: no room, no memory, no compiler, no linker. Then there is no grade.
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
        let scratch = Scratch::new(&self.settings.scratch)?;
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
                    let result = self.judge(exercise, &mut caller)?;
                    confinement = confinement.or(caller.confinement);
                    result
                }
                _ => self.nothing(exercise, finding),
            });
            if let (Some(result), Some(cell)) = (exercises.last_mut(), sources.get(exercise.name)) {
                result.cell = Some(plain(&cell.place()));
                let as_whom = result.answered_as.iter();
                let as_whom = as_whom.map(|name| format!("{ANSWERED} {name}"));
                let notes = cell.notes.iter().cloned().chain(as_whom);
                result.notes = notes.map(|note| plain(&note)).collect();
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

    /// Tries all checks on the notebook's inputs, about which all may be told, and then those that
    /// passed on inputs of our own, in a process that answers nothing else: an answer, a panic's
    /// message or an exit code could carry them out, also those of a call before, and whoever may
    /// hand in often could collect them. Of these a report says right or wrong, and how far off.
    fn judge(&self, exercise: &'static Exercise, caller: &mut Confined) -> Result<ExerciseResult> {
        let all: Vec<_> = self.scheme.checks(exercise).collect();
        let mut caller = Heard::new(caller);
        let mut results = Vec::new();
        for (check, points) in &all {
            let open = attempt(check, &mut caller, exercise::check::SEED, points.seeds);
            // No notebook shows the inputs of a hidden check.
            let shown = exercise.checks.iter().any(|own| own.name == check.name);
            results.push(match open {
                Ok(outcome) if shown || outcome.passed() => Ok(outcome),
                Ok(outcome) => Ok(outcome.elsewhere()),
                Err(trouble) => {
                    let trouble = of_the_student(exercise, trouble)?;
                    Err(if shown { trouble } else { trouble.elsewhere() })
                }
            });
        }
        let started = results
            .iter()
            .any(|result| *result != Err(Trouble::Unfinished));
        caller.caller.renew();
        for ((check, points), result) in all.iter().zip(&mut results) {
            if !result.as_ref().is_ok_and(Outcome::passed) {
                continue;
            }
            match attempt(check, &mut caller, self.seed, points.seeds) {
                Ok(outcome) if outcome.passed() => {}
                Ok(outcome) => *result = Ok(outcome.elsewhere()),
                Err(trouble) => {
                    *result = Err(of_the_student(exercise, trouble)?.elsewhere());
                }
            }
        }
        let finding = (!started).then(|| NOT_STARTED.to_owned());
        let checks = all.iter().zip(results);
        let checks = checks.map(|((check, points), result)| checked(check, points, result));
        let result = of_checks(exercise, finding, checks.collect());
        Ok(match caller.name() {
            Ok(name) => ExerciseResult {
                answered_as: name.map(|name| plain(&name)),
                ..result
            },
            Err(sentence) => self.nothing(exercise, Some(sentence)),
        })
    }

    /// What a solution answers when it is called so many times without an argument, in one process.
    ///
    /// # Errors
    /// It does not compile or gives no answer, or the machine fails.
    pub(super) fn answers(
        &self,
        exercise: &'static Exercise,
        source: String,
        calls: usize,
    ) -> Result<Vec<Value>> {
        let failed = |sentence: String| Error::Grading(format!("{}: {sentence}", exercise.name));
        let notebooks = submission(&BTreeMap::from([(exercise.name, source)])).notebooks;
        let cell = usable(&Cells::read(&notebooks), exercise).map_err(failed)?;
        let scratch = Scratch::new(&self.settings.scratch)?;
        let cells = BTreeMap::from([(exercise.name.to_owned(), cell)]);
        let mut compiled = compile(&cells, scratch.path(), &self.toolchain, &self.settings)?;
        if let Some(error) = compiled.errors.remove(exercise.name) {
            return Err(failed(error));
        }
        let program = &compiled.programs[exercise.name];
        let mut caller = Confined::new(&self.toolchain, program, exercise.name, &self.settings);
        let answer = |_| {
            let answer = caller.call(&[]);
            answer.map_err(|trouble| failed(trouble.sentence()))
        };
        (0..calls).map(answer).collect()
    }

    /// An exercise that could not be run: no point, and why.
    fn nothing(&self, exercise: &'static Exercise, finding: Option<String>) -> ExerciseResult {
        let checks = self.scheme.checks(exercise);
        let checks = checks.map(|(check, points)| CheckResult {
            expected: "an answer".into(),
            got: "none".into(),
            ..checked(check, points, Err(Trouble::Unfinished))
        });
        of_checks(exercise, finding, checks.collect())
    }
}

/// The finding about a body that is still the stub: every check came to its `todo!()`.
const NOT_STARTED: &str = "not started: the body is still todo!()";

/// A check on inputs from one seed. No answer makes a check panic, as far as we know.
fn attempt(
    check: &Check,
    caller: &mut dyn Caller,
    seed: u64,
    seeds: u32,
) -> std::result::Result<Outcome, Trouble> {
    catch_unwind(AssertUnwindSafe(|| {
        exercise::run(check, caller, seed, seeds)
    }))
    .unwrap_or_else(|_| Err(Trouble::Check("it panicked on this answer".into())))
}

/// A trouble, if it is not the machine's.
fn of_the_student(exercise: &Exercise, trouble: Trouble) -> Result<Trouble> {
    match trouble {
        Trouble::Machine(_) => {
            let sentence = trouble.sentence();
            Err(Error::Machine(format!("{}: {sentence}", exercise.name)))
        }
        trouble => Ok(trouble),
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
pub(super) fn types(name: &str) -> String {
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

/// The points of these checks, and all there are.
pub(super) fn total(checks: &[CheckResult]) -> (f64, f64) {
    let sum = |part: fn(&CheckResult) -> f64| checks.iter().map(part).sum::<f64>() + 0.0;
    (sum(|check| check.points), sum(|check| check.out_of))
}

fn of_checks(
    exercise: &Exercise,
    finding: Option<String>,
    checks: Vec<CheckResult>,
) -> ExerciseResult {
    let (points, out_of) = total(&checks);
    ExerciseResult {
        id: exercise.id(),
        title: exercise.title.to_owned(),
        points,
        out_of,
        finding: finding.map(|finding| plain(&finding)),
        cell: None,
        notes: Vec::new(),
        answered_as: None,
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
