//! Errors of the slides that chapter 3 corrects.

use ndarray::{Array1, array};

use super::Erratum;
use crate::attack::{Maximisers, Plane, maximisers};
use crate::error::Result;
use crate::experiment::Claim;
use crate::optimise::Cuboid;

pub(super) const ERRATA: &[Erratum] = &[
    Erratum {
        id: "danskin_corollary",
        chapter: 3,
        slide: "Mathematics of Data (EE-556), lecture 10, \"A corollary to Danskin's theorem\": \"As long as ∇Φ(x, y*) is non-zero, it is a descent direction\". \
            Its opposite is one where y* is the only maximiser; where there are several it may lead up. Corrected in Latorre, Krawczuk, Dadi, Pethick & \
            Cevher 2023, openreview I3HCE7Ro78H.",
        claims: danskin_corollary,
    },
    Erratum {
        id: "descent_sign",
        chapter: 3,
        slide: "Mathematics of Data (EE-556), lecture 10, \"A corollary to Danskin's theorem\": ∇Φ(x, y*) \"is a descent direction\". Where y* is unique, \
            ∇Φ(x, y*) is the gradient of f: −∇Φ leads down.",
        claims: descent_sign,
    },
    Erratum {
        id: "mean_of_gradients",
        chapter: 3,
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023), \"Solving the outer problem: Gradient computation\": \
            \"E_i ∇f_i(x) = ∇f_i(x)\". The mean over i is no f_i's gradient but ∇f(x).",
        claims: mean_of_gradients,
    },
];

/// A step that is short beside all lengths of the plane, and long beside rounding.
const H: f64 = 1e-6;

/// The maximisers at x.
fn at(x: [f64; 2]) -> Result<Maximisers> {
    let interval = Cuboid {
        low: vec![0.0],
        high: vec![1.0],
    };
    maximisers(&Plane, &interval, &x, &array![[0.0], [1.0]], 1.0, 1)?.within(1e-9)
}

/// How fast f changes from x along `way`, by a difference quotient, and ‖way‖.
fn quotient(x: [f64; 2], way: &Array1<f64>) -> (f64, f64) {
    let length = way.dot(way).sqrt();
    let moved = [0, 1].map(|i| x[i] + H * way[i] / length);
    ((Plane::worst(moved) - Plane::worst(x)) / H, length)
}

/// At (½, 0) both ends of [0, 1] are maximisers.
fn danskin_corollary(_seed: u64) -> Result<[Claim; 2]> {
    let x = [0.5, 0.0];
    let way = at(x)?.gradients.row(0).mapv(|g| -g);
    let (measured, length) = quotient(x, &way);
    // f has the curvature 2 on either side of its kink.
    let claim = |text, predicted| Claim::equals(text, predicted, measured, 2.0 * H);
    Ok([
        claim(
            "f = ‖x‖² + 1 + 2|x₂| at (½, 0): along −∇Φ at one maximiser it falls at the gradient's length",
            -length,
        ),
        claim(
            "it changes at max⟨γ, ∇Φ⟩ over both maximisers, which is positive",
            1.5 / 1.25_f64.sqrt(),
        ),
    ])
}

/// At (½, 0.3) there is one maximiser.
fn descent_sign(_seed: u64) -> Result<[Claim; 2]> {
    let x = [0.5, 0.3];
    let way = at(x)?.gradients.row(0).to_owned();
    let (measured, length) = quotient(x, &way);
    let claim = |text, predicted| Claim::equals(text, predicted, measured, 2.0 * H);
    Ok([
        claim(
            "f = ‖x‖² + 1 + 2|x₂| at (½, 0.3), one maximiser: along ∇Φ it falls at the gradient's length",
            -length,
        ),
        claim("it rises at that rate", length),
    ])
}

/// f_i = ½(x − i)², i = 1, 2, 3, at x = 0.
fn mean_of_gradients(_seed: u64) -> Result<[Claim; 2]> {
    let gradients = [-1.0, -2.0, -3.0];
    let f = |x: f64| {
        (1..=3)
            .map(|i| 0.5 * (x - f64::from(i)).powi(2))
            .sum::<f64>()
            / 3.0
    };
    let mean = gradients.iter().sum::<f64>() / 3.0;
    // The difference quotient of a parabola is exact up to rounding, 10⁻¹⁶/h.
    let claim = |text, predicted| Claim::equals(text, predicted, mean, 1e-9);
    Ok([
        claim(
            "f_i = ½(x − i)² at 0: the mean gradient is that of f_1",
            gradients[0],
        ),
        claim(
            "it is that of f, the mean of the f_i, by a difference quotient",
            (f(1e-3) - f(-1e-3)) / 2e-3,
        ),
    ])
}
