//! What a cell means, in the notebook and when it is graded.
//!
//! Of a cell its items are graded: functions, types, constants, macros and what they `use`. Statements beside them (a
//! try-out, a `println!`, `check::…`), lines to the kernel (`:dep`, `:vars`) and attributes of the whole (`#![…]`, `//!`)
//! are the notebook's, and left out. Lines keep their numbers.

mod elsewhere;
mod here;
mod lint;

use std::ops::Range;

use proc_macro2::Span;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Attribute, Block, Expr, Item, ItemFn, Macro, Signature, Stmt};

#[cfg(feature = "cli")]
pub(crate) use elsewhere::OFFERED;
pub(crate) use elsewhere::{from_elsewhere, names_of};
pub(crate) use here::notes;
pub(crate) use lint::forbidden;
#[cfg(feature = "cli")]
pub(crate) use lint::readable;

/// The longest cell that is graded, bytes.
pub(crate) const LARGEST: usize = 64 << 10;

/// A cell as it is graded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Meaning {
    /// The text with blanks where something is left out.
    pub(crate) graded: String,
    /// The lines, from 1, of statements that are left out.
    pub(crate) left_out: Vec<usize>,
    /// Its functions, unless they are inside something else.
    pub(crate) functions: Vec<Function>,
}

/// A function of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Function {
    /// Its name.
    pub(crate) name: String,
    /// The types it takes and gives, without blanks; empty where the cell is no Rust.
    pub(crate) types: String,
    /// Whether its body is `todo!(…)` alone.
    pub(crate) stub: bool,
}

impl Meaning {
    /// Of a cell whose text says that it has no function.
    #[cfg(feature = "cli")]
    pub(crate) fn nothing(source: &str) -> Self {
        Self {
            graded: source.to_owned(),
            left_out: Vec::new(),
            functions: Vec::new(),
        }
    }

    /// The function called `name`.
    pub(crate) fn function(&self, name: &str) -> Option<&Function> {
        self.functions.iter().find(|function| function.name == name)
    }

    /// What is said of the lines that are left out.
    pub(crate) fn note(&self) -> Option<String> {
        let lines = match self.left_out.as_slice() {
            [] => return None,
            [line] => format!("line {line} is"),
            lines => {
                let lines: Vec<String> = lines.iter().map(usize::to_string).collect();
                format!("lines {} are", lines.join(", "))
            }
        };
        Some(format!(
            "{lines} not graded: of a cell only functions and other items are"
        ))
    }
}

/// Reads a cell. Text that is no Rust stays as it is, but for lines to the kernel: the compiler says better what is wrong.
pub(crate) fn meaning(source: &str) -> Meaning {
    let source = without_kernel_lines(source);
    with_room(|| parsed(&source)).unwrap_or_else(|| Meaning {
        functions: named_functions(&source),
        graded: source.clone(),
        left_out: Vec::new(),
    })
}

/// What `f` finds on a stack on which no cell nests too deep for the parser; nothing if there is no room for one.
pub(super) fn with_room<T: Send>(f: impl FnOnce() -> Option<T> + Send) -> Option<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, f)
            .ok()?;
        thread.join().ok().flatten()
    })
}

/// Some 16 KiB for each byte of the longest cell. Only what is used takes memory.
const STACK: usize = 1 << 30;

/// The meaning of a cell that is Rust.
fn parsed(source: &str) -> Option<Meaning> {
    if source.len() > LARGEST {
        return None;
    }
    let (attributes, statements) = parse.parse_str(source).ok()?;
    let own_macros: Vec<String> = statements.iter().filter_map(macro_name).collect();
    let mut blank: Vec<Range<usize>> = attributes.iter().map(|a| a.span().byte_range()).collect();
    let (mut left_out, mut functions) = (Vec::new(), Vec::new());
    for statement in &statements {
        match statement {
            Stmt::Item(Item::Fn(function)) => functions.push(Function::of(function, source)),
            Stmt::Item(_) => {}
            Stmt::Macro(call) if makes_items(&call.mac, &own_macros) => {}
            other => {
                left_out.push(other.span().start().line);
                blank.push(other.span().byte_range());
            }
        }
    }
    Some(Meaning {
        graded: blanked(source, &blank),
        left_out,
        functions,
    })
}

/// The types that `signature`, the text of a function's head, takes and gives, as in [`Function::types`].
#[cfg(any(feature = "cli", test))]
pub(crate) fn types_of(signature: &str) -> String {
    syn::parse_str::<Signature>(signature).map_or_else(|_| String::new(), |s| types(&s, signature))
}

fn parse(input: ParseStream<'_>) -> syn::Result<(Vec<Attribute>, Vec<Stmt>)> {
    Ok((
        input.call(Attribute::parse_inner)?,
        input.call(Block::parse_within)?,
    ))
}

impl Function {
    fn of(function: &ItemFn, source: &str) -> Self {
        let todo = |mac: &Macro| {
            let name = mac.path.segments.last().map(|s| s.ident.to_string());
            name.is_some_and(|name| name == "todo" || name == "unimplemented")
        };
        let stub = match function.block.stmts.as_slice() {
            [Stmt::Macro(call)] => todo(&call.mac),
            [Stmt::Expr(Expr::Macro(call), _)] => todo(&call.mac),
            _ => false,
        };
        Self {
            name: function.sig.ident.to_string(),
            types: types(&function.sig, source),
            stub,
        }
    }
}

fn types(signature: &Signature, source: &str) -> String {
    let text = |span: Span| source.get(span.byte_range()).unwrap_or_default().to_owned();
    let mut types = String::new();
    for input in &signature.inputs {
        types += &match input {
            syn::FnArg::Typed(argument) => text(argument.ty.span()),
            other => text(other.span()),
        };
        types.push(',');
    }
    types += &text(signature.output.span());
    types.retain(|c| !c.is_whitespace());
    types
}

/// The name that a `macro_rules!` gives.
fn macro_name(statement: &Stmt) -> Option<String> {
    match statement {
        Stmt::Item(Item::Macro(item)) => item.ident.as_ref().map(ToString::to_string),
        _ => None,
    }
}

/// Whether a call of a macro beside items makes items: one of the cell's own may, `println!` does not.
fn makes_items(mac: &Macro, own: &[String]) -> bool {
    let name = mac.path.segments.last().map(|s| s.ident.to_string());
    name.is_some_and(|name| name == "thread_local" || own.contains(&name))
}

/// `:dep`, `:vars`, …: what the kernel takes for itself.
fn without_kernel_lines(source: &str) -> String {
    let command = |line: &str| {
        let after = line.trim_start().strip_prefix(':');
        after.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()))
    };
    let lines = source.split_inclusive('\n');
    let kept = lines.map(|line| match command(line) {
        true if line.ends_with('\n') => "\n",
        true => "",
        false => line,
    });
    kept.collect()
}

/// The text with blanks at these places, line breaks kept.
fn blanked(source: &str, places: &[Range<usize>]) -> String {
    let within = |at: usize| places.iter().any(|place| place.contains(&at));
    let chars = source.char_indices();
    chars
        .map(|(at, c)| if c != '\n' && within(at) { ' ' } else { c })
        .collect()
}

/// The words after `fn`, for text that does not parse.
fn named_functions(source: &str) -> Vec<Function> {
    let words = |line: &str| -> Vec<String> {
        let parts = line.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        parts.filter(|w| !w.is_empty()).map(str::to_owned).collect()
    };
    let code = source
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    let mut functions = Vec::new();
    for line in code {
        for pair in words(line).windows(2) {
            if pair[0] == "fn" {
                functions.push(Function {
                    name: pair[1].clone(),
                    types: String::new(),
                    stub: false,
                });
            }
        }
    }
    functions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_stay_and_statements_go() {
        let source = "#![allow(unused)]\n//! mine\n:dep x = \"1\"\n// exercise: f\nuse std::f64::consts::PI;\n\
            fn f() -> f64 {\n    PI\n}\nlet x = f();\nprintln!(\"{x}\");\ncheck::f(f)";
        let meaning = meaning(source);
        assert_eq!(meaning.left_out, [9, 10, 11]);
        assert_eq!(meaning.graded.lines().count(), source.lines().count());
        let kept: Vec<&str> = meaning
            .graded
            .lines()
            .filter(|l| !l.trim().is_empty())
            .collect();
        let expected = [
            "// exercise: f",
            "use std::f64::consts::PI;",
            "fn f() -> f64 {",
            "    PI",
            "}",
        ];
        assert_eq!(kept, expected);
        assert!(
            meaning
                .note()
                .is_some_and(|note| note.starts_with("lines 9, 10, 11 are"))
        );
    }

    #[test]
    fn a_macro_of_the_cell_may_make_items() {
        let source = "macro_rules! make { ($n:ident) => { fn $n() {} } }\nmake!(g);\nthread_local! { static A: u8 = 1; }\nfn f() { g() }";
        assert_eq!(meaning(source).graded, source);
    }

    #[test]
    fn functions_are_known_by_name_types_and_whether_they_are_stubs() {
        let read = meaning(
            "/// π\npub fn f( x: &Array2<f64> , n :usize)->f64 { todo!(\"later\") }\nfn g() { if true { todo!() } }",
        );
        let f = read.function("f").expect("is there");
        assert!(f.stub && f.types == types_of("fn f(x: &Array2<f64>, n: usize) -> f64"));
        assert_ne!(f.types, types_of("fn f(x: &Array2<f64>, n: usize) -> f32"));
        assert!(!read.function("g").expect("is there").stub);
    }

    #[test]
    fn nesting_is_no_trouble_in_whatever_way() {
        for (open, close) in [
            ("(", ")"),
            ("{", "}"),
            ("!", ""),
            ("-", ""),
            ("&", ""),
            ("|_|", ""),
            ("if 1 {} else ", "{}"),
            ("a::<", ">"),
        ] {
            let count = (LARGEST - 100) / (open.len() + close.len());
            let deep = format!(
                "fn f() {{ {}1{} }}",
                open.repeat(count),
                close.repeat(count)
            );
            assert!(meaning(&deep).function("f").is_some(), "{open}");
        }
    }

    #[test]
    fn what_is_no_rust_keeps_its_text() {
        let broken = meaning(":vars\nfn f(x: f64 { x }");
        assert_eq!(broken.graded, "\nfn f(x: f64 { x }");
        assert!(broken.function("f").is_some() && broken.left_out.is_empty());
        assert!(meaning("// fn f() {}\n\"").function("f").is_none());
    }
}
