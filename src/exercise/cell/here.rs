//! What the cell of an exercise means, while its reader can still change it: for `check::…` in a notebook.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Meaning, forbidden, from_elsewhere, meaning, names_of};

/// The folder that the kernel and this process share; in it `cells/NUMBER` is what ran as cell `[NUMBER]` and compiled.
const FOLDER: &str = "DLTHEORY_KERNEL";

/// What will be otherwise when the cell of exercise `name` is graded, sentence by sentence. Nothing outside this project's
/// kernel, which keeps the cells.
pub(crate) fn notes(name: &str) -> Vec<String> {
    std::env::var_os(FOLDER).map_or_else(Vec::new, |folder| {
        notes_of(&cells(&Path::new(&folder).join("cells")), name)
    })
}

/// The cells in a folder by their numbers.
fn cells(folder: &Path) -> BTreeMap<usize, String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let cells = entries.filter_map(|entry| {
        let number = entry.file_name().to_str()?.parse().ok()?;
        Some((number, std::fs::read_to_string(entry.path()).ok()?))
    });
    cells.collect()
}

fn notes_of(cells: &BTreeMap<usize, String>, name: &str) -> Vec<String> {
    let candidates = cells
        .iter()
        .rev()
        .filter(|(_, source)| source.contains(name));
    let mut read = candidates.map(|(number, source)| (*number, meaning(source)));
    let Some((number, cell)) = read.find(|(_, meaning)| meaning.function(name).is_some()) else {
        return Vec::new();
    };
    let others = cells.iter().filter(|(other, _)| **other != number);
    let others = others.flat_map(|(number, source)| {
        let names = names_of(&meaning(source).graded).into_iter();
        names.map(move |name| (name, format!("cell [{number}]")))
    });
    told(number, &cell, &others.collect())
}

fn told(number: usize, cell: &Meaning, others: &BTreeMap<String, String>) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some((line, sentence)) = forbidden(&cell.graded) {
        notes.push(format!(
            "Graded, cell [{number}] would be refused: line {line}: {sentence}."
        ));
    }
    for elsewhere in from_elsewhere(&cell.graded, others) {
        let sentence = elsewhere.sentence();
        notes.push(format!(
            "Graded alone, cell [{number}] would not compile: {sentence}."
        ));
    }
    if let Some(note) = cell.note() {
        notes.push(format!("In cell [{number}], {note}."));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_version_is_looked_at_and_told_what_it_lacks() {
        let cell = |number: usize, source: &str| (number, source.to_owned());
        let mut cells = BTreeMap::from([
            cell(1, "fn gram(x: f64) -> f64 { x }"),
            cell(2, "fn f() -> f64 { unsafe { 1.0 } }"),
            cell(7, "fn f() -> f64 { gram(1.0) }\nprintln!(\"{}\", f());"),
        ]);
        let notes = notes_of(&cells, "f");
        assert_eq!(notes.len(), 2, "{notes:?}");
        assert!(notes[0].contains("cell [7]") && notes[0].contains("`gram` is in cell [1]"));
        assert!(notes[1].contains("line 2 is not graded"));
        cells.remove(&7);
        assert!(notes_of(&cells, "f")[0].contains("unsafe"));
        assert_eq!(notes_of(&cells, "g"), Vec::<String>::new());
    }
}
