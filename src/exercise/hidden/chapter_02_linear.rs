//! Hidden checks of `02_adversarial_examples`: linear models.

use ndarray::array;

use super::Hidden;
use crate::exercise::chapter_02::linear::{Case, NORMS, dual, least, size};
use crate::exercise::inputs::{count, normal_vector, size_between};
use crate::exercise::{Check, Outcome, Trial, Trouble};

pub(crate) static CHECKS: Hidden = &[
    (
        "worst_margin",
        &[
            Check {
                name: "other_norms",
                about: "p = 1.5, 3 and 7, by Hölder's δ",
                run: other_norms,
            },
            Check {
                name: "no_room",
                about: "without room it is y w·x; a weight of 0; a single weight",
                run: no_room,
            },
        ],
    ),
    (
        "least_perturbation",
        &[Check {
            name: "ties",
            about: "weights that are equal, some 0, one alone",
            run: ties,
        }],
    ),
];

/// |δ_j| ∝ |w_j|^(q−1) is where Hölder's inequality is none.
fn other_norms(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut outcome = Outcome::holds("worst margin", true, "right", "right");
    for p in [1.5, 3.0, 7.0] {
        let case = Case::new(count(2, 12, &mut trial.rng), trial);
        let v = case.w.mapv(|w| w.abs().powf(dual(p) - 1.0).copysign(w));
        let v = &v / size(&v, p);
        outcome = case.worst_of(p, &[v.clone(), -v], trial)?.and(outcome);
    }
    Ok(outcome)
}

fn no_room(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut outcome = Outcome::holds("worst margin", true, "right", "right");
    for p in [1.0, 2.0, f64::INFINITY] {
        let mut case = Case::new(4, trial);
        case.w[1] = 0.0;
        case.epsilon = 0.0;
        let nowhere = normal_vector(4, &mut trial.rng) * 0.0;
        outcome = case.worst_of(p, &[nowhere], trial)?.and(outcome);
        let case = Case::new(1, trial);
        let ends = [1.0, -1.0].map(|end| ndarray::array![end]);
        outcome = case.worst_of(p, &ends, trial)?.and(outcome);
    }
    Ok(outcome)
}

/// Weights that are equal, and weights of 0.
fn ties(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let c = size_between(-2.0, 2.0, &mut trial.rng);
    let mut outcome = Outcome::holds("δ", true, "right", "right");
    for w in [array![c, -c, 0.0, c], array![0.0, c, 0.0], array![-c]] {
        let x = normal_vector(w.len(), &mut trial.rng);
        for p in NORMS {
            let [boundary, length] = least(&w, &x, p, trial)?;
            outcome = boundary.and(length).and(outcome);
        }
    }
    Ok(outcome)
}
