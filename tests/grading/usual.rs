//! Right answers as students hand them in: extra lines, copies, moved cells, odd files. All get full points.

use std::collections::BTreeMap;

use dltheory::exercise::{self, Visibility};
use dltheory::grade::verify::references;
use dltheory::grade::{Grade, Notebook, Submission};
use serde_json::{Value as Json, json};

use crate::grader;

/// The right answers, by exercise.
fn answers() -> BTreeMap<&'static str, String> {
    let submission = references().unwrap();
    let notebook: Json = serde_json::from_slice(&submission.notebooks[0].bytes).unwrap();
    let cells = notebook["cells"].as_array().unwrap();
    let source = |name: &str| {
        let mut cells = cells
            .iter()
            .filter(|cell| cell["metadata"]["exercise"] == name);
        cells.next().unwrap()["source"].as_str().unwrap().to_owned()
    };
    exercise::all()
        .map(|exercise| (exercise.name, source(exercise.name)))
        .collect()
}

fn code(metadata: Json, source: impl Into<String>) -> Json {
    json!({ "cell_type": "code", "metadata": metadata, "outputs": [], "source": source.into() })
}

fn marked(name: &str, source: &str) -> Json {
    code(
        json!({ "exercise": name }),
        format!("// exercise: {name}\n{source}"),
    )
}

fn stub(name: &str, source: &str) -> Json {
    let head = source[source.find("fn ").unwrap()..]
        .split('{')
        .next()
        .unwrap();
    marked(name, &format!("{head}{{\n    todo!(\"later\")\n}}"))
}

fn submission(notebooks: Vec<(String, Vec<u8>)>) -> Submission {
    let notebooks = notebooks
        .into_iter()
        .map(|(name, bytes)| Notebook { name, bytes });
    Submission {
        name: "ada".into(),
        notebooks: notebooks.collect(),
        findings: Vec::new(),
    }
}

fn assert_full(grade: &Grade, kind: impl Fn(&str) -> &'static str) {
    for result in &grade.exercises {
        let name = result.id.split_once('/').unwrap().1;
        let reasons = result.reasons(Visibility::Hidden).join("\n");
        assert_eq!(
            result.points,
            result.out_of,
            "{} ({name}): {reasons}",
            kind(name)
        );
    }
}

type Cells = fn(&str, &str) -> Vec<Json>;

/// What becomes of a cell with a right answer.
const KINDS: &[(&str, Cells)] = &[
    ("a try-out below", |n, s| {
        vec![marked(n, &format!("{s}\nlet x = 1.0;\nx + 1.0"))]
    }),
    ("a print below", |n, s| {
        vec![marked(n, &format!("{s}\nprintln!(\"{{}}\", 1);"))]
    }),
    ("its check in the cell", |n, s| {
        vec![marked(n, &format!("{s}\ncheck::{n}({n})"))]
    }),
    ("unit tests", |n, s| {
        vec![marked(
            n,
            &format!(
                "{s}\n#[cfg(test)]\nmod tests {{\n    use super::*;\n    #[test]\n    fn one() {{}}\n}}"
            ),
        )]
    }),
    ("a module with super", |n, s| {
        vec![marked(
            n,
            &format!(
                "mod net {{\n    use super::*;\n    pub fn one() -> Array1<f64> {{ Array1::ones(1) }}\n}}\n{s}"
            ),
        )]
    }),
    ("a variable called env", |n, s| {
        vec![marked(
            n,
            &s.replacen('{', "{\n    let env = 1.0; let _ = env;\n", 1),
        )]
    }),
    ("prints that flood", |n, s| {
        vec![marked(
            n,
            &s.replacen('{', "{\n    for i in 0..40_000 { println!(\"{i}\"); }\n", 1),
        )]
    }),
    ("lines to the kernel", |n, s| {
        vec![marked(n, &format!(":dep ndarray-linalg\n{s}\n:vars"))]
    }),
    ("inner attributes and docs", |n, s| {
        vec![marked(n, &format!("#![allow(unused)]\n//! mine\n{s}"))]
    }),
    ("doc and pub", |n, s| {
        vec![marked(
            n,
            &format!("/// The answer.\npub {}", s.trim_start()),
        )]
    }),
    ("names beyond ASCII", |n, s| {
        vec![marked(
            n,
            &s.replacen('{', "{\n    let λ = 0.0; let _ = λ;\n", 1),
        )]
    }),
    ("line breaks of another system", |n, s| {
        vec![marked(n, &s.replace('\n', "\r\n"))]
    }),
    ("a copy left as the stub", |n, s| {
        vec![marked(n, s), stub(n, s)]
    }),
    ("the answer in a new cell", |n, s| {
        vec![stub(n, s), code(json!({}), s)]
    }),
    ("an equal copy", |n, s| {
        vec![marked(n, s), marked(n, &format!("\n{s}\n"))]
    }),
    ("metadata of another exercise", |n, s| {
        vec![
            stub(n, s),
            code(
                json!({ "exercise": "min_norm" }),
                format!("// exercise: {n}\n{s}"),
            ),
        ]
    }),
    ("no metadata, a marker spelt otherwise", |_, s| {
        vec![code(
            json!({}),
            format!("use std::f64::consts::PI;\n//Exercise : other\n{s}"),
        )]
    }),
    ("half of a split cell", |n, s| {
        vec![marked(n, s), marked(n, "let rest = 1.0;")]
    }),
    ("a stub under it", |n, s| {
        vec![
            marked(n, s),
            code(
                json!({ "exercise": n }),
                format!("fn {n}() {{ unimplemented!() }}"),
            ),
        ]
    }),
    ("a macro that makes a helper", |n, s| {
        vec![marked(
            n,
            &format!(
                "macro_rules! helper {{ ($n:ident) => {{ fn $n() -> f64 {{ 1.0 }} }} }}\nhelper!(one);\n{s}"
            ),
        )]
    }),
    ("todo!() after the answer", |n, s| {
        vec![
            marked(n, s),
            code(json!({}), "fn unused() { todo!(\"was here\") }"),
        ]
    }),
];

#[test]
fn what_students_do_in_and_with_cells_costs_nothing() {
    let answers = answers();
    let kind_of = |name: &str| {
        let at = exercise::all()
            .position(|exercise| exercise.name == name)
            .unwrap();
        KINDS[at % KINDS.len()]
    };
    let cells: Vec<Json> = answers
        .iter()
        .flat_map(|(name, source)| kind_of(name).1(name, source))
        .collect();
    assert!(answers.len() >= KINDS.len());
    let bytes = json!({ "cells": cells, "nbformat": 4 })
        .to_string()
        .into_bytes();
    let grade = grader()
        .grade(&submission(vec![("13.ipynb".into(), bytes)]))
        .unwrap();
    assert_full(&grade, |name| kind_of(name).0);
    let first = &grade.exercises[0];
    assert!(
        first
            .cell
            .as_ref()
            .is_some_and(|cell| cell.starts_with("13.ipynb, cell "))
    );
    assert!(
        first.notes.iter().any(|note| note.contains("not graded")),
        "{:?}",
        first.notes
    );
}

type Bytes = fn(&[Json]) -> Vec<u8>;

fn whole(cells: &[Json]) -> String {
    json!({ "cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5 }).to_string()
}

/// With an output in its first cell.
fn with_output(cells: &[Json], output: &str) -> String {
    whole(cells).replacen("\"outputs\":[]", &format!("\"outputs\":[{output}]"), 1)
}

/// How a file was written.
const FILES: &[(&str, Bytes)] = &[
    ("a byte order mark", |c| {
        [b"\xef\xbb\xbf".as_slice(), whole(c).as_bytes()].concat()
    }),
    ("UTF-16", |c| {
        [0xfeff]
            .into_iter()
            .chain(whole(c).encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect()
    }),
    ("NaN in an output", |c| {
        with_output(c, "{\"data\":{\"v\":NaN,\"w\":[-Infinity]}}").into()
    }),
    ("a broken character in an output", |c| {
        let text = with_output(c, "{\"text\":\"?broken?\"}").into_bytes();
        let text = String::from_utf8(text).unwrap();
        let (before, after) = text.split_once("?broken?").unwrap();
        [before.as_bytes(), b"\xff\x01", after.as_bytes()].concat()
    }),
    ("34 MiB of output", |c| {
        with_output(c, &format!("{{\"text\":\"{}\"}}", "x".repeat(34 << 20))).into()
    }),
    ("an output that nests", |c| {
        with_output(c, &format!("{}{}", "[".repeat(50_000), "]".repeat(50_000))).into()
    }),
    ("format 3", |c| {
        let cells: Vec<Json> = c
            .iter()
            .map(|cell| json!({ "cell_type": "code", "input": cell["source"] }))
            .collect();
        json!({ "nbformat": 3, "worksheets": [{ "cells": cells }] })
            .to_string()
            .into()
    }),
    ("cut off at its end", |c| {
        let text = whole(c);
        text[..text.len() - 20].into()
    }),
    ("git's marks around the metadata", |c| {
        whole(c).replace(",\"metadata\":{},\"nbformat\"", ",\n<<<<<<< HEAD\n\"metadata\":{},\n=======\n\"metadata\":{\"a\":1},\n>>>>>>> main\n\"nbformat\"").into()
    }),
];

#[test]
fn how_a_file_was_written_costs_nothing() {
    let answers: Vec<Json> = answers()
        .iter()
        .map(|(name, source)| marked(name, source))
        .collect();
    let every = |first: usize| answers.iter().skip(first).step_by(FILES.len()).cloned();
    let files = FILES.iter().enumerate().map(|(first, (kind, write))| {
        (
            format!("{kind}.ipynb"),
            write(&every(first).collect::<Vec<Json>>()),
        )
    });
    let grade = grader().grade(&submission(files.collect())).unwrap();
    assert!(
        grade
            .findings
            .iter()
            .all(|finding| !finding.contains("cannot be read")),
        "{:?}",
        grade.findings
    );
    assert_eq!(grade.findings.len(), 2, "{:?}", grade.findings);
    assert_full(&grade, |_| "a file");
}

#[test]
fn what_cannot_be_graded_says_why_and_what_to_do() {
    let answers = answers();
    let mut cells = vec![code(
        json!({}),
        "fn gram(x: &Array2<f64>) -> Array2<f64> { x.dot(&x.t()) }\nuse ndarray::Array2 as M;",
    )];
    let min_norm = &answers["min_norm"];
    let cases: [(&str, String, &str); 5] = [
        (
            "min_norm",
            min_norm.replace("x.dot(&x.t())", "gram(x)"),
            "`gram` is in cell 1: copy it",
        ),
        (
            "ridge_weights",
            answers["ridge_weights"].replacen("&Array2<f64>", "&M<f64>", 1),
            "`M` is in cell 1: copy it",
        ),
        (
            "he_weights",
            answers["he_weights"].replacen('{', "{ let _ = ridge; ", 1),
            "`ridge` is the library's",
        ),
        (
            "product_bound",
            "fn product_bound(w: &[f64]) -> f64 { w[0] }".into(),
            "the function must be `fn product_bound(weights",
        ),
        (
            "clip_by_norm",
            "let x = 1;".into(),
            "its cell has no `fn clip_by_norm`",
        ),
    ];
    cells.extend(cases.iter().map(|(name, source, _)| marked(name, source)));
    let bytes = whole(&cells).into_bytes();
    let grade = grader()
        .grade(&submission(vec![("13.ipynb".into(), bytes)]))
        .unwrap();
    for (name, _, says) in &cases {
        let result = grade.exercise(name).unwrap();
        let finding = result.finding.clone().unwrap_or_default();
        assert!(
            result.points == 0.0 && finding.contains(says),
            "{name}: {finding}"
        );
    }
}
