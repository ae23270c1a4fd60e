//! Exercises with numbers of one's own, tried for a thousand names: the solution must be right for all
//! of them, each wrong answer wrong for nearly all, and hardly anybody's answer right for somebody else.

use super::answers::Wrong;
use super::judge::Grader;
use crate::exercise::numbers::recipe;
use crate::exercise::recipe::{ROUNDING, Recipe};
use crate::exercise::{Exercise, person};
use crate::{Error, Result};
use dltheory_workbench::{FromValue, Value};

/// The least share of names for which a wrong answer must be wrong.
const WRONG: f64 = 0.99;
/// The largest share of pairs of names in which the one's answer may be right for the other.
const SHARED: f64 = 0.002;

/// What was found, and what of it is wrong, one sentence each.
#[derive(Debug, Default)]
pub(super) struct Tried {
    pub(super) notes: Vec<String>,
    pub(super) faults: Vec<String>,
}

/// One of the thousand.
struct Student {
    given: Vec<f64>,
    answer: f64,
}

/// Tries an exercise; nothing if all students have the same inputs in it.
///
/// # Errors
/// A recipe cannot be worked out, a solution does not have the two lines that a notebook shows for its
/// name, or grading fails.
pub(super) fn tried(
    grader: &Grader,
    exercise: &'static Exercise,
    solution: &str,
    wrong: &[Wrong],
) -> Result<Tried> {
    let mut tried = Tried::default();
    let Some(recipe) = recipe(exercise.name) else {
        return Ok(tried);
    };
    let students: Vec<Student> = names()
        .map(|name| student(recipe, &name))
        .collect::<Result<_>>()?;
    let all = students.len();

    let mut different: Vec<&[f64]> = students.iter().map(|s| s.given.as_slice()).collect();
    different.sort_by(|a, b| {
        a.iter()
            .partial_cmp(b.iter())
            .expect("numbers of a recipe are no NaN")
    });
    different.dedup();
    let shared = shared(&students);
    let pairs = all * (all - 1);
    tried.notes.push(format!(
        "{all} names have {} sets of numbers; of {pairs} pairs {shared} share an answer",
        different.len()
    ));
    if shared as f64 > SHARED * pairs as f64 {
        tried.faults.push(format!(
            "{shared} of {pairs} pairs of names share an answer"
        ));
    }

    let right = |source: &str| -> Result<usize> {
        let source = for_all(recipe, source, &students)?;
        let answers = grader.answers(exercise, source, all)?;
        let judged = students.iter().zip(answers);
        Ok(judged
            .filter(|(student, answer)| is_right(student, answer))
            .count())
    };
    let passed = right(solution)?;
    tried
        .notes
        .push(format!("the solution is right for {passed} of them"));
    if passed < all {
        tried.faults.push(format!(
            "the solution is right for {passed} of {all} names only"
        ));
    }
    for Wrong { name, source, .. } in wrong {
        let wrong = all - right(source)?;
        tried
            .notes
            .push(format!("{name} is wrong for {wrong} of them"));
        if (wrong as f64) < WRONG * all as f64 {
            tried
                .faults
                .push(format!("{name} is wrong for {wrong} of {all} names only"));
        }
    }
    Ok(tried)
}

fn student(recipe: &Recipe, name: &str) -> Result<Student> {
    let drawn = recipe.of(name).expect("a first and a last name")?;
    Ok(Student {
        given: drawn.given,
        answer: drawn.answer,
    })
}

fn close(got: f64, answer: f64) -> bool {
    (got - answer).abs() <= ROUNDING * answer.abs()
}

fn is_right(student: &Student, answer: &Value) -> bool {
    let answer = <(String, f64)>::from_value(answer.clone());
    answer.is_some_and(|(_, got)| close(got, student.answer))
}

/// In how many ordered pairs the one's answer is right for the other.
fn shared(students: &[Student]) -> usize {
    let right_for = |student: &Student| {
        let others = students
            .iter()
            .filter(|other| close(other.answer, student.answer));
        others.count() - 1
    };
    students.iter().map(right_for).sum()
}

/// A solution that at each call takes the numbers of the next student instead of its own.
fn for_all(recipe: &Recipe, source: &str, students: &[Student]) -> Result<String> {
    let failed = |line: &str| {
        Error::Grading(format!(
            "an answer of {} has not once the line {line}",
            recipe.exercise
        ))
    };
    let once = |line: &str| match source.matches(line).count() {
        1 => Ok(()),
        _ => Err(failed(line)),
    };
    let start = "let name = \"";
    once(start)?;
    let name = source
        .split(start)
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let name = name.unwrap_or_default();
    if person::key(name).is_none() {
        return Err(failed("let name = \"…\";"));
    }
    let own = recipe.line(&student(recipe, name)?.given);
    once(&own)?;
    let (pattern, _) = own
        .split_once(" = ")
        .expect("the line of a recipe has an =");
    let next = "STUDENTS[NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)]";
    let given: Vec<&[f64]> = students.iter().map(|s| s.given.as_slice()).collect();
    Ok(format!(
        "{}\nstatic NEXT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);\n\
         static STUDENTS: [[f64; {}]; {}] = {given:?};\n",
        source.replace(&own, &format!("{pattern} = {next};")),
        recipe.symbols.len(),
        students.len(),
    ))
}

/// A thousand names.
fn names() -> impl Iterator<Item = String> {
    let all = FIRST
        .iter()
        .flat_map(|first| LAST.iter().map(move |last| (first, last)));
    all.map(|(first, last)| format!("{first} {last}"))
}

const FIRST: [&str; 25] = [
    "Ada",
    "Alan",
    "Amalie",
    "Andrei",
    "Bernhard",
    "Carl",
    "Chia-Chiao",
    "Daniela",
    "David",
    "Emmy",
    "Évariste",
    "Felix",
    "Hypatia",
    "Ingrid",
    "José",
    "Katherine",
    "Leonhard",
    "Maryam",
    "Mei",
    "Omar",
    "Paul",
    "Sofia",
    "Srinivasa",
    "Yutaka",
    "Zeynep",
];
const LAST: [&str; 40] = [
    "Abel",
    "Banach",
    "Bernoulli",
    "Cantor",
    "Cartwright",
    "Châtelet",
    "Chebyshev",
    "Daubechies",
    "Erdős",
    "Euler",
    "Fermat",
    "Galois",
    "Gauß",
    "Germain",
    "Gödel",
    "Hamilton",
    "Hilbert",
    "Hopper",
    "Jacobi",
    "Johnson",
    "Khayyam",
    "Kolmogorov",
    "Kovalevskaya",
    "Lagrange",
    "Laplace",
    "Lovelace",
    "Mirzakhani",
    "Nash",
    "Noether",
    "O'Neill",
    "Poincaré",
    "Ramanujan",
    "Riemann",
    "Robinson",
    "Shannon",
    "Tao",
    "Turing",
    "Uhlenbeck",
    "von Neumann",
    "Wiles",
];
