//! Hidden checks of `04_minimax`: methods.

use super::Hidden;
use crate::exercise::chapter_04::methods::extragradient;
use crate::exercise::inputs::{between, count, normal_matrix, normal_vector, size_between};
use crate::exercise::trial::args;
use crate::exercise::{Check, Outcome, Trial, Trouble};

pub(crate) static CHECKS: Hidden = &[
    (
        "extragradient_point",
        &[
            Check {
                name: "many_steps",
                about: "up to thirty steps on fields that are no game's, from anywhere",
                run: many_steps,
            },
            Check {
                name: "at_rest",
                about: "no step moves nothing, and a point where the field vanishes stays",
                run: at_rest,
            },
        ],
    ),
    (
        "optimistic_factor",
        &[
            Check {
                name: "turning_points",
                about: "where both roots are one, and where the method begins to spiral out",
                run: turning_points,
            },
            Check {
                name: "tiny_steps",
                about: "steps of 0.001 to 0.03: short of 1 by α²/2 and what follows from it",
                run: tiny_steps,
            },
        ],
    ),
];

fn many_steps(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let p = count(1, 5, &mut trial.rng);
    let a = normal_matrix(p, p, &mut trial.rng);
    let b = normal_vector(p, &mut trial.rng);
    let z = normal_vector(p, &mut trial.rng) * size_between(-2.0, 2.0, &mut trial.rng);
    let rate = between(0.02, 0.3, &mut trial.rng);
    let steps = count(2, 30, &mut trial.rng);
    let exact = extragradient(&a, &b, &z, rate, steps);
    let got = trial.vector(args![a, b, z, rate, steps], p)?;
    Ok(Outcome::arrays("z after many steps", &exact, &got, 1e-8))
}

fn at_rest(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let p = count(2, 5, &mut trial.rng);
    let a = normal_matrix(p, p, &mut trial.rng);
    let z = normal_vector(p, &mut trial.rng);
    let b = normal_vector(p, &mut trial.rng);
    let none = trial.vector(args![a, b, z, 0.3, 0_usize], p)?;
    let solved = -a.dot(&z);
    let stays = trial.vector(args![a, solved, z, 0.1, 3_usize], p)?;
    Ok(
        Outcome::arrays("z after no step", &z, &none, 0.0).and(Outcome::arrays(
            "z where V(z) = 0",
            &z,
            &stays,
            1e-12,
        )),
    )
}

/// |λ|² = ½ at α = ½, and 1 at α = 1/√3.
fn turning_points(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let double = trial.number(args![0.5])?;
    let limit = trial.number(args![1.0 / 3.0_f64.sqrt()])?;
    Ok(
        Outcome::close("factor at α = ½", 0.5_f64.sqrt(), double, 1e-7).and(Outcome::close(
            "factor at α = 1/√3",
            1.0,
            limit,
            1e-9,
        )),
    )
}

/// |λ|² = (1 + √(1 − 4α²))/2, with what is short of 1 as 2α²/(1 + √(1 − 4α²)).
fn tiny_steps(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let alpha = size_between(-3.0, -1.5, &mut trial.rng);
    let root = (1.0 - 4.0 * alpha * alpha).sqrt();
    let square = 1.0 - 2.0 * alpha * alpha / (1.0 + root);
    let short = -0.5 * (-2.0 * alpha * alpha / (1.0 + root)).ln_1p();
    let got = trial.number(args![alpha])?;
    let what = format!("−ln of the factor at α = {alpha:.5}");
    Ok(
        Outcome::close(&what, short, -got.ln(), 1e-6).and(Outcome::close(
            "the factor",
            square.sqrt(),
            got,
            1e-12,
        )),
    )
}
