//! Hidden checks of `08_initialisation_and_lazy_training`.

use ndarray::{Array1, s};

use super::Hidden;
use crate::exercise::chapter_08::training::{power_norm, spectral_radius};
use crate::exercise::inputs::{between, count, normal_vector};
use crate::exercise::trial::args;
use crate::exercise::{Check, Outcome, Trial, Trouble};

pub(crate) static CHECKS: Hidden = &[
    (
        "he_weights",
        &[
            Check {
                name: "keeps",
                about: "behind a ReLU, 2,000 outputs of 50 inputs keep the mean square",
                run: keeps,
            },
            Check {
                name: "independent",
                about: "neighbouring entries are uncorrelated along rows and columns",
                run: independent,
            },
        ],
    ),
    (
        "mean_square_at_depth",
        &[Check {
            name: "deep",
            about: "40 layers of random sizes and variances, ReLU and linear",
            run: deep,
        }],
    ),
    (
        "growing_powers",
        &[Check {
            name: "other_demands",
            about: "the first power, a long time and a large factor",
            run: other_demands,
        }],
    ),
    (
        "clip_by_norm",
        &[Check {
            name: "zero",
            about: "a gradient of zeros stays one; a gradient on the limit stays too",
            run: zero,
        }],
    ),
    (
        "running_mean_weights",
        &[Check {
            name: "no_memory",
            about: "with ρ = 0 only the newest batch counts; a single batch weighs 1 − ρ",
            run: no_memory,
        }],
    ),
];

/// The mean over 2,000 normal outputs has the relative standard error √(2/2000).
fn keeps(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (outputs, inputs) = (2000_usize, 50_usize);
    let z = normal_vector(inputs, &mut trial.rng);
    let h = z.mapv(|v| v.max(0.0));
    let seed = trial.seed();
    let w = trial.matrix(args![outputs, inputs, seed], (outputs, inputs))?;
    let next = w.dot(&h);
    Ok(Outcome::close(
        "mean square of the outputs",
        2.0 * h.dot(&h) / inputs as f64,
        next.dot(&next) / outputs as f64,
        5.0 * (2.0_f64 / 2000.0).sqrt(),
    ))
}

/// A row or a column drawn once and copied has the right variance and fails here.
fn independent(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let seed = trial.seed();
    let w = trial.matrix(args![150_usize, 150_usize, seed], (150, 150))? * 75.0_f64.sqrt();
    let along_rows = (&w.slice(s![.., 1..]) * &w.slice(s![.., ..-1])).sum();
    let along_columns = (&w.slice(s![1.., ..]) * &w.slice(s![..-1, ..])).sum();
    let n = 150.0 * 149.0;
    let tolerance = 5.0 / f64::sqrt(n);
    Ok(
        Outcome::within("correlation in a row", 0.0, along_rows / n, tolerance).and(
            Outcome::within("correlation in a column", 0.0, along_columns / n, tolerance),
        ),
    )
}

fn deep(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let a = normal_vector(3, &mut trial.rng);
    let sizes: Vec<usize> = (0..40).map(|_| count(1, 30, &mut trial.rng)).collect();
    let variances: Vec<f64> = (0..40)
        .map(|_| between(0.05, 0.3, &mut trial.rng))
        .collect();
    let mut log = variances.iter().map(|v| v.ln()).sum::<f64>() + a.dot(&a).ln();
    log += sizes[..39].iter().map(|m| (*m as f64).ln()).sum::<f64>();
    let linear = trial.number(args![a, sizes, variances, false])?;
    let relu = trial.number(args![a, sizes, variances, true])?;
    Ok(
        Outcome::close("E z², linear", log.exp(), linear, 1e-8).and(Outcome::close(
            "E z² with ReLU",
            (log - 39.0 * f64::ln(2.0)).exp(),
            relu,
            1e-8,
        )),
    )
}

fn other_demands(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut outcome = Outcome::holds("demands", true, "all", "all");
    let demands = [
        (0.5, 1_usize, 3.0),
        (0.9, 60, 20.0),
        (0.7, 4, 1000.0),
        (0.5, 30, 100.0),
    ];
    for (rho, k, factor) in demands {
        let a = trial.matrix(args![rho, k, factor], (2, 2))?;
        let what = format!("‖Aᵏ‖ for k = {k}");
        let bound = factor * (1.0 - 1e-3);
        outcome = outcome
            .and(Outcome::at_least(&what, bound, power_norm(&a, k)))
            .and(Outcome::at_most(
                "spectral radius",
                rho + 1e-3,
                spectral_radius(&a),
            ));
    }
    Ok(outcome)
}

fn zero(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let limit = between(0.1, 2.0, &mut trial.rng);
    let none = trial.vector(args![Array1::<f64>::zeros(4), limit], 4)?;
    let direction = normal_vector(4, &mut trial.rng);
    let size = direction.dot(&direction).sqrt();
    let on = trial.vector(args![direction, size], 4)?;
    Ok(
        Outcome::within("length of the clipped 0", 0.0, none.dot(&none).sqrt(), 0.0)
            .and(Outcome::arrays("g on the limit", &direction, &on, 1e-5)),
    )
}

fn no_memory(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let newest = trial.vector(args![0.0, 4_usize], 4)?;
    let rho = between(0.1, 0.9, &mut trial.rng);
    let single = trial.vector(args![rho, 1_usize], 1)?;
    Ok(Outcome::arrays(
        "weights for ρ = 0",
        &ndarray::array![0.0, 0.0, 0.0, 1.0],
        &newest,
        1e-12,
    )
    .and(Outcome::close(
        "the only weight",
        1.0 - rho,
        single[0],
        1e-9,
    )))
}
