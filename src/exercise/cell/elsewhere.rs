//! Which names of a cell come from another cell, or from the notebook's prelude alone: graded by itself it would not compile.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Item, PatIdent, Stmt, UseTree};

use super::{parse, with_room};
use syn::parse::Parser;

/// What a graded cell may use, in words.
pub(crate) const OFFERED: &str = "a cell may use the standard library, ndarray (Array1, Array2, Axis, array!, s!), \
    rand, rand_distr (Distribution, StandardNormal), Rng, stream and what its text names of linalg";

/// A name that a cell takes from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Elsewhere {
    /// The name.
    pub(crate) name: String,
    /// The cell that has it; none: it is in the notebook's prelude.
    pub(crate) place: Option<String>,
}

impl Elsewhere {
    /// What to do about it.
    pub(crate) fn sentence(&self) -> String {
        let name = &self.name;
        match &self.place {
            Some(place) => format!("`{name}` is in {place}: copy it into the exercise's cell"),
            None => format!("`{name}` is the library's and not there when graded: {OFFERED}"),
        }
    }
}

/// The names that `graded` takes from elsewhere. `others` are the names of the notebook's other cells and where they are.
pub(crate) fn from_elsewhere(graded: &str, others: &BTreeMap<String, String>) -> Vec<Elsewhere> {
    let own = names_of(graded);
    let found = with_room(|| {
        let bound = bound(graded)?;
        let mut used = BTreeSet::new();
        first_segments(graded.parse().ok()?, &mut used);
        used.retain(|name| !own.contains(name) && !bound.contains(name) && !GRADED.contains(name));
        Some(used)
    });
    let found = found.unwrap_or_default().into_iter();
    found
        .filter_map(|name| {
            let place = others.get(&name).cloned();
            (place.is_some() || NOTEBOOK.contains(&name)).then_some(Elsewhere { name, place })
        })
        .collect()
}

/// The names that the items of a cell define or import.
pub(crate) fn names_of(source: &str) -> BTreeSet<String> {
    let names = with_room(|| {
        let mut names = BTreeSet::new();
        for statement in parse.parse_str(source).ok()?.1 {
            if let Stmt::Item(item) = statement {
                add(&item, &mut names);
            }
        }
        Some(names)
    });
    names.unwrap_or_default()
}

fn add(item: &Item, names: &mut BTreeSet<String>) {
    let ident = match item {
        Item::Use(import) => return imported(&import.tree, names),
        Item::Fn(item) => &item.sig.ident,
        Item::Const(item) => &item.ident,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Union(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Mod(item) => &item.ident,
        Item::Macro(item) => match &item.ident {
            Some(ident) => ident,
            None => return,
        },
        _ => return,
    };
    names.insert(ident.to_string());
}

fn imported(tree: &UseTree, names: &mut BTreeSet<String>) {
    match tree {
        UseTree::Path(path) => {
            let mut below = BTreeSet::new();
            imported(&path.tree, &mut below);
            // `use a::{self, b}` brings `a`.
            if below.remove("self") {
                below.insert(path.ident.to_string());
            }
            names.extend(below);
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| imported(tree, names)),
        UseTree::Rename(rename) => drop(names.insert(rename.rename.to_string())),
        UseTree::Name(name) => drop(names.insert(name.ident.to_string())),
        _ => {}
    }
}

/// The names that a cell's patterns bind: arguments, variables.
fn bound(source: &str) -> Option<BTreeSet<String>> {
    struct Bound(BTreeSet<String>);
    impl Visit<'_> for Bound {
        fn visit_pat_ident(&mut self, pattern: &PatIdent) {
            self.0.insert(pattern.ident.to_string());
            visit::visit_pat_ident(self, pattern);
        }
        fn visit_item(&mut self, item: &Item) {
            add(item, &mut self.0);
            visit::visit_item(self, item);
        }
    }
    let mut bound = Bound(BTreeSet::new());
    for statement in parse.parse_str(source).ok()?.1 {
        bound.visit_stmt(&statement);
    }
    Some(bound.0)
}

/// The names with which paths begin, also in macros: neither fields and methods nor what follows `::` or stands before `:`.
fn first_segments(stream: TokenStream, names: &mut BTreeSet<String>) {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let mark = |at: Option<usize>, wanted: char| matches!(at.and_then(|at| tokens.get(at)), Some(TokenTree::Punct(p)) if p.as_char() == wanted);
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => first_segments(group.stream(), names),
            TokenTree::Ident(name) => {
                let field = mark(at.checked_sub(1), '.') && !mark(at.checked_sub(2), '.');
                let later = mark(at.checked_sub(1), ':') && mark(at.checked_sub(2), ':');
                let named = mark(Some(at + 1), ':') && !mark(Some(at + 2), ':');
                if !(field || later || named) {
                    names.insert(name.to_string());
                }
            }
            _ => {}
        }
    }
}

/// What the notebook's prelude brings.
static NOTEBOOK: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| names_of(include_str!("../../prelude.rs")));
/// What the workbench's brings, with which a graded cell is compiled.
static GRADED: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| names_of(include_str!("../../workbench/src/prelude.rs")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_helper_elsewhere_is_found_and_a_variable_of_its_name_is_not() {
        let others = BTreeMap::from([("gram", "cell 12"), ("M", "cell 3"), ("net", "cell 4")])
            .into_iter()
            .map(|(name, place)| (name.to_owned(), place.to_owned()))
            .collect();
        let names = |source: &str| -> Vec<String> {
            from_elsewhere(source, &others)
                .into_iter()
                .map(|e| e.name)
                .collect()
        };
        assert_eq!(
            names("fn f(x: &M<f64>) -> M<f64> { println!(\"{}\", gram(x)); x.net() }"),
            ["M", "gram"]
        );
        assert_eq!(
            names("fn f(gram: f64) -> f64 { let net = S { net: gram }; net.net + gram }"),
            Vec::<String>::new()
        );
        assert_eq!(
            names("use ndarray::Array2 as M; fn gram() -> M<f64> { todo!() }"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn what_only_the_notebook_has_is_told_apart() {
        let found = from_elsewhere(
            "fn f() -> Array1<f64> { ridge(linalg::solve) }",
            &BTreeMap::new(),
        );
        assert_eq!(found.len(), 1);
        assert!(
            found[0].sentence().starts_with("`ridge` is the library's"),
            "{found:?}"
        );
        assert!(NOTEBOOK.len() > 50 && GRADED.contains("Array2") && GRADED.contains("linalg"));
    }
}
