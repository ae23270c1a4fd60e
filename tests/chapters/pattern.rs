//! What every chapter has, so that a reader finds it where it was in the last one.

use crate::chapter::{Chapter, outputs, source};

/// The lines of the closing card.
const CARD: [&str; 5] = [
    "- **True:** ",
    "- **Bound only:** ",
    "- **Trend only:** ",
    "- **Wrong on the slide:** ",
    "- **Try next:** ",
];

#[test]
fn it_opens_with_a_question_and_the_way_round() {
    let all = Chapter::all();
    for chapter in &all {
        let name = &chapter.name;
        let opening = source(&chapter.cells[0]);
        for part in [
            "**A question first.** ",
            " minutes. You need ",
            "(slides.md#",
            "(../README.md)",
        ] {
            assert!(opening.contains(part), "{name}: the opening lacks {part:?}");
        }
        let at = all.iter().position(|c| c.name == *name).unwrap_or_default();
        for other in [at.checked_sub(1), Some(at + 1)].into_iter().flatten() {
            let Some(other) = all.get(other) else {
                continue;
            };
            let link = format!("({}.ipynb)", other.name);
            assert!(opening.contains(&link), "{name} has no link {link}");
        }
        let contents: Vec<&str> = opening
            .lines()
            .filter_map(|line| line.strip_prefix("- [")?.split_once("](#"))
            .map(|(title, _)| title)
            .collect();
        assert_eq!(contents, chapter.sections(), "{name}: its contents");
    }
}

#[test]
fn the_reader_guesses_and_the_guess_is_compared() {
    for chapter in Chapter::all() {
        let codes: Vec<String> = chapter.codes().map(|(_, code)| code).collect();
        let first = codes[0].lines().last().unwrap_or_default();
        assert!(first.starts_with("let guess = "), "{}", chapter.name);
        let compared = codes.iter().any(|code| {
            let mut lines = code.lines();
            lines.any(|line| line.starts_with("compare("))
        });
        assert!(compared, "{}: nothing compares the guess", chapter.name);
    }
}

#[test]
fn one_cell_is_from_scratch_and_one_uses_the_readers_function() {
    for chapter in Chapter::all() {
        let tagged = |tag: &str| -> Vec<String> {
            let cells = chapter.cells.iter();
            let cells = cells.filter(|cell| cell["metadata"]["tags"][0] == tag);
            cells.map(source).collect()
        };
        let scratch = tagged("from-scratch");
        let [one] = &scratch[..] else {
            panic!("{}: {} cells from scratch", chapter.name, scratch.len());
        };
        assert!(one.lines().count() <= 15, "{}: 15 lines", chapter.name);
        assert!(!tagged("yours").is_empty(), "{}", chapter.name);
    }
}

#[test]
fn it_closes_with_the_card() {
    for chapter in Chapter::all() {
        let last = source(chapter.cells.last().unwrap());
        assert!(last.starts_with("## To take along\n"), "{}", chapter.name);
        let lines: Vec<&str> = last.lines().filter(|line| line.starts_with("- ")).collect();
        assert_eq!(lines.len(), CARD.len(), "{}", chapter.name);
        for (line, start) in lines.iter().zip(CARD) {
            assert!(line.starts_with(start), "{}: {line}", chapter.name);
        }
    }
}

#[test]
fn nothing_of_the_workshop_is_left_in() {
    for chapter in Chapter::all() {
        for (id, code) in chapter.codes() {
            let long = code.lines().find(|line| line.chars().count() > 100);
            assert_eq!(long, None, "{id} has a line that a page cannot show");
        }
        for cell in &chapter.cells {
            for (kind, text) in outputs(cell) {
                let progress = kind == "stream" && text.contains(" s, about ");
                assert!(!progress, "{}: {text}", cell["id"]);
            }
        }
    }
}
