//! Hidden checks of `09_robustness_width_depth_init`.

use super::Hidden;
use crate::exercise::chapter_09::{ball_moments, exact_constant, network};
use crate::exercise::inputs::{between, normal_matrix, normal_vector};
use crate::exercise::trial::args;
use crate::exercise::{Check, Outcome, Trial, Trouble};
use dltheory_workbench::linalg::svd;

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
                about: "over 100 runs the mean misses the truth by one standard error, in the mean square",
                run: calibrated,
            },
        ],
    ),
    (
        "product_bound",
        &[Check {
            name: "deep",
            about: "30 layers of changing sizes, down to a row and a column",
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
    let epsilon = between(0.1, 3.0, &mut trial.rng);
    let seed = trial.seed();
    let (got, _): (f64, f64) = trial.call(args![g, epsilon, draws, seed])?;
    let (_, deviation) = ball_moments(&g, epsilon)?;
    Ok(Outcome::within(
        "mean",
        epsilon * g[0].abs() / 2.0,
        got,
        5.0 * deviation / (draws as f64).sqrt(),
    ))
}

/// The mean of 100 squares of normal numbers has the standard error √(2/100); six of them.
fn calibrated(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let g = normal_vector(4, &mut trial.rng);
    let (expected, _) = ball_moments(&g, 0.5)?;
    let mut squares = 0.0;
    for _ in 0..100 {
        let seed = trial.seed();
        let (mean, error): (f64, f64) = trial.call(args![g, 0.5, 200_usize, seed])?;
        squares += ((mean - expected) / error).powi(2) / 100.0;
    }
    let tolerance = 6.0 * (2.0_f64 / 100.0).sqrt();
    Ok(Outcome::within(
        "mean of (miss / standard error)²",
        1.0,
        squares,
        tolerance,
    ))
}

fn deep(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let sizes: Vec<usize> = (0..=30).map(|l| [4, 1, 7][l % 3]).collect();
    let weights: Vec<_> = sizes
        .windows(2)
        .map(|pair| normal_matrix(pair[1], pair[0], &mut trial.rng))
        .collect();
    let expected: f64 = weights.iter().map(|w| svd(w).s[0].ln()).sum();
    let got = trial.number(args![weights])?;
    Ok(Outcome::close("product", expected.exp(), got, 1e-8))
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
    Ok(Outcome::close("share", 1.0, all, 1e-4).and(Outcome::close(
        "share for ε = 0",
        0.5,
        half,
        1e-4,
    )))
}
