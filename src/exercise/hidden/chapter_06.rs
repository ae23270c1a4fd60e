//! Hidden checks of `06_overparameterised_optimisation`.

use super::Hidden;
use crate::exercise::chapter_06::margins::{examples, kkt};
use crate::exercise::inputs::size_between;
use crate::exercise::trial::args;
use crate::exercise::{Check, Outcome, Trial, Trouble};

pub(crate) static CHECKS: Hidden = &[
    (
        "late_loss",
        &[Check {
            name: "number",
            about: "1/(γ²ηt) for sizes from 10⁻⁶ to 10⁶",
            run: number,
        }],
    ),
    (
        "two_multipliers",
        &[Check {
            name: "one_supports",
            about: "where one example supports alone, the first or the second: α ≥ 0 and the margins again",
            run: one_supports,
        }],
    ),
];

fn number(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let [margin, rate, steps] = [(-6.0, 6.0), (-6.0, 0.0), (2.0, 12.0)]
        .map(|(low, high)| size_between(low, high, &mut trial.rng));
    let got = trial.number(args![margin, rate, steps])?;
    let exact = 1.0 / (margin * margin * rate * steps);
    Ok(Outcome::close("loss", exact, got, 1e-9))
}

fn one_supports(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (first, second) = (examples(0, &mut trial.rng), examples(1, &mut trial.rng));
    let size = size_between(-1.0, 1.0, &mut trial.rng);
    Ok(kkt(trial, &(first * size))?.and(kkt(trial, &second)?))
}
