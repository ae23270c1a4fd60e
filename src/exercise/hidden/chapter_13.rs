//! Hidden checks of `13_double_descent`.

use super::Hidden;
use crate::exercise::inputs::{normal_matrix, normal_vector};
use crate::exercise::trial::args;
use crate::exercise::{Check, Outcome, Trial, Trouble};

pub(crate) static CHECKS: Hidden = &[(
    "min_norm",
    &[Check {
        name: "scales",
        about: "a square system and a large scale: w is the one solution",
        run: scales,
    }],
)];

/// With n = d there is one solution, known because it was drawn first.
fn scales(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x = normal_matrix(6, 6, &mut trial.rng) * 1e4;
    let truth = normal_vector(6, &mut trial.rng);
    let w = trial.vector(args![x, x.dot(&truth)], 6)?;
    Ok(Outcome::arrays("w", &truth, &w, 1e-5))
}
