//! Hidden checks of `12_complexity_measures`.

use super::Hidden;
use crate::exercise::chapter_12::{extremes, first_steps, outputs, parameter_norm};
use crate::exercise::inputs::{count, normal_matrix, normal_vector};
use crate::exercise::trial::args;
use crate::exercise::{Check, Outcome, Trial, Trouble};
use crate::linalg::thin_svd;
use crate::measure::kendall;
use ndarray::{Array1, Array2, array};

pub(crate) static CHECKS: Hidden = &[
    (
        "power_iteration",
        &[
            Check {
                name: "scales",
                about: "weights of size 10⁶⁰ and 10⁻⁶⁰, 60 steps: nothing overflows",
                run: scales,
            },
            Check {
                name: "no_weights",
                about: "A = 0: the norm is 0; elsewhere it is not",
                run: no_weights,
            },
        ],
    ),
    (
        "norm_of_paths",
        &[
            Check {
                name: "one_layer",
                about: "one layer: its Frobenius norm",
                run: one_layer,
            },
            Check {
                name: "deep",
                about: "30 layers of four units: too many paths to list",
                run: deep,
            },
        ],
    ),
    (
        "larger_norm",
        &[Check {
            name: "range",
            about: "just above the smallest norm, and a thousand times as large",
            run: range,
        }],
    ),
    (
        "rank_correlation",
        &[
            Check {
                name: "ties",
                about: "ties in one list or both score 0, and are counted as pairs",
                run: ties,
            },
            Check {
                name: "constant",
                about: "a constant measure: 0; one with itself 1",
                run: constant,
            },
        ],
    ),
];

/// Catches a power iteration that normalises only at the end.
fn scales(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let u = thin_svd(&normal_matrix(4, 3, &mut trial.rng))?.u;
    let start = normal_vector(3, &mut trial.rng);
    let vt = thin_svd(&normal_matrix(3, 3, &mut trial.rng))?.vt;
    let a: Array2<f64> = (u * ndarray::array![2.0, 1.0, 0.5]).dot(&vt);
    let large = trial.number(args![&a * 1e60, start, 60_usize])?;
    let small = trial.number(args![&a * 1e-60, start, 60_usize])?;
    Ok(
        Outcome::close("at 10⁶⁰", 2e60, large, 1e-9).and(Outcome::close(
            "at 10⁻⁶⁰",
            2e-60,
            small,
            1e-9,
        )),
    )
}

fn no_weights(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let start = normal_vector(4, &mut trial.rng);
    let got = trial.number(args![Array2::<f64>::zeros((3, 4)), start, 5_usize])?;
    let row = trial.number(args![array![[3.0, -4.0]], array![3.0, -4.0], 0_usize])?;
    Ok(Outcome::within("norm", 0.0, got, 1e-12)
        .and(Outcome::close("one row, along it", 5.0, row, 1e-9))
        .and(first_steps(trial)?))
}

fn one_layer(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let layer = normal_matrix(3, 5, &mut trial.rng);
    let exact = layer.iter().map(|w| w * w).sum::<f64>().sqrt();
    let got = trial.number(args![vec![layer]])?;
    Ok(Outcome::close("path norm", exact, got, 1e-9))
}

/// All weights are ±½, so v stays a vector of four ones. There are 4³¹ paths.
fn deep(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut layer = || normal_matrix(4, 4, &mut trial.rng).mapv(|w| 0.5_f64.copysign(w));
    let layers: Vec<Array2<f64>> = (0..30).map(|_| layer()).collect();
    let got = trial.number(args![layers])?;
    Ok(Outcome::close("path norm", 2.0, got, 1e-9))
}

fn range(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let hidden = count(2, 5, &mut trial.rng);
    let net = (
        normal_matrix(hidden, 3, &mut trial.rng) * 0.1,
        normal_matrix(1, hidden, &mut trial.rng) * 10.0,
    );
    let square = |a: &Array2<f64>| a.iter().map(|w| w * w).sum::<f64>();
    let least = 2.0 * (square(&net.0) * square(&net.1)).sqrt();
    let mut outcome = Outcome::holds("networks", true, "two", "two");
    for norm in [1.01 * least, 1000.0 * parameter_norm(&net)] {
        let (same, got) = outputs(trial, &net, norm)?;
        outcome = outcome
            .and(same)
            .and(Outcome::close("‖X₁‖² + ‖X₂‖²", norm, got, 1e-5));
    }
    Ok(outcome)
}

fn ties(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut list = || Array1::from_shape_simple_fn(20, || count(0, 3, &mut trial.rng) as f64);
    let measure = list();
    let gap = &list() + &measure;
    let exact = kendall(&measure.to_vec(), &gap.to_vec())?;
    let got = trial.number(args![measure, gap])?;
    Ok(Outcome::within("τ", exact, got, 1e-9))
}

fn constant(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let gap = normal_vector(8, &mut trial.rng);
    let got = trial.number(args![Array1::from_elem(8, 7.0), gap])?;
    Ok(Outcome::within("τ", 0.0, got, 1e-12).and(extremes(trial)?))
}
