//! Finds the exercise cells of a submission's notebooks.
//!
//! A cell answers an exercise if it defines the exercise's function. Its metadata (`"exercise": "NAME"`) or a line
//! `// exercise: NAME` decide only among several. Stubs, equal copies and cells without the function never compete.
//! Whatever is wrong is a sentence about that exercise; the others are graded as if nothing had happened.

use std::collections::BTreeMap;

use super::notebook_file::{Notebook, RawCell, cells as cells_of};
use crate::exercise::cell::{LARGEST, Meaning, meaning, names_of};

/// The cell of an exercise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The notebook's file name.
    pub notebook: String,
    /// Its position in the notebook, from 1, texts included.
    pub number: usize,
    /// What of it is graded, on the lines where it stood.
    pub source: String,
    /// What a reader should know of how it was taken.
    pub notes: Vec<String>,
}

impl Cell {
    /// Where it is.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}, cell {}", self.notebook, self.number)
    }
}

/// A cell as it was handed in.
#[derive(Debug)]
struct Handed {
    notebook: String,
    number: usize,
    kind: String,
    /// The exercises that its metadata and its lines name.
    claims: Vec<String>,
    source: String,
    meaning: Meaning,
}

/// All cells of a submission, and what could not be read.
#[derive(Debug, Default)]
pub struct Cells {
    cells: Vec<Handed>,
    /// Notebooks that could not be read, and why.
    unreadable: Vec<(String, String)>,
    /// Notebooks that could be read only in part, and how.
    mended: Vec<(String, String)>,
}

impl Cells {
    /// Reads the notebooks.
    #[must_use]
    pub fn read(notebooks: &[Notebook]) -> Self {
        let mut all = Self::default();
        for notebook in notebooks {
            let name = &notebook.name;
            match cells_of(&notebook.bytes) {
                Err(sentence) => all.unreadable.push((name.clone(), sentence)),
                Ok((cells, mended)) => {
                    all.mended.extend(mended.map(|how| (name.clone(), how)));
                    let cells = cells.iter().enumerate();
                    all.cells
                        .extend(cells.map(|(index, cell)| Handed::of(name, index + 1, cell)));
                }
            }
        }
        all
    }

    /// Notebooks that could not be read: name and reason.
    #[must_use]
    pub fn unreadable(&self) -> &[(String, String)] {
        &self.unreadable
    }

    /// Notebooks that could be read only in part: name and how.
    #[must_use]
    pub fn mended(&self) -> &[(String, String)] {
        &self.mended
    }

    /// The cell of exercise `name`, a function that takes and gives `types`, in the notebook `chapter`.
    ///
    /// # Errors
    /// There is not exactly one answer; the sentence says what there is.
    pub fn find(&self, chapter: &str, name: &str, types: &str) -> Result<Cell, String> {
        let code = || self.cells.iter().filter(|cell| cell.kind == "code");
        let defining: Vec<&Handed> = code()
            .filter(|cell| cell.meaning.function(name).is_some())
            .collect();
        let stub = |cell: &&Handed| cell.meaning.function(name).is_some_and(|f| f.stub);
        let mut answers: Vec<&Handed> = Vec::new();
        for &cell in defining.iter().filter(|cell| !stub(cell)) {
            if !answers.iter().any(|known| known.same_text(cell)) {
                answers.push(cell);
            }
        }
        let mut notes = Vec::new();
        // What is only tried out elsewhere gives way to what is marked, and another signature to the right one.
        let fits = |cell: &&Handed| {
            cell.meaning
                .function(name)
                .is_some_and(|f| f.types == types)
        };
        let marked = |cell: &&Handed| cell.claims.iter().any(|claim| claim == name);
        prefer(&mut answers, fits, &mut notes);
        prefer(&mut answers, marked, &mut notes);
        match answers.as_slice() {
            [] => match defining.first() {
                Some(stub) => stub.taken(notes),
                None => Err(self.missing(chapter, name)),
            },
            [cell] => cell.taken(notes),
            several => {
                let places: Vec<String> = several.iter().map(|cell| cell.place()).collect();
                Err(format!(
                    "{} different cells answer it ({}): keep one",
                    several.len(),
                    places.join("; ")
                ))
            }
        }
    }

    /// The names that the cells beside `cell` define, and where.
    #[must_use]
    pub fn names_beside(&self, cell: &Cell) -> BTreeMap<String, String> {
        let beside = self.cells.iter().filter(|other| {
            other.kind == "code" && (other.number != cell.number || other.notebook != cell.notebook)
        });
        let names = beside.flat_map(|other| {
            let place = match other.notebook == cell.notebook {
                true => format!("cell {}", other.number),
                false => other.place(),
            };
            let names = names_of(&other.meaning.graded).into_iter();
            names.map(move |name| (name, place.clone()))
        });
        names.collect()
    }

    fn missing(&self, chapter: &str, name: &str) -> String {
        let mut claiming = self
            .cells
            .iter()
            .filter(|cell| cell.claims.iter().any(|claim| claim == name));
        if let Some(cell) = claiming.next() {
            let place = cell.place();
            return match cell.kind.as_str() {
                "code" if cell.is_empty() => format!("its cell is empty ({place})"),
                "code" => format!("its cell has no `fn {name}` ({place})"),
                kind => format!(
                    "its cell has become a {kind} cell ({place}): make it a code cell again"
                ),
            };
        }
        let file = format!("{chapter}.ipynb");
        match self
            .unreadable
            .iter()
            .find(|(notebook, _)| *notebook == file)
        {
            Some((_, reason)) => format!("{file} cannot be read: {reason}"),
            None => {
                format!("{MISSING}: no code cell has `fn {name}` (expected in {file})")
            }
        }
    }
}

/// How the sentence about an exercise that no cell answers begins.
pub(super) const MISSING: &str = "its cell is missing";

/// Leaves the cells that are `preferred` if there are some and others, and says what is passed over.
fn prefer(
    answers: &mut Vec<&Handed>,
    preferred: impl Fn(&&Handed) -> bool,
    notes: &mut Vec<String>,
) {
    if answers.iter().all(&preferred) || !answers.iter().any(&preferred) {
        return;
    }
    let (taken, left): (Vec<&Handed>, Vec<&Handed>) =
        answers.iter().partition(|cell| preferred(cell));
    for cell in left {
        notes.push(format!(
            "{} defines it too and was not graded",
            cell.place()
        ));
    }
    *answers = taken;
}

impl Handed {
    fn of(notebook: &str, number: usize, cell: &RawCell) -> Self {
        let source = cell.source.clone();
        let code = cell.kind == "code";
        // Most cells of a notebook define nothing.
        let worth = code && source.contains("fn ");
        Self {
            notebook: notebook.to_owned(),
            number,
            kind: cell.kind.clone(),
            claims: cell
                .exercise
                .clone()
                .into_iter()
                .chain(marks(&source))
                .collect(),
            meaning: match worth {
                true => meaning(&source),
                false => Meaning::nothing(&source),
            },
            source,
        }
    }

    fn place(&self) -> String {
        format!("{}, cell {}", self.notebook, self.number)
    }

    /// Whether nothing but comments is in it.
    fn is_empty(&self) -> bool {
        let mut lines = self.source.lines().map(str::trim);
        lines.all(|line| line.is_empty() || line.starts_with("//"))
    }

    fn same_text(&self, other: &Self) -> bool {
        let words = |cell: &'_ Self| -> Vec<String> {
            let lines = cell
                .meaning
                .graded
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"));
            lines
                .flat_map(str::split_whitespace)
                .map(str::to_owned)
                .collect()
        };
        words(self) == words(other)
    }

    /// As it is graded.
    fn taken(&self, mut notes: Vec<String>) -> Result<Cell, String> {
        if self.source.len() > LARGEST {
            let (size, limit) = (self.source.len() >> 10, LARGEST >> 10);
            let place = self.place();
            return Err(format!(
                "its cell has {size} KiB, more than {limit} ({place})"
            ));
        }
        notes.extend(self.meaning.note());
        Ok(Cell {
            notebook: self.notebook.clone(),
            number: self.number,
            source: self.meaning.graded.clone(),
            notes,
        })
    }
}

/// The exercises that comments of a cell name: `// exercise: NAME`, in whatever spelling of blanks and case.
fn marks(source: &str) -> impl Iterator<Item = String> {
    source.lines().filter_map(|line| {
        let line = line.trim().trim_start_matches('/').trim_start();
        let (word, name) = line.split_once(':')?;
        let name = name.split_whitespace().next()?;
        word.trim()
            .eq_ignore_ascii_case("exercise")
            .then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value as Json, json};

    fn cells(list: Json) -> Cells {
        let bytes = json!({ "cells": list }).to_string().into_bytes();
        Cells::read(&[Notebook {
            name: "13.ipynb".into(),
            bytes,
        }])
    }

    fn code(metadata: Json, source: &str) -> Json {
        json!({ "cell_type": "code", "metadata": metadata, "source": source })
    }

    fn find(list: Json) -> Result<Cell, String> {
        cells(list).find("13", "f", "f64,->f64")
    }

    const STUB: &str = "// exercise: f\nfn f(x: f64) -> f64 { todo!(\"later\") }";
    const ANSWER: &str = "fn f(x: f64) -> f64 { x }";

    #[test]
    fn the_function_finds_its_cell_wherever_it_is_and_whatever_marks_it() {
        let text = json!({ "cell_type": "markdown", "metadata": {}, "source": ["fn f(x: f64) -> f64 { 1.0 }"] });
        let stub = code(json!({ "exercise": "f" }), STUB);
        let answer = code(json!({ "exercise": "g" }), ANSWER);
        let found = find(json!([text, stub, answer])).expect("is there");
        assert_eq!((found.number, found.notes.len()), (3, 0));
        assert_eq!(found.source, ANSWER);
        assert!(
            find(json!([text, stub]))
                .expect("a stub")
                .source
                .contains("todo!")
        );
    }

    #[test]
    fn copies_stubs_halves_and_other_signatures_do_no_harm() {
        let marked = code(
            json!({ "exercise": "f" }),
            &format!("// exercise: f\n{ANSWER}"),
        );
        let copy = code(
            json!({ "exercise": "f" }),
            &format!("//Exercise : f\n\n{ANSWER}"),
        );
        let half = code(json!({ "exercise": "f" }), "// exercise: f\nlet y = 1.0;");
        let other = code(json!({}), "fn f(x: &Array2<f64>) -> f64 { 2.0 }");
        let tried = code(json!({}), "fn f(x: f64) -> f64 { 3.0 }");
        let found = find(json!([
            code(json!({}), STUB),
            half,
            other,
            tried,
            marked,
            copy
        ]))
        .expect("one");
        assert_eq!(found.number, 5);
        assert!(
            found
                .notes
                .iter()
                .any(|note| note.contains("cell 3 defines it too")),
            "{:?}",
            found.notes
        );
        assert_eq!(found.notes.len(), 2);
    }

    #[test]
    fn whatever_is_wrong_is_named() {
        let marked = |body: &str| code(json!({}), &format!("// exercise: f\n{body}"));
        let says = |list: Json, text: &str| {
            let error = find(list).expect_err("none");
            assert!(error.contains(text), "{error}");
        };
        says(json!([]), "missing");
        says(
            json!([marked(ANSWER), marked("fn f(x: f64) -> f64 { 2.0 }")]),
            "2 different cells",
        );
        says(json!([marked("// nothing")]), "empty");
        says(json!([marked("let x = 1;")]), "has no `fn f`");
        says(
            json!([marked(&format!("{ANSWER}{}", " ".repeat(LARGEST)))]),
            "KiB",
        );
        says(
            json!([{ "cell_type": "raw", "metadata": { "exercise": "f" }, "source": "" }]),
            "become a raw cell",
        );
        let broken = Cells::read(&[Notebook {
            name: "13.ipynb".into(),
            bytes: b"{".to_vec(),
        }]);
        let error = broken.find("13", "f", "").expect_err("none");
        assert!(error.contains("cannot be read"), "{error}");
    }

    #[test]
    fn names_beside_a_cell_say_where_they_are() {
        let cells = cells(json!([
            code(json!({}), "fn gram() {}"),
            code(json!({}), ANSWER)
        ]));
        let cell = cells.find("13", "f", "").expect("is there");
        assert_eq!(cells.names_beside(&cell)["gram"], "cell 1");
    }
}
