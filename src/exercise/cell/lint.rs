//! What a graded cell may not contain, with the reason and the line.
//!
//! This is mostly courtesy: it names the mistake before the compiler does. What holds a hostile
//! program is that its process can do nothing but compute, and does not judge itself. One thing
//! rests on it: without the words `unsafe` and `extern` no code runs before the process has given
//! up its rights (and what runs there finds neither network nor file, see `process`).

use std::str::FromStr;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A token that matters here, and its line.
enum Token {
    Name(String),
    Mark(char),
    Open(Delimiter),
    Close(Delimiter),
}

/// The first thing in `source` that a graded cell may not contain: line (from 1) and sentence.
/// Text that is no Rust at all is left to the compiler, which says it better.
#[must_use]
pub(crate) fn forbidden(source: &str) -> Option<(usize, String)> {
    let tokens = flat(TokenStream::from_str(source).ok()?);
    let name = |i: usize| match tokens.get(i) {
        Some((Token::Name(name), _)) => name.as_str(),
        _ => "",
    };
    let mark =
        |i: usize, wanted: char| matches!(tokens.get(i), Some((Token::Mark(c), _)) if *c == wanted);
    let path = |i: usize| mark(i, ':') && mark(i + 1, ':');
    let opens = |i: usize| matches!(tokens.get(i), Some((Token::Open(Delimiter::Brace), _)));
    // A module of the cell's own may be called as it likes.
    let own = |word: &str| {
        (0..tokens.len()).any(|i| name(i) == "mod" && name(i + 1) == word && opens(i + 2))
    };
    // How many of the braces around a token are modules': so far `super::` leads out of no cell.
    let mut braces: Vec<bool> = Vec::new();
    let mut in_use = false;
    for (i, (token, line)) in tokens.iter().enumerate() {
        let found = |sentence: String| Some((*line, sentence));
        match token {
            Token::Open(Delimiter::Brace) => {
                braces.push(i >= 2 && name(i - 2) == "mod");
            }
            Token::Close(Delimiter::Brace) => {
                braces.pop();
            }
            Token::Mark(';') => in_use = false,
            Token::Mark('#') => {
                let inner = mark(i + 1, '!');
                if inner
                    && matches!(
                        tokens.get(i + 2),
                        Some((Token::Open(Delimiter::Bracket), _))
                    )
                {
                    return found("#![…] speaks about the whole program: leave it out".into());
                }
                if !matches!(
                    tokens.get(i + 1),
                    Some((Token::Open(Delimiter::Bracket), _))
                ) {
                    continue;
                }
                let inside = tokens[i + 2..]
                    .iter()
                    .take_while(|(token, _)| !matches!(token, Token::Close(Delimiter::Bracket)));
                for (token, _) in inside {
                    if let Token::Name(name) = token
                        && ATTRIBUTES.contains(&name.as_str())
                    {
                        return found(format!("#[{name}] is not allowed in a graded cell"));
                    }
                }
            }
            Token::Name(word) => match word.as_str() {
                "use" => in_use = true,
                "unsafe" | "extern" => {
                    return found(format!("{word} is not allowed in a graded cell"));
                }
                _ if MACROS.contains(&word.as_str()) && (in_use || mark(i + 1, '!')) => {
                    return found(format!(
                        "{word}!(…) reads from outside the cell, which is not allowed"
                    ));
                }
                _ if OUTSIDE.contains(&word.as_str())
                    && (in_use || path(i + 1) || (i >= 2 && path(i - 2)))
                    && !own(word) =>
                {
                    return found(format!(
                        "std::{word} reaches outside the program, which is not allowed"
                    ));
                }
                // `super::super::` is one level for each.
                "super"
                    if path(i + 1) && supers(&name, i) <= braces.iter().filter(|m| **m).count() => {
                }
                "crate" | "super" if path(i + 1) => {
                    return found(format!(
                        "{word}:: leads out of the cell, which is not allowed"
                    ));
                }
                // Also `mod $name;` in a macro.
                "mod" if !opens(i + if mark(i + 1, '$') { 3 } else { 2 }) => {
                    return found(format!(
                        "mod {}; reads another file, which is not allowed",
                        name(i + 1)
                    ));
                }
                "dltheory" if path(i + 1) && !OFFERED.contains(&name(i + 3)) => {
                    return found(format!(
                        "dltheory::{} is not there in a graded cell: use dltheory::prelude, rng and linalg only",
                        name(i + 3)
                    ));
                }
                _ => {}
            },
            _ => {}
        }
    }
    None
}

/// How many `super` in a row a path has up to token `i`.
fn supers<'a>(name: &impl Fn(usize) -> &'a str, i: usize) -> usize {
    // Two colons stand between them.
    let back = (0..=i / 3).take_while(|k| name(i - 3 * k) == "super");
    back.count()
}

/// Whether [`forbidden`] could read `source` at all. What compiles and cannot be read is refused.
#[must_use]
#[cfg(feature = "cli")]
pub(crate) fn readable(source: &str) -> bool {
    TokenStream::from_str(source).is_ok()
}

/// Attributes that reach beyond the item they stand on.
const ATTRIBUTES: &[&str] = &[
    "macro_export",
    "macro_use",
    "no_mangle",
    "export_name",
    "link",
    "link_section",
    "link_name",
    "global_allocator",
    "panic_handler",
    "used",
    "proc_macro",
    "path",
    // Allowed, a loop in a constant would run to the end of the compiler's time.
    "long_running_const_eval",
];
/// Macros that read files or the environment.
const MACROS: &[&str] = &[
    "include",
    "include_str",
    "include_bytes",
    "env",
    "option_env",
    "asm",
    "global_asm",
    "naked_asm",
];
/// Modules of the standard library that reach outside the program.
const OUTSIDE: &[&str] = &["fs", "net", "process", "os", "env"];
/// What the workbench offers.
const OFFERED: &[&str] = &["prelude", "rng", "linalg"];

/// All tokens in order. Without recursion: a cell may nest as deep as it likes.
fn flat(stream: TokenStream) -> Vec<(Token, usize)> {
    let mut tokens = Vec::new();
    let mut open = vec![(stream.into_iter(), Delimiter::None, 0)];
    while let Some((stream, delimiter, last_line)) = open.last_mut() {
        match stream.next() {
            Some(TokenTree::Group(group)) => {
                let line = group.span_open().start().line;
                tokens.push((Token::Open(group.delimiter()), line));
                let close = group.span_close().start().line;
                open.push((group.stream().into_iter(), group.delimiter(), close));
            }
            Some(TokenTree::Ident(name)) => {
                let text = name.to_string();
                let text = text.strip_prefix("r#").unwrap_or(&text).to_owned();
                tokens.push((Token::Name(text), name.span().start().line));
            }
            Some(TokenTree::Punct(mark)) => {
                tokens.push((Token::Mark(mark.as_char()), mark.span().start().line));
            }
            Some(TokenTree::Literal(_)) => {}
            None => {
                tokens.push((Token::Close(*delimiter), *last_line));
                open.pop();
            }
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reaches_outside_is_named_with_its_line() {
        for (source, says) in [
            ("fn f() {\n unsafe { g() } }", "unsafe"),
            ("extern crate std as dltheory;", "extern"),
            (
                "const A: &str = include_str!(\"/etc/passwd\");",
                "include_str",
            ),
            ("use std::include_bytes as bytes;", "include_bytes"),
            ("fn f() { std::process::exit(0) }", "std::process"),
            ("use std::{fs, io};", "std::fs"),
            ("use std::{io, net as n};", "std::net"),
            (
                "use std as s; fn f() { s::process::abort() }",
                "std::process",
            ),
            (
                "fn f() { println!(\"{}\", std::env::var(\"A\").unwrap()) }",
                "env",
            ),
            ("#![allow(unsafe_code)]", "#![…]"),
            (
                "#[macro_export] macro_rules! vec { () => {} }",
                "macro_export",
            ),
            ("#[path = \"/etc/passwd\"] mod a;", "path"),
            ("#[unsafe(no_mangle)] fn malloc() {}", "no_mangle"),
            ("mod other;", "mod other;"),
            ("fn f() { crate::other::g() }", "crate::"),
            ("use super::*;", "super::"),
            ("mod m { fn f() { super::super::g() } }", "super::"),
            ("mod m {} fn f() { super::g() }", "super::"),
            ("use std::env;", "env"),
            ("mod nets { } use std::net::TcpStream;", "std::net"),
            ("use dltheory::fit::min_norm;", "dltheory::fit"),
            ("macro_rules! m { () => { include!(\"a\") } }", "include"),
        ] {
            let (line, sentence) = forbidden(source).unwrap_or_else(|| panic!("{source}"));
            assert!(sentence.contains(says), "{source}: {sentence}");
            assert!(line >= 1);
        }
        assert_eq!(forbidden("fn f() {\n unsafe {} }").unwrap().0, 2);
    }

    #[test]
    fn ordinary_code_is_left_alone() {
        for source in [
            "use dltheory::prelude::*; use std::collections::HashMap;",
            "pub(crate) fn f(net: &[f64], os: f64) -> f64 { net[0] * os }",
            "mod helpers { pub fn g() {} } fn f() { helpers::g(); self::helpers::g() }",
            "#[derive(Clone)] struct S; #[inline] fn f() { let process = 1; drop(process) }",
            "mod helper { use super::*; mod deep { use super::super::g; } } fn g() {}",
            "mod net { pub fn f() {} } fn f() { net::f(); self::net::f() }",
            "fn f(env: f64) -> f64 { let include = S { env }; include.env }",
            "fn f( {",
            "fn f() { println!(\"unsafe include_str!\") } // unsafe",
        ] {
            assert_eq!(forbidden(source), None, "{source}");
        }
    }

    #[test]
    fn deep_nesting_is_no_trouble() {
        let deep = format!("fn f() {{ {}1{} }}", "(".repeat(20_000), ")".repeat(20_000));
        assert_eq!(forbidden(&deep), None);
    }
}
