//! Solutions that end, hang, or use up what there is.

use dltheory::exercise::Visibility;
use dltheory::grade::GradeSettings;

use super::{Case, attack, case, evading, grade, with};
use crate::{Own, grader, short};

/// Every call ends the process at once.
fn at_once() -> Vec<Case> {
    vec![
        evading(
            "exit(0)",
            "$SIGNATURE { p!(std process exit)(0) }",
            "exit code 0 instead of an answer",
        ),
        evading(
            "abort",
            "$SIGNATURE { p!(std process abort)() }",
            "signal 6",
        ),
        evading(
            "exit from another thread",
            "$SIGNATURE { std::thread::spawn(|| { p!(std process exit)(0) }); loop { std::thread::park() } }",
            "exit code 0",
        ),
        evading(
            "blaming the grader",
            "$SIGNATURE { eprintln!(\"worker: the grader is broken\"); p!(std process exit)(125) }",
            "exit code 125 instead of an answer",
        ),
        case(
            "recursion without end",
            "fn deep(n: u64) -> u64 { let a = std::hint::black_box([n; 64]); deep(n + 1) + a[7] }\n\
             $SIGNATURE { std::hint::black_box(deep(0)); $WRONG }",
            "the stack overflowed",
        ),
        case(
            "100 GiB",
            "$SIGNATURE { std::hint::black_box(vec![1_u8; 100 << 30]); $WRONG }",
            "GiB of memory",
        ),
        case(
            "memory bit by bit",
            "$SIGNATURE { let mut all = Vec::new(); loop { all.push(Vec::<u8>::with_capacity(256 << 20)) } }",
            "GiB of memory",
        ),
        case(
            "a billion numbers as the answer's size",
            "$SIGNATURE { std::hint::black_box(Array1::<f64>::zeros(1_000_000_000)); $WRONG }",
            "GiB of memory",
        ),
        case(
            "more threads than anyone needs",
            // Where the machine gives fewer, there is nothing to test, and the report says that.
            "$SIGNATURE { for n in 0.. { let thread = std::thread::Builder::new().stack_size(16 << 10)\
             .spawn(|| std::thread::sleep(std::time::Duration::from_secs(1000)));\n\
             if n < 250 && thread.is_err() { panic!(\"this machine gives {n} threads\") } } $WRONG }",
            "threads",
        ),
        evading(
            "a panic hook that exits",
            "$SIGNATURE { std::panic::set_hook(Box::new(|_| p!(std process exit)(0))); panic!() }",
            "exit code 0",
        ),
        case(
            "a panic while a panic unwinds",
            "struct Bomb; impl Drop for Bomb { fn drop(&mut self) { panic!(\"again\") } }\n\
             $SIGNATURE { let _bomb = Bomb; panic!(\"once\") }",
            "signal 6",
        ),
        case(
            "a panic payload whose Drop panics",
            "struct Bomb; impl Drop for Bomb { fn drop(&mut self) { panic!(\"dropped\") } }\n\
             $SIGNATURE { std::panic::panic_any(Bomb) }",
            "exit code 101",
        ),
        case(
            "a panic hook that panics",
            "$SIGNATURE { std::panic::set_hook(Box::new(|_| panic!())); panic!() }",
            "signal 6",
        ),
        case(
            "a huge panic message",
            "$SIGNATURE { panic!(\"{}\", \"\\u{1b}[2J\".repeat(1 << 20)) }",
            "it panicked: \\u{1b}[2J",
        ),
    ]
}

/// Every call takes as long as it may.
fn late() -> Vec<Case> {
    vec![
        case(
            "a loop",
            "$SIGNATURE { loop { std::hint::spin_loop() } }",
            "more than 2 s of processor time",
        ),
        case(
            "busy threads",
            "$SIGNATURE { let all: Vec<_> = (0..8).map(|_| std::thread::spawn(|| loop { std::hint::spin_loop() })).collect();\n\
             for thread in all { let _: Result<(), _> = thread.join(); } $WRONG }",
            "more than 2 s of processor time",
        ),
        case(
            "threads that go on after the answer",
            // The second call sleeps until the first one's threads have used up the time.
            "static FIRST: std::sync::Once = std::sync::Once::new();\n\
             $SIGNATURE { if FIRST.is_completed() { loop { std::thread::sleep(std::time::Duration::from_secs(1)) } }\n\
             FIRST.call_once(|| for _ in 0..8 { std::thread::spawn(|| loop { std::hint::spin_loop() }); }); $WRONG }",
            "more than 2 s of processor time",
        ),
        case(
            "a panic hook that loops",
            "$SIGNATURE { std::panic::set_hook(Box::new(|_| loop { std::hint::spin_loop() })); panic!() }",
            "more than 2 s of processor time",
        ),
        case(
            "a flood of print!",
            "$SIGNATURE { loop { println!(\"test result: ok. 31 passed\") } }",
            "more than 2 s of processor time",
        ),
        case(
            "a flood with errors ignored",
            "use std::io::Write;\n$SIGNATURE { loop { let _ = writeln!(std::io::stderr(), \"passed\"); let _ = writeln!(std::io::stdout(), \"ok\"); } }",
            "more than 2 s of processor time",
        ),
        evading(
            "a fork bomb",
            "$SIGNATURE { loop { let _ = p!(std process Command new)(\"/bin/sh\").args([\"-c\", \":\"]).spawn(); } }",
            "more than 2 s of processor time",
        ),
    ]
}

/// Every call sleeps: it would never use up its processor time.
fn asleep() -> Vec<Case> {
    vec![
        case(
            "sleep for ever",
            "$SIGNATURE { loop { std::thread::sleep(std::time::Duration::MAX) } }",
            "it slept for 3 s",
        ),
        case(
            "short naps",
            "$SIGNATURE { loop { std::thread::sleep(std::time::Duration::from_millis(5)) } }",
            "it slept for 3 s",
        ),
        case(
            "reading the next request",
            "$SIGNATURE { let mut line = String::new(); let _ = std::io::stdin().read_line(&mut line); $WRONG }",
            "it slept for 3 s",
        ),
    ]
}

#[test]
fn a_solution_that_ends_its_process_ends_no_other() {
    attack(&grader(), &at_once());
}

#[test]
fn a_solution_that_takes_too_long_is_ended() {
    attack(&grader(), &late());
}

/// Right answers, but each after a nap, or at the cost of a process that computed nearly as long as
/// it may: all calls of an exercise together have a limit, and the report says which.
#[test]
fn an_exercise_has_a_time_for_all_its_calls() {
    let nap = "fn min_norm(x: &Array2<f64>, y: &Array1<f64>) -> Array1<f64> {\n\
        std::thread::sleep(std::time::Duration::from_millis(700));\n\
        x.t().dot(&linalg::solve(&x.dot(&x.t()), y))\n}";
    let burn = "fn ridge_weights(x: &Array2<f64>, _y: &Array1<f64>, _lambda: f64) -> Array1<f64> {\n\
        let t = std::time::Instant::now(); while t.elapsed().as_secs_f64() < 1.5 {}\n\
        struct Bomb; impl Drop for Bomb { fn drop(&mut self) { panic!() } }\n\
        let _bomb = Bomb; let _ = Array1::<f64>::zeros(x.ncols()); panic!()\n}";
    let own = Own::new(GradeSettings {
        idle_seconds: 1,
        ..short()
    });
    let cells = [
        ("min_norm", nap.to_owned()),
        ("ridge_weights", burn.to_owned()),
    ];
    let grade = grade(&own, &with(&cells.into()));
    let why = |name: &str| {
        grade
            .exercise(name)
            .unwrap()
            .reasons(Visibility::Hidden)
            .join("\n")
    };
    let (slept, computed) = (why("min_norm"), why("ridge_weights"));
    assert!(
        slept.contains("not tried: the calls before it slept for 1 s"),
        "{slept}"
    );
    let says = [
        "signal 6",
        "not tried: the calls before it used 4 s of processor time",
    ];
    // A busy machine gives it less than it waits for.
    assert!(
        says.iter().any(|says| computed.contains(says)),
        "{computed}"
    );
    for result in &grade.exercises {
        let clean = !["min_norm", "ridge_weights"]
            .iter()
            .any(|name| result.id.ends_with(name));
        assert!(!clean || result.points == result.out_of, "{}", result.id);
    }
}

#[test]
fn a_solution_that_sleeps_is_ended() {
    let settings = GradeSettings {
        idle_seconds: 3,
        ..short()
    };
    attack(&Own::new(settings), &asleep());
}
