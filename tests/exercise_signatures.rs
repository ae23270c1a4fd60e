//! The texts of the exercises list the functions that may be used: as the source has them, none left out.

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

use dltheory::prelude::{Array2, array, linalg};
use serde_json::Value;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// Where the functions of `linalg` are.
const LINALG: &str = include_str!("../src/workbench/src/linalg.rs");
/// Where the structs are that some of them return.
const PARTS: &str = include_str!("../src/engine/src/parts.rs");

const HEADING: &str = "### Exercise: ";
const ALLOWED: &str = "You may use ";

/// Without the white space and the commas that a formatter may add.
fn normal(code: &str) -> String {
    let mut text = String::new();
    for word in code.split_whitespace() {
        let in_word = |c: char| c.is_alphanumeric() || c == '_';
        if text.ends_with(in_word) && word.starts_with(in_word) {
            text.push(' ');
        }
        text.push_str(word);
    }
    text.replace(",)", ")").replace(",}", "}")
}

/// What `linalg.rs` says from `pub fn name(` to the body.
fn signature(name: &str) -> Option<String> {
    let at = LINALG.find(&format!("pub fn {name}("))?;
    Some(normal(LINALG[at..].split('{').next()?))
}

/// The struct that `linalg.rs` exports under another name, with its fields.
fn fields(exported: &str) -> Option<String> {
    let (before, _) = LINALG.split_once(&format!(" as {exported}"))?;
    let name = before.rsplit([' ', '{', ',']).next()?;
    let (_, after) = PARTS.split_once(&format!("pub struct {name} {{"))?;
    let lines = after.split('}').next()?.lines().map(str::trim);
    let code: Vec<&str> = lines.filter(|line| !line.starts_with("///")).collect();
    let code = format!("pub struct {exported} {{ {} }}", code.join(" "));
    Some(normal(&code))
}

/// What stands between backticks in the sentence "You may use …".
fn allowed(text: &str) -> Vec<&str> {
    let Some((_, rest)) = text.split_once(ALLOWED) else {
        return Vec::new();
    };
    let mut names = Vec::new();
    for (index, part) in rest.split('`').enumerate() {
        if index % 2 == 1 {
            names.push(part);
        } else if part.contains(['.', ':']) || part.contains("\n\n") {
            break;
        }
    }
    names
}

/// The functions of `linalg` in `linalg::a` or `linalg::{a, b}`.
fn functions(path: &str) -> Option<Vec<&str>> {
    let names = path.strip_prefix("linalg::")?;
    let names = names
        .strip_prefix('{')
        .and_then(|names| names.strip_suffix('}'))
        .unwrap_or(names);
    Some(names.split(',').map(str::trim).collect())
}

/// The lines of code in the text's blocks of Rust that begin with `start`.
fn listed(text: &str, start: &str) -> Vec<String> {
    let blocks = text.split("```rust\n").skip(1);
    let lines = blocks.flat_map(|block| block.split("```").next().unwrap_or_default().lines());
    lines
        .map(|line| line.trim().trim_end_matches(';'))
        .filter(|line| line.starts_with(start))
        .map(normal)
        .collect()
}

/// How many functions an exercise allows, and what is wrong with its list of them.
fn judge(text: &str) -> (usize, Vec<String>) {
    let (mut expected, mut problems) = (Vec::new(), Vec::new());
    let mut structs = Vec::new();
    let names = allowed(text);
    if names.is_empty() && text.contains(ALLOWED) {
        problems.push(format!("\"{ALLOWED}…\" names nothing"));
    }
    for path in names.into_iter().filter(|path| *path != "ndarray") {
        let Some(names) = functions(path) else {
            problems.push(format!("no source is known for `{path}`"));
            continue;
        };
        for name in names {
            let Some(signature) = signature(name) else {
                problems.push(format!("linalg has no function `{name}`"));
                continue;
            };
            let returned = signature.rsplit("->").next().unwrap_or_default();
            structs.extend(fields(returned));
            expected.push(signature);
        }
    }
    let count = expected.len();
    for (start, mut expected) in [("pub fn ", expected), ("pub struct ", structs)] {
        let mut listed = listed(text, start);
        expected.sort();
        listed.sort();
        if expected != listed {
            problems.push(format!(
                "under \"{ALLOWED}…\" a block ```rust lists {listed:?}, it must list {expected:?}, as the source has it"
            ));
        }
    }
    (count, problems)
}

/// Every exercise cell of the notebooks: its place, and the text above it.
fn exercises() -> Vec<(String, Option<String>)> {
    let folder = Path::new(ROOT).join("notebooks");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("notebooks")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "ipynb"))
        .collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        let bytes = fs::read(&path).expect("a notebook");
        let notebook: Value = serde_json::from_slice(&bytes).expect("JSON");
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let mut text = None;
        for cell in notebook["cells"].as_array().expect("cells") {
            let source = match &cell["source"] {
                Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
                source => source.as_str().unwrap_or_default().to_owned(),
            };
            if cell["cell_type"] == "markdown" && source.starts_with(HEADING) {
                text = Some(source);
            } else if let Some(name) = cell["metadata"]["exercise"].as_str() {
                found.push((format!("{file}, {name}"), text.take()));
            }
        }
    }
    found
}

#[test]
fn every_exercise_lists_what_may_be_used_as_the_source_has_it() {
    let (mut count, mut problems) = (0, Vec::new());
    for (place, text) in exercises() {
        let Some(text) = text else {
            problems.push(format!("{place}: no text \"{HEADING}…\" above it"));
            continue;
        };
        let (functions, found) = judge(&text);
        count += functions;
        problems.extend(found.iter().map(|problem| format!("{place}: {problem}")));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(count > 0, "no exercise with a list was found");
}

#[test]
fn a_list_that_is_wrong_is_found() {
    let good = "You may use `ndarray` and `linalg::{solve, eigh}`. They return no `Result`.\n\n\
        ```rust\n\
        /// Text.\n\
        pub fn solve(a: &Array2<f64>, b: &Array1<f64>) -> Array1<f64>;\n\
        pub fn eigh(a: &Array2<f64>) -> EigenParts;\n\
        pub struct EigenParts { pub values: Array1<f64>, pub vectors: Array2<f64> }\n\
        ```";
    assert_eq!(judge(good), (2, vec![]));
    for (from, to) in [
        ("solve, eigh", "solve, svd, eigh"),
        ("solve, eigh", "solve"),
        ("solve, eigh", "solve, eig"),
        ("`linalg::{solve, eigh}`", "`rng::stream`"),
        ("`ndarray` and `linalg::{solve, eigh}`", "what you like"),
        ("Array1<f64>;", "Result<Array1<f64>>;"),
        ("b: &Array1", "b: &Array2"),
        ("b: &Array1", "rhs: &Array1"),
        ("pub values", "pub eigenvalues"),
        ("pub struct", "// pub struct"),
        ("```rust", "```"),
    ] {
        let bad = good.replace(from, to);
        assert!(bad != good && !judge(&bad).1.is_empty(), "{from} → {to}");
    }
}

/// What the lists say in words.
#[test]
fn the_functions_return_what_the_lists_say() {
    for a in [
        array![[1.0, -2.0], [0.5, 3.0], [2.0, 2.0]],
        array![[1.0, 0.5, 2.0], [-2.0, 3.0, 2.0]],
    ] {
        let (rows, columns) = a.dim();
        let svd = linalg::svd(&a);
        assert_eq!(svd.u.dim(), (rows, 2));
        assert_eq!(svd.vt.dim(), (2, columns));
        assert!(svd.s.len() == 2 && svd.s[0] > svd.s[1]);
        let near = |x: &Array2<f64>, y: &Array2<f64>| (x - y).iter().all(|v| v.abs() < 1e-12);
        assert!(near(&(&svd.u * &svd.s).dot(&svd.vt), &a));
        assert!(near(&svd.u.t().dot(&svd.u), &Array2::eye(2)));
        assert!(near(&svd.vt.dot(&svd.vt.t()), &Array2::eye(2)));
    }
    // Above the diagonal stands what must not be read.
    let eigen = linalg::eigh(&array![[1.0, 77.0], [2.0, 4.0]]);
    assert!(
        (eigen.values - array![5.0, 0.0])
            .iter()
            .all(|v| v.abs() < 1e-12)
    );
    let first = eigen.vectors.column(0);
    assert!((first[1] / first[0] - 2.0).abs() < 1e-12 && (first.dot(&first) - 1.0).abs() < 1e-12);
    let singular = || linalg::solve(&array![[1.0, 2.0], [2.0, 4.0]], &array![1.0, 1.0]);
    assert!(catch_unwind(singular).is_err());
    assert!(catch_unwind(|| linalg::eigh(&array![[1.0, 2.0]])).is_err());
}
