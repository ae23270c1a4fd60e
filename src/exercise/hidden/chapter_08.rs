//! Hidden checks of `08_initialisation_and_lazy_training`.

use ndarray::{Array1, Axis, concatenate};

use super::Hidden;
use crate::exercise::chapter_08::training::{power_norm, spectral_radius};
use crate::exercise::inputs::{between, count, normal_vector};
use crate::exercise::law::mean_square;
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
                about: "no two rows, columns or matrices have anything to do with one another",
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
            about: "a gradient of zeros stays one; a gradient on the limit stays too; one entry is a gradient",
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

/// Given h, the outputs are independent and normal.
fn keeps(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (outputs, inputs) = (2000_usize, 50_usize);
    let z = normal_vector(inputs, &mut trial.rng);
    let h = z.mapv(|v| v.max(0.0));
    let seed = trial.seed();
    let w = trial.matrix(args![outputs, inputs, seed], (outputs, inputs))?;
    let next = w.dot(&h);
    Ok(mean_square(
        "mean square of the outputs",
        2.0 * h.dot(&h) / inputs as f64,
        next.dot(&next) / outputs as f64,
        outputs,
    ))
}

/// Any two rows, and any two columns, of two matrices from two generators. For independent ones
/// Chernoff's bound has a product above 8 √150 with probability below 2·10⁻¹², and there are
/// 22,350 products; equal or opposite rows have √150 √150.
fn independent(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (one, other) = (trial.seed(), trial.seed());
    let first = trial.matrix(args![75_usize, 150_usize, one], (75, 150))?;
    let second = trial.matrix(args![75_usize, 150_usize, other], (75, 150))?;
    let w = concatenate![Axis(0), first, second] * 75.0_f64.sqrt();
    let mean = w.mapv(|v| v * v).sum() / w.len() as f64;
    let mut outcome = mean_square("mean of W² / V", 1.0, mean, w.len());
    for (what, products) in [("rows", w.dot(&w.t())), ("columns", w.t().dot(&w))] {
        let pairs = products.indexed_iter().filter(|((i, j), _)| i < j);
        let most = pairs.fold(0.0_f64, |most, (_, product)| most.max(product.abs()));
        let most = most / 150.0_f64.sqrt();
        outcome = outcome.and(Outcome::at_most(
            &format!("product of two {what}"),
            8.0,
            most,
        ));
    }
    Ok(outcome)
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
        (0.8, 1_usize, 3.0),
        (0.9, 60, 20.0),
        (0.7, 4, 1000.0),
        (0.5, 30, 100.0),
        (0.6, 100, 1000.0),
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
    let single = trial.vector(args![ndarray::array![-3.0 * limit], limit], 1)?;
    Ok(
        Outcome::within("length of the clipped 0", 0.0, none.dot(&none).sqrt(), 0.0)
            .and(Outcome::arrays("g on the limit", &direction, &on, 1e-5))
            .and(Outcome::close("one entry", -limit, single[0], 1e-5)),
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
