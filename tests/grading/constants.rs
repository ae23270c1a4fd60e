//! What is no answer earns nothing, and what is right fails by no bad luck.

use dltheory::exercise::run;
use dltheory_workbench::Value;

use crate::inside::{Inside, checks, reference};

/// A value of the same shape, all of it `constant`.
fn filled(value: Value, constant: f64) -> Value {
    match value {
        Value::Number(_) => Value::Number(constant),
        Value::Count(_) => Value::Count(constant as u64),
        Value::Vector(v) => Value::Vector(v.mapv(|_| constant)),
        Value::Matrix(m) => Value::Matrix(m.mapv(|_| constant)),
        Value::List(list) => Value::List(
            list.into_iter()
                .map(|value| filled(value, constant))
                .collect(),
        ),
        other => other,
    }
}

#[test]
fn a_constant_of_the_right_shape_passes_no_check() {
    let mut passed = Vec::new();
    for (exercise, check, seeds) in checks() {
        for constant in [0.0, 1.0, -1.0, f64::NAN, 1e300, f64::INFINITY] {
            let mut caller = Inside {
                reference: reference(exercise),
                change: |answer| filled(answer, constant),
            };
            // One set of inputs must do: chance is no help.
            for seed in 0..3 {
                match run(check, &mut caller, seed, seeds) {
                    Ok(outcome) if outcome.passed() => {
                        passed.push(format!("{exercise}, {}: {constant}", check.name));
                    }
                    Err(dltheory::exercise::Trouble::Check(text)) => {
                        passed.push(format!("{exercise}, {}: {constant}: {text}", check.name));
                    }
                    _ => {}
                }
            }
        }
    }
    assert!(passed.is_empty(), "{}", passed.join("\n"));
}

/// `CHANCE=1000 cargo test --test grading chance` tries so many seeds.
#[test]
fn a_right_answer_fails_by_no_chance() {
    let seeds = std::env::var("CHANCE").map_or(4, |text| text.parse().unwrap());
    let mut failed = Vec::new();
    for (exercise, check, _) in checks() {
        let mut caller = Inside {
            reference: reference(exercise),
            change: |answer| answer,
        };
        for seed in 0..seeds {
            match run(check, &mut caller, seed, 1) {
                Ok(outcome) if outcome.passed() => {}
                other => failed.push(format!(
                    "{exercise}, {}, seed {seed}: {other:?}",
                    check.name
                )),
            }
        }
    }
    assert!(
        failed.is_empty(),
        "{} fail\n{}",
        failed.len(),
        failed.join("\n")
    );
}
