//! Cells that attack the compiler, the other cells, or the words that everyone uses.

use std::collections::BTreeMap;

use dltheory::grade::GradeSettings;

use super::{Case, assert_harmless, attack, case, grade, with};
use crate::{Own, grader, short};

/// What the compiler refuses, or what it takes without harm.
fn refused() -> Vec<Case> {
    vec![
        case(
            "types of its own under the usual names",
            "struct Array1<T>(T); struct Array2<T>(T); struct Vec<T>(T); struct Option; struct String; struct Rng;\n\
             $SIGNATURE { loop {} }",
            "the function must be",
        ),
        case(
            "graded_solution",
            "fn graded_solution() {}",
            "the function must be",
        ),
        case(
            "an attribute that swallows what is added",
            "$SIGNATURE { $WRONG }\n#[cfg(any())]",
            "the function must be",
        ),
        case(
            "a graded_solution of another type",
            "pub fn graded_solution() -> u8 { 1 }\n$SIGNATURE { $WRONG }\n#[cfg(any())]",
            "the function must be",
        ),
        case(
            "no such function",
            "fn other() {} // $SIGNATURE",
            "its cell has no `fn",
        ),
        case(
            "another signature",
            "fn $NAME() {} // $SIGNATURE",
            "the function must be",
        ),
        case(
            "a name that only looks right",
            "fn $N\u{430}ME() {} // $SIGNATURE",
            "cell",
        ),
        case(
            "a brace too few",
            "$SIGNATURE { {{{ $WRONG }",
            "unclosed delimiter",
        ),
        case(
            "a comment without end",
            "$SIGNATURE { $WRONG } /* /* */",
            "unterminated block comment",
        ),
        case(
            "a string without end",
            "$SIGNATURE { $WRONG } const A: &str = \"",
            "unterminated double quote",
        ),
        case(
            "an invisible character",
            "fn a\u{200b}() {}",
            "unknown start of token",
        ),
        case("a zero byte", "fn a() {} \0", "unknown start of token"),
        case(
            "text that turns round",
            "const A: &str = \"\u{202e} } \u{2066}\";",
            "cell",
        ),
        case(
            "an error of its own words",
            "fn other() { compile_error!(\"\\u{1b}[2Jtest result: ok. all points\"); }",
            "test result: ok. all points",
        ),
        case(
            "a macro without end",
            "macro_rules! m { () => { m!{} } }\nm!{}",
            "recursion limit",
        ),
        case(
            "a loop at compile time",
            "const A: u64 = { let mut i = 0_u64; loop { i += 1; if i == 0 { break i } } };\n$SIGNATURE { let _ = A; $WRONG }",
            "constant evaluation is taking a long time",
        ),
        case(
            "a constant of 64 GiB",
            "static A: [u8; 64 << 30] = [1; 64 << 30];\n$SIGNATURE { std::hint::black_box(&A); $WRONG }",
            "cell",
        ),
        case(
            "a type without end",
            "struct S<T>(T);\nfn f<T>(n: u64, t: T) { if n > 0 { f(n - 1, S(t)) } }\n$SIGNATURE { f(9, 0); $WRONG }",
            "recursion limit",
        ),
        case(
            "a trait without end",
            "struct S<T>(T); trait T {} impl<X> T for X where S<X>: T {} fn f<X: T>(_: X) {}\n$SIGNATURE { f(0); $WRONG }",
            "overflow",
        ),
        case(
            "a derive without end",
            "$SIGNATURE { let f = |x: &dyn Fn()| x(); fn g() -> impl Sized { (g(),) } g(); $WRONG }",
            "cell",
        ),
    ]
}

/// What compiles, and would change other cells if they shared names.
fn shadows() -> Vec<Case> {
    vec![
        case(
            "a module called dltheory",
            "mod dltheory { pub mod prelude { pub struct Stream; } }\nuse dltheory::prelude::*;",
            "got",
        ),
        case(
            "macros of its own under the usual names",
            "macro_rules! vec { ($($t:tt)*) => { compile_error!() } } macro_rules! println { ($($t:tt)*) => { loop {} } }\n\
             macro_rules! todo { () => { 0 } } macro_rules! assert { ($($t:tt)*) => {} } macro_rules! panic { ($($t:tt)*) => {} }\n\
             macro_rules! s { ($($t:tt)*) => { compile_error!() } } macro_rules! array { ($($t:tt)*) => { compile_error!() } }\n\
             macro_rules! signatures { ($($t:tt)*) => {} } macro_rules! adapters { ($($t:tt)*) => {} } macro_rules! json { ($($t:tt)*) => {} }",
            "got",
        ),
        case(
            "traits with the usual methods",
            "trait Dot { fn dot(&self, _: &Self) -> f64 { 0.0 } fn mapv(&self) {} fn iter(&self) {} fn clone(&self) {} }\n\
             impl<T> Dot for T {} impl std::ops::Add<Mine> for Array1<f64> { type Output = Mine; fn add(self, m: Mine) -> Mine { m } } struct Mine;",
            "got",
        ),
        case(
            "conversions of the usual types",
            "struct Mine; impl From<Mine> for f64 { fn from(_: Mine) -> f64 { 0.0 } } impl PartialEq<Mine> for char { fn eq(&self, _: &Mine) -> bool { true } }\n\
             impl std::ops::Mul<Mine> for f64 { type Output = f64; fn mul(self, _: Mine) -> f64 { 0.0 } } impl std::iter::Sum<Mine> for f64 { fn sum<I: Iterator<Item = Mine>>(_: I) -> f64 { 0.0 } }\n\
             impl Distribution<Mine> for StandardNormal { fn sample<R: ?Sized>(&self, _: &mut R) -> Mine { Mine } }",
            "got",
        ),
        case(
            "a main of its own",
            "pub fn main() { loop {} } mod worker { pub fn main() {} } mod min_norm { pub fn graded_solution() {} }",
            "got",
        ),
        case(
            "a thread pool",
            "$SIGNATURE { let all: Vec<f64> = std::thread::scope(|s| (0..4).map(|i| s.spawn(move || i as f64).join().unwrap()).collect()); drop(all); $WRONG }",
            "got",
        ),
        case(
            "a type's Drop that loops in a static",
            "struct D; impl Drop for D { fn drop(&mut self) { loop {} } } static A: std::sync::OnceLock<D> = std::sync::OnceLock::new();\n$SIGNATURE { A.get_or_init(|| D); $WRONG }",
            "got",
        ),
        case(
            "a thread-local whose Drop exits",
            "struct D; impl Drop for D { fn drop(&mut self) { panic!() } } thread_local! { static A: D = D; }\n$SIGNATURE { A.with(|_| ()); $WRONG }",
            "got",
        ),
    ]
}

/// What uses up the compiler's time or memory and names nobody.
fn bombs() -> Vec<Case> {
    vec![
        case(
            "a loop at compile time, allowed",
            "#[allow(long_running_const_eval)]\nconst A: u64 = { let mut i = 0_u64; loop { i += 1; if i == 0 { break i } } };\n$SIGNATURE { let _ = A; $WRONG }",
            "long_running_const_eval",
        ),
        case(
            "a macro that doubles",
            "macro_rules! m { ($($t:tt)*) => { m!{$($t)* $($t)*} } }\nm!{a a a a}",
            "compil",
        ),
        case(
            "types that double",
            format!(
                "struct S<N>(N); trait Step<P> {{ fn run(); }} impl<P> Step<P> for () {{ fn run() {{}} }}\n\
                 impl<P, N> Step<P> for S<N> where N: Step<(P, u8)> + Step<(u8, P)> {{ fn run() {{ <N as Step<(P, u8)>>::run(); <N as Step<(u8, P)>>::run() }} }}\n\
                 $SIGNATURE {{ <{}(){} as Step<u8>>::run(); $WRONG }}",
                "S<".repeat(28),
                ">".repeat(28)
            ),
            "compil",
        ),
        case(
            "a deep nest",
            format!(
                "$SIGNATURE {{ let _ = {}1{}; $WRONG }}",
                "(".repeat(30_000),
                ")".repeat(30_000)
            ),
            "compil",
        ),
    ]
}

/// For bombs: the compiler may take little more than clean cells need.
fn impatient() -> Own {
    Own::new(GradeSettings {
        build_seconds: 6,
        ..short()
    })
}

#[test]
fn the_compiler_names_whose_fault_it_is() {
    attack(&grader(), &refused());
}

#[test]
fn names_of_one_cell_are_no_others() {
    attack(&grader(), &shadows());
}

#[test]
fn a_bomb_in_the_compiler_hits_its_own_exercise() {
    attack(&impatient(), &bombs());
}

/// An `impl` counts in the whole program: here it makes another cell ambiguous, which is right. And
/// a plain mistake, in a third, is named by notebook, cell and line.
#[test]
fn one_error_costs_one_exercise_and_names_its_place() {
    let hostile = case(
        "an impl that spoils inference",
        "struct Mine; impl PartialEq<Mine> for char { fn eq(&self, _: &Mine) -> bool { true } }",
        "got",
    );
    let clean = "fn min_norm(x: &Array2<f64>, y: &Array1<f64>) -> Array1<f64> {\n\
        assert!('a' == \"a\".parse().unwrap());\n\
        x.t().dot(&linalg::solve(&x.dot(&x.t()), y))\n}";
    let wrong = "// mine\n\
        fn worst_labels(x: &Array1<f64>, t: f64) -> Array1<f64> {\n    let w: f64 = x;\n    t * x\n}";
    let cells = [
        ("ridge_weights", hostile.fill("ridge_weights")),
        ("min_norm", clean.to_owned()),
        ("worst_labels", wrong.to_owned()),
    ];
    let submission = with(&BTreeMap::from(cells));
    let json: serde_json::Value = serde_json::from_slice(&submission.notebooks[0].bytes).unwrap();
    let mut all = json["cells"].as_array().unwrap().iter();
    let number = 1 + all
        .position(|cell| cell["metadata"]["exercise"] == "worst_labels")
        .unwrap();
    let says = format!("answers.ipynb, cell {number}, line 3: mismatched types");
    assert_harmless(&grade(&grader(), &submission), |name| match name {
        "ridge_weights" => Some((hostile.attack, hostile.says)),
        "worst_labels" => Some(("a mistake", &says)),
        _ => None,
    });
}
