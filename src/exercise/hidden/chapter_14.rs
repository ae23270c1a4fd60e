//! Hidden checks of `14_grokking`.

use super::Hidden;
use crate::exercise::chapter_14::{circuit, library, right};
use crate::exercise::inputs::{between, count, normal_matrix, normal_vector, size_between};
use crate::exercise::trial::args;
use crate::exercise::{Check, Outcome, Trial, Trouble};
use ndarray::Array1;

pub(crate) static CHECKS: Hidden = &[
    (
        "adding_circuit",
        &[Check {
            name: "any_modulus",
            about: "p = 3, and p with divisors: 12, where a − b may be half of p, and 25",
            run: any_modulus,
        }],
    ),
    (
        "adamw_weights",
        &[Check {
            name: "long",
            about: "300 steps with gradients that grow: the library's weights",
            run: long,
        }],
    ),
    (
        "largest_share",
        &[
            Check {
                name: "two_waves",
                about: "two waves of amplitudes A and B: the larger square over the sum of both",
                run: two_waves,
            },
            Check {
                name: "constant",
                about: "a constant column: 0",
                run: constant,
            },
        ],
    ),
];

fn any_modulus(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut outcome = Outcome::holds("moduli", true, "three", "three");
    for p in [3, 12, 25] {
        outcome = outcome.and(match circuit(trial, p)? {
            Err(wrong) => wrong,
            Ok(layers) => {
                let (got, all) = (right(&layers, p), p * p);
                let what = format!("sums modulo {p} that are right");
                Outcome::holds(&what, got == all, &all.to_string(), &got.to_string())
            }
        });
    }
    Ok(outcome)
}

fn long(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let w = normal_vector(3, &mut trial.rng);
    let mut gradients = normal_matrix(300, 3, &mut trial.rng);
    for (t, mut row) in gradients.rows_mut().into_iter().enumerate() {
        row *= 1.05_f64.powi(t as i32);
    }
    let (rate, decay) = (
        between(0.001, 0.01, &mut trial.rng),
        between(0.5, 3.0, &mut trial.rng),
    );
    let expected = library(&w, &gradients, rate, decay);
    let got = trial.vector(args![w, gradients, rate, decay], 3)?;
    Ok(Outcome::arrays("weights", &expected, &got, 1e-9))
}

fn two_waves(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let p = 2 * count(4, 15, &mut trial.rng) + 1;
    let (low, high) = (
        between(0.1, 0.9, &mut trial.rng),
        between(1.0, 2.0, &mut trial.rng),
    );
    let first = count(1, (p - 1) / 2 - 1, &mut trial.rng);
    let wave = |k: usize, a: usize, phase: f64| {
        (std::f64::consts::TAU * (k * a) as f64 / p as f64 + phase).cos()
    };
    let last = (p - 1) / 2;
    // Of any size: the share does not see it.
    let size = size_between(-3.0, 1.0, &mut trial.rng);
    let column = Array1::from_shape_fn(p, |a| {
        size * (low * wave(first, a, 0.4) + high * wave(last, a, 2.0))
    });
    let expected = high * high / (high * high + low * low);
    Ok(Outcome::close(
        "share",
        expected,
        trial.number(args![column])?,
        1e-9,
    ))
}

fn constant(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let zeros = Array1::<f64>::zeros(2 * count(2, 9, &mut trial.rng) + 1);
    let none = Outcome::within(
        "share of a column of zeros",
        0.0,
        trial.number(args![zeros])?,
        1e-12,
    );
    Ok(none.and(two_waves(trial)?))
}
