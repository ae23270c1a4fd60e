//! Hidden checks of `10_rademacher`.

use super::Hidden;
use super::draws::{independent, two_draws};
use crate::exercise::chapter_10::{inseparable, moments, signs};
use crate::exercise::inputs::{between, count, normal_matrix};
use crate::exercise::law::follows;
use crate::exercise::trial::args;
use crate::exercise::{Check, Outcome, Trial, Trouble};
use crate::measure::LinearBall;
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
                about: "all 2ⁿ sign patterns: 1 in every draw; for other classes mean ± standard error of two draws are independent maxima",
                run: every_pattern,
            },
        ],
    ),
    (
        "ball_complexity",
        &[Check {
            name: "one_point",
            about: "one input: B ‖x‖; radius 0; twelve inputs",
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
                about: "in twelve dimensions",
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

/// A constant knows this mean too, so another class is asked for beside it: of two draws, mean and
/// standard error tell both, whose law is known by all signs.
fn every_pattern(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let n = count(2, 5, &mut trial.rng);
    let values = Array2::from_shape_fn((1 << n, n), |(pattern, i)| signs(n, pattern)[i]);
    let seed = trial.seed();
    let (mean, error): (f64, f64) = trial.call(args![values, 50_usize, seed])?;
    Ok(Outcome::close("the mean", 1.0, mean, 1e-9)
        .and(Outcome::at_most("the standard error", 1e-7, error))
        .and(draw_by_draw(trial)?))
}

fn draw_by_draw(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let values = normal_matrix(3, 6, &mut trial.rng);
    let suprema: Vec<f64> = (0..1 << 6)
        .map(|pattern| {
            let sums = values.dot(&signs(6, pattern));
            sums.iter().copied().fold(f64::NEG_INFINITY, f64::max) / 6.0
        })
        .collect();
    let [mean, variance, _] = moments(&values);
    let mut pairs = Vec::new();
    for _ in 0..1000 {
        let seed = trial.seed();
        pairs.push(two_draws(trial.call(args![values, 2_usize, seed])?));
    }
    // A mean and an error carry rounding: a draw counts as the pattern it is next to.
    let known = |draw: &f64| {
        let nearest = suprema
            .iter()
            .min_by(|a, b| (*a - draw).abs().total_cmp(&(*b - draw).abs()));
        nearest.copied().filter(|s| (s - draw).abs() < 1e-9)
    };
    let draws: Vec<f64> = pairs.iter().flatten().filter_map(known).collect();
    let all = draws.len() == 2 * pairs.len();
    let law = |x: f64| suprema.iter().filter(|s| **s <= x).count() as f64 / 64.0;
    let got = if all { "so" } else { "other numbers" };
    Ok(
        Outcome::holds("mean ± error of two draws", all, "two of the maxima", got)
            .and(follows("the maximum", draws, law))
            .and(independent(&pairs, mean, variance)),
    )
}

fn one_point(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x = normal_matrix(1, 4, &mut trial.rng) * 100.0;
    let length = x.iter().map(|v| v * v).sum::<f64>().sqrt();
    let got = trial.number(args![x, 3.0])?;
    // The most there may be.
    let many = normal_matrix(12, 2, &mut trial.rng);
    let exact = LinearBall::L2 { radius: 0.5 }.exact_complexity(&many)?;
    let twelve = trial.number(args![many, 0.5])?;
    let several = normal_matrix(5, 2, &mut trial.rng);
    let zero = trial.number(args![several, 0.0])?;
    Ok(Outcome::close("complexity", 3.0 * length, got, 1e-9)
        .and(Outcome::within("with radius 0", 0.0, zero, 1e-12))
        .and(Outcome::close("of twelve inputs", exact, twelve, 1e-9)))
}
