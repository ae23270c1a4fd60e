//! Hidden checks of `13_double_descent`.

use super::Hidden;
use crate::exercise::inputs::{between, count, normal_matrix, normal_vector, size_between};
use crate::exercise::trial::args;
use crate::exercise::{Check, Outcome, Trial, Trouble};
use crate::fit::{leave_one_out, min_norm};
use crate::measure::{FeatureOrder, LinearRiskSettings, exact_linear_risk};
use dltheory_workbench::linalg::svd;
use ndarray::{Array1, Axis, s};

pub(crate) static CHECKS: Hidden = &[
    (
        "expected_risk",
        &[Check {
            name: "no_features",
            about: "p = 0: the risk of predicting 0; p = D: nothing unseen; every p between them",
            run: no_features,
        }],
    ),
    (
        "min_norm",
        &[Check {
            name: "scales",
            about: "a square system, large and small: w is the one solution",
            run: scales,
        }],
    ),
    (
        "bias_and_variance",
        &[
            Check {
                name: "one_draw",
                about: "one draw: all bias, no variance",
                run: one_draw,
            },
            Check {
                name: "far_from_zero",
                about: "predictions near 10⁷ that differ by 1",
                run: far_from_zero,
            },
        ],
    ),
    (
        "ridge_weights",
        &[
            Check {
                name: "small_penalty",
                about: "d > n, λ = 10⁻⁶: nearly the minimum-norm solution",
                run: small_penalty,
            },
            Check {
                name: "repeated_column",
                about: "a column twice: both get the same weight",
                run: repeated_column,
            },
        ],
    ),
    (
        "loo_residuals",
        &[
            Check {
                name: "interpolates",
                about: "d > n, λ = 10⁻⁶: every training residual is nearly 0",
                run: interpolates,
            },
            Check {
                name: "seen_twice",
                about: "an example twice, and a small λ: each copy nearly predicts the other",
                run: seen_twice,
            },
        ],
    ),
];

fn no_features(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let beta = normal_vector(25, &mut trial.rng);
    let sigma = between(0.5, 2.0, &mut trial.rng);
    let n = count(1, 12, &mut trial.rng);
    let square = beta.dot(&beta);
    let none = trial.number(args![beta, n, 0_usize, sigma])?;
    let all = trial.number(args![beta, n, 25_usize, sigma])?;
    let examples = n as f64;
    let right = square * (1.0 - examples / 25.0) + sigma * sigma * 24.0 / (24.0 - examples);
    Ok(
        Outcome::close("risk for p = 0", square + sigma * sigma, none, 1e-9)
            .and(Outcome::close("risk for p = D", right, all, 1e-9))
            .and(every_width(trial)?),
    )
}

/// All p of ten features, for few examples and for many.
fn every_width(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut outcome = Outcome::holds("risks", true, "right", "right");
    let widths: Vec<usize> = (0..=10).collect();
    for n in [1, 4, 15] {
        let beta = normal_vector(10, &mut trial.rng) * size_between(-3.0, 3.0, &mut trial.rng);
        let noise = size_between(-2.0, 2.0, &mut trial.rng);
        let settings = LinearRiskSettings {
            n,
            noise,
            order: FeatureOrder::Given,
            ..LinearRiskSettings::default()
        };
        for (p, exact) in widths
            .iter()
            .zip(exact_linear_risk(&beta, &widths, &settings)?)
        {
            let got: f64 = trial.call(args![beta, n, *p, noise])?;
            let what = format!("risk for n = {n}, p = {p}");
            outcome = outcome.and(match exact.is_finite() {
                true => Outcome::close(&what, exact, got, 1e-9),
                false => Outcome::holds(&what, got == exact, "∞", &got.to_string()),
            });
        }
    }
    Ok(outcome)
}

/// With n = d there is one solution, known because it was drawn first. Singular values from 1 to 6,
/// since a square of normal numbers may be nearly singular.
fn scales(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let [u, v] = [(); 2].map(|()| svd(&normal_matrix(6, 6, &mut trial.rng)).u);
    let x = (u * Array1::from_iter((1..=6).map(f64::from))).dot(&v) * 1e4;
    let truth = normal_vector(6, &mut trial.rng);
    let w = trial.vector(args![x, x.dot(&truth)], 6)?;
    let tiny = &x * 1e-10;
    let small = trial.vector(args![tiny, tiny.dot(&truth)], 6)?;
    Ok(Outcome::arrays("w", &truth, &w, 1e-5).and(Outcome::arrays(
        "w for entries near 10⁻⁶",
        &truth,
        &small,
        1e-5,
    )))
}

fn one_draw(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let predictions = normal_matrix(1, 8, &mut trial.rng);
    let targets = normal_vector(8, &mut trial.rng);
    let (bias2, variance): (f64, f64) = trial.call(args![predictions, targets])?;
    let error = (&predictions.row(0) - &targets).mapv(|e| e * e).sum() / 8.0;
    Ok(Outcome::close("bias²", error, bias2, 1e-9)
        .and(Outcome::within("variance", 0.0, variance, 1e-12)))
}

/// Catches "mean of squares minus square of the mean": it loses all digits here.
fn far_from_zero(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let centred = normal_matrix(10, 6, &mut trial.rng);
    let mean: Array1<f64> = centred.sum_axis(Axis(0)) / 10.0;
    let exact = (&centred - &mean).mapv(|e| e * e).sum() / 60.0;
    let targets = Array1::from_elem(6, 1e7);
    let (_, variance): (f64, f64) = trial.call(args![centred + 1e7, targets])?;
    Ok(Outcome::close("variance", exact, variance, 1e-5))
}

fn small_penalty(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x = normal_matrix(5, 30, &mut trial.rng);
    let y = normal_matrix(5, 1, &mut trial.rng);
    let exact = min_norm(&x, &y, None)?.weights.column(0).to_owned();
    let w = trial.vector(args![x, y.column(0).to_owned(), 1e-6], 30)?;
    Ok(Outcome::arrays("w", &exact, &w, 1e-4))
}

/// XᵀX is singular here: without λ there is no answer, with it there is one.
fn repeated_column(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut x = normal_matrix(12, 4, &mut trial.rng);
    let column = x.column(1).to_owned();
    x.column_mut(3).assign(&column);
    let y = normal_vector(12, &mut trial.rng);
    let w = trial.vector(args![x, y, 0.5], 4)?;
    let slope = x.t().dot(&(x.dot(&w) - &y)) + 0.5 * &w;
    Ok(
        Outcome::within("w₄", w[1], w[3], 1e-9).and(Outcome::at_most(
            "‖gradient‖",
            1e-7,
            slope.dot(&slope).sqrt(),
        )),
    )
}

fn interpolates(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x = normal_matrix(6, 20, &mut trial.rng);
    let y = normal_vector(6, &mut trial.rng);
    let targets = y.clone().insert_axis(Axis(1));
    let exact = leave_one_out(&x, &targets, &[0.0])?.residuals;
    let exact = exact.slice(s![0, .., 0]).to_owned();
    let got = trial.vector(args![x, y, 1e-6], 6)?;
    Ok(Outcome::arrays("residuals", &exact, &got, 1e-4))
}

/// With d > n the copy that stays is fitted, and the other is read from it.
fn seen_twice(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut x = normal_matrix(5, 12, &mut trial.rng);
    let row = x.row(1).to_owned();
    x.row_mut(3).assign(&row);
    let y = normal_vector(5, &mut trial.rng);
    let got = trial.vector(args![x, y, 1e-4], 5)?;
    Ok(
        Outcome::within("r₂", y[1] - y[3], got[1], 1e-3).and(Outcome::within(
            "r₄",
            y[3] - y[1],
            got[3],
            1e-3,
        )),
    )
}
