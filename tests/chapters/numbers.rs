//! Numbers in prose are those of the outputs.
//!
//! A number of a run is marked by a comment behind it, which a reader does not see: `0.42<!--ch13-03 widest_mse-->` is the
//! quantity `widest_mse` under "All numbers" in the output of the cell `ch13-03`, `4.2<!--ch13-38 risks[8]-->` the ninth of a
//! list, and `39 %<!--…-->` a hundred times the quantity. Numbers of a slide, a paper or a setting are `0.737<!--given-->`.
//! A decimal or a percentage without either, outside code, formulas and citations, is refused.

use crate::chapter::{Chapter, outputs};

/// The mark of a number that no run of ours measures.
const GIVEN: &str = "given";

/// A text without code, formulas, targets of links, and numbers of papers.
fn prose(text: &str) -> String {
    let (mut left, mut rest) = (String::new(), text);
    let skipped = [
        ("```", "```"),
        ("`", "`"),
        ("$$", "$$"),
        ("$", "$"),
        ("](", ")"),
        ("arXiv:", " "),
        ("doi:", " "),
    ];
    while let Some((at, (open, close))) = skipped
        .iter()
        .filter_map(|ends| Some((rest.find(ends.0)?, ends)))
        .min_by_key(|(at, (open, _))| (*at, usize::MAX - open.len()))
    {
        left += &rest[..at];
        left.push(' ');
        let inside = &rest[at + open.len()..];
        // A number of a paper ends where a word does.
        let end = match *close {
            " " => inside.find(|c: char| !c.is_alphanumeric() && !"./-".contains(c)),
            close => inside.find(close).map(|end| end + close.len()),
        };
        rest = &inside[end.unwrap_or(inside.len())..];
    }
    left + rest
}

/// The decimals and percentages of a text that no mark stands behind.
fn unmarked(text: &str) -> Vec<String> {
    let text = prose(text);
    let mut found = Vec::new();
    let mut rest = text.as_str();
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let number = &rest[start..];
        let of_number = |c: char| c.is_ascii_digit() || ".,·⁰¹²³⁴⁵⁶⁷⁸⁹⁻".contains(c);
        let end = number.find(|c| !of_number(c)).unwrap_or(number.len());
        let (number, after) = number.split_at(end);
        let word = number.trim_end_matches(['.', ',']);
        let behind = format!("{}{after}", &number[word.len()..]);
        let percent = behind.starts_with(" %");
        let mark = behind.trim_start_matches([' ', '%']).starts_with("<!--");
        if (percent || word.contains('.')) && !mark {
            found.push(word.to_owned());
        }
        // Past a mark, whose index is no number of the text.
        rest = match mark {
            true => after.split_once("-->").map_or("", |(_, rest)| rest),
            false => after,
        };
    }
    found
}

/// A number as written: its value and half a unit of its last digit. Powers of ten are written `2.2·10⁴`.
fn written(text: &str) -> Option<(f64, f64)> {
    let (digits, power) = text.split_once("·10").unwrap_or((text, ""));
    let power: String = power
        .chars()
        .map(
            |c| match "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|digit| digit == c) {
                Some(digit) => digit.to_string(),
                None => c.to_string().replace('⁻', "-"),
            },
        )
        .collect();
    let power: i32 = if power.is_empty() {
        0
    } else {
        power.parse().ok()?
    };
    let digits = digits.replace('−', "-").replace(',', "");
    let decimals = digits.split_once('.').map_or(0, |(_, after)| after.len());
    let unit = 10_f64.powi(power);
    let value = digits.parse::<f64>().ok()? * unit;
    Some((value, 0.5 * unit * 10_f64.powi(-(decimals as i32))))
}

/// The quantity `name` of the cell `id`, as its output shows it, with four digits.
fn shown(chapter: &Chapter, id: &str, name: &str) -> Option<f64> {
    let cell = chapter.cells.iter().find(|cell| cell["id"] == id)?;
    let page = outputs(cell)
        .into_iter()
        .find(|(kind, _)| *kind == "text/html")?
        .1;
    let (key, index) = match name.trim_end_matches(']').split_once('[') {
        Some((key, index)) => (key, index.parse().ok()?),
        None => (name, 0),
    };
    let (_, numbers) = page.split_once("<summary>All numbers</summary>")?;
    let (_, row) = numbers.split_once(&format!(">{key}</td>"))?;
    let (_, value) = row.split_once('>')?;
    let list: Vec<&str> = value.split_once('<')?.0.split(", ").collect();
    Some(written(list.get::<usize>(index)?).map_or(f64::NAN, |(value, _)| value))
}

#[test]
fn marked_numbers_are_those_of_the_outputs() {
    let mut marked = 0;
    for chapter in Chapter::all() {
        for (id, text) in chapter.texts() {
            let mut rest = text.as_str();
            while let Some((before, after)) = rest.split_once("<!--") {
                let (mark, after) = after.split_once("-->").unwrap_or((after, ""));
                rest = after;
                if mark == GIVEN {
                    continue;
                }
                let (from, name) = mark.trim().split_once(' ').unwrap_or((mark, ""));
                let found = shown(&chapter, from, name);
                let found = found.unwrap_or_else(|| panic!("{id}: no output has `{mark}`"));
                let percent = before.ends_with('%');
                let word = before.trim_end_matches(['%', ' ']);
                let start = word.rfind(char::is_whitespace).map_or(0, |at| at + 1);
                let number = word[start..].trim_start_matches(['$', '(', '*']);
                let (value, half) = written(number)
                    .unwrap_or_else(|| panic!("{id}: {number:?} before `{mark}` is no number"));
                let found = if percent { 100.0 * found } else { found };
                marked += 1;
                // The output itself is rounded to four digits.
                let off = (value - found).abs();
                assert!(
                    off <= half + 5e-4 * found.abs(),
                    "{id}: the text says {number}, `{mark}` is {found}"
                );
            }
        }
    }
    assert!(marked > 0, "no number is marked");
}

#[test]
fn every_decimal_in_prose_has_a_source() {
    for chapter in Chapter::all() {
        for (id, text) in chapter.texts() {
            let found = unmarked(&text);
            assert!(
                found.is_empty(),
                "{id}: {found:?} come from no output; mark each with <!--CELL QUANTITY-->, or with <!--given-->"
            );
        }
    }
}

#[test]
fn what_needs_a_mark_is_seen() {
    let text = "At 0.4<!--ch13-03 a[2]--> and 5 %<!--given-->, `0.1`, $x=0.2$, $$\\frac{0.3}2$$ ([page](a.b#0.5); \
                arXiv:1912.02178, 2019), 3 of 7 and 2.1·10⁴<!--given-->.\n```\n0.9\n```\nSo 0.25, 12.5, 39 % and 1.1·10³.";
    assert_eq!(unmarked(text), ["0.25", "12.5", "39", "1.1·10³"]);
}

#[test]
fn numbers_are_read_as_written() {
    let near = |text: &str, value: f64, half: f64| {
        let (v, h) = written(text).unwrap();
        assert!(
            (v - value).abs() < 1e-9 * value.abs() && (h - half).abs() < 1e-9 * half,
            "{text}"
        );
    };
    near("0.42", 0.42, 0.005);
    near("27", 27.0, 0.5);
    near("−1.5", -1.5, 0.05);
    near("2.2·10⁴", 2.2e4, 500.0);
    near("3·10⁻¹²", 3e-12, 0.5e-12);
    assert!(written("many").is_none());
}
