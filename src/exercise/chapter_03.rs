//! Exercises of `03_danskin_and_ddi`.

use ndarray::{Array1, Array2};

use super::inputs::{between, count, normal_matrix, normal_vector, size_between};
use super::trial::args;
use super::{Check, Exercise, Outcome, Trial, Trouble};
use crate::rng::Rng;

const CHAPTER: &str = "03_danskin_and_ddi";

pub(super) static EXERCISES: &[Exercise] = &[
    Exercise {
        name: "directional_derivative",
        chapter: CHAPTER,
        title: "How a worst case changes",
        hints: &[
            "Only attacks that attain the worst case matter, and all of those. Which values are within the slack of the largest?",
            "Beside x each of them moves its own value by ⟨γ, g_i⟩, and the worst case is whichever is then the largest.",
            "The largest ⟨γ, g_i⟩ among the i with values[i] ≥ largest value − slack.",
        ],
        checks: &[
            Check {
                name: "one_maximiser",
                about: "where one attack is the worst by far: its own slope",
                run: one_maximiser,
            },
            Check {
                name: "measured",
                about: "several worst attacks and some weaker ones: f(x + hγ) − f(x), divided by a small h",
                run: measured,
            },
            Check {
                name: "both_ways",
                about: "at the kink of |⟨a, x⟩| it is |⟨a, γ⟩|, in a direction and in the opposite one",
                run: both_ways,
            },
        ],
    },
    Exercise {
        name: "least_norm_of_two",
        chapter: CHAPTER,
        title: "The shortest vector between two gradients",
        hints: &[
            "The vectors between are a + t(b − a), 0 ≤ t ≤ 1. Their squared length is a parabola in t.",
            "It is least at t = ⟨a, a − b⟩/‖a − b‖². What if that is outside of [0, 1]?",
            "Cut t to [0, 1]; where a = b there is nothing to divide.",
        ],
        checks: &[
            Check {
                name: "inside",
                about: "between the two: orthogonal to b − a, and no point of the segment is shorter",
                run: inside,
            },
            Check {
                name: "at_an_end",
                about: "where one of the two is the shortest",
                run: at_an_end,
            },
            Check {
                name: "opposed",
                about: "two opposed gradients: 0, no direction leads down",
                run: opposed,
            },
        ],
    },
    Exercise {
        name: "robust_loss_gradient",
        chapter: CHAPTER,
        title: "The gradient of a linear model's robust loss",
        hints: &[
            "Where no w_i is 0 the loss is ln(1 + e^(−m)) with m = y⟨w, x⟩ − ε‖w‖₁. Its slope by m is −1/(1 + e^m).",
            "∂m/∂w_i = y x_i − ε sign(w_i). Where w_i = 0 the sign may be any number in [−1, 1]: take the one that makes the derivative smallest.",
            "At w_i = 0 that is y x_i moved towards 0 by ε, and 0 where |x_i| ≤ ε. Rust's signum(0.0) is 1.",
        ],
        checks: &[
            Check {
                name: "slopes",
                about: "no weight is 0: central differences of the loss at the worst margin",
                run: slopes,
            },
            Check {
                name: "start",
                about: "w = 0, where training begins: −g is the direction in which the worst case falls fastest",
                run: start,
            },
            Check {
                name: "no_attack",
                about: "ε = 0: the gradient of the logistic loss",
                run: no_attack,
            },
        ],
    },
];

fn one_maximiser(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let k = count(3, 8, &mut trial.rng);
    let gradients = normal_matrix(k, 4, &mut trial.rng);
    let gamma = normal_vector(4, &mut trial.rng);
    let mut values = normal_vector(k, &mut trial.rng).mapv(f64::abs) * -1.0;
    let worst = count(0, k - 1, &mut trial.rng);
    values[worst] = 1.0;
    let got = trial.number(args![values, gradients, gamma, 0.0])?;
    let expected = gradients.row(worst).dot(&gamma);
    Ok(Outcome::close("slope", expected, got, 1e-9))
}

/// f(x) = max_i (c_i + ⟨g_i, x⟩) at 0: linear pieces, so that the difference is exact for a small h.
pub(super) fn by_difference(
    trial: &mut Trial,
    values: &Array1<f64>,
    slack: f64,
    gaps: f64,
) -> Result<Outcome, Trouble> {
    let gradients = normal_matrix(values.len(), 3, &mut trial.rng);
    let gamma = normal_vector(3, &mut trial.rng);
    let got = trial.number(args![values, gradients, gamma, slack])?;
    let slopes = gradients.dot(&gamma);
    // What is equal up to the slack is equal: the gaps above it are what counts.
    let top = values.fold(f64::NEG_INFINITY, |most, v| most.max(*v));
    let near = values.mapv(|v| if top - v <= slack { top } else { v });
    let spread = slopes.fold(0.0_f64, |most, s| most.max(s.abs()));
    let h = gaps / (4.0 * spread);
    let after = (&near + &(&slopes * h)).fold(f64::NEG_INFINITY, |most, v| most.max(*v));
    Ok(Outcome::close("slope", (after - top) / h, got, 1e-6))
}

fn measured(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let ties = count(2, 5, &mut trial.rng);
    let top = between(-2.0, 2.0, &mut trial.rng);
    let rest = count(2, 5, &mut trial.rng);
    // Weaker attacks come first and last.
    let below = |rng: &mut Rng| top - between(0.5, 2.0, rng);
    let mut values = vec![below(&mut trial.rng)];
    values.extend(std::iter::repeat_n(top, ties));
    values.extend((0..rest).map(|_| below(&mut trial.rng)));
    by_difference(trial, &values.into(), 1e-9, 0.5)
}

fn both_ways(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let a = normal_vector(5, &mut trial.rng);
    let gamma = normal_vector(5, &mut trial.rng);
    let mut gradients = Array2::zeros((2, 5));
    gradients.row_mut(0).assign(&a);
    gradients.row_mut(1).assign(&-&a);
    let values = Array1::<f64>::zeros(2);
    let slope = a.dot(&gamma).abs();
    let there = trial.number(args![values, gradients, gamma, 1e-9])?;
    let back = trial.number(args![values, gradients, (-&gamma), 1e-9])?;
    Ok(
        Outcome::close("slope along γ", slope, there, 1e-9).and(Outcome::close(
            "slope along −γ",
            slope,
            back,
            1e-9,
        )),
    )
}

fn inside(trial: &mut Trial) -> Result<Outcome, Trouble> {
    // The foot of the perpendicular p and a direction d at right angles; a and b on either side of p.
    let size = size_between(-6.0, 6.0, &mut trial.rng);
    let p = normal_vector(6, &mut trial.rng) * size;
    let q = normal_vector(6, &mut trial.rng) * size;
    let d = &q - &(&p * (p.dot(&q) / p.dot(&p)));
    let a = &p - &(&d * between(0.2, 3.0, &mut trial.rng));
    let b = &p + &(&d * between(0.2, 3.0, &mut trial.rng));
    let got = trial.vector(args![a, b], 6)?;
    Ok(Outcome::arrays("the shortest vector", &p, &got, 1e-9))
}

fn at_an_end(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut outcome = Outcome::holds("ends", true, "right", "right");
    for first in [true, false] {
        let near = normal_vector(6, &mut trial.rng);
        let away = normal_vector(6, &mut trial.rng);
        // Farther in a direction that makes no angle above 90° with the near one.
        let along = near.dot(&away);
        let away = if along < 0.0 { -away } else { away };
        let far = &near + &away;
        let got = match first {
            true => trial.vector(args![near, far], 6)?,
            false => trial.vector(args![far, near], 6)?,
        };
        let what = if first {
            "a is the shortest"
        } else {
            "b is the shortest"
        };
        outcome = outcome.and(Outcome::arrays(what, &near, &got, 1e-9));
    }
    Ok(outcome)
}

fn opposed(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let a = normal_vector(6, &mut trial.rng);
    let b = &a * -size_between(-1.0, 1.0, &mut trial.rng);
    let got = trial.vector(args![a, b], 6)?;
    let size = got.dot(&got).sqrt();
    // A constant 0 is right here: the ends tell it.
    Ok(Outcome::within("length", 0.0, size, 1e-9).and(inside(trial)?))
}

/// ln(1 + e^(−m)) at the worst margin.
fn robust_loss(w: &Array1<f64>, x: &Array1<f64>, y: f64, epsilon: f64) -> f64 {
    let m = y * w.dot(x) - epsilon * w.mapv(f64::abs).sum();
    (-m.abs()).exp().ln_1p() + (-m).max(0.0)
}

fn sign(rng: &mut Rng) -> f64 {
    if between(0.0, 1.0, rng) < 0.5 {
        -1.0
    } else {
        1.0
    }
}

/// Central differences with h = 10⁻⁴ of a loss of size 1: 10⁻⁸ by h², 10⁻¹² by rounding.
fn slopes(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x = normal_vector(5, &mut trial.rng);
    let w = normal_vector(5, &mut trial.rng).mapv(|w| w + 0.1_f64.copysign(w));
    let (y, epsilon) = (sign(&mut trial.rng), between(0.05, 0.5, &mut trial.rng));
    let got = trial.vector(args![w, x, y, epsilon], 5)?;
    let h = 1e-4;
    let slope = |i: usize| {
        let moved = |by: f64| {
            let mut w = w.clone();
            w[i] += by;
            robust_loss(&w, &x, y, epsilon)
        };
        (moved(h) - moved(-h)) / (2.0 * h)
    };
    let expected = Array1::from_shape_fn(5, slope);
    Ok(Outcome::arrays("gradient", &expected, &got, 1e-5))
}

/// At w = 0 the loss of a step −tg falls by t‖g‖², and no direction of length 1 falls faster than ‖g‖.
pub(super) fn steepest(
    trial: &mut Trial,
    x: &Array1<f64>,
    epsilon: f64,
) -> Result<Outcome, Trouble> {
    let (d, y) = (x.len(), sign(&mut trial.rng));
    let zero = Array1::<f64>::zeros(d);
    let got = trial.vector(args![zero, x, y, epsilon], d)?;
    // Coordinate by coordinate: ½ of what the attack leaves of the input.
    let left = x.mapv(|x| (x.abs() - epsilon).max(0.0).copysign(x));
    let expected = left * (-0.5 * y);
    Ok(Outcome::arrays("g at w = 0", &expected, &got, 1e-9))
}

fn start(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut x = normal_vector(6, &mut trial.rng);
    // Two coordinates that an attack can wipe out, one that it cannot.
    let epsilon = between(0.2, 0.5, &mut trial.rng);
    x[1] = epsilon * between(-0.9, 0.9, &mut trial.rng);
    x[4] = epsilon * between(-0.9, 0.9, &mut trial.rng);
    x[2] = epsilon + 0.7;
    steepest(trial, &x, epsilon)
}

pub(super) fn no_attack(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (x, w) = (
        normal_vector(5, &mut trial.rng),
        normal_vector(5, &mut trial.rng),
    );
    let y = sign(&mut trial.rng);
    let got = trial.vector(args![w, x, y, 0.0], 5)?;
    let m = y * w.dot(&x);
    let expected = &x * (-y / (1.0 + m.exp()));
    Ok(Outcome::arrays("gradient", &expected, &got, 1e-9))
}
