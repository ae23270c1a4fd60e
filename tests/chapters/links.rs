//! Every link leads somewhere.

use std::path::Path;

use crate::chapter::{Chapter, ROOT};

/// The text between `open` and `close`, for every place where both are.
fn between<'a>(text: &'a str, open: &str, close: char) -> Vec<&'a str> {
    let parts = text.split(open).skip(1);
    parts
        .filter_map(|part| Some(part.split_once(close)?.0))
        .collect()
}

/// The anchor of a heading, as JupyterLab and its exported pages make it.
fn anchor(heading: &str) -> String {
    heading.trim().replace(' ', "-")
}

/// The anchors of a Markdown file or a notebook beside the notebooks.
fn anchors(file: &str) -> Vec<String> {
    if let Some(chapter) = Chapter::all()
        .iter()
        .find(|c| file == format!("{}.ipynb", c.name))
    {
        return chapter.sections().iter().map(|s| anchor(s)).collect();
    }
    let text = std::fs::read_to_string(Path::new(ROOT).join("notebooks").join(file));
    let text = text.unwrap_or_default();
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| anchor(line.trim_start_matches('#')))
        .collect()
}

#[test]
fn every_link_leads_somewhere() {
    for chapter in Chapter::all() {
        let own = format!("{}.ipynb", chapter.name);
        for (id, text) in chapter.texts() {
            for target in between(&text, "](", ')') {
                if target.starts_with("https://") {
                    continue;
                }
                let (file, fragment) = target.split_once('#').unwrap_or((target, ""));
                let file = if file.is_empty() { &own } else { file };
                let there = Path::new(ROOT).join("notebooks").join(file).exists();
                assert!(there, "{id}: {target} leads nowhere");
                let found = fragment.is_empty() || anchors(file).iter().any(|a| a == fragment);
                assert!(found, "{id}: {file} has no heading for #{fragment}");
            }
        }
    }
}

#[test]
fn identifiers_have_their_form() {
    for chapter in Chapter::all() {
        for (id, text) in chapter.texts() {
            for rest in text.split("arXiv:").skip(1) {
                let number: String = rest
                    .chars()
                    .take_while(|c| c.is_ascii_digit() || *c == '.')
                    .collect();
                let parts: Vec<&str> = number.trim_end_matches('.').split('.').collect();
                let good = matches!(parts[..], [month, paper] if month.len() == 4 && matches!(paper.len(), 4 | 5));
                assert!(good, "{id}: arXiv:{number} is no identifier");
            }
            for rest in text.split("doi:").skip(1) {
                assert!(
                    rest.starts_with("10."),
                    "{id}: doi:{rest:.12} is no identifier"
                );
            }
        }
    }
}

#[test]
fn a_chapter_that_is_named_exists() {
    let chapters = Chapter::all();
    for chapter in &chapters {
        for (id, text) in chapter.texts() {
            for rest in text.split("hapter ").skip(1) {
                let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
                let Ok(number) = number.parse::<u32>() else {
                    continue;
                };
                let known = chapters.iter().any(|c| c.number.parse() == Ok(number));
                assert!(known, "{id} sends its reader to chapter {number}");
            }
        }
    }
}
