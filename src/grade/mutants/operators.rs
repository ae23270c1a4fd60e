//! The small changes: a sign, one more or one less, another constant, a term left out, another
//! norm or divisor, an argument ignored. Each is one change at one place of the body.

use std::ops::Range;

use proc_macro2::Delimiter;

use super::tokens::{Kind, Token, closing, opening, tokens};

/// A place of the source, and what stands there instead.
type Edit = (Range<usize>, String);

/// The programs that are one change away from `source`, a function; each once.
pub(super) fn changed(source: &str) -> Vec<String> {
    let Some(tokens) = tokens(source) else {
        return Vec::new();
    };
    let is_body = |token: &Token| token.kind == Kind::Open(Delimiter::Brace);
    let Some(start) = tokens.iter().position(is_body) else {
        return Vec::new();
    };
    let body = Body {
        tokens: &tokens[start..],
    };
    let arguments = arguments(&tokens[..start], source);
    let mut edits = ignored(&arguments, tokens[start].place.end);
    for i in 0..body.tokens.len() {
        body.operators(i, &mut edits);
        body.words(i, &arguments, &mut edits);
        body.statements(i, &mut edits);
    }
    let mut programs: Vec<String> = Vec::new();
    for (place, new) in edits {
        let mut program = source.to_owned();
        program.replace_range(place, &new);
        if program != source && !programs.contains(&program) {
            programs.push(program);
        }
    }
    programs
}

/// Names and types of the function's arguments.
fn arguments(head: &[Token], source: &str) -> Vec<(String, String)> {
    let parenthesis = |token: &Token| token.kind == Kind::Open(Delimiter::Parenthesis);
    let Some(open) = head.iter().position(parenthesis) else {
        return Vec::new();
    };
    let text = &source[head[open].place.end..head[closing(head, open)].place.start];
    let split = |argument: &str| {
        let (name, kind) = argument.split_once(':')?;
        Some((name.trim().to_owned(), kind.trim().to_owned()))
    };
    // No type of a signature has a comma in it.
    text.split(',').filter_map(split).collect()
}

/// Each argument replaced by a constant, before the first statement.
fn ignored(arguments: &[(String, String)], start: usize) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (name, kind) in arguments {
        let constants: &[&str] = match kind.as_str() {
            _ if name.starts_with('_') => &[],
            "f64" => &["1.0_f64", "2.0 * NAME"],
            "usize" => &["1_usize", "NAME + 1"],
            "bool" => &["true", "false"],
            "&Array1<f64>" | "&Array2<f64>" => &["&(NAME * 0.0 + 1.0)", "&NAME.mapv(f64::abs)"],
            "&Vec<f64>" => &["&vec![1.0_f64; NAME.len()]"],
            "&Vec<usize>" => &["&vec![1_usize; NAME.len()]"],
            "&Vec<Array2<f64>>" => &["&NAME[..1].to_vec()", "&NAME[NAME.len() - 1..].to_vec()"],
            "&mut Rng" => &["&mut stream(0, \"\", 0)"],
            _ => &[],
        };
        for constant in constants {
            let value = constant.replace("NAME", name);
            edits.push((start..start, format!("\n    let {name} = {value};")));
        }
    }
    edits
}

struct Body<'a> {
    tokens: &'a [Token],
}

impl Body<'_> {
    fn before(&self, i: usize) -> Option<&Token> {
        i.checked_sub(1).map(|before| &self.tokens[before])
    }

    fn follows(&self, i: usize, text: &str) -> bool {
        self.tokens.get(i).is_some_and(|token| token.is(text))
    }

    /// Whether the mark at `i` stands between two values and not in a type.
    fn between_values(&self, i: usize) -> bool {
        let left = self.before(i).is_some_and(|token| {
            let name_of_a_type = token.text.starts_with(char::is_uppercase);
            token.ends_a_value() && !(name_of_a_type && self.tokens[i].is("<"))
        });
        let right = self
            .tokens
            .get(i + 1)
            .is_some_and(|token| !matches!(token.kind, Kind::Close(_)));
        // `Array1<f64>`: its second bracket comes two tokens after a first one.
        let closes = i >= 2 && self.tokens[i].is(">") && self.tokens[i - 2].is("<");
        left && right && !closes
    }

    /// The values beside the operator at `i`: ranges of tokens.
    fn operands(&self, i: usize) -> (Range<usize>, Range<usize>) {
        let weak = |token: &Token| ["+", "-"].contains(&token.text.as_str());
        let product = !weak(&self.tokens[i]);
        let stops = |at: usize| {
            let token = &self.tokens[at];
            match token.kind {
                Kind::Name => ["return", "in", "if", "else", "let"].contains(&token.text.as_str()),
                Kind::Mark if weak(token) => self.between_values(at),
                Kind::Mark if ["*", "/", "%"].contains(&token.text.as_str()) => {
                    product && self.between_values(at)
                }
                Kind::Mark => ![".", "::", "!", "&"].contains(&token.text.as_str()),
                _ => false,
            }
        };
        let mut right = i + 1;
        while right < self.tokens.len() && !stops(right) {
            match self.tokens[right].kind {
                Kind::Open(Delimiter::Brace) | Kind::Close(_) => break,
                Kind::Open(_) => right = closing(self.tokens, right) + 1,
                _ => right += 1,
            }
        }
        let mut left = i;
        while left > 0 && !stops(left - 1) {
            match self.tokens[left - 1].kind {
                Kind::Close(Delimiter::Brace) | Kind::Open(_) => break,
                Kind::Close(_) => left = opening(self.tokens, left - 1),
                _ => left -= 1,
            }
        }
        (left..i, i + 1..right)
    }

    fn place(&self, tokens: Range<usize>) -> Range<usize> {
        self.tokens[tokens.start].place.start..self.tokens[tokens.end - 1].place.end
    }

    /// Another sign, another comparison, a term or factor left out.
    fn operators(&self, i: usize, edits: &mut Vec<Edit>) {
        let token = &self.tokens[i];
        if token.kind != Kind::Mark {
            return;
        }
        let text = token.text.as_str();
        let others: &[&str] = match text {
            "+=" => &["-=", "*="],
            "-=" => &["+="],
            "*=" => &["/=", "+="],
            "/=" => &["*="],
            "==" => &["!="],
            "!=" => &["=="],
            "..=" => &[".."],
            "<=" => &["<", ">"],
            ">=" => &[">", "<"],
            ">>" => &["<<"],
            "&&" => &["||"],
            _ if !self.between_values(i) => &[],
            "||" => &["&&"],
            "+" => &["-", "*"],
            "-" => &["+"],
            "*" => &["/", "+"],
            "/" => &["*"],
            "%" => &["/"],
            "<" => &["<=", ">"],
            ">" => &[">=", "<"],
            _ => &[],
        };
        edits.extend(
            others
                .iter()
                .map(|new| (token.place.clone(), (*new).into())),
        );
        if "+-*/%".contains(text) && self.between_values(i) {
            let (left, right) = self.operands(i);
            if !right.is_empty() {
                edits.push((self.place(i..right.end), String::new()));
            }
            if "+*".contains(text) && !left.is_empty() {
                edits.push((self.place(left.start..i + 1), String::new()));
            }
        } else if "-!".contains(text)
            && !self.follows(i + 1, "[")
            && !self.before(i).is_some_and(Token::ends_a_value)
        {
            edits.push((token.place.clone(), String::new()));
        }
    }

    /// Another constant, another method, a method left out, the neighbouring argument.
    fn words(&self, i: usize, arguments: &[(String, String)], edits: &mut Vec<Edit>) {
        let token = &self.tokens[i];
        let replace = |new: String| (token.place.clone(), new);
        let after_dot = self.before(i).is_some_and(|before| before.is("."));
        if token.kind == Kind::Literal {
            edits.extend(numbers_near(&token.text).into_iter().map(replace));
        }
        if token.kind != Kind::Name {
            return;
        }
        let calls_nothing = self.follows(i + 1, "(") && self.follows(i + 2, ")");
        if after_dot && calls_nothing && LEFT_OUT.contains(&token.text.as_str()) {
            edits.push((self.place(i - 1..i + 3), String::new()));
        }
        for (one, other) in EXCHANGED {
            if token.is(one) {
                edits.push(replace((*other).to_owned()));
            }
        }
        if !after_dot && let Some((name, kind)) = arguments.iter().find(|(name, _)| token.is(name))
        {
            let like = arguments
                .iter()
                .filter(|(other, its)| its == kind && other != name);
            edits.extend(like.map(|(other, _)| replace(other.clone())));
        }
    }

    /// A statement left out; a condition that always or never holds.
    fn statements(&self, i: usize, edits: &mut Vec<Edit>) {
        let token = &self.tokens[i];
        if token.is("if") && !self.follows(i + 1, "let") {
            let mut end = i + 1;
            while !matches!(self.tokens[end].kind, Kind::Open(Delimiter::Brace))
                && !self.tokens[end].is("=>")
            {
                end = match self.tokens[end].kind {
                    Kind::Open(_) => closing(self.tokens, end) + 1,
                    _ => end + 1,
                };
            }
            for always in ["true", "false"] {
                edits.push((self.place(i + 1..end), always.into()));
            }
        }
        if token.is(";") {
            let mut start = i;
            while start > 0 && !self.tokens[start - 1].is(";") {
                match self.tokens[start - 1].kind {
                    Kind::Open(_) | Kind::Close(Delimiter::Brace) => break,
                    Kind::Close(_) => start = opening(self.tokens, start - 1),
                    _ => start -= 1,
                }
            }
            if start < i && !self.tokens[start].is("let") {
                edits.push((self.place(start..i + 1), String::new()));
            }
        }
    }
}

/// Methods without arguments that may be left out.
const LEFT_OUT: &[&str] = &["sqrt", "abs", "ln", "exp", "t", "signum", "ceil", "rev"];

/// Names that stand where the other could.
const EXCHANGED: &[(&str, &str)] = &[
    ("cos", "sin"),
    ("sin", "cos"),
    ("max", "min"),
    ("min", "max"),
    ("sum", "product"),
    ("product", "sum"),
    ("ceil", "floor"),
    ("ceil", "round"),
    ("nrows", "ncols"),
    ("ncols", "nrows"),
    ("row", "column"),
    ("INFINITY", "NEG_INFINITY"),
    ("NEG_INFINITY", "INFINITY"),
    ("FRAC_PI_2", "PI"),
    ("ones", "zeros"),
    ("zeros", "ones"),
    ("ln", "log2"),
    ("exp", "exp2"),
    ("sqrt", "cbrt"),
    ("StandardNormal", "rand_distr::StandardUniform"),
    ("abs", "signum"),
];

/// One more and one less.
fn numbers_near(literal: &str) -> Vec<String> {
    let digits = literal.replace('_', "");
    let (number, suffix) = match digits.find(|c: char| c.is_ascii_alphabetic()) {
        Some(at) => digits.split_at(at),
        None => (digits.as_str(), ""),
    };
    if let Ok(n) = number.parse::<u64>() {
        let near = [Some(n + 1), n.checked_sub(1)].into_iter().flatten();
        return near.map(|n| format!("{n}{suffix}")).collect();
    }
    match number.parse::<f64>() {
        Ok(x) => vec![
            format!("{:?}{suffix}", x + 1.0),
            format!("({:?}{suffix})", x - 1.0),
        ],
        Err(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bodies(body: &str) -> Vec<String> {
        let head = "fn f(a: f64, b: f64) -> f64 {";
        let all = changed(&format!("{head}{body}}}"));
        let cut = |program: &String| program[head.len()..program.len() - 1].trim().to_owned();
        all.iter().map(cut).collect()
    }

    #[test]
    fn every_kind_of_change_is_made() {
        let all = bodies("if a <= 2.0 { return -a.sqrt(); } let c = a * b + 1.0; c");
        for wanted in [
            "let b = 1.0_f64;if a <= 2.0 { return -a.sqrt(); } let c = a * b + 1.0; c",
            "if a < 2.0 { return -a.sqrt(); } let c = a * b + 1.0; c",
            "if true { return -a.sqrt(); } let c = a * b + 1.0; c",
            "if a <= 3.0 { return -a.sqrt(); } let c = a * b + 1.0; c",
            "if a <= 2.0 { return a.sqrt(); } let c = a * b + 1.0; c",
            "if a <= 2.0 { return -a; } let c = a * b + 1.0; c",
            "if a <= 2.0 { return -b.sqrt(); } let c = a * b + 1.0; c",
            "if a <= 2.0 {  } let c = a * b + 1.0; c",
            "if a <= 2.0 { return -a.sqrt(); } let c = a / b + 1.0; c",
            "if a <= 2.0 { return -a.sqrt(); } let c = a  + 1.0; c",
            "if a <= 2.0 { return -a.sqrt(); } let c =  b + 1.0; c",
            "if a <= 2.0 { return -a.sqrt(); } let c =  1.0; c",
            "if a <= 2.0 { return -a.sqrt(); } let c = a * b ; c",
        ] {
            assert!(all.iter().any(|got| got == wanted), "{wanted}\n{all:#?}");
        }
    }

    #[test]
    fn types_and_borrows_are_no_operators() {
        let all = bodies("let x: Array1<f64> = *y; g(&-x, |v| v)");
        assert!(
            all.iter().all(|body| body.contains("Array1<f64> = *y")),
            "{all:#?}"
        );
        assert!(
            all.iter().any(|body| body.contains("g(&x, |v| v)")),
            "{all:#?}"
        );
        assert!(changed("no Rust {").is_empty());
    }
}
