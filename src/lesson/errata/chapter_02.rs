//! Errors of the slides that chapter 2 corrects.

use super::Erratum;
use crate::attack::sign_step;
use crate::error::Result;
use crate::experiment::Claim;
use crate::stats::largest;

pub(super) const ERRATA: &[Erratum] = &[
    Erratum {
        id: "sign_step_sign",
        chapter: 2,
        slide: "Adversarial machine learning and GANs (EE-556), \"Multiple steps of FGSM: A connection to majorization-minimization in Lecture 3\": \
            the maximiser is printed as clip(ζ − t* sign(∇f(ζ)), [−ε, ε]). Its sign is a plus. (The indicator δ of the ball is added to what is \
            maximised there; it is to be subtracted, and on the slide before, (α‖∇f(0)‖)_i is to be α|∇_i f(0)|.)",
        claims: sign_step_sign,
    },
    Erratum {
        id: "sign_step_length",
        chapter: 2,
        slide: "Adversarial machine learning and GANs (EE-556), \"Multiple steps of FGSM: A connection to majorization-minimization in Lecture 3\": \
            t* is printed as the argmax of ⟨∇f(ζ), η − ζ⟩ alone, which is always the largest t. The surrogate's −L_∞t²/2 belongs in it.",
        claims: sign_step_length,
    },
];

/// f = 2η on \[−1, 1\] from ζ = 0.
fn sign_step_sign(_seed: u64) -> Result<[Claim; 2]> {
    let f = |eta: f64| 2.0 * eta;
    let t = sign_step(&[0.0], &[2.0], &[-1.0], &[1.0], 0.0)?.length;
    let claim = |text, point: f64| Claim::equals(text, f(point), highest(f), 1e-12);
    Ok([
        claim(
            "f = 2η on [−1, 1], ζ = 0: its maximum is where clip(ζ − t* sign f') goes",
            -t,
        ),
        claim("its maximum is where clip(ζ + t* sign f') goes", t),
    ])
}

/// f = η − 2η² on \[−1, 1\] from ζ = 0, which is its own minoriser with L = 4.
fn sign_step_length(_seed: u64) -> Result<[Claim; 2]> {
    let f = |eta: f64| eta - 2.0 * eta * eta;
    let step = |smoothness| sign_step(&[0.0], &[1.0], &[-1.0], &[1.0], smoothness);
    let claim = |text, t: f64| Claim::equals(text, f(t), highest(f), 1e-12);
    Ok([
        claim(
            "f = η − 2η² on [−1, 1], ζ = 0, L = 4: its maximum is at t* of the linear part alone",
            step(0.0)?.length,
        ),
        claim(
            "its maximum is at t* of the whole surrogate, η − L η²/2",
            step(4.0)?.length,
        ),
    ])
}

/// The largest value on a grid of \[−1, 1\].
fn highest(f: impl Fn(f64) -> f64) -> f64 {
    largest((-1000..=1000).map(|i| f(f64::from(i) / 1000.0)))
}
