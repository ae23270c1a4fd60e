//! An answer as the runs of its tokens, with the names wiped that its author chose.

use std::collections::BTreeSet;
use std::str::FromStr;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::grade::fnv::Fnv;

/// How many tokens in a row make a piece.
const PIECE: usize = 12;

/// The hashes of all runs of [`PIECE`] tokens.
pub(super) fn pieces(source: &str) -> BTreeSet<u64> {
    let Ok(stream) = TokenStream::from_str(source) else {
        return BTreeSet::new();
    };
    let tokens = flatten(stream);
    let own: BTreeSet<String> = tokens
        .windows(2)
        .filter(|pair| BINDING.contains(&pair[0].as_str()))
        .map(|pair| pair[1].clone())
        .collect();
    let wiped: Vec<&str> = (0..tokens.len())
        .map(|i| match is_chosen(&tokens, i, &own) {
            true => "·",
            false => tokens[i].as_str(),
        })
        .collect();
    let hash = |tokens: &[&str]| {
        let mut hash = Fnv::default();
        tokens.iter().for_each(|token| hash.add(token.as_bytes()));
        hash.seed()
    };
    wiped.windows(PIECE).map(hash).collect()
}

/// Whether a token is a name that the author chose: not a word of the language, not a method, a path
/// or a macro of others.
fn is_chosen(tokens: &[String], i: usize, own: &BTreeSet<String>) -> bool {
    let token = &tokens[i];
    let is_name = token.starts_with(|c: char| c.is_alphabetic() || c == '_');
    if !is_name || WORDS.contains(&token.as_str()) || token.starts_with(char::is_uppercase) {
        return false;
    }
    if own.contains(token) {
        return true;
    }
    let at = |from: usize, what: &[&str]| {
        let there = tokens.get(from..from + what.len());
        there.is_some_and(|there| {
            there
                .iter()
                .zip(what)
                .all(|(token, wanted)| token == wanted)
        })
    };
    let method = i >= 1 && at(i - 1, &["."]);
    let in_path = at(i + 1, &[":", ":"]) || (i >= 2 && at(i - 2, &[":", ":"]));
    let call = at(i + 1, &["("]) || (at(i + 1, &["!"]) && !at(i + 2, &["="]));
    !(method || in_path || call)
}

/// All tokens in a row. Brackets may be nested as deep as a cell is long: no recursion.
fn flatten(stream: TokenStream) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut open = vec![(stream.into_iter(), "")];
    while let Some((rest, close)) = open.last_mut() {
        match rest.next() {
            Some(TokenTree::Group(group)) => {
                let (start, end) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                tokens.push(start.to_owned());
                open.push((group.stream().into_iter(), end));
            }
            Some(other) => tokens.push(other.to_string()),
            None => {
                tokens.push((*close).to_owned());
                open.pop();
            }
        }
    }
    tokens
}

/// Words before a name that the author gave.
const BINDING: &[&str] = &["fn", "let", "mut", "struct", "const", "static", "type"];

const WORDS: &[&str] = &[
    "as", "break", "const", "continue", "else", "false", "fn", "for", "if", "impl", "in", "let",
    "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "self", "static", "struct",
    "true", "type", "use", "where", "while", "f32", "f64", "i32", "i64", "u32", "u64", "usize",
    "isize", "bool", "str",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_of_brackets_is_only_a_cell() {
        let deep = "(".repeat(30_000) + &")".repeat(30_000);
        assert!(!pieces(&deep).is_empty());
    }
}
