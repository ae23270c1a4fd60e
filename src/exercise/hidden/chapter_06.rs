//! Hidden checks of `06_overparameterised_optimisation`.

use ndarray::Array2;

use super::Hidden;
use crate::exercise::chapter_06::margins::{examples, kkt};
use crate::exercise::inputs::{between, count, normal_matrix, size_between};
use crate::exercise::trial::args;
use crate::exercise::{Check, Outcome, Trial, Trouble};
use crate::linalg::{symmetric_eigen, thin_svd};

pub(crate) static CHECKS: Hidden = &[
    (
        "infinite_width_kernel",
        &[
            Check {
                name: "parallel",
                about: "an input, its multiples and its opposites: no NaN where a cosine is ±1 but for rounding",
                run: parallel,
            },
            Check {
                name: "positive",
                about: "many inputs, none parallel: symmetric, with a positive smallest eigenvalue",
                run: positive,
            },
        ],
    ),
    (
        "pl_constant",
        &[
            Check {
                name: "tall",
                about: "more examples than parameters, y within reach: the smallest singular value that is there, not 0",
                run: tall,
            },
            Check {
                name: "one_row",
                about: "one example: ‖a‖²",
                run: one_row,
            },
        ],
    ),
    (
        "descent_budget",
        &[Check {
            name: "edges",
            about: "β = μ: one step is enough; a target that is met at the start: none",
            run: edges,
        }],
    ),
    (
        "late_loss",
        &[Check {
            name: "number",
            about: "1/(γ²ηt) for sizes from 10⁻⁶ to 10⁶",
            run: number,
        }],
    ),
    (
        "two_multipliers",
        &[Check {
            name: "one_supports",
            about: "where one example supports alone, the first or the second: α ≥ 0 and the margins again",
            run: one_supports,
        }],
    ),
];

fn parallel(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x = normal_matrix(1, count(2, 30, &mut trial.rng), &mut trial.rng);
    // So many that rounding takes some cosine beyond ±1.
    let factors: Vec<f64> = (0..24)
        .map(|i| between(0.5, 2.0, &mut trial.rng) * if i % 3 == 0 { -1.0 } else { 1.0 })
        .collect();
    let mut rows = Array2::zeros((factors.len(), x.ncols()));
    for (mut row, factor) in rows.rows_mut().into_iter().zip(&factors) {
        row.assign(&(&x.row(0) * *factor));
    }
    let n = factors.len();
    let h = trial.matrix(args![rows], (n, n))?;
    let square = x.row(0).dot(&x.row(0));
    // Inputs on one side meet in half of all units, those on opposite sides in none. An arc cosine near ±1 errs by √ε.
    let expected = Array2::from_shape_fn((n, n), |(i, j)| {
        let product = factors[i] * factors[j];
        if product > 0.0 {
            product * square / 2.0
        } else {
            0.0
        }
    });
    Ok(Outcome::arrays(
        "the kernel of parallel inputs",
        &expected,
        &h,
        1e-6,
    ))
}

fn positive(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x = normal_matrix(12, 4, &mut trial.rng);
    let h = trial.matrix(args![x], (12, 12))?;
    let skew = (&h - &h.t())
        .iter()
        .fold(0.0_f64, |most, e| most.max(e.abs()));
    let values = symmetric_eigen(&h)?.values;
    let trace = x.iter().map(|v| v * v).sum::<f64>() / 2.0;
    Ok(Outcome::at_most("H − Hᵀ", 1e-9 * trace, skew)
        .and(Outcome::at_least(
            "the smallest eigenvalue",
            1e-9 * trace,
            values[11],
        ))
        .and(Outcome::close(
            "the sum of the eigenvalues",
            trace,
            values.sum(),
            1e-7,
        )))
}

fn tall(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let m = count(2, 4, &mut trial.rng);
    let a = normal_matrix(m + 4, m, &mut trial.rng) * size_between(-1.0, 1.0, &mut trial.rng);
    let known = thin_svd(&a)?.s[m - 1].powi(2);
    let mu = trial.number(args![a])?;
    Ok(Outcome::close("μ", known, mu, 1e-7))
}

fn one_row(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let a = normal_matrix(1, count(1, 20, &mut trial.rng), &mut trial.rng);
    let square = a.row(0).dot(&a.row(0));
    let mu = trial.number(args![a])?;
    Ok(Outcome::close("μ", square, mu, 1e-9))
}

fn edges(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let beta = size_between(-1.0, 2.0, &mut trial.rng);
    let loss = between(1.0, 5.0, &mut trial.rng);
    let (one, radius): (usize, f64) = trial.call(args![beta, beta, loss, loss * 1e-9])?;
    let (none, _): (usize, f64) = trial.call(args![beta, beta / 3.0, loss, loss * 2.0])?;
    let (met, _): (usize, f64) = trial.call(args![beta, beta / 3.0, loss, loss])?;
    let expected = 2.0 * (2.0 * loss / beta).sqrt();
    Ok(Outcome::within("steps at β = μ", 1.0, one as f64, 0.0)
        .and(Outcome::within(
            "steps to a target that is the loss, or above it",
            0.0,
            none as f64 + met as f64,
            0.0,
        ))
        .and(Outcome::close("R at β = μ", expected, radius, 1e-9)))
}

fn number(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let [margin, rate, steps] = [(-6.0, 6.0), (-6.0, 0.0), (2.0, 12.0)]
        .map(|(low, high)| size_between(low, high, &mut trial.rng));
    let got = trial.number(args![margin, rate, steps])?;
    let exact = 1.0 / (margin * margin * rate * steps);
    Ok(Outcome::close("loss", exact, got, 1e-9))
}

fn one_supports(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (first, second) = (examples(0, &mut trial.rng), examples(1, &mut trial.rng));
    let size = size_between(-1.0, 1.0, &mut trial.rng);
    Ok(kkt(trial, &(first * size))?.and(kkt(trial, &second)?))
}
