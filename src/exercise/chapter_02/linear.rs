//! Checks: linear models.

use ndarray::Array1;

use crate::exercise::inputs::{between, count, normal_vector, size_between};
use crate::exercise::trial::args;
use crate::exercise::{Check, Exercise, Outcome, Trial, Trouble};

pub(super) const WORST_MARGIN: Exercise = Exercise {
    name: "worst_margin",
    chapter: "02_adversarial_examples",
    title: "The worst margin of a linear model",
    hints: &[
        "δ changes the margin by y w·δ, whatever x is. What is the least of that over the ball?",
        "For p = ∞ every entry of δ is ±ε, against the sign of y w_j. For p = 1 all of ε goes into one entry. For p = 2 δ points straight against y w.",
        "m − ε‖w‖_q with 1/p + 1/q = 1: q = 1 for p = ∞, q = ∞ for p = 1, else q = p/(p − 1).",
    ],
    checks: &[
        Check {
            name: "corners",
            about: "p = ∞: the least over all corners of the cube around x, for both labels",
            run: corners,
        },
        Check {
            name: "one_entry",
            about: "p = 1: the least over all changes of one entry by ±ε",
            run: one_entry,
        },
        Check {
            name: "straight",
            about: "p = 2: what δ = −y ε w/‖w‖ leaves",
            run: straight,
        },
    ],
};

pub(super) const LEAST_PERTURBATION: Exercise = Exercise {
    name: "least_perturbation",
    chapter: "02_adversarial_examples",
    title: "The least change that reaches the boundary",
    hints: &[
        "Which direction of length 1 changes w·x the most? The worst margin knows it for each of the three norms.",
        "With v that direction, w·v = ‖w‖_q. How far along v does w·x become 0?",
        "δ = −(w·x/‖w‖_q) v with v = sign(w) for p = ∞, w/‖w‖ for p = 2, and for p = 1 the sign of the largest |w_j| at one such j, 0 elsewhere.",
    ],
    checks: &[
        Check {
            name: "boundary",
            about: "w·(x + δ) = 0 for p = 1, 2 and ∞, from either side",
            run: boundary,
        },
        Check {
            name: "shortest",
            about: "‖δ‖ is |w·x| over the dual norm of w: no shorter one gets there",
            run: shortest,
        },
    ],
};

/// The three norms that pictures are attacked in.
pub(crate) const NORMS: [f64; 3] = [1.0, 2.0, f64::INFINITY];

/// ‖v‖_p.
pub(crate) fn size(v: &Array1<f64>, p: f64) -> f64 {
    if p.is_infinite() {
        return v.fold(0.0, |most, v| most.max(v.abs()));
    }
    v.mapv(|v| v.abs().powf(p)).sum().powf(1.0 / p)
}

/// 1/p + 1/q = 1.
pub(crate) fn dual(p: f64) -> f64 {
    match p {
        1.0 => f64::INFINITY,
        p if p.is_infinite() => 1.0,
        p => p / (p - 1.0),
    }
}

/// A linear model with an input and an ε.
pub(crate) struct Case {
    pub w: Array1<f64>,
    pub x: Array1<f64>,
    pub epsilon: f64,
}

impl Case {
    pub(crate) fn new(d: usize, trial: &mut Trial) -> Self {
        let w = normal_vector(d, &mut trial.rng) * size_between(-2.0, 2.0, &mut trial.rng);
        Self {
            x: normal_vector(d, &mut trial.rng),
            epsilon: between(0.05, 2.0, &mut trial.rng),
            w,
        }
    }

    /// For both labels: the answer is y w·(x + δ) with the worst of `moves`, δ in units of ε.
    pub(crate) fn worst_of(
        &self,
        p: f64,
        moves: &[Array1<f64>],
        trial: &mut Trial,
    ) -> Result<Outcome, Trouble> {
        let Self { w, x, epsilon } = self;
        let tolerance = 1e-9 * (size(w, 1.0) * (size(x, 2.0) + epsilon));
        let mut outcome = Outcome::holds("worst margin", true, "right", "right");
        for y in [1.0, -1.0] {
            let margins = moves.iter().map(|v| y * w.dot(&(x + &(v * *epsilon))));
            let expected = margins.fold(f64::INFINITY, f64::min);
            let got = trial.number(args![*w, *x, y, *epsilon, p])?;
            let what = format!("worst margin for y = {y}");
            outcome = Outcome::within(&what, expected, got, tolerance).and(outcome);
        }
        Ok(outcome)
    }
}

/// A linear function on a cube is least at a corner: all are tried.
pub(super) fn corners(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let d = count(3, 8, &mut trial.rng);
    let corner = |set: usize| Array1::from_shape_fn(d, |j| [-1.0, 1.0][set >> j & 1]);
    let moves: Vec<Array1<f64>> = (0..1 << d).map(corner).collect();
    Case::new(d, trial).worst_of(f64::INFINITY, &moves, trial)
}

/// The corners of the ℓ1-ball.
pub(super) fn one_entry(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let d = count(3, 8, &mut trial.rng);
    let corner = |at: usize| {
        let mut v = Array1::zeros(d);
        v[at / 2] = [-1.0, 1.0][at % 2];
        v
    };
    let moves: Vec<Array1<f64>> = (0..2 * d).map(corner).collect();
    Case::new(d, trial).worst_of(1.0, &moves, trial)
}

/// Straight against the weights.
pub(super) fn straight(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let case = Case::new(count(2, 30, &mut trial.rng), trial);
    let unit = &case.w / size(&case.w, 2.0);
    case.worst_of(2.0, &[unit.clone(), -unit], trial)
}

/// The answer is on the boundary, and as long as it must be.
pub(crate) fn least(
    w: &Array1<f64>,
    x: &Array1<f64>,
    p: f64,
    trial: &mut Trial,
) -> Result<[Outcome; 2], Trouble> {
    let got = trial.vector(args![*w, *x, p], w.len())?;
    // No δ of least norm is longer than √d of these.
    let scale = size(w, 2.0) * size(x, 2.0);
    let there = w.dot(&(x + &got));
    let shortest = w.dot(x).abs() / size(w, dual(p));
    let name = if p.is_infinite() {
        "∞".to_owned()
    } else {
        p.to_string()
    };
    Ok([
        Outcome::within(&format!("w·(x + δ), p = {name}"), 0.0, there, 1e-9 * scale),
        Outcome::close(
            &format!("‖δ‖ for p = {name}"),
            shortest,
            size(&got, p),
            1e-9,
        ),
    ])
}

fn both_sides(trial: &mut Trial, of: usize) -> Result<Outcome, Trouble> {
    let mut outcome = Outcome::holds("δ", true, "right", "right");
    for p in NORMS {
        let Case { w, x, .. } = Case::new(count(2, 12, &mut trial.rng), trial);
        for x in [x.clone(), -x] {
            let [boundary, length] = least(&w, &x, p, trial)?;
            outcome = if of == 0 { boundary } else { length }.and(outcome);
        }
    }
    Ok(outcome)
}

pub(super) fn boundary(trial: &mut Trial) -> Result<Outcome, Trouble> {
    both_sides(trial, 0)
}

pub(super) fn shortest(trial: &mut Trial) -> Result<Outcome, Trouble> {
    both_sides(trial, 1)
}
