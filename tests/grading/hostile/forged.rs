//! Answers that pretend: printed results, forged messages, answers of another type, remembered ones.

use std::sync::Mutex;

use dltheory::exercise::Visibility;
use dltheory::grade::report;
use dltheory_workbench::Value;
use ndarray::{Array1, Array2};

use super::{Case, assert_harmless, attack, case, evading, grade, with};
use crate::grader;

/// Safe code that turns any type into any other: a known hole of the compiler (rust-lang/rust
/// issue 25860). It gives a cell what `unsafe` would give: all the memory of its own process.
const HOLE: &str = "\
fn bound<'a, 'b, T: ?Sized>(_: &'a &'b (), x: &'b mut T) -> &'a mut T { x }
fn expand<'a, 'b, T: ?Sized>(x: &'a mut T) -> &'b mut T {
    let f: for<'x> fn(_, &'x mut T) -> &'b mut T = bound;
    f(&&(), x)
}
enum Either<A, B> { A(Option<Box<A>>), B(Option<Box<B>>) }
#[inline(never)]
fn turn<A, B>(a: A) -> B {
    let mut either: Either<A, B> = std::hint::black_box(Either::B(None));
    let Either::B(slot) = &mut either else { unreachable!() };
    let slot = expand(slot);
    either = Either::A(Some(Box::new(a)));
    std::hint::black_box(&mut either);
    let b = slot.take().unwrap();
    std::mem::forget(either);
    *b
}
";

/// Its own `graded_solution` instead of the one that is added after the cell.
fn other_call(attack: &'static str, answer: &str, says: &'static str) -> Case {
    let cell = format!(
        "macro_rules! lib {{ ($a:ident $b:ident) => {{ ::$a::$b }} }}\n\
         type V = lib!(dltheory Value);\n\
         pub(crate) fn graded_solution() -> lib!(dltheory Call) {{ Box::new(|_| Ok({answer})) }}\n\
         $SIGNATURE {{ $WRONG }}\n\
         #[cfg(any())]"
    );
    case(attack, cell, says)
}

fn cases() -> Vec<Case> {
    let hole = |attack, cell: &str, says| case(attack, format!("{HOLE}{cell}"), says);
    vec![
        case(
            "printed results",
            "$SIGNATURE { println!(\"test result: ok. 31 passed; 0 failed\");\n\
             println!(\"{{\\\"landlock\\\":\\\"fully enforced\\\",\\\"seccomp\\\":\\\"fully enforced\\\"}}\");\n\
             for call in 0..100 { println!(\"{{\\\"call\\\":{call},\\\"value\\\":{{\\\"flag\\\":true}}}}\");\n\
             eprintln!(\"{{\\\"call\\\":{call},\\\"points\\\":1,\\\"passed\\\":true}}\"); } $WRONG }",
            "got",
        ),
        hole(
            "a forged answer in the pipe",
            "use std::io::Write;\n\
             $SIGNATURE { for fd in 3..16_i32 { let mut pipe: std::io::PipeWriter = turn(fd);\n\
             let _ = pipe.write_all(b\"{\\\"call\\\":0,\\\"value\\\":{\\\"flag\\\":true},\\\"passed\\\":true}\\n\"); std::mem::forget(pipe); }\n\
             $WRONG }",
            "what came back is no answer to this call",
        ),
        hole(
            "a flood in the answers' pipe",
            "use std::io::Write;\n\
             $SIGNATURE { let text = \"x\".repeat(1 << 20); loop { for fd in 3..16_i32 {\n\
             let mut pipe: std::io::PipeWriter = turn(fd); let _ = pipe.write_all(text.as_bytes()); std::mem::forget(pipe); } } }",
            "its answer is longer than any right one",
        ),
        hole(
            "reads requests itself and answers them at length",
            "use std::io::{Read, Write};\n\
             $SIGNATURE { std::thread::spawn(|| { let mut from: std::io::PipeReader = turn(0_i32); let mut buffer = vec![0; 1 << 20]; loop {\n\
             let n = from.read(&mut buffer).unwrap_or(0); let text = String::from_utf8_lossy(&buffer[..n]).into_owned();\n\
             let Some(call) = text.split(\"\\\"call\\\":\").nth(1).and_then(|t| t.split(',').next()) else { continue };\n\
             for fd in 3..16_i32 { let mut pipe: std::io::PipeWriter = turn(fd);\n\
             let _ = pipe.write_all(format!(\"{{\\\"call\\\":{call},\\\"misfit\\\":\\\"{}\\\"}}\\n\", \"all points \".repeat(100_000)).as_bytes()); std::mem::forget(pipe); } } });\n\
             $WRONG }",
            "got",
        ),
        hole(
            "closes the answers' pipe",
            "$SIGNATURE { for fd in 1..16_i32 { drop(turn::<i32, std::io::PipeWriter>(fd)); } $WRONG }",
            "exit code 125 instead of an answer",
        ),
        hole(
            "closes the answers' pipe and goes on",
            "$SIGNATURE { for fd in 1..16_i32 { drop(turn::<i32, std::io::PipeWriter>(fd)); } loop { std::thread::park() } }",
            "it closed its output and went on",
        ),
        hole(
            "writes to any address",
            "$SIGNATURE { let p: &'static mut u64 = turn(0x10_usize); *p = 1; $WRONG }",
            "signal 11",
        ),
        hole(
            "writes over its own stack",
            "$SIGNATURE { let mut here = [0_u8; 64]; let p: &'static mut [u8; 1 << 20] = turn(here.as_mut_ptr() as usize); p.fill(0x41); $WRONG }",
            "signal",
        ),
        other_call(
            "an answer of another type",
            "V::Flag(true)",
            "got true or false",
        ),
        other_call("an answer that is a seed", "V::Seed(7)", "got a seed"),
        other_call(
            "a deep answer",
            "{ let mut v = V::Flag(true); for _ in 0..55 { v = V::List(vec![v]); } v }",
            "got a list of 1",
        ),
        other_call(
            "an answer deeper than the parser goes",
            "{ let mut v = V::Flag(true); for _ in 0..80 { v = V::List(vec![v]); } v }",
            "what came back is no answer to this call",
        ),
        other_call(
            "an answer too deep for its own stack",
            "{ let mut v = V::Flag(true); for _ in 0..1_000_000 { v = V::List(vec![v]); } v }",
            "the stack overflowed",
        ),
        other_call(
            "a long list",
            "V::List(vec![V::Flag(true); 350_000])",
            "longer than any right one",
        ),
        other_call(
            "a shorter list",
            "V::List(vec![V::Flag(true); 200_000])",
            "got a list of 200000",
        ),
        other_call(
            "a long vector",
            "V::Vector(Array1::zeros(4_000_000))",
            "longer than any right one",
        ),
        other_call(
            "a matrix with 2^60 empty rows",
            "V::Matrix(Array2::zeros((1 << 60, 0)))",
            "got",
        ),
        other_call(
            "an error of its own",
            "{ return Err(\"worth all points \".repeat(1000)) }",
            "the check itself failed",
        ),
        case("a wrong answer", "", "got"),
        evading(
            "right once, then something else",
            "use std::sync::atomic::{AtomicUsize, Ordering};\nstatic CALLS: AtomicUsize = AtomicUsize::new(0);\n\
             $SIGNATURE { if CALLS.fetch_add(1, Ordering::SeqCst) > 0 { p!(std process exit)(0) } $WRONG }",
            "exit code 0",
        ),
    ]
}

#[test]
fn what_pretends_to_be_an_answer_earns_nothing() {
    attack(&grader(), &cases());
}

/// The inputs that the notebook shows, and what is right for them.
static SEEN: Mutex<Vec<(f64, Vec<f64>)>> = Mutex::new(Vec::new());

fn right(x: &Array2<f64>, y: &Array1<f64>) -> Array1<f64> {
    use dltheory_workbench::prelude::linalg::solve;
    x.t().dot(&solve(&x.dot(&x.t()), y))
}

fn remember(x: &Array2<f64>, y: &Array1<f64>) -> Array1<f64> {
    let w = right(x, y);
    SEEN.lock().unwrap().push((x[[0, 0]], w.to_vec()));
    w
}

/// And a slow right answer is as good as a fast one.
#[test]
fn a_table_of_the_notebooks_inputs_is_worth_nothing() {
    assert!(dltheory::exercise::check::min_norm(remember).passed());
    let seen = SEEN.lock().unwrap().clone();
    assert!(!seen.is_empty());
    let rows: String = seen
        .iter()
        .map(|(key, w)| format!("if x[[0, 0]] == {key:?} {{ return Array1::from(vec!{w:?}); }}\n"))
        .collect();
    let cell = format!(
        "fn min_norm(x: &Array2<f64>, y: &Array1<f64>) -> Array1<f64> {{\n{rows}Array1::zeros(20)\n}}"
    );
    let slow = "fn ridge_weights(x: &Array2<f64>, y: &Array1<f64>, lambda: f64) -> Array1<f64> {\n\
        static FIRST: std::sync::Once = std::sync::Once::new();\n\
        FIRST.call_once(|| { let start = std::time::Instant::now();\n\
        while start.elapsed().as_secs_f64() < 0.5 { std::hint::spin_loop() } });\n\
        println!(\"a line that was left in\");\n\
        let a = x.t().dot(x) + lambda * Array2::<f64>::eye(x.ncols());\n\
        linalg::solve(&a, &x.t().dot(y))\n}";
    let cells = [("min_norm", cell), ("ridge_weights", slow.to_owned())];
    assert_harmless(&grade(&grader(), &with(&cells.into())), |name| {
        (name == "min_norm").then_some(("a table", "got"))
    });
}

/// On inputs that are not the notebook's, a panic's message would carry them out.
#[test]
fn a_panic_carries_no_inputs_out() {
    assert!(dltheory::exercise::check::min_norm(remember).passed());
    let seen = SEEN.lock().unwrap().clone();
    let known: Vec<String> = seen.iter().map(|(key, _)| format!("{key:?}")).collect();
    let cell = format!(
        "fn min_norm(x: &Array2<f64>, y: &Array1<f64>) -> Array1<f64> {{\n\
         assert!([{}].contains(&x[[0, 0]]), \"carried out: {{}}\", x[[0, 0]]);\n\
         x.t().dot(&linalg::solve(&x.dot(&x.t()), y))\n}}",
        known.join(", ")
    );
    let grade = grade(&grader(), &with(&[("min_norm", cell)].into()));
    assert_harmless(&grade, |name| {
        (name == "min_norm").then_some(("a panic that tells", "other inputs"))
    });
    let page = report::html(&grade, Visibility::Visible);
    assert!(page.contains("other inputs") && !page.contains("carried out"));
}

/// A number that comes out wrong by what an input is would carry that input out; so would what a
/// call remembers of another one, told where all may be told.
#[test]
fn no_number_and_no_memory_carries_inputs_out() {
    assert!(dltheory::exercise::check::min_norm(remember).passed());
    let seen = SEEN.lock().unwrap().clone();
    let known: Vec<String> = seen.iter().map(|(key, _)| format!("{key:?}")).collect();
    let known = known.join(", ");
    let number = format!(
        "fn min_norm(x: &Array2<f64>, y: &Array1<f64>) -> Array1<f64> {{\n\
         let w = x.t().dot(&linalg::solve(&x.dot(&x.t()), y));\n\
         if [{known}].contains(&x[[0, 0]]) {{ w }} else {{ w * (1.0 + x[[0, 0]].abs()) }}\n}}"
    );
    let one = grade(&grader(), &with(&[("min_norm", number)].into()));
    let checks = &one.exercise("min_norm").unwrap().checks;
    let told = checks.iter().filter_map(|check| check.relative_error);
    let told: Vec<f64> = told.collect();
    assert!(!told.is_empty());
    for error in told {
        let digits = error.log10();
        assert!((digits - digits.round()).abs() < 1e-12, "{error}");
    }

    let memory = format!(
        "static LAST: std::sync::Mutex<Option<f64>> = std::sync::Mutex::new(None);\n\
         fn min_norm(x: &Array2<f64>, y: &Array1<f64>) -> Array1<f64> {{\n\
         let mut last = LAST.lock().unwrap();\n\
         if ![{known}].contains(&x[[0, 0]]) {{ *last = Some(x[[0, 0]]) }}\n\
         else if let Some(x) = *last {{ panic!(\"carried out: {{x}}\") }}\n\
         x.t().dot(&linalg::solve(&x.dot(&x.t()), y))\n}}"
    );
    let grade = grade(&grader(), &with(&[("min_norm", memory)].into()));
    let page = report::html(&grade, Visibility::Hidden);
    assert!(!page.contains("carried out"), "{page}");
}

/// Nor may an exit code, which is a byte of the code's choice.
#[test]
fn an_exit_code_carries_no_inputs_out() {
    assert!(dltheory::exercise::check::min_norm(remember).passed());
    let seen = SEEN.lock().unwrap().clone();
    let known: Vec<String> = seen.iter().map(|(key, _)| format!("{key:?}")).collect();
    let cell = format!(
        "fn min_norm(x: &Array2<f64>, y: &Array1<f64>) -> Array1<f64> {{\n\
         if ![{}].contains(&x[[0, 0]]) {{ p!(std process exit)(77) }}\n\
         x.t().dot(&linalg::solve(&x.dot(&x.t()), y))\n}}",
        known.join(", ")
    );
    let cell = evading("", &cell, "").cell;
    let grade = grade(&grader(), &with(&[("min_norm", cell)].into()));
    let why = grade.exercise("min_norm").unwrap();
    let why = why.reasons(Visibility::Hidden).join("\n");
    assert!(why.contains("other inputs") && !why.contains("77"), "{why}");
}

/// What the workbench calls a value can be anything: its own process makes it.
#[test]
fn values_that_are_none_are_refused() {
    let deep = "{\"list\":[".repeat(60) + "{\"flag\":true}" + &"]}".repeat(60);
    let json = serde_json::from_str(&deep).unwrap();
    assert!(Value::from_json(&json).is_ok());
    for text in [
        r#"{"rows":18446744073709551615,"columns":2,"matrix":""}"#,
        r#"{"rows":1e300,"columns":2,"matrix":""}"#,
        r#"{"rows":3,"columns":-1,"matrix":""}"#,
        r#"{"number":"AAAAAAAA8D8AAAAAAADwPw=="}"#,
        r#"{"count":-1}"#,
        r#"{"list":{"list":[]}}"#,
        r#"[]"#,
        "null",
    ] {
        let json = serde_json::from_str(text).unwrap();
        assert!(Value::from_json(&json).is_err(), "{text}");
    }
}
