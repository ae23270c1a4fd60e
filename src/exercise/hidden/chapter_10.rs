//! Hidden checks of `10_rademacher`.

use super::Hidden;
use crate::exercise::chapter_10::inseparable;
use crate::exercise::inputs::{between, count, normal_matrix};
use crate::exercise::trial::args;
use crate::exercise::{Check, Outcome, Trial, Trouble};
use ndarray::Array2;

pub(crate) static CHECKS: Hidden = &[
    (
        "examples_needed",
        &[Check {
            name: "extremes",
            about: "one function, and 10¹² functions",
            run: extremes,
        }],
    ),
    (
        "sampled_complexity",
        &[
            Check {
                name: "one_function",
                about: "one function follows no signs: the mean is 0",
                run: one_function,
            },
            Check {
                name: "every_pattern",
                about: "all 2ⁿ sign patterns: 1 in every draw",
                run: every_pattern,
            },
        ],
    ),
    (
        "ball_complexity",
        &[Check {
            name: "one_point",
            about: "one input: B ‖x‖; and radius 0",
            run: one_point,
        }],
    ),
    (
        "inseparable_labels",
        &[
            Check {
                name: "line",
                about: "two numbers, d = 1",
                run: |trial| inseparable(trial, 1),
            },
            Check {
                name: "twelve",
                about: "d = 12",
                run: |trial| inseparable(trial, 12),
            },
        ],
    ),
];

/// The answer is known: the least n at or above ln(2m/δ)/(2 gap²).
fn extremes(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut outcome = Outcome::holds("n", true, "the least", "the least");
    for m in [1_usize, 1_000_000_000_000] {
        let gap = between(0.01, 0.3, &mut trial.rng);
        let exact = ((2.0 * m as f64).ln() - 0.01_f64.ln()) / (2.0 * gap * gap);
        let n: usize = trial.call(args![m, gap, 0.01])?;
        outcome = outcome.and(Outcome::within(
            &format!("n for m = {m} minus what it takes"),
            0.5,
            n as f64 - exact,
            0.5 + 1e-6,
        ));
    }
    Ok(outcome)
}

/// Catches a supremum that starts at 0, or that takes absolute values.
fn one_function(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let values = normal_matrix(1, 10, &mut trial.rng);
    let seed = trial.seed();
    let (mean, error): (f64, f64) = trial.call(args![values, 2000_usize, seed])?;
    let exact = values.iter().map(|v| v * v).sum::<f64>().sqrt() / 10.0 / 2000_f64.sqrt();
    Ok(
        Outcome::within("the mean", 0.0, mean, 6.0 * exact).and(Outcome::close(
            "the standard error",
            exact,
            error,
            0.2,
        )),
    )
}

fn every_pattern(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let n = count(2, 5, &mut trial.rng);
    let values = Array2::from_shape_fn(
        (1 << n, n),
        |(pattern, i)| {
            if pattern >> i & 1 == 1 { -1.0 } else { 1.0 }
        },
    );
    let seed = trial.seed();
    let (mean, error): (f64, f64) = trial.call(args![values, 50_usize, seed])?;
    Ok(
        Outcome::close("the mean", 1.0, mean, 1e-9).and(Outcome::at_most(
            "the standard error",
            1e-7,
            error,
        )),
    )
}

fn one_point(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x = normal_matrix(1, 4, &mut trial.rng) * 100.0;
    let length = x.iter().map(|v| v * v).sum::<f64>().sqrt();
    let got = trial.number(args![x, 3.0])?;
    let several = normal_matrix(5, 2, &mut trial.rng);
    let zero = trial.number(args![several, 0.0])?;
    Ok(
        Outcome::close("complexity", 3.0 * length, got, 1e-9).and(Outcome::within(
            "with radius 0",
            0.0,
            zero,
            1e-12,
        )),
    )
}
