//! The instructor's answers: for each exercise a solution, and answers known to be wrong.
//!
//! `src/exercise/solutions/NAME.rs` is the solution. `NAME.wrong` beside it says what each wrong
//! answer has instead, one block for each, with an empty line between them:
//!
//! ```text
//! no_root loses length
//! - g.dot(g).sqrt()
//! + g.dot(g)
//!
//! zero loses direction
//! = Array1::zeros(g.len())
//! ```
//!
//! The first line has the answer's name and the check meant for it. The text of the lines with `-`
//! stands in the solution exactly once; the lines with `+` replace it, and without them it goes.
//! The lines with `=` replace the whole body of the function.
//!
//! `NAME.equal`, where there is one, has in the same form what a small change leaves equal to the
//! solution for all inputs the exercise allows; the first line of a block is the reason.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::toolchain::ROOT;
use crate::{Error, Result};

/// A value, or why a block does not fit the solution.
type Fitted<T> = std::result::Result<T, String>;

/// An answer known to be wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrong {
    /// What is wrong with it, in a word or two.
    pub name: String,
    /// The check meant for it.
    pub loses: String,
    /// Its program.
    pub source: String,
}

/// A program that is equal to the solution although it reads otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Equal {
    /// Why it is equal.
    pub reason: String,
    /// The program.
    pub source: String,
}

/// The solution of an exercise.
///
/// # Errors
/// It is not there.
pub fn solution(exercise: &str) -> Result<String> {
    read(exercise, "rs")
}

/// The wrong answers of an exercise.
///
/// # Errors
/// They are not there, or [`Error::Grading`] names one that does not fit the solution.
pub fn wrong_answers(exercise: &str) -> Result<Vec<Wrong>> {
    expand_all(exercise, &solution(exercise)?, &read(exercise, "wrong")?)
}

/// What is known to be equal to the solution of an exercise; nothing without a `NAME.equal`.
///
/// # Errors
/// It cannot be read, or [`Error::Grading`] names a block that does not fit the solution.
pub fn equals(exercise: &str) -> Result<Vec<Equal>> {
    if !path(exercise, "equal").exists() {
        return Ok(Vec::new());
    }
    let (solution, text) = (solution(exercise)?, read(exercise, "equal")?);
    let one = |block: &str| {
        let (reason, lines) = block.split_once('\n').ok_or("it changes nothing")?;
        Ok(Equal {
            reason: reason.to_owned(),
            source: rewritten(&solution, lines)?,
        })
    };
    blocks(exercise, "equal", &text, one)
}

/// The change from `solution` to `other` as lines with `-` and `+`: whole lines, as many as it
/// takes for the text to stand in the solution once.
pub(super) fn difference(solution: &str, other: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (solution.lines().collect(), other.lines().collect());
    let equal = |pair: &(&&str, &&str)| pair.0 == pair.1;
    let shorter = old.len().min(new.len());
    let mut before = old.iter().zip(&new).take_while(equal).count();
    let ends = old.iter().rev().zip(new.iter().rev()).take_while(equal);
    let mut after = ends.count().min(shorter - before.min(shorter));
    let unique = |before: usize, after: usize| {
        let text = old[before..old.len() - after].join("\n");
        !text.is_empty() && place(solution, &text).is_ok()
    };
    while !unique(before, after) && (before > 0 || after > 0) {
        match before > 0 {
            true => before -= 1,
            false => after -= 1,
        }
    }
    let marked = |mark: &str, lines: &[&str]| -> String {
        lines
            .iter()
            .map(|line| format!("{mark} {line}\n"))
            .collect()
    };
    let minus = marked("-", &old[before..old.len() - after]);
    minus + &marked("+", &new[before..new.len() - after])
}

fn path(exercise: &str, ending: &str) -> PathBuf {
    let folder = Path::new(ROOT).join("src/exercise/solutions");
    folder.join(format!("{exercise}.{ending}"))
}

fn read(exercise: &str, ending: &str) -> Result<String> {
    let path = path(exercise, ending);
    std::fs::read_to_string(&path).map_err(|error| Error::io(path, error))
}

/// What `one` makes of every block of a file.
fn blocks<T>(
    exercise: &str,
    kind: &str,
    text: &str,
    one: impl Fn(&str) -> Fitted<T>,
) -> Result<Vec<T>> {
    let named = |block: &str| {
        let head = block.lines().next().unwrap_or_default();
        let fault =
            |why| Error::Grading(format!("the {kind} answer `{head}` of {exercise}: {why}"));
        one(block).map_err(fault)
    };
    text.trim_end().split("\n\n").map(named).collect()
}

fn expand_all(exercise: &str, solution: &str, text: &str) -> Result<Vec<Wrong>> {
    blocks(exercise, "wrong", text, |block| expand(solution, block))
}

/// One wrong answer.
fn expand(solution: &str, block: &str) -> Fitted<Wrong> {
    let (head, lines) = block.split_once('\n').ok_or("it changes nothing")?;
    let (name, loses) = head
        .split_once(" loses ")
        .ok_or("its first line is not `NAME loses CHECK`")?;
    Ok(Wrong {
        name: name.to_owned(),
        loses: loses.to_owned(),
        source: rewritten(solution, lines)?,
    })
}

/// The solution with the changes that `lines` describe.
fn rewritten(solution: &str, lines: &str) -> Fitted<String> {
    let mut changes = changes(solution, lines)?;
    changes.sort_by_key(|(place, _)| place.start);
    if let Some([_, (place, _)]) = changes.array_windows().find(|[a, b]| a.0.end > b.0.start) {
        let twice = &solution[place.clone()];
        return Err(format!("it changes one place twice: {twice}"));
    }
    let mut source = solution.to_owned();
    for (place, new) in changes.into_iter().rev() {
        source.replace_range(place, &new);
    }
    Ok(source)
}

/// Places of the solution, and what stands there instead.
fn changes(solution: &str, lines: &str) -> Fitted<Vec<(Range<usize>, String)>> {
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    for (mark, text) in runs(lines)? {
        match mark {
            '-' => changes.push((place(solution, &text)?, String::new())),
            '=' => changes.push((body(solution)?, format!("\n{text}\n"))),
            _ => match changes.last_mut() {
                Some((_, new)) if new.is_empty() => *new = text,
                _ => return Err(format!("nothing is replaced by: {text}")),
            },
        }
    }
    for (place, new) in &changes {
        if solution[place.clone()]
            .split_whitespace()
            .eq(new.split_whitespace())
        {
            return Err(format!("a text is replaced by itself: {new}"));
        }
    }
    Ok(changes)
}

/// The lines, those after one another with the same mark as one text.
fn runs(lines: &str) -> Fitted<Vec<(char, String)>> {
    let mut runs: Vec<(char, String)> = Vec::new();
    for line in lines.lines() {
        let mark = line.chars().next().filter(|c| "-+=".contains(*c));
        let mark = mark.ok_or_else(|| format!("a line without -, + or =: {line}"))?;
        let text = line[1..].strip_prefix(' ').unwrap_or(&line[1..]);
        match runs.last_mut() {
            Some((last, run)) if *last == mark => {
                run.push('\n');
                run.push_str(text);
            }
            _ => runs.push((mark, text.to_owned())),
        }
    }
    Ok(runs)
}

/// Where the text stands, which it must do once.
fn place(solution: &str, text: &str) -> Fitted<Range<usize>> {
    let mut found = solution.match_indices(text);
    match (found.next(), found.next()) {
        (Some((start, _)), None) => Ok(start..start + text.len()),
        (None, _) => Err(format!("the solution does not have: {text}")),
        _ => Err(format!("the solution has more than once: {text}")),
    }
}

/// Where the body of the solution's function stands.
fn body(solution: &str) -> Fitted<Range<usize>> {
    let (start, end) = (solution.find('{'), solution.rfind('}'));
    let body = start.zip(end).map(|(start, end)| start + 1..end);
    body.ok_or_else(|| "the solution has no body".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOLUTION: &str = "fn f(x: f64) -> f64 {\n    let y = x * x;\n    y + 1.0\n}\n";

    fn expanded(text: &str) -> Result<Vec<String>> {
        let all = expand_all("f", SOLUTION, text)?;
        Ok(all.into_iter().map(|wrong| wrong.source).collect())
    }

    #[test]
    fn a_wrong_answer_is_the_solution_with_other_lines() {
        let text = "half loses a\n- x * x\n+ x\n- y + 1.0\n+ y\n\n\
            other loses b\n- x:\n+ _x:\n= let z = 2.0;\n= z\n\n\
            none loses a\n-  + 1.0\n";
        assert_eq!(
            expanded(text).expect("all of them fit"),
            [
                "fn f(x: f64) -> f64 {\n    let y = x;\n    y\n}\n",
                "fn f(_x: f64) -> f64 {\nlet z = 2.0;\nz\n}\n",
                "fn f(x: f64) -> f64 {\n    let y = x * x;\n    y\n}\n",
            ]
        );
    }

    #[test]
    fn a_difference_is_a_block_that_fits() {
        let other = SOLUTION.replace("y + 1.0", "y - 1.0");
        let block = difference(SOLUTION, &other);
        assert_eq!(block, "-     y + 1.0\n+     y - 1.0\n");
        assert_eq!(rewritten(SOLUTION, &block).expect("it fits"), other);
        let more = SOLUTION.replace("{\n", "{\n    let x = 1.0;\n");
        let block = difference(SOLUTION, &more);
        assert_eq!(rewritten(SOLUTION, &block).expect("it fits"), more);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        for (block, why) in [
            ("a loses b", "changes nothing"),
            ("a\n- x * x\n+ x", "NAME loses CHECK"),
            ("a loses b\n- z\n+ x", "does not have: z"),
            ("a loses b\n- y\n+ x", "more than once: y"),
            ("a loses b\n- x * x\n+ x  * x", "by itself: x  * x"),
            ("a loses b\n= let y = x * x;\n= y + 1.0", "by itself"),
            ("a loses b\n+ x", "nothing is replaced by: x"),
            ("a loses b\n= x\n+ x", "nothing is replaced by: x"),
            ("a loses b\n- x * x\n+ x\n= x", "one place twice: x * x"),
            ("a loses b\n- x * x\nx", "without -, + or =: x"),
        ] {
            let error = expanded(&format!("good loses b\n= x\n\n{block}\n"));
            let error = error.expect_err(block).to_string();
            let head = block.lines().next().expect("a line");
            assert!(
                error.contains(why) && error.contains(&format!("`{head}` of f")),
                "{error}"
            );
        }
    }
}
