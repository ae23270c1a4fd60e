//! What may import what: the rooms of the library are in layers, and an import goes down, never up or sideways.
//!
//! A room is a module in `src/`. Test modules may import what they like.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use dltheory::experiment::ALL;

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src");

/// The rooms from the lowest up; those of one layer know nothing of each other.
const LAYERS: &[&[&str]] = &[
    &["engine", "rng"], // crates of their own
    &["error"],
    &["real"],
    &["linalg", "stats", "display", "notebook"],
    &["data", "plot", "optimise"],
    &["model"],
    &["fit"],
    &["measure"],
    &["attack", "game"],
    &["rl"],
    &["exercise", "experiment"],
    &["lesson"],
    &["prelude", "grade"],
    &["cli"],
];

/// Imports between rooms that run back: file, room, reason.
const BACK: &[(&str, &str, &str)] = &[];

/// Imports of an experiment by another module in `experiment/`: file, experiment, reason.
const OF_EXPERIMENTS: &[(&str, &str, &str)] = &[];

/// The module that lists all experiments, and so imports them.
const REGISTRY: &str = "experiment/registry.rs";

/// A file of the library, its module, and the absolute paths its code names.
struct Source {
    file: String,
    module: Vec<String>,
    named: BTreeSet<Vec<String>>,
}

impl Source {
    fn new(file: &str, text: &str) -> Self {
        let mut module: Vec<String> = file
            .trim_end_matches(".rs")
            .split('/')
            .map(str::to_owned)
            .collect();
        module.pop_if(|last| last == "mod");
        let named = paths(&module, &code(text));
        Self {
            file: file.to_owned(),
            module,
            named,
        }
    }
}

/// The text without comments and the test module at its end.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next();
    let lines = text.unwrap_or_default().lines();
    lines
        .filter_map(|line| line.split("//").next())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Every path in `code` that begins with `crate` or `super`, from the root of the library on.
fn paths(module: &[String], code: &str) -> BTreeSet<Vec<String>> {
    let in_word = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let mut found = BTreeSet::new();
    for start in ["crate::", "super::"] {
        for (at, _) in code.match_indices(start) {
            if code[..at].ends_with(in_word) {
                continue;
            }
            let mut rest = &code[at..];
            let mut base = module.to_vec();
            if let Some(after) = rest.strip_prefix("crate::") {
                (rest, base) = (after, Vec::new());
            }
            while let Some(after) = rest.strip_prefix("super::") {
                rest = after;
                base.pop();
            }
            expand(&base, rest, &mut found);
        }
    }
    found
}

/// The paths of a tree such as `a::{b, c::{d, e}}` at the start of `text`; returns what comes after it.
fn expand<'a>(base: &[String], text: &'a str, found: &mut BTreeSet<Vec<String>>) -> &'a str {
    if let Some(mut rest) = text.strip_prefix('{') {
        loop {
            rest = rest.trim_start_matches([',', ' ', '\n']);
            match rest.strip_prefix('}') {
                Some(after) => return after,
                None if rest.is_empty() => return rest,
                None => rest = expand(base, rest, found),
            }
        }
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    let (name, rest) = text.split_at(end.unwrap_or(text.len()).max(1));
    let path = [base, &[name.to_owned()]].concat();
    match rest.strip_prefix("::") {
        Some(rest) => expand(&path, rest, found),
        None => {
            found.insert(path);
            let end = rest.find([',', '}', ';']).unwrap_or(rest.len());
            &rest[end..]
        }
    }
}

/// Every file of the library but its root and its program.
fn sources() -> Vec<Source> {
    let mut all = Vec::new();
    let mut open = vec![PathBuf::from(SOURCES)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("readable").path();
            let file = path.strip_prefix(SOURCES).expect("below").to_string_lossy();
            let file = file.replace('\\', "/");
            if path.is_dir() && !["engine", "workbench", "exercise/solutions"].contains(&&*file) {
                open.push(path);
            } else if file.ends_with(".rs") && !["lib.rs", "main.rs"].contains(&&*file) {
                let text = fs::read_to_string(&path).expect("text");
                all.push(Source::new(&file, &text));
            }
        }
    }
    all.sort_by(|a, b| a.file.cmp(&b.file));
    all
}

fn layer(room: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&room))
}

/// The room of a path: what the root of the library exports is in one too.
fn room(path: &[String]) -> &str {
    match path.first().map_or("", String::as_str) {
        "Error" | "Result" => "error",
        name if name.starts_with("cell_") => "notebook",
        name => name,
    }
}

/// The imports of a file that run back: its name, the other room.
fn back(source: &Source) -> Vec<(&str, &str)> {
    let own = room(&source.module);
    let mine = layer(own).unwrap_or_else(|| panic!("{own} has no layer"));
    let others = source.named.iter().map(|path| room(path));
    let up = others.filter(|other| *other != own && layer(other).is_none_or(|other| other >= mine));
    let rooms: BTreeSet<&str> = up.collect();
    rooms
        .into_iter()
        .map(|room| (&*source.file, room))
        .collect()
}

/// The experiments that a file in `experiment/` imports and is no part of.
fn experiments(source: &Source) -> Vec<(&str, &str)> {
    let inside = |path: &[String]| match path {
        // In the folder of its theme, or as `experiment` exports it.
        [room, modules @ ..] if room == "experiment" => ALL
            .iter()
            .map(|experiment| experiment.about.id)
            .find(|id| modules.iter().take(2).any(|module| id == module)),
        _ => None,
    };
    if room(&source.module) != "experiment" {
        return Vec::new();
    }
    let own = inside(&source.module);
    let others: BTreeSet<&str> = source
        .named
        .iter()
        .filter_map(|path| inside(path))
        .collect();
    let others = others.into_iter().filter(|other| Some(*other) != own);
    others.map(|other| (&*source.file, other)).collect()
}

/// What was found and is no exception, and the exceptions that were not found.
fn differences(found: &[(&str, &str)], exceptions: &[(&str, &str, &str)]) -> Vec<String> {
    let known = |one: &(&str, &str)| exceptions.iter().any(|(a, b, _)| (*a, *b) == *one);
    let new = found.iter().filter(|one| !known(one));
    let gone = exceptions
        .iter()
        .filter(|(a, b, _)| !found.contains(&(*a, *b)));
    new.map(|(file, other)| format!("{file} imports {other}"))
        .chain(gone.map(|(file, other, _)| format!("{file} does not import {other} any more")))
        .collect()
}

#[test]
fn no_import_between_rooms_runs_back() {
    let sources = sources();
    assert!(sources.len() > 300, "{} files", sources.len());
    let found: Vec<_> = sources.iter().flat_map(back).collect();
    let wrong = differences(&found, BACK);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn experiments_are_imported_by_their_list_alone() {
    let sources = sources();
    for experiment in ALL {
        let id = experiment.about.id;
        let own = |source: &&Source| matches!(&source.module[..], [room, _, module] if room == "experiment" && module == id);
        let there = sources.iter().any(|source| own(&source));
        assert!(there, "{id} has no module in the folder of a theme");
    }
    let registry = sources.iter().find(|source| source.file == REGISTRY);
    let listed = registry.map_or(0, |registry| experiments(registry).len());
    assert_eq!(listed, ALL.len());
    let others = sources.iter().filter(|source| source.file != REGISTRY);
    let found: Vec<_> = others.flat_map(experiments).collect();
    let wrong = differences(&found, OF_EXPERIMENTS);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Pairs of files of one experiment that use each other. `NAME.rs` uses the files in `NAME/` by declaring them, so one of
/// those uses it back where it names something there that is no file.
fn circles(sources: &[Source]) -> Vec<String> {
    let own = |source: &&Source| match &source.module[..] {
        [room, theme, _, _, ..] => room == "experiment" && theme != "harness",
        _ => false,
    };
    let is_file = |path: &[String]| sources.iter().any(|source| source.module == path);
    let names = |source: &Source, module: &[String]| {
        source.named.iter().any(|path| {
            path.len() > module.len()
                && path.starts_with(module)
                && !is_file(&path[..module.len() + 1])
        })
    };
    let mut found = Vec::new();
    for one in sources.iter().filter(own) {
        let parent = &one.module[..one.module.len() - 1];
        if names(one, parent) {
            found.push(format!("{} uses the file that declares it", one.file));
        }
        for other in sources.iter().filter(own) {
            if one.file < other.file && names(one, &other.module) && names(other, &one.module) {
                found.push(format!("{} and {} use each other", one.file, other.file));
            }
        }
    }
    found
}

#[test]
fn no_two_files_of_an_experiment_use_each_other() {
    let found = circles(&sources());
    assert!(found.is_empty(), "{}", found.join("\n"));
    let made = |file: &str, text: &str| Source::new(&format!("experiment/theme/{file}"), text);
    let found = circles(&[
        made("name.rs", "mod a;\nmod b;\n"),
        made("name/a.rs", "use super::b::Row;\nuse super::Settings;\n"),
        made("name/b.rs", "use super::a::{self, Other};\n"),
        made(
            "name/c.rs",
            "use super::a::Other;\nuse crate::experiment::Claim;\n",
        ),
    ]);
    assert_eq!(
        found,
        [
            "experiment/theme/name/a.rs uses the file that declares it",
            "experiment/theme/name/a.rs and experiment/theme/name/b.rs use each other"
        ]
    );
}

#[test]
fn an_import_that_runs_back_is_found() {
    let text = "//! Of [`crate::cli`].\n\
        use crate::{Result, fit::{self, ridge as r}, engine::Engine};\n\
        use super::super::measure;\n\
        fn f() { crate::stats::mean(super::g()); } // crate::plot\n\
        #[cfg(test)]\nmod tests {\n    use crate::cli;\n}\n";
    let source = Source::new("model/mlp/mod.rs", text);
    assert_eq!(
        back(&source),
        [("model/mlp/mod.rs", "fit"), ("model/mlp/mod.rs", "measure")]
    );
    let text = "use super::{Claim, rademacher::line};\nuse crate::experiment::table;\n";
    let source = Source::new("experiment/norm_curve.rs", text);
    assert_eq!(
        experiments(&source),
        [("experiment/norm_curve.rs", "rademacher")]
    );
    assert_eq!(back(&source), []);
    let known = [("a", "b", "why"), ("a", "c", "why")];
    assert_eq!(
        differences(&[("a", "b"), ("d", "b")], &known),
        ["d imports b", "a does not import c any more"]
    );
}
