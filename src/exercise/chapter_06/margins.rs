//! Checks about the largest margin.

use ndarray::{Array1, Array2};

use crate::exercise::inputs::{between, normal_matrix, size_between};
use crate::exercise::trial::args;
use crate::exercise::{Outcome, Trial, Trouble};
use crate::rng::Rng;

/// Gradient descent on ln(1 + e^(−γw)), one example. tηL = 1/γ² up to (ln t)/t and the start.
pub(in crate::exercise) fn descent(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (margin, rate) = (
        between(0.6, 1.5, &mut trial.rng),
        between(0.3, 0.9, &mut trial.rng),
    );
    let steps = 20_000;
    let mut w = 0.0_f64;
    for _ in 0..steps {
        w += rate * margin / (1.0 + (margin * w).exp());
    }
    let measured = (-margin * w).exp().ln_1p();
    let got = trial.number(args![margin, rate, f64::from(steps)])?;
    Ok(Outcome::close(
        "loss after 20,000 steps",
        measured,
        got,
        0.02,
    ))
}

pub(in crate::exercise) fn rates(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let margin = size_between(-3.0, 3.0, &mut trial.rng);
    let rate = size_between(-3.0, 0.0, &mut trial.rng);
    let steps = size_between(3.0, 9.0, &mut trial.rng);
    let loss = trial.number(args![margin, rate, steps])?;
    let mut outcome = Outcome::holds("loss", loss > 0.0, "positive", &loss.to_string());
    for (what, factor, [m, r, s]) in [
        ("twice the steps", 0.5, [1.0, 1.0, 2.0]),
        ("twice the rate", 0.5, [1.0, 2.0, 1.0]),
        ("twice the margin", 0.25, [2.0, 1.0, 1.0]),
    ] {
        let got = trial.number(args![m * margin, r * rate, s * steps])?;
        outcome = outcome.and(Outcome::close(what, factor * loss, got, 1e-9));
    }
    Ok(outcome)
}

/// Two examples that some w separates, `(2, d)`: both support, or only the first or the second does.
pub(in crate::exercise) fn examples(supports: usize, rng: &mut Rng) -> Array2<f64> {
    loop {
        let z = normal_matrix(2, 4, rng);
        let gram = z.dot(&z.t());
        let (a, b, c) = (gram[[0, 0]], gram[[0, 1]], gram[[1, 1]]);
        let which = match (a - b > 0.1, c - b > 0.1) {
            (true, true) => 2,
            (false, true) if b - a > 0.1 => 0,
            (true, false) if b - c > 0.1 => 1,
            _ => 3,
        };
        if which == supports {
            return z;
        }
    }
}

/// The conditions of Karush, Kuhn and Tucker, which only the solution meets.
pub(in crate::exercise) fn kkt(trial: &mut Trial, z: &Array2<f64>) -> Result<Outcome, Trouble> {
    let alpha = trial.vector(args![z], 2)?;
    let margins: Array1<f64> = z.dot(&z.t().dot(&alpha));
    let mut outcome = Outcome::at_least("least multiplier", 0.0, alpha[0].min(alpha[1]));
    for i in 0..2 {
        outcome = outcome.and(match alpha[i] > 0.0 {
            true => Outcome::close("margin of an example with α > 0", 1.0, margins[i], 1e-8),
            false => Outcome::at_least("margin of an example with α = 0", 1.0 - 1e-8, margins[i]),
        });
    }
    Ok(outcome)
}

pub(in crate::exercise) fn conditions(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let z = examples(2, &mut trial.rng);
    kkt(trial, &z)
}

pub(in crate::exercise) fn dual(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let size = size_between(-2.0, 2.0, &mut trial.rng);
    let z = examples(2, &mut trial.rng) * size;
    let alpha = trial.vector(args![z], 2)?;
    let w = z.t().dot(&alpha);
    let positive = Outcome::holds(
        "α",
        alpha.iter().all(|a| *a > 0.0),
        "positive",
        &alpha.to_string(),
    );
    Ok(positive.and(Outcome::close("Σ α", w.dot(&w), alpha.sum(), 1e-8)))
}
