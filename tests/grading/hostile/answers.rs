//! Answers of the right type that no solution would give: the checks run in the grader's own
//! process, so an answer must neither stop it nor keep it busy.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use dltheory::exercise::{self, Caller, Trouble, hidden};
use dltheory_workbench::Value;
use ndarray::{Array1, Array2};

use super::SIGNATURES;

/// Always the same answer.
struct Constant(Value);

impl Caller for Constant {
    fn call(&mut self, _: &[Value]) -> Result<Value, Trouble> {
        Ok(self.0.clone())
    }
}

fn texts() -> Vec<Value> {
    let texts = ["", "Emmy Noether", "\u{202e}", "Your Name"].map(str::to_owned);
    let mut texts: Vec<Value> = texts.into_iter().map(Value::Text).collect();
    texts.push(Value::Text("x".repeat(1000)));
    texts
}

fn numbers() -> Vec<Value> {
    let numbers = [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        0.0,
        -1.0,
        f64::MAX,
        f64::MIN_POSITIVE,
    ];
    numbers.map(Value::from).to_vec()
}

fn counts() -> Vec<Value> {
    [0, 1, 2, 3, 1 << 20, 1 << 33, 1 << 62, u64::MAX]
        .map(Value::Count)
        .to_vec()
}

fn vectors() -> Vec<Value> {
    let mut vectors = Vec::new();
    for n in (0..=40).chain([100_000]) {
        for x in [f64::NAN, f64::INFINITY, 0.0, 1.0, f64::MAX] {
            if n <= 40 || x == 1.0 {
                vectors.push(Array1::from_elem(n, x).into());
            }
        }
    }
    vectors
}

fn matrices() -> Vec<Value> {
    let mut matrices = Vec::new();
    for shape in [
        (0, 0),
        (1, 1),
        (2, 2),
        (3, 3),
        (2, 3),
        (6, 4),
        (4, 6),
        (1, 9),
        (9, 1),
    ] {
        for x in [f64::NAN, f64::INFINITY, 0.0, 1.0, f64::MAX] {
            matrices.push(Array2::from_elem(shape, x).into());
        }
    }
    for shape in [
        (0, 1 << 40),
        (1 << 40, 0),
        (1, 200_000),
        (200_000, 1),
        (450, 450),
    ] {
        matrices.push(Array2::from_elem(shape, 1.0).into());
    }
    matrices
}

fn pairs(first: &[Value], second: &[Value]) -> Vec<Value> {
    let mut pairs = Vec::new();
    for (i, a) in first.iter().enumerate() {
        for (j, b) in second.iter().enumerate() {
            // All pairs would be too many.
            if i == j || (i * 7 + j * 3) % 11 == 0 {
                pairs.push(Value::List(vec![a.clone(), b.clone()]));
            }
        }
    }
    pairs
}

/// Odd answers of the type that a signature returns.
fn odd(returns: &str) -> Vec<Value> {
    match returns.replace(' ', "").as_str() {
        "f64" => numbers(),
        "usize" => counts(),
        "Array1<f64>" => vectors(),
        "Array2<f64>" => matrices(),
        "(f64,f64)" => pairs(&numbers(), &numbers()),
        "(usize,f64)" => pairs(&counts(), &numbers()),
        "(&'staticstr,f64)" => pairs(&texts(), &numbers()),
        "(Array2<f64>,Array1<f64>)" => pairs(&matrices(), &vectors()),
        "(Array2<f64>,Array2<f64>)" => pairs(&matrices(), &matrices()),
        "(Array1<f64>,Array1<f64>)" => pairs(&vectors(), &vectors()),
        other => panic!("what would be an odd {other}?"),
    }
}

/// Processor time of this thread.
fn used() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.try_into().unwrap()
}

#[test]
fn no_answer_stops_or_delays_the_checks() {
    // What a check gives to other threads counts too: there are none.
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let faults = one.unwrap().install(faults);
    assert!(
        faults.is_empty(),
        "{} faults\n{}",
        faults.len(),
        faults.join("\n")
    );
}

fn faults() -> Vec<String> {
    let mut faults = Vec::new();
    for (name, _, returns) in SIGNATURES {
        let exercise = exercise::find(name).unwrap();
        let checks: Vec<_> = exercise.checks.iter().chain(hidden::checks(name)).collect();
        for answer in odd(returns) {
            let mut passed = 0;
            for check in &checks {
                let start = used();
                let mut caller = Constant(answer.clone());
                let run =
                    catch_unwind(AssertUnwindSafe(|| exercise::run(check, &mut caller, 7, 1)));
                let shown: String = format!("{answer:?}").chars().take(200).collect();
                let mut fault = |text: &str| {
                    faults.push(format!("{name}, {}, {shown}: {text}", check.name));
                };
                match run {
                    Err(_) => fault("the check panicked"),
                    Ok(outcome) => passed += usize::from(outcome.is_ok_and(|o| o.passed())),
                }
                let took = used() - start;
                if took > Duration::from_secs(5) {
                    fault(&format!("it took {took:?} of processor time"));
                }
            }
            if passed == checks.len() {
                faults.push(format!("{name} gives all points to {answer:?}"));
            }
        }
    }
    faults
}
