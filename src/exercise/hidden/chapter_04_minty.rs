//! Hidden checks of `04_minimax`: how far a field may point away from the solution.

use ndarray::array;

use super::Hidden;
use crate::exercise::chapter_04::minty::{invertible, least_ratio, turning_share};
use crate::exercise::inputs::between;
use crate::exercise::trial::args;
use crate::exercise::{Check, Outcome, Trial, Trouble};

pub(crate) static CHECKS: Hidden = &[
    (
        "largest_extragradient_share",
        &[Check {
            name: "scales",
            about: "fields a thousand times steeper or flatter",
            run: scales,
        }],
    ),
    (
        "weak_minty_constant",
        &[
            Check {
                name: "saddle",
                about: "a matrix with a negative determinant",
                run: saddle,
            },
            Check {
                name: "stretched",
                about: "a symmetric field: one over an eigenvalue, the larger one where both are positive",
                run: stretched,
            },
        ],
    ),
];

fn scales(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let share = between(-0.4, -0.1, &mut trial.rng);
    let steep = trial.number(args![2000.0, share / 2000.0])?;
    let flat = trial.number(args![0.002, share / 0.002])?;
    let expected = turning_share(1.0, share);
    Ok(
        Outcome::within("share at L = 2000", expected, steep, 1e-6).and(Outcome::within(
            "share at L = 0.002",
            expected,
            flat,
            1e-6,
        )),
    )
}

fn saddle(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let a = invertible(-1.0, trial);
    let got = trial.number(args![a])?;
    Ok(Outcome::within("ρ", least_ratio(&a), got, 1e-7))
}

fn stretched(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (p, r) = (
        between(0.5, 1.5, &mut trial.rng),
        between(2.0, 4.0, &mut trial.rng),
    );
    let inwards = trial.number(args![array![[p, 0.0], [0.0, r]]])?;
    let mixed = trial.number(args![array![[-p, 0.0], [0.0, r]]])?;
    Ok(
        Outcome::close("ρ, both positive", 1.0 / r, inwards, 1e-9).and(Outcome::close(
            "ρ, one negative",
            -1.0 / p,
            mixed,
            1e-9,
        )),
    )
}
