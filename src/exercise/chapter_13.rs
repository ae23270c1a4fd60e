//! Exercises of `13_double_descent`.

mod linear_regression;
pub(super) mod more_data;

use ndarray::{Array1, Array2, Axis, s};

use super::inputs::{between, normal_matrix, normal_vector, size_between};
use super::trial::args;
use super::{Check, Exercise, Outcome, Trial, Trouble};
use crate::fit::k_fold;
use crate::linalg::thin_svd;
use linear_regression::{
    all_features_win, classical_wins, peak, pure_noise, same_numbers, simulated,
};

pub(super) static EXERCISES: &[Exercise] = &[
    Exercise {
        name: "expected_risk",
        chapter: "13_double_descent",
        title: "The double descent of linear regression",
        hints: &[
            "What the fit does not see acts on it as noise: of variance ‖β_Tᶜ‖² + σ².",
            "Three cases by p: at most n − 2, at least n + 2, and between. usize cannot go below 0: compare p + 2 with n.",
            "Below n the noise is multiplied by 1 + p/(n−p−1), beyond it by 1 + n/(p−n−1); what is seen loses the share n/p. In between: infinite.",
        ],
        checks: &[
            Check {
                name: "pure_noise",
                about: "β = 0: the risk is σ² times a factor known on both sides of n",
                run: pure_noise,
            },
            Check {
                name: "simulated",
                about: "n = 14, D = 32: within 7 standard errors of 1,000 fits, p = 4 and p = 26",
                run: simulated,
            },
            Check {
                name: "peak",
                about: "infinite for p = n − 1, n, n + 1, and only there",
                run: peak,
            },
        ],
    },
    Exercise {
        name: "two_orders",
        chapter: "13_double_descent",
        title: "The same numbers in two orders",
        hints: &[
            "What matters is how much of the signal each new feature brings, and when.",
            "For the classical U let the first features bring all of it.",
            "One coefficient 1 and the others 0: first place in the one vector, last in the other.",
        ],
        checks: &[
            Check {
                name: "same_numbers",
                about: "the two vectors hold the same numbers, not all equal",
                run: same_numbers,
            },
            Check {
                name: "classical_wins",
                about: "first vector: some p ≤ n − 2 beats every p ≥ n + 2, by at least 1 %",
                run: classical_wins,
            },
            Check {
                name: "all_features_win",
                about: "second vector: p = D beats every other p, by at least 1 %",
                run: all_features_win,
            },
        ],
    },
    Exercise {
        name: "more_data",
        chapter: "13_double_descent",
        title: "More data, less or more error",
        hints: &[
            "Two errors: the first where p is beyond n, the second where p is below n. All features are seen, so nothing of β is noise.",
            "Beyond n some of β stays unseen by the fit: the share 1 − n/p of ‖β‖². Below n nothing of it does.",
            "The test error has σ² itself in it, and what the fit makes of the noise: that is σ² times the smaller of n and p, over |n − p| − 1.",
        ],
        checks: &[Check {
            name: "number",
            about: "the right number for the name beside it, to four significant digits",
            run: more_data::number,
        }],
    },
    Exercise {
        name: "min_norm",
        chapter: "13_double_descent",
        title: "The minimum-norm solution",
        hints: &[
            "Of all w with X w = y, the shortest is a combination of the rows of X: w = Xᵀ a.",
            "Put w = Xᵀ a into X w = y: (X Xᵀ) a = y. That system is square, (n, n).",
            "Solve that square system for a (linalg::solve), and go back: w = Xᵀ a.",
        ],
        checks: &[
            Check {
                name: "interpolates",
                about: "X w = y, for n = 8 equations in d = 20 unknowns, entries near 10⁻⁶, 1 and 10⁴; for one equation",
                run: interpolates,
            },
            Check {
                name: "shortest",
                about: "w lies in the row space of X, so no other solution is shorter",
                run: shortest,
            },
        ],
    },
    Exercise {
        name: "bias_and_variance",
        chapter: "13_double_descent",
        title: "Bias² and variance of predictions",
        hints: &[
            "First f̄, the mean over draws: one number for each point, sum_axis(Axis(0)).",
            "Bias² is the mean over points of (f̄ − y)². Variance subtracts f̄, not y.",
            "The variance is a mean over all draws and points: divide by draws · points, not draws − 1.",
        ],
        checks: &[
            Check {
                name: "adds_up",
                about: "bias² + variance is the mean squared error, exactly",
                run: adds_up,
            },
            Check {
                name: "shifts",
                about: "each point's predictions moved by its own constant: the variance stays, bias² follows",
                run: shifts,
            },
        ],
    },
    Exercise {
        name: "ridge_weights",
        chapter: "13_double_descent",
        title: "Ridge regression, by the smaller system",
        hints: &[
            "Set the gradient to zero: (XᵀX + λI) w = Xᵀy, a (d, d) system.",
            "w is a combination of rows, w = Xᵀa, with (XXᵀ + λI) a = y, an (n, n) system.",
            "Both give the same w for λ > 0. Use the first for d ≤ n and the second otherwise.",
        ],
        checks: &[
            Check {
                name: "gradient",
                about: "Xᵀ(Xw − y) + λw = 0, for (20, 6) and (6, 20)",
                run: gradient,
            },
            Check {
                name: "shrinks",
                about: "a larger λ gives a shorter w, and not 0",
                run: shrinks,
            },
        ],
    },
    Exercise {
        name: "loo_residuals",
        chapter: "13_double_descent",
        title: "Leave one out, by one fit",
        hints: &[
            "You need e = y − Hy and the diagonal of H, for all examples at once: no loop over fits.",
            "With G = (XXᵀ + λI)⁻¹ it is I − H = λG, for any n and d. So e = λGy and 1 − H_ii = λG_ii.",
            "In e_i/(1 − H_ii) the λ divides out: [Gy]_i/G_ii. linalg::eigh(&x.dot(&x.t())) gives G.",
        ],
        checks: &[
            Check {
                name: "n_fits",
                about: "what n fits without one example each miss, for (12, 4) and (6, 15)",
                run: n_fits,
            },
            Check {
                name: "own_label",
                about: "y_i − r_i, the prediction of y_i, does not move with y_i",
                run: own_label,
            },
        ],
    },
];

fn interpolates(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut outcome = Outcome::holds("X w", true, "y", "y");
    for (n, d, size) in [(8, 20, 1.0), (8, 20, 1e-6), (1, 5, 1e-3), (8, 20, 1e4)] {
        let x = normal_matrix(n, d, &mut trial.rng) * size;
        let y = normal_vector(n, &mut trial.rng) * size_between(-3.0, 3.0, &mut trial.rng);
        let w = trial.vector(args![x, y], d)?;
        let residual = &x.dot(&w) - &y;
        outcome = outcome.and(Outcome::at_most(
            &format!("‖X w − y‖ / ‖y‖, entries of X near {size}"),
            1e-8,
            (residual.dot(&residual) / y.dot(&y)).sqrt(),
        ));
    }
    Ok(outcome)
}

fn shortest(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x = normal_matrix(8, 20, &mut trial.rng);
    let y = normal_vector(8, &mut trial.rng);
    let w = trial.vector(args![x, y], 20)?;
    let svd = thin_svd(&x)?;
    // Zero is in the row space too, so the solution must not be too short either.
    let exact = svd.vt.t().dot(&(svd.u.t().dot(&y) / &svd.s));
    let inside = svd.vt.dot(&w);
    let outside = (w.dot(&w) - inside.dot(&inside)).max(0.0);
    Ok(Outcome::at_most(
        "share of w outside the row space",
        1e-6,
        (outside / w.dot(&w)).sqrt(),
    )
    .and(Outcome::close(
        "‖w‖",
        exact.dot(&exact).sqrt(),
        w.dot(&w).sqrt(),
        1e-8,
    )))
}

fn adds_up(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let predictions = normal_matrix(6, 9, &mut trial.rng) + 0.5;
    let targets = normal_vector(9, &mut trial.rng);
    let (bias2, variance): (f64, f64) = trial.call(args![predictions, targets])?;
    let error = (&predictions - &targets).mapv(|e| e * e).sum() / 54.0;
    Ok(Outcome::close(
        "bias² + variance",
        error,
        bias2 + variance,
        1e-9,
    ))
}

/// Catches a variance that is taken over points as well.
fn shifts(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let predictions = normal_matrix(7, 5, &mut trial.rng);
    let targets = normal_vector(5, &mut trial.rng);
    let shift = normal_vector(5, &mut trial.rng) * 3.0;
    let (_, variance): (f64, f64) = trial.call(args![predictions, targets])?;
    let moved: (f64, f64) = trial.call(args![&predictions + &shift, targets])?;
    let mean = predictions.sum_axis(ndarray::Axis(0)) / 7.0;
    let bias2 = (mean + &shift - &targets).mapv(|e| e * e).sum() / 5.0;
    Ok(
        Outcome::close("variance after the shift", variance, moved.1, 1e-9).and(Outcome::close(
            "bias² after the shift",
            bias2,
            moved.0,
            1e-9,
        )),
    )
}

fn gradient(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut outcome = Outcome::holds("gradients", true, "0", "0");
    for (n, d) in [(20, 6), (6, 20)] {
        let x = normal_matrix(n, d, &mut trial.rng);
        let y = normal_vector(n, &mut trial.rng);
        let lambda = size_between(-2.0, 3.0, &mut trial.rng);
        let w = trial.vector(args![x, y, lambda], d)?;
        let pull = x.t().dot(&y);
        let slope = x.t().dot(&x.dot(&w)) + lambda * &w - &pull;
        outcome = outcome.and(Outcome::at_most(
            &format!("‖Xᵀ(Xw − y) + λw‖ / ‖Xᵀy‖ for ({n}, {d})"),
            1e-8,
            (slope.dot(&slope) / pull.dot(&pull)).sqrt(),
        ));
    }
    Ok(outcome)
}

fn shrinks(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x: Array2<f64> = normal_matrix(8, 5, &mut trial.rng);
    let y = normal_vector(8, &mut trial.rng);
    let weak = trial.vector(args![x, y, 0.1], 5)?;
    let strong = trial.vector(args![x, y, 10.0], 5)?;
    let length = |w: &Array1<f64>| w.dot(w).sqrt();
    let (weak, strong) = (length(&weak), length(&strong));
    // ‖w‖ is at most ‖y‖/(2√λ).
    let most = length(&y) / 0.4_f64.sqrt() * (1.0 + 1e-9);
    Ok(Outcome::at_most("‖w‖ for λ = 10", 0.999 * weak, strong)
        .and(Outcome::at_least("‖w‖ for λ = 10", 1e-6, strong))
        .and(Outcome::at_most("‖w‖ for λ = 0.1", most, weak)))
}

fn n_fits(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut outcome = Outcome::holds("residuals", true, "0", "0");
    for (n, d) in [(12, 4), (6, 15)] {
        let x = normal_matrix(n, d, &mut trial.rng);
        let y = normal_vector(n, &mut trial.rng);
        let lambda = between(0.5, 5.0, &mut trial.rng);
        let targets = y.clone().insert_axis(Axis(1));
        let exact = k_fold(&x, &targets, &[lambda], n)?.residuals;
        let got = trial.vector(args![x, y, lambda], n)?;
        let what = format!("residuals for ({n}, {d})");
        let exact = exact.slice(s![0, .., 0]).to_owned();
        outcome = outcome.and(Outcome::arrays(&what, &exact, &got, 1e-8));
    }
    Ok(outcome)
}

/// Catches a correction by the mean of H_ii, and none at all.
fn own_label(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x = normal_matrix(9, 5, &mut trial.rng);
    let y = normal_vector(9, &mut trial.rng);
    let mut other = y.clone();
    other[4] += 10.0;
    let before = trial.vector(args![x, y, 1.0], 9)?;
    let after = trial.vector(args![x, other, 1.0], 9)?;
    // In residuals: what is the same whatever comes does not move with y₅ either, and is no answer.
    Ok(Outcome::within(
        "by how much r₅ grew when y₅ grew by 10",
        10.0,
        after[4] - before[4],
        1e-8,
    ))
}
