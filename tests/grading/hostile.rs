//! Submissions that attack the grader, and what becomes of them: no points, no harm.
//!
//! A [`Case`] is a cell that replaces one exercise of the reference submission. It must score 0,
//! the report must say why, and every other exercise must keep all its points.

mod answers;
mod before_main;
mod builds;
mod ends;
mod forged;
mod kernel;
mod litter;
mod mistakes;
mod notebooks;
mod words;

use std::collections::BTreeMap;

use dltheory::exercise::{self, Visibility};
use dltheory::grade::verify::references;
use dltheory::grade::{Grade, Submission};
use serde_json::{Value as Json, json};

use crate::Own;

macro_rules! signatures {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*) -> $returns:ty;)*) => {
        /// Exercise, its signature, the type it returns.
        const SIGNATURES: &[(&str, &str, &str)] = &[$((
            stringify!($name),
            stringify!(fn $name($($argument: $type),*) -> $returns),
            stringify!($returns),
        ),)*];
    };
}
dltheory_workbench::signatures!(signatures);

/// A hostile cell.
struct Case {
    /// The attack, in a few words.
    attack: &'static str,
    /// The cell: `$NAME`, `$SIGNATURE` and `$WRONG` (an answer of the right type that earns
    /// nothing) are filled in. Without `$SIGNATURE` a function that answers `$WRONG` is added.
    cell: String,
    /// What the report must say.
    says: &'static str,
}

fn case(attack: &'static str, cell: impl Into<String>, says: &'static str) -> Case {
    Case {
        attack,
        cell: cell.into(),
        says,
    }
}

/// Paths that the lint does not recognise: `p!(std process exit)` is `std::process::exit`.
const EVADE: &str = "macro_rules! p { ($a:ident $b:ident $c:ident) => { $a::$b::$c }; \
    ($a:ident $b:ident $c:ident $d:ident) => { $a::$b::$c::$d } }\n";

/// A case whose cell may write `p!(…)`.
fn evading(attack: &'static str, cell: &str, says: &'static str) -> Case {
    case(attack, format!("{EVADE}{cell}"), says)
}

impl Case {
    fn fill(&self, name: &str) -> String {
        let (_, signature, returns) = SIGNATURES.iter().find(|(n, ..)| *n == name).unwrap();
        let mut cell = self.cell.clone();
        if !cell.contains("$SIGNATURE") {
            cell.push_str("\n$SIGNATURE { $WRONG }");
        }
        // The compiler breaks long signatures into lines.
        let signature: Vec<&str> = signature.split_whitespace().collect();
        cell.replace("$SIGNATURE", &signature.join(" "))
            .replace("$NAME", name)
            .replace("$WRONG", wrong(returns))
    }
}

/// An answer of this type that passes no check.
fn wrong(returns: &str) -> &'static str {
    match returns.replace(' ', "").as_str() {
        "f64" => "f64::NAN",
        "usize" => "usize::MAX",
        "Array1<f64>" => "Array1::zeros(0)",
        "Array2<f64>" => "Array2::zeros((0, 0))",
        "(f64,f64)" => "(f64::NAN, f64::NAN)",
        "(usize,f64)" => "(usize::MAX, f64::NAN)",
        "(&'staticstr,f64)" => "(\"Nobody Else\", f64::NAN)",
        "(Array2<f64>,Array1<f64>)" => "(Array2::zeros((0, 0)), Array1::zeros(0))",
        "(Array2<f64>,Array2<f64>)" => "(Array2::zeros((0, 0)), Array2::zeros((0, 0)))",
        "(Array1<f64>,Array1<f64>)" => "(Array1::zeros(0), Array1::zeros(0))",
        other => panic!("what would be a wrong {other}?"),
    }
}

/// The reference submission with some cells replaced: exercise → source.
fn with(cells: &BTreeMap<&str, String>) -> Submission {
    let mut submission = references().unwrap();
    edit(&mut submission, |name, cell| {
        if let Some(source) = cells.get(name) {
            cell["source"] = json!(source);
        }
    });
    submission
}

/// Changes the cells of a submission in one notebook.
fn edit(submission: &mut Submission, change: impl Fn(&str, &mut Json)) {
    let notebook = &mut submission.notebooks[0];
    let mut json: Json = serde_json::from_slice(&notebook.bytes).unwrap();
    for cell in json["cells"].as_array_mut().unwrap() {
        let name = cell["metadata"]["exercise"].as_str().unwrap().to_owned();
        change(&name, cell);
    }
    notebook.bytes = json.to_string().into_bytes();
}

/// Grades the reference submission with these cases, one an exercise from the first on.
fn attack(own: &Own, cases: &[Case]) {
    let names: Vec<&str> = exercise::all().map(|exercise| exercise.name).collect();
    assert!(cases.len() < names.len(), "some exercise must stay clean");
    let hostile: BTreeMap<&str, &Case> = names.into_iter().zip(cases).collect();
    let cells = hostile.iter().map(|(name, case)| (*name, case.fill(name)));
    let submission = with(&cells.collect());
    let expected = |name: &str| hostile.get(name).map(|case| (case.attack, case.says));
    assert_harmless(&grade(own, &submission), expected);
}

/// Grades, and asserts that no process and no folder is left over.
fn grade(own: &Own, submission: &Submission) -> Grade {
    let grade = own.grade(submission).unwrap();
    litter::assert_none(own);
    grade
}

/// Asserts that exercises for which `hostile` has an attack and what the report says score 0, and
/// all others everything.
fn assert_harmless<'a>(grade: &Grade, hostile: impl Fn(&str) -> Option<(&'a str, &'a str)>) {
    let mut faults = Vec::new();
    for result in &grade.exercises {
        let reasons = result.reasons(Visibility::Hidden).join("\n");
        let reasons: String = reasons.chars().take(1500).collect();
        let (_, name) = result.id.split_once('/').unwrap();
        if reasons.contains(|c: char| c.is_control() && c != '\n' && c != '\t') {
            faults.push(format!("{name}: control characters in {reasons:?}"));
        }
        match hostile(name) {
            None if result.points == result.out_of => {}
            None => faults.push(format!("{name} is clean and lost points: {reasons}")),
            Some((attack, says)) => {
                if result.points != 0.0 {
                    let (points, all) = (result.points, result.out_of);
                    faults.push(format!("{attack} ({name}): {points} of {all}: {reasons}"));
                }
                if !reasons.contains(says) {
                    faults.push(format!(
                        "{attack} ({name}) does not say {says:?}: {reasons}"
                    ));
                }
            }
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
}
