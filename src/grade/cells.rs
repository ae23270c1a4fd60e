//! Finds the exercise cells of a submission's notebooks.
//!
//! A cell belongs to an exercise if its metadata says `"exercise": "NAME"`, or if its first line
//! is the comment `// exercise: NAME`. Whatever is wrong with it is a sentence about that
//! exercise; the others are graded as if nothing had happened.

use serde_json::Value as Json;

/// A notebook as it was handed in.
#[derive(Clone, Debug)]
pub struct Notebook {
    /// Its file name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The cell of an exercise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The notebook's file name.
    pub notebook: String,
    /// Its position in the notebook, from 1, texts included.
    pub number: usize,
    /// What is in it.
    pub source: String,
}

/// The longest notebook that is read, bytes: pictures make notebooks large, not this large.
pub const LARGEST_NOTEBOOK: usize = 32 << 20;
/// How many JSON values a notebook may hold: each takes many times its length in memory.
pub const MOST_VALUES: usize = 2_000_000;
/// The longest exercise cell, bytes.
pub const LARGEST_CELL: usize = 64 << 10;

/// All cells of a submission that claim to be an exercise, and what could not be read.
#[derive(Debug, Default)]
pub struct Cells {
    /// Exercise, type of the cell, cell.
    claims: Vec<(String, String, Cell)>,
    /// Notebooks that could not be read, and why.
    unreadable: Vec<(String, String)>,
}

impl Cells {
    /// Reads the notebooks.
    #[must_use]
    pub fn read(notebooks: &[Notebook]) -> Self {
        let mut cells = Self::default();
        for notebook in notebooks {
            if let Err(sentence) = cells.add(notebook) {
                cells.unreadable.push((notebook.name.clone(), sentence));
            }
        }
        cells
    }

    fn add(&mut self, notebook: &Notebook) -> Result<(), String> {
        if notebook.bytes.len() > LARGEST_NOTEBOOK {
            let (megabytes, limit) = (notebook.bytes.len() >> 20, LARGEST_NOTEBOOK >> 20);
            return Err(format!(
                "it has {megabytes} MiB, more than {limit}: clear its outputs"
            ));
        }
        if values(&notebook.bytes) > MOST_VALUES {
            return Err(format!(
                "it holds more than {MOST_VALUES} numbers and texts: clear its outputs"
            ));
        }
        let json: Json = serde_json::from_slice(&notebook.bytes)
            .map_err(|error| format!("it is not a notebook: {error}"))?;
        let list = json["cells"]
            .as_array()
            .ok_or("it is not a notebook: it has no cells")?;
        for (index, cell) in list.iter().enumerate() {
            let source = text(&cell["source"]);
            let named = cell["metadata"]["exercise"]
                .as_str()
                .or_else(|| marker(&source));
            if let Some(name) = named {
                self.claims.push((
                    name.to_owned(),
                    cell["cell_type"].as_str().unwrap_or("unknown").to_owned(),
                    Cell {
                        notebook: notebook.name.clone(),
                        number: index + 1,
                        source,
                    },
                ));
            }
        }
        Ok(())
    }

    /// Notebooks that could not be read: name and reason.
    #[must_use]
    pub fn unreadable(&self) -> &[(String, String)] {
        &self.unreadable
    }

    /// The cell of exercise `name` in the notebook `chapter`.
    ///
    /// # Errors
    /// There is not exactly one code cell with something in it; the sentence says what there is.
    pub fn find(&self, chapter: &str, name: &str) -> Result<&Cell, String> {
        let of_name = || self.claims.iter().filter(|(exercise, ..)| exercise == name);
        let code: Vec<&Cell> = of_name()
            .filter(|(_, kind, _)| kind == "code")
            .map(|(.., cell)| cell)
            .collect();
        let place = |cell: &Cell| format!("{}, cell {}", cell.notebook, cell.number);
        match code.as_slice() {
            [] => Err(self.missing(chapter, name)),
            [cell, rest @ ..] if rest.iter().all(|other| other.source == cell.source) => {
                if body(&cell.source).is_empty() {
                    Err(format!("its cell is empty ({})", place(cell)))
                } else if cell.source.len() > LARGEST_CELL {
                    let (size, limit) = (cell.source.len() >> 10, LARGEST_CELL >> 10);
                    Err(format!(
                        "its cell has {size} KiB, more than {limit} ({})",
                        place(cell)
                    ))
                } else {
                    Ok(cell)
                }
            }
            several => {
                let places: Vec<String> = several.iter().map(|cell| place(cell)).collect();
                Err(format!(
                    "{} different cells claim to be it ({}): keep one",
                    several.len(),
                    places.join("; ")
                ))
            }
        }
    }

    fn missing(&self, chapter: &str, name: &str) -> String {
        if let Some((_, kind, cell)) = self.claims.iter().find(|(exercise, ..)| exercise == name) {
            return format!(
                "its cell has become a {kind} cell ({}, cell {}): make it a code cell again",
                cell.notebook, cell.number
            );
        }
        let file = format!("{chapter}.ipynb");
        match self
            .unreadable
            .iter()
            .find(|(notebook, _)| *notebook == file)
        {
            Some((_, reason)) => format!("{file} cannot be read: {reason}"),
            None => format!(
                "its cell is missing: no code cell is marked \"// exercise: {name}\" (expected in {file})"
            ),
        }
    }
}

/// How many values JSON holds, at most: commas, colons and brackets outside texts.
fn values(bytes: &[u8]) -> usize {
    let (mut values, mut within, mut escaped) = (0, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if within => escaped = true,
            b'"' => within = !within,
            b',' | b':' | b'[' | b'{' if !within => values += 1,
            _ => {}
        }
    }
    values
}

/// The exercise that the first line of a cell names.
fn marker(source: &str) -> Option<&str> {
    let first = source.lines().find(|line| !line.trim().is_empty())?;
    let name = first
        .trim()
        .strip_prefix("//")?
        .trim()
        .strip_prefix("exercise:")?;
    name.split_whitespace().next()
}

/// The cell without comments that fill whole lines.
fn body(source: &str) -> String {
    let lines = source
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with("//"));
    lines.collect::<String>().trim().to_owned()
}

/// A cell's text: a string, or a list of strings.
fn text(source: &Json) -> String {
    match source {
        Json::String(text) => text.clone(),
        Json::Array(lines) => lines.iter().filter_map(Json::as_str).collect(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

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

    #[test]
    fn metadata_or_marker_finds_a_cell_wherever_it_is() {
        let text = json!({ "cell_type": "markdown", "metadata": {}, "source": ["a"] });
        let found = cells(json!([
            text,
            code(json!({}), "\n// exercise: f\nfn f() {}")
        ]));
        assert_eq!(found.find("13", "f").unwrap().number, 2);
        let found = cells(json!([code(json!({ "exercise": "f" }), "fn f() {}")]));
        assert_eq!(found.find("13", "f").unwrap().source, "fn f() {}");
    }

    #[test]
    fn whatever_is_wrong_is_named() {
        let marked = |body: &str| code(json!({}), &format!("// exercise: f\n{body}"));
        let says = |list: Json, text: &str| {
            let error = cells(list).find("13", "f").unwrap_err();
            assert!(error.contains(text), "{error}");
        };
        says(json!([]), "missing");
        says(
            json!([marked("fn f() {}"), marked("fn f() { }")]),
            "2 different cells",
        );
        says(json!([marked("// nothing")]), "empty");
        says(json!([marked(&"x".repeat(LARGEST_CELL))]), "KiB");
        says(
            json!([{ "cell_type": "raw", "metadata": { "exercise": "f" }, "source": "" }]),
            "become a raw cell",
        );
        let broken = Cells::read(&[Notebook {
            name: "13.ipynb".into(),
            bytes: b"{".to_vec(),
        }]);
        assert!(
            broken
                .find("13", "f")
                .unwrap_err()
                .contains("cannot be read")
        );
    }

    #[test]
    fn a_copy_of_the_cell_does_no_harm() {
        let cell = code(json!({ "exercise": "f" }), "fn f() {}");
        assert!(cells(json!([cell, cell])).find("13", "f").is_ok());
    }
}
