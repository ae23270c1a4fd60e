//! What the compiler said, by exercise, as a student should read it: notebook, cell and line.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::cells::Cell;

/// The longest text about one error, characters.
const LONGEST_ERROR: usize = 4000;

/// The compiler's errors by exercise.
pub(super) fn errors(
    names: &[&str],
    cells: &BTreeMap<String, Cell>,
    said: &str,
) -> BTreeMap<String, String> {
    let mut errors: BTreeMap<String, String> = BTreeMap::new();
    for line in said.lines() {
        let Ok(message) = serde_json::from_str::<Json>(line) else {
            continue;
        };
        if message["level"] != "error" {
            continue;
        }
        let spans = message["spans"].as_array().into_iter().flatten();
        let place = spans
            .filter(|span| span["is_primary"] == true)
            .find_map(|span| place(span, names));
        let Some((name, line)) = place else { continue };
        let cell = &cells[name];
        let text = errors.entry(name.to_owned()).or_default();
        if text.matches("\n\n").count() >= 3 {
            continue; // three errors of one cell are enough to read
        }
        text.push_str(&told(name, line, cell, &message));
        text.push_str("\n\n");
    }
    errors
        .into_iter()
        .map(|(name, text)| (name, text.trim_end().to_owned()))
        .collect()
}

/// The exercise and the line a span leads to, out of macros if need be.
fn place<'a>(span: &Json, names: &[&'a str]) -> Option<(&'a str, usize)> {
    let mut span = span;
    loop {
        let file = span["file_name"].as_str()?;
        let name = names
            .iter()
            .find(|name| file.strip_suffix(".rs") == Some(name));
        if let Some(name) = name {
            let line = span["line_start"].as_u64()?;
            return Some((name, usize::try_from(line).ok()?));
        }
        if file == "main.rs" {
            // `program` writes two lines about each exercise. What is wrong there is wrong with
            // the end of the cell, such as an attribute that swallows what is added.
            let line = usize::try_from(span["line_start"].as_u64()?).ok()?;
            let entry = line.checked_sub(names.len() + 4);
            let index = entry.or(line.checked_sub(2)).filter(|i| *i < names.len());
            return Some((names[index?], usize::MAX));
        }
        span = &span["expansion"]["span"];
    }
}

/// An error as the student should read it: notebook, cell, line, message, code.
fn told(name: &str, line: usize, cell: &Cell, message: &Json) -> String {
    let what = message["message"].as_str().unwrap_or("error");
    let rendered = message["rendered"].as_str().unwrap_or_default();
    let lines = cell.source.lines().count();
    let place = format!("{}, cell {}", cell.notebook, cell.number);
    if line > lines {
        let signature = signature(name);
        return format!("{place}: the function must be `{signature}` ({what})");
    }
    let rendered = rendered.replace(&format!("{name}.rs:"), &format!("cell {}:", cell.number));
    let rendered: Vec<String> = rendered.trim_end().lines().map(shortened).collect();
    let rendered: String = rendered.join("\n").chars().take(LONGEST_ERROR).collect();
    let what: String = what.chars().take(LONGEST_ERROR).collect();
    format!("{place}, line {line}: {what}\n{rendered}")
}

/// The signature as one would write it: `stringify!` puts blanks between some tokens.
fn signature(name: &str) -> String {
    let mut all = crate::exercise::check::SIGNATURES.iter();
    let text = all
        .find(|(exercise, _)| *exercise == name)
        .map_or("", |(_, text)| text);
    let mut signature = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for (with, without) in [
        (" (", "("),
        (" :", ":"),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
        ("& ", "&"),
        (" )", ")"),
    ] {
        signature = signature.replace(with, without);
    }
    signature.replace(")->", ") ->").replace("->(", "-> (")
}

/// A library's file without the machine's path to it.
fn shortened(line: &str) -> String {
    let Some(start) = line.find("/registry/src/") else {
        return line.to_owned();
    };
    let from = line[..start].rfind(' ').map_or(0, |blank| blank + 1);
    let rest = &line[start + "/registry/src/".len()..];
    let file = rest.split_once('/').map_or(rest, |(_, file)| file);
    format!("{}{file}", &line[..from])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_told_as_one_would_write_it() {
        let expected = "fn min_norm(x: &Array2<f64>, y: &Array1<f64>) -> Array1<f64>";
        assert_eq!(signature("min_norm"), expected);
        for (name, _) in crate::exercise::check::SIGNATURES {
            let signature = signature(name).replace("-> (", "->(");
            let stray = [" (", " :", " <", "< ", " ,", "& ", "\n", "  "];
            assert!(
                !stray.iter().any(|blank| signature.contains(blank)),
                "{signature}"
            );
        }
    }

    #[test]
    fn a_librarys_file_is_told_without_the_machines_path() {
        let line = "  --> /home/ada/.cargo/registry/src/index-123/ndarray-0.17.2/src/lib.rs:7:1";
        assert_eq!(shortened(line), "  --> ndarray-0.17.2/src/lib.rs:7:1");
        assert_eq!(shortened("  --> cell 3:7:1"), "  --> cell 3:7:1");
    }
}
