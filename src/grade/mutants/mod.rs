//! Do the checks judge? Every solution is changed at one place, in every way that
//! `operators` knows, and graded: what still has full points is either equal to the solution for
//! every input an exercise allows, and `solutions/NAME.equal` says why, or a gap in the checks.
//!
//! `src/exercise/solutions/mutants.csv` keeps how many there were, beside a hash of the solution:
//! a solution that is new or changed is found by it.

mod operators;
mod tokens;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::answers::{self, Equal};
use super::fnv::Fnv;
use super::judge::Grader;
use super::toolchain::ROOT;
use super::verify::submission;
use crate::exercise;
use crate::{Error, Result};

/// How the mutants of one solution fared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    /// The exercise.
    pub exercise: String,
    /// A hash of the solution and of what is said to be equal to it.
    pub hash: String,
    /// How many mutants compile.
    pub mutants: usize,
    /// How many of them lose points.
    pub killed: usize,
    /// How many are equal to the solution, with a reason.
    pub equal: usize,
    /// What is wrong, one sentence each: survivors, and reasons that are none.
    #[serde(skip)]
    pub faults: Vec<String>,
}

/// One program that is one change away from a solution.
struct Mutant {
    exercise: &'static str,
    source: String,
}

/// What became of a mutant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Unborn,
    Killed,
    Alive,
}

/// What a check says that failed itself.
const BROKEN: &str = "the check itself failed";

/// Grades every mutant of the solutions of `names`, of all if there are none.
///
/// # Errors
/// A name is of no exercise, a solution or its list of equals cannot be read, or grading fails.
pub fn survey(
    grader: &Grader,
    names: &[String],
    mut tell: impl FnMut(&str),
) -> Result<Vec<Survey>> {
    super::release::only_for_instructors()?;
    let named = |name: &String| {
        let found = exercise::find(name).map(|exercise| exercise.name);
        found.ok_or_else(|| Error::Grading(format!("no exercise is called {name}")))
    };
    let names: Vec<&'static str> = match names.is_empty() {
        true => exercise::all().map(|exercise| exercise.name).collect(),
        false => names.iter().map(named).collect::<Result<_>>()?,
    };
    let mut mutants = Vec::new();
    for exercise in &names {
        mutants.extend(of(exercise)?);
    }
    let fates = fates(grader, &mutants, &mut tell)?;
    let all: Vec<(&Mutant, Fate)> = mutants.iter().zip(fates).collect();
    let judged = |name: &&'static str| {
        let its = all.iter().filter(|(mutant, _)| mutant.exercise == *name);
        judged(name, its)
    };
    names.iter().map(judged).collect()
}

/// Grades a few mutants of every solution, others when the checks are others. One that is alive
/// and not known to be equal is a fault.
///
/// # Errors
/// As of [`survey`].
pub fn sample(grader: &Grader, each: usize) -> Result<Vec<String>> {
    let mut chosen = Vec::new();
    for exercise in exercise::all() {
        let mut mutants = of(exercise.name)?;
        let rank = |mutant: &Mutant| {
            let mut hash = Fnv::default();
            hash.add_text(grader.hash().as_bytes());
            hash.add_text(mutant.source.as_bytes());
            hash.hex()
        };
        mutants.sort_by_cached_key(rank);
        chosen.extend(mutants.into_iter().take(each));
    }
    let fates = fates(grader, &chosen, |_| ())?;
    let mut faults = Vec::new();
    for (mutant, fate) in chosen.iter().zip(fates) {
        let equals = answers::equals(mutant.exercise)?;
        if fate == Fate::Alive
            && !equals
                .iter()
                .any(|equal| same(&equal.source, &mutant.source))
        {
            faults.push(survives(mutant)?);
        }
    }
    Ok(faults)
}

/// The solutions that are new or changed since they were surveyed.
///
/// # Errors
/// A solution or the table cannot be read.
pub fn changed() -> Result<Vec<String>> {
    let known = table()?;
    let mut names = Vec::new();
    for exercise in exercise::all() {
        let hash = hash(exercise.name)?;
        if known.get(exercise.name).is_none_or(|row| row.hash != hash) {
            names.push(exercise.name.to_owned());
        }
    }
    Ok(names)
}

/// Writes what was found into the table; the rows of other exercises stay.
///
/// # Errors
/// The table cannot be read or written.
pub fn keep(surveys: &[Survey]) -> Result<()> {
    let mut rows = table()?;
    for survey in surveys.iter().filter(|survey| survey.faults.is_empty()) {
        rows.insert(survey.exercise.clone(), survey.clone());
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in exercise::all().filter_map(|exercise| rows.get(exercise.name)) {
        writer
            .serialize(row)
            .map_err(|error| Error::Grading(error.to_string()))?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| Error::Grading(error.to_string()))?;
    super::write_whole(&path(), &bytes)
}

fn path() -> PathBuf {
    Path::new(ROOT).join("src/exercise/solutions/mutants.csv")
}

/// The rows of the table by exercise; none where there is no table yet.
fn table() -> Result<BTreeMap<String, Survey>> {
    let text = match std::fs::read(path()) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        text => text.map_err(|error| Error::io(path(), error))?,
    };
    let rows = csv::Reader::from_reader(text.as_slice()).into_deserialize();
    rows.map(|row: std::result::Result<Survey, _>| {
        let row = row.map_err(|error| Error::Grading(format!("mutants.csv: {error}")))?;
        Ok((row.exercise.clone(), row))
    })
    .collect()
}

fn hash(exercise: &str) -> Result<String> {
    let mut hash = Fnv::default();
    hash.add_text(answers::solution(exercise)?.as_bytes());
    for equal in answers::equals(exercise)? {
        hash.add_text(equal.source.as_bytes());
    }
    Ok(hash.hex())
}

fn of(exercise: &'static str) -> Result<Vec<Mutant>> {
    let programs = operators::changed(&answers::solution(exercise)?).into_iter();
    Ok(programs.map(|source| Mutant { exercise, source }).collect())
}

/// Grades the mutants, one of each exercise at a time in one program.
fn fates(grader: &Grader, mutants: &[Mutant], mut tell: impl FnMut(&str)) -> Result<Vec<Fate>> {
    let mut batches: Vec<Vec<usize>> = Vec::new();
    let mut taken: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, mutant) in mutants.iter().enumerate() {
        let turn = taken.entry(mutant.exercise).or_default();
        match batches.get_mut(*turn) {
            Some(batch) => batch.push(index),
            None => batches.push(vec![index]),
        }
        *turn += 1;
    }
    let graded = |batch: &Vec<usize>| -> Result<Vec<(usize, Fate)>> {
        let sources = batch
            .iter()
            .map(|i| (mutants[*i].exercise, mutants[*i].source.clone()));
        let grade = grader.grade(&submission(&sources.collect()))?;
        let fate = |i: &usize| {
            let result = grade
                .exercise(mutants[*i].exercise)
                .expect("a grade has every exercise");
            let fate = match &result.finding {
                Some(_) => Fate::Unborn,
                // A check that could not be carried out has judged nothing.
                None if result.checks.iter().any(|check| check.got.contains(BROKEN)) => Fate::Alive,
                None if result.points < result.out_of => Fate::Killed,
                None => Fate::Alive,
            };
            (*i, fate)
        };
        Ok(batch.iter().map(fate).collect())
    };
    let mut done = 0;
    let mut parts = Vec::new();
    for some in batches.chunks(rayon::current_num_threads()) {
        let some: Vec<_> = some.par_iter().map(graded).collect::<Result<_>>()?;
        done += some.len();
        parts.extend(some);
        tell(&format!("mutants, {done} of {} programs", batches.len()));
    }
    let mut fates = vec![Fate::Unborn; mutants.len()];
    for (i, fate) in parts.into_iter().flatten() {
        fates[i] = fate;
    }
    Ok(fates)
}

fn judged<'a>(
    name: &str,
    mutants: impl Iterator<Item = &'a (&'a Mutant, Fate)> + Clone,
) -> Result<Survey> {
    let equals = answers::equals(name)?;
    let of = |equal: &Equal, mutant: &Mutant| same(&equal.source, &mutant.source);
    let mut survey = Survey {
        exercise: name.to_owned(),
        hash: hash(name)?,
        ..Survey::default()
    };
    for (mutant, fate) in mutants.clone() {
        let known = equals.iter().any(|equal| of(equal, mutant));
        survey.mutants += usize::from(*fate != Fate::Unborn);
        survey.killed += usize::from(*fate == Fate::Killed);
        survey.equal += usize::from(*fate == Fate::Alive && known);
        if *fate == Fate::Alive && !known {
            survey.faults.push(survives(mutant)?);
        }
    }
    for equal in &equals {
        let found = mutants.clone().find(|(mutant, _)| of(equal, mutant));
        if found.is_none_or(|(_, fate)| *fate != Fate::Alive) {
            let reason = &equal.reason;
            survey.faults.push(format!(
                "{name}.equal says `{reason}` of no mutant that has full points"
            ));
        }
    }
    Ok(survey)
}

/// Whether two programs are the same but for white space.
fn same(one: &str, other: &str) -> bool {
    let letters = |text: &str| text.split_whitespace().collect::<String>();
    letters(one) == letters(other)
}

/// A survivor, as the block that `NAME.wrong` or `NAME.equal` takes.
fn survives(mutant: &Mutant) -> Result<String> {
    let solution = answers::solution(mutant.exercise)?;
    let block = answers::difference(&solution, &mutant.source);
    Ok(format!(
        "{} has full points with this change:\n{block}",
        mutant.exercise
    ))
}
