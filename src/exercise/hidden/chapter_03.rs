//! Hidden checks of `03_danskin_and_ddi`.

use ndarray::Array1;

use super::Hidden;
use crate::exercise::chapter_03::{by_difference, no_attack, steepest};
use crate::exercise::inputs::{between, normal_vector};
use crate::exercise::trial::args;
use crate::exercise::{Check, Outcome, Trial, Trouble};

pub(crate) static CHECKS: Hidden = &[
    (
        "directional_derivative",
        &[Check {
            name: "nearly_equal",
            about: "attacks a little weaker than the strongest count, weaker ones do not",
            run: nearly_equal,
        }],
    ),
    (
        "least_norm_of_two",
        &[Check {
            name: "the_same",
            about: "both gradients are equal, or differ in their last digits only",
            run: the_same,
        }],
    ),
    (
        "robust_loss_gradient",
        &[
            Check {
                name: "sure",
                about: "margins beyond ±800: a gradient of nearly 0, and one of full size",
                run: sure,
            },
            Check {
                name: "wiped_out",
                about: "an attack larger than every input: at w = 0 nothing is to be gained; and ε = 0",
                run: wiped_out,
            },
        ],
    ),
];

fn nearly_equal(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let top = between(-5.0, 5.0, &mut trial.rng);
    let slack = 0.01;
    let mut values: Vec<f64> = (0..6)
        .map(|_| top - slack * between(0.1, 0.9, &mut trial.rng))
        .collect();
    values.extend([top, top - 2.0 * slack, top - 0.5]);
    let values = Array1::from(values);
    by_difference(trial, &values, slack, slack)
}

fn the_same(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let a = normal_vector(5, &mut trial.rng);
    let once = trial.vector(args![a, a], 5)?;
    let mut near = a.clone();
    near[2] *= 1.0 + f64::EPSILON;
    let twice = trial.vector(args![a, near], 5)?;
    Ok(
        Outcome::arrays("a = b", &a, &once, 1e-12)
            .and(Outcome::arrays("nearly", &a, &twice, 1e-12)),
    )
}

fn sure(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x = normal_vector(4, &mut trial.rng).mapv(|x| x + 0.5_f64.copysign(x));
    let (epsilon, y) = (between(0.1, 0.3, &mut trial.rng), 1.0);
    let unit = &x / x.dot(&x);
    // Of 2,000 the attack takes at most 1,200: ε‖w‖₁ = 2000 ε Σ|x|/‖x‖², and Σ|x| ≤ 2‖x‖² as |x_i| ≥ ½.
    let right = trial.vector(args![(&unit * 2000.0), x, y, epsilon], 4)?;
    let wrong = trial.vector(args![(&unit * -2000.0), x, y, epsilon], 4)?;
    let size = right.dot(&right).sqrt();
    let expected = (&x + &(x.mapv(f64::signum) * epsilon)) * -1.0;
    Ok(
        Outcome::within("length where it is sure and right", 0.0, size, 1e-12).and(
            Outcome::arrays("where it is sure and wrong", &expected, &wrong, 1e-9),
        ),
    )
}

fn wiped_out(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x = normal_vector(5, &mut trial.rng);
    let largest = x.fold(0.0_f64, |most, x| most.max(x.abs()));
    let zero = Array1::<f64>::zeros(5);
    let got = trial.vector(args![zero, x, 1.0, (1.5 * largest)], 5)?;
    let size = got.dot(&got).sqrt();
    let nothing = Outcome::within("length", 0.0, size, 1e-12);
    Ok(nothing
        .and(no_attack(trial)?)
        .and(steepest(trial, &x, 0.5 * largest)?))
}
