//! Hidden checks of `04_minimax`: points and cycles.

use ndarray::Array2;

use super::Hidden;
use crate::exercise::chapter_04::points::{measured_radius, with_eigenvalues};
use crate::exercise::inputs::between;
use crate::exercise::trial::args;
use crate::exercise::{Check, Outcome, Trial, Trouble};

pub(crate) static CHECKS: Hidden = &[
    (
        "local_nash",
        &[Check {
            name: "unequal",
            about: "players with one and with five coordinates, and a direction along which nothing changes",
            run: unequal,
        }],
    ),
    (
        "cycle_radius",
        &[
            Check {
                name: "no_cycle",
                about: "steps that are too long for a cycle, and steps that are just short enough",
                run: no_cycle,
            },
            Check {
                name: "farther",
                about: "methods that look ahead half a step, or two",
                run: farther,
            },
        ],
    ),
];

fn unequal(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let gain = between(0.5, 2.0, &mut trial.rng);
    let one = |value: f64| Array2::from_elem((1, 1), value);
    let many = with_eigenvalues(&[gain, 0.3, 0.0, -1.0, -4.0], &mut trial.rng);
    let flat = with_eigenvalues(&[0.0, -1.0, -gain], &mut trial.rng);
    let second = trial.number(args![one(1.0), many])?;
    let rest = trial.number(args![one(0.0), flat])?;
    let first = trial.number(args![many, one(-7.0)])?;
    Ok(
        Outcome::close("the second player of five", gain, second, 1e-9)
            .and(Outcome::within(
                "a flat direction is no gain",
                0.0,
                rest,
                1e-9,
            ))
            .and(Outcome::close("the first player of five", 4.0, first, 1e-9)),
    )
}

fn no_cycle(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let epsilon = between(0.05, 0.5, &mut trial.rng);
    let beyond = epsilon * between(1.01, 3.0, &mut trial.rng);
    let gone = trial.number(args![epsilon, beyond, 1.0])?;
    let small = trial.number(args![epsilon, (0.99 * epsilon), 1.0])?;
    let kept = trial.number(args![epsilon, beyond, 0.0])?;
    let grown = (4.0 / 3.0 * (1.0 + beyond / epsilon)).sqrt();
    Ok(Outcome::within("too long: no cycle", 0.0, gone, 1e-12)
        .and(Outcome::close(
            "just short enough",
            (4.0 / 300.0_f64).sqrt(),
            small,
            1e-9,
        ))
        .and(Outcome::close(
            "without looking ahead it only grows",
            grown,
            kept,
            1e-9,
        )))
}

fn farther(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let epsilon = between(0.02, 0.04, &mut trial.rng);
    let alpha = epsilon * between(0.1, 0.2, &mut trial.rng);
    let half = trial.number(args![epsilon, alpha, 0.5])?;
    let twice = trial.number(args![epsilon, alpha, 2.0])?;
    let expected = [0.5, 2.0].map(|ahead| measured_radius(epsilon, alpha, ahead));
    Ok(
        Outcome::close("half a step ahead", expected[0], half, 5e-3).and(Outcome::close(
            "two steps ahead",
            expected[1],
            twice,
            5e-3,
        )),
    )
}
