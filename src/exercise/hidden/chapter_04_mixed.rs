//! Hidden checks of `04_minimax`: mixed.

use ndarray::{Array1, array};

use super::Hidden;
use crate::exercise::chapter_04::mixed::{gap_by_replies, strategy};
use crate::exercise::inputs::{between, count, normal_matrix, normal_vector};
use crate::exercise::trial::args;
use crate::exercise::{Check, Outcome, Trial, Trouble};

pub(crate) static CHECKS: Hidden = &[
    (
        "mirror_step",
        &[
            Check {
                name: "huge",
                about: "losses of hundreds of thousands, of either sign: the cheapest entries get all",
                run: huge,
            },
            Check {
                name: "never_played",
                about: "an entry of weight 0 keeps it, however cheap it is",
                run: never_played,
            },
        ],
    ),
    (
        "duality_gap",
        &[Check {
            name: "pure",
            about: "one row, one column, and strategies with zeros",
            run: pure,
        }],
    ),
];

fn huge(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let p = strategy(4, &mut trial.rng);
    let level = between(1e5, 9e5, &mut trial.rng);
    let mut outcome = Outcome::holds("weights", true, "right", "right");
    for sign in [-1.0, 1.0] {
        // Two that are nearly as cheap, two far behind.
        let near = between(-1.0, 1.0, &mut trial.rng);
        let base = sign * level;
        let losses = array![base, base + near, base + 3e3, base + 2e5];
        let got = trial.vector(args![p, losses, 1.0], 4)?;
        let (first, second) = (p[0], p[1] * (-near).exp());
        let total = first + second;
        let expected = array![first / total, second / total, 0.0, 0.0];
        outcome = outcome.and(Outcome::arrays("weights", &expected, &got, 1e-6));
    }
    Ok(outcome)
}

fn never_played(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let n = count(3, 5, &mut trial.rng);
    let mut p = strategy(n, &mut trial.rng);
    let never = count(0, n - 1, &mut trial.rng);
    p[never] = 0.0;
    let total = p.sum();
    p /= total;
    let mut losses = normal_vector(n, &mut trial.rng);
    losses[never] = -between(2e3, 9e3, &mut trial.rng);
    let got = trial.vector(args![p, losses, 1.0], n)?;
    let weights = Array1::from_shape_fn(n, |i| match i == never {
        true => 0.0,
        false => p[i] * (-losses[i]).exp(),
    });
    let sum = weights.sum();
    Ok(Outcome::arrays("weights", &(weights / sum), &got, 1e-9))
}

fn pure(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut outcome = Outcome::holds("gap", true, "right", "right");
    for (m, n) in [(1, 4), (4, 1), (3, 3)] {
        let a = normal_matrix(m, n, &mut trial.rng) * 3.0 - 7.0;
        let one = |size: usize, at: usize| {
            Array1::from_shape_fn(size, |i| if i == at { 1.0 } else { 0.0 })
        };
        let (p, q) = (
            one(m, count(0, m - 1, &mut trial.rng)),
            one(n, count(0, n - 1, &mut trial.rng)),
        );
        let got = trial.number(args![a, p, q])?;
        let expected = gap_by_replies(&a, &p, &q);
        outcome = outcome.and(Outcome::within("gap", expected, got, 1e-9));
    }
    Ok(outcome)
}
