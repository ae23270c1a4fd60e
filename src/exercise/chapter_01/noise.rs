//! Checks of the exercises on noise at a saddle and on Langevin's step.

use ndarray::Array1;

use crate::exercise::inputs::{between, count, normal_vector, size_between};
use crate::exercise::law::{from_its_generator, mean_square};
use crate::exercise::trial::args;
use crate::exercise::{Outcome, Trial, Trouble};

pub(in crate::exercise) fn after_one(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let alpha = between(0.01, 0.9, &mut trial.rng);
    let sigma = size_between(-3.0, 3.0, &mut trial.rng);
    let got = trial.number(args![vec![alpha], sigma])?;
    Ok(Outcome::close(
        "deviation after one step",
        alpha * sigma,
        got,
        1e-9,
    ))
}

pub(in crate::exercise) fn by_hand(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let alpha = between(0.02, 0.5, &mut trial.rng);
    let sigma = size_between(-3.0, 3.0, &mut trial.rng);
    let k = count(2, 40, &mut trial.rng);
    let growth = (1.0 + alpha) * (1.0 + alpha);
    let exact = alpha * sigma * ((growth.powi(k as i32) - 1.0) / (growth - 1.0)).sqrt();
    let got = trial.number(args![vec![alpha; k], sigma])?;
    Ok(Outcome::close(
        &format!("deviation after {k} steps"),
        exact,
        got,
        1e-9,
    ))
}

/// A point, a gradient and a step.
fn place(n: usize, trial: &mut Trial) -> (Array1<f64>, Array1<f64>, f64) {
    let x = normal_vector(n, &mut trial.rng);
    let g = normal_vector(n, &mut trial.rng);
    (x, g, between(0.05, 0.9, &mut trial.rng))
}

pub(in crate::exercise) fn drift(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (x, g, step) = place(6, trial);
    let seed = trial.seed();
    let still = trial.vector(args![x, g, step, 0.0, seed], 6)?;
    let plain = &x - &(&g * step);
    let outcome = Outcome::arrays("step at temperature 0", &plain, &still, 1e-9);
    let drawn = from_its_generator(trial, |trial, seed| {
        trial.vector(args![x, g, step, 0.3, seed], 6)
    })?;
    Ok(outcome.and(drawn))
}

/// Steps far from 1 tell α from √α, temperatures far from 1 tell τ from √τ.
pub(in crate::exercise) fn variance(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let n = 3000;
    let mut outcome = Outcome::holds("variances", true, "as asked", "as asked");
    for (step, temperature) in [(0.01, 2.0), (0.5, 0.05), (0.2, 9.0)] {
        let (x, g, _) = place(n, trial);
        let seed = trial.seed();
        let noise = trial.vector(args![x, g, step, temperature, seed], n)? - &x + &(&g * step);
        let got = noise.dot(&noise) / n as f64;
        let what = format!("mean square of the noise at α = {step}, τ = {temperature}");
        outcome = outcome.and(mean_square(&what, 2.0 * step * temperature, got, n));
    }
    Ok(outcome)
}
