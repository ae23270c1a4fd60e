//! A solution as a flat list of tokens that know their place in its text.

use std::ops::Range;
use std::str::FromStr;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    Literal,
    Mark,
    Open(Delimiter),
    Close(Delimiter),
}

/// A token: what, its text, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) text: String,
    pub(super) place: Range<usize>,
}

impl Token {
    pub(super) fn is(&self, text: &str) -> bool {
        self.text == text
    }

    /// Whether what follows it, if it is an operator, has it on its left.
    pub(super) fn ends_a_value(&self) -> bool {
        match self.kind {
            Kind::Name => !KEYWORDS.contains(&self.text.as_str()),
            Kind::Literal => true,
            Kind::Close(delimiter) => delimiter != Delimiter::Brace,
            Kind::Mark | Kind::Open(_) => false,
        }
    }
}

const KEYWORDS: &[&str] = &["return", "if", "in", "as", "match", "let", "mut", "else"];

/// Marks of several characters, the longest first.
const MARKS: &[&str] = &[
    "..=", "::", "->", "=>", "==", "!=", "<=", ">=", "&&", "||", "+=", "-=", "*=", "/=", "..",
    "<<", ">>",
];

/// The tokens of `source`; `None` if it is no Rust.
pub(super) fn tokens(source: &str) -> Option<Vec<Token>> {
    let mut single = Vec::new();
    flatten(TokenStream::from_str(source).ok()?, source, &mut single);
    let mut joined: Vec<Token> = Vec::new();
    let mut rest = single.into_iter().peekable();
    while let Some(mut token) = rest.next() {
        let whole = MARKS.iter().find(|mark| {
            token.kind == Kind::Mark && source[token.place.start..].starts_with(**mark)
        });
        if let Some(mark) = whole {
            token.text = (*mark).to_owned();
            token.place.end = token.place.start + mark.len();
            while rest
                .next_if(|next| next.place.start < token.place.end)
                .is_some()
            {}
        }
        joined.push(token);
    }
    Some(joined)
}

fn flatten(stream: TokenStream, source: &str, into: &mut Vec<Token>) {
    let token = |kind, place: Range<usize>| Token {
        kind,
        text: source[place.clone()].to_owned(),
        place,
    };
    for tree in stream {
        let place = tree.span().byte_range();
        match tree {
            TokenTree::Ident(_) => into.push(token(Kind::Name, place)),
            TokenTree::Literal(_) => into.push(token(Kind::Literal, place)),
            TokenTree::Punct(_) => into.push(token(Kind::Mark, place)),
            TokenTree::Group(group) => {
                let delimiter = group.delimiter();
                let (open, close) = (group.span_open(), group.span_close());
                into.push(token(Kind::Open(delimiter), open.byte_range()));
                flatten(group.stream(), source, into);
                into.push(token(Kind::Close(delimiter), close.byte_range()));
            }
        }
    }
}

/// Where the group that opens at `open` closes.
pub(super) fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_usize;
    for (i, token) in tokens.iter().enumerate().skip(open) {
        match token.kind {
            Kind::Open(_) => depth += 1,
            Kind::Close(_) => {
                depth -= 1;
                if depth == 0 {
                    return i;
                }
            }
            _ => {}
        }
    }
    tokens.len().saturating_sub(1)
}

/// Where the group that closes at `close` opens.
pub(super) fn opening(tokens: &[Token], close: usize) -> usize {
    let mut depth = 0_usize;
    for i in (0..=close).rev() {
        match tokens[i].kind {
            Kind::Close(_) => depth += 1,
            Kind::Open(_) => {
                depth -= 1;
                if depth == 0 {
                    return i;
                }
            }
            _ => {}
        }
    }
    0
}
