//! Hidden checks of `02_adversarial_examples`: what may be done to an input.

use super::Hidden;
use crate::exercise::chapter_02::inputs::{Fit, allowed, best_gain, picture};
use crate::exercise::inputs::{between, normal_vector};
use crate::exercise::trial::args;
use crate::exercise::{Check, Outcome, Trial, Trouble};

pub(crate) static CHECKS: Hidden = &[
    (
        "free_pixels",
        &[Check {
            name: "ends",
            about: "black and white pictures, where half of the slopes point out of the range; k = 0 and more pixels than there are",
            run: ends,
        }],
    ),
    (
        "poisoned_prediction",
        &[
            Check {
                name: "heavy_point",
                about: "a point a thousand times longer pins its own prediction to its target",
                run: heavy_point,
            },
            Check {
                name: "own_place",
                about: "at the point itself: between the old prediction and the target, as the leverage says",
                run: own_place,
            },
        ],
    ),
];

fn ends(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (g, x) = picture(16, trial)?;
    let x = x.mapv(f64::round);
    let mut outcome = Outcome::holds("gain", true, "the largest", "the largest");
    for k in [0_usize, 3, 16, 40] {
        let z = trial.vector(args![g, x, k], 16)?;
        let gain = Outcome::within("gain", best_gain(&g, &x, k)?, g.dot(&(&z - &x)), 1e-9);
        outcome = outcome.and(gain).and(allowed(&x, &z, k));
    }
    Ok(outcome)
}

fn heavy_point(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let fit = Fit::new(10, 5, trial)?;
    let z = normal_vector(5, &mut trial.rng) * 1000.0;
    let t = between(2.0, 9.0, &mut trial.rng);
    let got = trial.number(args![fit.inverse, fit.weights, z, z, t])?;
    Ok(Outcome::within(
        "prediction",
        fit.anew(&z, &z, t)?,
        got,
        1e-6,
    ))
}

fn own_place(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let fit = Fit::new(10, 5, trial)?;
    let z = normal_vector(5, &mut trial.rng);
    let t = between(2.0, 9.0, &mut trial.rng);
    let leverage = z.dot(&fit.inverse.dot(&z));
    let before = fit.weights.dot(&z);
    let expected = (before + leverage * t) / (1.0 + leverage);
    let got = trial.number(args![fit.inverse, fit.weights, z, z, t])?;
    Ok(Outcome::within("prediction", expected, got, 1e-9))
}
