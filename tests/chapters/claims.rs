//! Rows of claims in cells and in corrections satisfy what those of experiments do.

use dltheory::experiment::{Claims, Nature, Relation};
use dltheory::lesson::ERRATA;

use crate::chapter::{Chapter, outputs};
use crate::rules::{leans, tells, tells_something};

/// The rows of the tables of claims in a cell's HTML: claim, predicted, measured, holds.
fn rows(html: &str) -> Vec<[String; 4]> {
    let tables = html.split("<table").skip(1);
    let claims =
        tables.filter(|table| table.contains(">predicted</th>") && table.contains(">holds</th>"));
    let rows = claims.flat_map(|table| table.split("<tr").skip(1));
    let cells = rows.map(|row| {
        let cells = row
            .split("<td")
            .skip(1)
            .filter_map(|cell| cell.split_once('>'));
        cells
            .map(|(_, cell)| plain(cell.split("</td>").next().unwrap_or_default()))
            .collect::<Vec<_>>()
    });
    cells.filter_map(|cells| cells.try_into().ok()).collect()
}

fn plain(html: &str) -> String {
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(html.to_owned(), |text, (entity, sign)| {
        text.replace(entity, sign)
    })
}

/// Relation, prediction and tolerance of `≤ 4.1 s.e.`, `0.5 ± 0.1`; `None` for a trend that is only reported.
fn expected(text: &str) -> Option<(Relation, f64, f64)> {
    let number = |text: &str| {
        let text = text.trim().trim_end_matches(" s.e.");
        text.parse::<f64>()
            .unwrap_or_else(|_| panic!("{text:?} is no number"))
    };
    if text == "–" {
        return None;
    }
    let signs = [
        ("≤ ", Relation::AtMost),
        ("≥ ", Relation::AtLeast),
        ("< ", Relation::Less),
        ("> ", Relation::Greater),
    ];
    let found = signs
        .iter()
        .find_map(|(sign, relation)| Some((text.strip_prefix(sign)?, *relation)));
    let (rest, relation) = found.unwrap_or((text, Relation::Equal));
    let parts = [" ± ", " + ", " − "]
        .iter()
        .find_map(|sign| rest.split_once(sign));
    let (predicted, tolerance) = match parts {
        Some((predicted, tolerance)) => (number(predicted), number(tolerance)),
        None => (number(rest), 0.0),
    };
    Some((relation, predicted, tolerance))
}

#[test]
fn rows_are_read_as_they_are_written() {
    assert_eq!(expected("0.5 ± 0.1"), Some((Relation::Equal, 0.5, 0.1)));
    assert_eq!(expected("≤ 4.1 s.e."), Some((Relation::AtMost, 4.1, 0.0)));
    assert_eq!(
        expected("> -2e-3 − 1e-4"),
        Some((Relation::Greater, -2e-3, 1e-4))
    );
    assert_eq!(expected("–"), None);
    let table = "<table><tr><th>claim</th><th>predicted</th><th>holds</th></tr><tr><td>a &lt; b</td><td>1</td><td>2</td><td>✓</td></tr></table>";
    assert_eq!(rows(table), [["a < b", "1", "2", "✓"].map(str::to_owned)]);
}

#[test]
fn every_row_in_a_cell_stands_alone_and_tells_something() {
    let mut bad = Vec::new();
    for chapter in Chapter::all() {
        let mut read = 0;
        for cell in &chapter.cells {
            let html = outputs(cell)
                .into_iter()
                .filter(|(kind, _)| *kind == "text/html");
            for [text, predicted, ..] in html.flat_map(|(_, html)| rows(&html)) {
                read += 1;
                let nature = match text.contains("[identity") {
                    true => Nature::Identity,
                    false => Nature::Prediction,
                };
                let rival = text.contains("excludes ");
                let told = expected(&predicted)
                    .is_none_or(|(relation, p, t)| tells(relation, nature, p, t, rival));
                if leans(&text) || !told {
                    bad.push(format!(
                        "{} {}: {predicted}: {text}",
                        chapter.number, cell["id"]
                    ));
                }
            }
        }
        assert!(read > 0, "{} has no claims", chapter.name);
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn every_correction_tells_something() {
    let mut bad = Vec::new();
    for erratum in ERRATA.iter().copied().flatten() {
        let claims = (erratum.claims)(1).expect("valid");
        // What is printed is to fail: its tolerance is the slide's. The correction stands under it, and may lean on it.
        if !tells_something(&claims[1]) {
            bad.push(format!(
                "{}: {}",
                erratum.id,
                Claims::from(vec![claims[1].clone()])
            ));
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}
