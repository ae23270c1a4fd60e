//! Hidden checks of `09_robustness_width_depth_init`.

use super::Hidden;
use super::draws::{independent, two_draws};
use crate::exercise::chapter_09::{ball_moments, exact_constant, network, share};
use crate::exercise::inputs::{between, normal_matrix, normal_vector, size_between};
use crate::exercise::law::{ERRORS, ERRORS_OF_MANY, follows};
use crate::exercise::trial::args;
use crate::exercise::{Check, Outcome, Trial, Trouble};
use dltheory_workbench::linalg::svd;
use statrs::function::beta::beta_reg;

pub(crate) static CHECKS: Hidden = &[
    (
        "ball_stability",
        &[
            Check {
                name: "one_dimension",
                about: "for p = 1 a step is uniform on [−ε, ε]: the mean is ε|g|/2",
                run: one_dimension,
            },
            Check {
                name: "calibrated",
                about: "2,000 runs of two draws, p = 1, 2 and 12: mean ± standard error are independent draws of |g·step|",
                run: calibrated,
            },
        ],
    ),
    (
        "product_bound",
        &[Check {
            name: "deep",
            about: "30 layers of changing shapes and scales, down to a row and a column; a layer of zeros",
            run: deep,
        }],
    ),
    (
        "loose_product",
        &[Check {
            name: "any_factor",
            about: "factors 1, 2 and 10⁵",
            run: any_factor,
        }],
    ),
    (
        "near_half_sphere",
        &[Check {
            name: "all_of_it",
            about: "half for ε = 0, everything from ε = π/2 on",
            run: all_of_it,
        }],
    ),
];

/// A step of fixed length, on the sphere, would give ε|g|.
fn one_dimension(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let draws = 5000_usize;
    let g = normal_vector(1, &mut trial.rng);
    let epsilon = size_between(-2.0, 2.0, &mut trial.rng);
    let seed = trial.seed();
    let (got, _): (f64, f64) = trial.call(args![g, epsilon, draws, seed])?;
    let (_, deviation) = ball_moments(&g, epsilon)?;
    Ok(Outcome::within(
        "mean",
        epsilon * g[0].abs() / 2.0,
        got,
        ERRORS * deviation / (draws as f64).sqrt(),
    ))
}

/// Of two draws, mean and standard error tell both. (g·step)² is ε²‖g‖² times a number of the law
/// Beta(½, (p + 1)/2): so every draw is known to follow its law, and to know nothing of the other.
/// A standard error with another divisor, or of more draws, has another mean square: half of
/// (a − b)² has the variance (κ + 1)/2 times that of a draw squared, with κ below 3.9.
fn calibrated(trial: &mut Trial) -> Result<Outcome, Trouble> {
    const CALLS: usize = 2000;
    let mut outcome = Outcome::holds("draws", true, "as uniform steps", "so");
    for p in [1, 2, 12] {
        let g = normal_vector(p, &mut trial.rng) * size_between(-3.0, 3.0, &mut trial.rng);
        let epsilon = size_between(-2.0, 2.0, &mut trial.rng);
        let length = epsilon * g.dot(&g).sqrt();
        let mut pairs = Vec::new();
        for _ in 0..CALLS {
            let seed = trial.seed();
            let answer: (f64, f64) = trial.call(args![g, epsilon, 2_usize, seed])?;
            pairs.push(two_draws(answer).map(|draw| draw / length));
        }
        let (mean, deviation) = ball_moments(&g, 1.0 / g.dot(&g).sqrt())?;
        let variance = deviation * deviation;
        let b = (p as f64 + 1.0) / 2.0;
        let law = |x: f64| match x {
            _ if x <= 0.0 => 0.0,
            _ if x >= 1.0 => 1.0,
            _ => beta_reg(0.5, b, x * x),
        };
        let draws: Vec<f64> = pairs.iter().flatten().copied().collect();
        let squares = pairs.iter().map(|[a, b]| (a - b).powi(2) / 2.0);
        let square = squares.sum::<f64>() / CALLS as f64;
        let error = (4.9 / 2.0 / CALLS as f64).sqrt();
        outcome = outcome
            .and(follows(&format!("|g·step| for p = {p}"), draws, law))
            .and(independent(&pairs, mean, variance))
            .and(Outcome::close(
                "mean of 2 (standard error of two draws)²",
                variance,
                square,
                ERRORS_OF_MANY * error,
            ));
    }
    Ok(outcome)
}

fn deep(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let sizes: Vec<usize> = (0..=30).map(|l| [4, 1, 7][l % 3]).collect();
    let weights: Vec<_> = sizes
        .windows(2)
        .map(|pair| {
            let size = size_between(-3.0, 3.0, &mut trial.rng);
            normal_matrix(pair[1], pair[0], &mut trial.rng) * size
        })
        .collect();
    let expected: f64 = weights.iter().map(|w| svd(w).s[0].ln()).sum();
    let mut cut = weights.clone();
    let got = trial.number(args![weights])?;
    cut[7].fill(0.0);
    let nothing = trial.number(args![cut])?;
    Ok(
        Outcome::close("product", expected.exp(), got, 1e-8).and(Outcome::within(
            "product with a layer of zeros",
            0.0,
            nothing,
            0.0,
        )),
    )
}

fn any_factor(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut outcome = Outcome::holds("factors", true, "all", "all");
    for factor in [1.0, 2.0, 1e5] {
        let (w, v) = network(factor, trial)?;
        let product = v.dot(&v).sqrt() * svd(&w).s[0];
        let bound = factor * (1.0 - 1e-9);
        outcome = outcome
            .and(Outcome::close("L", 1.0, exact_constant(&w, &v), 1e-6))
            .and(Outcome::at_least("‖v‖ ‖W‖", bound, product));
    }
    Ok(outcome)
}

fn all_of_it(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let beyond = between(1.6, 4.0, &mut trial.rng);
    let all = trial.number(args![5_usize, beyond])?;
    let half = trial.number(args![100_usize, 0.0])?;
    Ok(share(1.0, all).and(share(0.5, half)))
}
