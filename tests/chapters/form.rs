//! Every chapter has the parts that the others have.

use std::collections::HashSet;
use std::path::Path;

use dltheory::exercise;
use serde_json::Value;

use crate::chapter::{Chapter, ROOT, source};

#[test]
fn a_chapter_has_its_title_its_ids_and_its_row_in_the_readme() {
    let readme = std::fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap();
    for chapter in Chapter::all() {
        let (name, number) = (&chapter.name, &chapter.number);
        let first = source(&chapter.cells[0]);
        let title = format!("# {number} · ");
        assert!(
            first.starts_with(&title),
            "{name}: its first cell does not begin {title:?}"
        );
        let row = format!("\n| `{name}` | ");
        assert!(readme.contains(&row), "{name} has no row in README.md");
        let mut ids = HashSet::new();
        for cell in &chapter.cells {
            let id = cell["id"].as_str().unwrap_or_default();
            let own = id.starts_with(&format!("ch{number}-")) && ids.insert(id);
            assert!(
                own,
                "{name}: a cell's id is {id:?}, not ch{number}-… or twice"
            );
        }
    }
}

/// A student sees no text, or no check, if one of the three is missing. Where everybody has numbers of his own, the
/// cell that shows them stands before the stub.
#[test]
fn an_exercise_stands_in_three_cells() {
    for chapter in Chapter::all() {
        let title = &chapter.name;
        for (at, cell) in chapter.cells.iter().enumerate() {
            let Some(name) = cell["metadata"]["exercise"].as_str() else {
                continue;
            };
            let known = exercise::find(name).is_some_and(|found| found.chapter == title);
            assert!(known, "{title} has no exercise {name}, but a cell of it");
            assert_eq!(cell["metadata"]["tags"][0], "exercise", "tag of {name}");
            let id = format!("ch{}-ex-{}", chapter.number, name.replace('_', "-"));
            let own = exercise::numbers::are_own(name);
            let numbers = (
                at.wrapping_sub(1),
                "-numbers",
                format!("numbers::{name}(\"Your Name\")?"),
            );
            let text = at.wrapping_sub(1 + usize::from(own));
            for (place, ending, start) in own.then_some(numbers).into_iter().chain([
                (text, "-text", "### Exercise: ".to_owned()),
                (at, "", format!("// exercise: {name}\nfn {name}(")),
                (at + 1, "-check", format!("check::{name}({name})")),
            ]) {
                let part = chapter.cells.get(place).unwrap_or(&Value::Null);
                assert!(
                    part["id"] == format!("{id}{ending}") && source(part).starts_with(&start),
                    "{title}, {name}: expected a cell \"{id}{ending}\" that begins {start:?}, got {} with {:?}",
                    part["id"],
                    source(part),
                );
            }
        }
    }
}
