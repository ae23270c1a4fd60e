//! Answers that are alike: pairs to read side by side, found here and told to nobody else.
//!
//! An answer is its tokens, with the names that its author chose wiped. What the stub and the
//! solution have in common with it does not count, nor what many in the class wrote: where there is
//! one natural answer, nothing is left. That two answers are alike proves nothing; read them.

mod pieces;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use maud::{DOCTYPE, html as page};

use super::answers;
use super::cells::Cells;
use super::class::named;
use super::handed_in::Class;
use super::judge::types;
use super::scheme::Scheme;
use super::submission::Submission;
use super::toolchain::ROOT;
use crate::Result;
use crate::exercise::Exercise;
use pieces::pieces;

/// Two answers to one exercise.
#[derive(Clone, Debug)]
pub struct Pair {
    /// `chapter/name`.
    pub exercise: String,
    /// Whose, and the cell.
    pub first: (String, String),
    /// Whose, and the cell.
    pub second: (String, String),
    /// How much of the shorter one is in the other, from 0 to 1.
    pub share: f64,
}

/// How many pieces two answers must share that are neither the stub's nor the solution's.
const LEAST: usize = 30;
/// Which share of the shorter answer's pieces that must be.
const SHARE: f64 = 0.8;
/// A piece that more than this part of the class wrote is what one writes.
const COMMON: f64 = 0.25;

/// The pairs of answers that are alike, the most alike first.
///
/// # Errors
/// The notebooks of this repository cannot be read. Of a submission that cannot be read there is
/// nothing to compare.
pub fn similar(class: &Class, scheme: &Scheme) -> Result<Vec<Pair>> {
    let stubs = Submission::read(&Path::new(ROOT).join("notebooks"))?;
    let stubs = Cells::read(&stubs.notebooks);
    let mut cells = Vec::new();
    for handed_in in named(&class.submissions) {
        if let Ok(submission) = Submission::read_all(&handed_in) {
            cells.push((handed_in.name, Cells::read(&submission.notebooks)));
        }
    }
    let mut pairs = Vec::new();
    for exercise in scheme.exercises() {
        let source = |cells: &Cells| {
            let cell = cells
                .find(exercise.chapter, exercise.name, &types(exercise.name))
                .ok()?;
            Some(cell.source.clone())
        };
        let known = [source(&stubs), answers::solution(exercise.name).ok()];
        let known: Vec<String> = known.into_iter().flatten().collect();
        let answers: Vec<(String, String)> = cells
            .iter()
            .filter_map(|(name, cells)| Some((name.clone(), source(cells)?)))
            .collect();
        pairs.extend(alike(exercise, &known, &answers));
    }
    pairs.sort_by(|a, b| b.share.total_cmp(&a.share));
    Ok(pairs)
}

fn alike(exercise: &Exercise, known: &[String], answers: &[(String, String)]) -> Vec<Pair> {
    let known: BTreeSet<u64> = known.iter().flat_map(|source| pieces(source)).collect();
    let mut all: Vec<BTreeSet<u64>> = answers.iter().map(|(_, source)| pieces(source)).collect();
    let mut count: BTreeMap<u64, usize> = BTreeMap::new();
    for piece in all.iter().flatten() {
        *count.entry(*piece).or_default() += 1;
    }
    let common = (COMMON * answers.len() as f64).max(2.0);
    for own in &mut all {
        own.retain(|piece| !known.contains(piece) && count[piece] as f64 <= common);
    }
    let mut pairs = Vec::new();
    for (i, first) in all.iter().enumerate() {
        for (j, second) in all.iter().enumerate().skip(i + 1) {
            let shared = first.intersection(second).count();
            let share = shared as f64 / first.len().min(second.len()).max(1) as f64;
            if shared >= LEAST && share >= SHARE {
                pairs.push(Pair {
                    exercise: exercise.id(),
                    first: answers[i].clone(),
                    second: answers[j].clone(),
                    share,
                });
            }
        }
    }
    pairs
}

/// The pairs as a page that needs nothing else.
#[must_use]
pub fn html(pairs: &[Pair]) -> String {
    let markup = page! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { "Answers that are alike" }
                style { "body{font:15px/1.4 system-ui,sans-serif;margin:2rem}div{display:flex;gap:1rem}pre{flex:1;overflow:auto;background:#f6f6f6;padding:.8rem}" }
            }
            body {
                h1 { "Answers that are alike" }
                p {
                    "Compared without the names their authors chose, without what the stub and the solution say and without what many in the class wrote. That two are alike proves nothing."
                }
                @if pairs.is_empty() { p { "There are none." } }
                @for pair in pairs {
                    h2 { (pair.exercise) ": " (pair.first.0) " and " (pair.second.0) ", " (format!("{:.0} %", 100.0 * pair.share)) }
                    div { pre { (pair.first.1) } pre { (pair.second.1) } }
                }
            }
        }
    };
    markup.into_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise;

    /// Gram–Schmidt by hand: a way that nobody has to take.
    const OWN: &str = "fn min_norm(x: &Array2<f64>, y: &Array1<f64>) -> Array1<f64> {
        // my own way
        let mut basis: Vec<Array1<f64>> = Vec::new();
        let mut values = Vec::new();
        for (i, row) in x.rows().into_iter().enumerate() {
            let mut v = row.to_owned();
            let mut target = y[i];
            for (b, value) in basis.iter().zip(&values) {
                let c = row.dot(b);
                v = v - b * c;
                target -= c * value;
            }
            let length = v.dot(&v).sqrt();
            if length > 1e-12 { basis.push(v / length); values.push(target / length); }
        }
        sum_up(&basis, &values, x.ncols())
    }
    fn sum_up(basis: &[Array1<f64>], values: &[f64], p: usize) -> Array1<f64> {
        let mut w = Array1::zeros(p);
        for (b, value) in basis.iter().zip(values) { w = w + b * *value; }
        w
    }";

    fn pairs(answers: &[(&str, &str)]) -> Vec<(String, String)> {
        let exercise = exercise::find("min_norm").unwrap();
        let known = [answers::solution("min_norm").unwrap()];
        let answers: Vec<(String, String)> = answers
            .iter()
            .map(|(name, source)| ((*name).to_owned(), (*source).to_owned()))
            .collect();
        let pairs = alike(exercise, &known, &answers);
        pairs
            .into_iter()
            .map(|pair| (pair.first.0, pair.second.0))
            .collect()
    }

    #[test]
    fn a_copy_is_found_whatever_its_names_and_the_natural_answer_is_not() {
        let renamed = [
            ("basis", "q"),
            ("values", "coefficients"),
            ("target", "rest"),
            ("sum_up", "combine"),
            ("length", "norm"),
            ("// my own way", "/* all mine */"),
            ("row", "line"),
        ]
        .iter()
        .fold(OWN.to_owned(), |text, (from, to)| text.replace(from, to))
        .replace("x.lines()", "x.rows()");
        let natural = answers::solution("min_norm").unwrap();
        let other = "fn min_norm(x: &Array2<f64>, y: &Array1<f64>) -> Array1<f64> {
            let mut w = Array1::zeros(x.ncols());
            for _ in 0..100000 {
                let residual = y - &x.dot(&w);
                let gradient = x.t().dot(&residual);
                let step = residual.dot(&residual) / gradient.dot(&gradient).max(1e-300);
                w = w + gradient * step;
                if residual.iter().all(|r| r.abs() < 1e-14) { break; }
            }
            w
        }";
        let found = pairs(&[
            ("ada", OWN),
            ("bob", &natural),
            ("cyd", other),
            ("dan", &renamed),
            ("eve", &natural),
        ]);
        assert_eq!(found, [("ada".to_owned(), "dan".to_owned())]);
    }

    /// What many wrote is what one writes.
    #[test]
    fn what_many_wrote_counts_for_nothing() {
        let names: Vec<String> = (0..12).map(|i| i.to_string()).collect();
        let all: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), OWN)).collect();
        assert_eq!(pairs(&all), []);
    }

    #[test]
    fn the_page_shows_both_and_runs_nothing() {
        let pair = Pair {
            exercise: "13/x".into(),
            first: ("ada".into(), "<script>".into()),
            second: ("bob".into(), "b".into()),
            share: 0.9,
        };
        let text = html(&[pair]);
        assert!(text.contains("ada and bob, 90 %") && !text.contains("<script>"));
        assert!(html(&[]).contains("There are none."));
    }
}
