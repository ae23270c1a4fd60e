//! Checks of the exercises on random features.

use ndarray::{Array1, Array2, Axis, concatenate};

use crate::exercise::inputs::{between, count, normal_matrix, normal_vector};
use crate::exercise::trial::args;
use crate::exercise::{Outcome, Trial, Trouble};

pub(super) fn unit_length(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x = normal_matrix(5, 3, &mut trial.rng);
    let m = 2 * count(3, 8, &mut trial.rng);
    let sigma = between(0.5, 3.0, &mut trial.rng);
    let seed = trial.seed();
    let phi = trial.matrix(args![x, m, sigma, seed], (5, m))?;
    let squares = phi.mapv(|v| v * v).sum_axis(Axis(1));
    Ok(Outcome::arrays("‖φ(x)‖²", &Array1::ones(5), &squares, 1e-9))
}

/// Frequencies drawn anew for each row would break this.
pub(super) fn shift(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x = normal_matrix(2, 3, &mut trial.rng);
    let moved = &x + &normal_vector(3, &mut trial.rng);
    let both = concatenate![Axis(0), x, moved];
    let seed = trial.seed();
    let phi = trial.matrix(args![both, 12_usize, 1.5, seed], (4, 12))?;
    Ok(Outcome::within(
        "φ(x + s)·φ(x' + s)",
        phi.row(0).dot(&phi.row(1)),
        phi.row(2).dot(&phi.row(3)),
        1e-9,
    ))
}

/// Two inputs, as rows, and their Gaussian kernel at bandwidth `sigma`.
pub(crate) fn pair(sigma: f64, trial: &mut Trial) -> (Array2<f64>, f64) {
    let mut x = normal_matrix(2, 3, &mut trial.rng);
    let step = normal_vector(3, &mut trial.rng);
    let r = between(0.7, 1.5, &mut trial.rng);
    let second = &x.row(0) + &(&step * (sigma * r / step.dot(&step).sqrt()));
    x.row_mut(1).assign(&second);
    (x, (-r * r / 2.0).exp())
}

pub(super) fn kernel(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let sigma = between(1.5, 3.0, &mut trial.rng);
    let (x, k) = pair(sigma, trial);
    let m = 20_000_usize;
    let seed = trial.seed();
    let phi = trial.matrix(args![x, m, sigma, seed], (2, m))?;
    let error = (1.0 - k * k) / (m as f64).sqrt();
    let got = phi.row(0).dot(&phi.row(1));
    Ok(Outcome::within("φ(x)·φ(x')", k, got, 5.0 * error))
}

fn rms(k: f64, m: usize) -> f64 {
    (1.0 - k * k) / (m as f64).sqrt()
}

/// Ten pairs, so that an odd m shows.
pub(super) fn enough(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut outcome = Outcome::holds("m", true, "even", "even");
    for _ in 0..10 {
        let k = between(0.1, 0.8, &mut trial.rng);
        let error = between(0.01, 0.1, &mut trial.rng);
        let m: usize = trial.call(args![k, error])?;
        outcome = Outcome::at_most("(1 − k²)/√m", error * (1.0 + 1e-9), rms(k, m))
            .and(Outcome::holds(
                "m",
                m.is_multiple_of(2),
                "even",
                &m.to_string(),
            ))
            .and(outcome);
        if !outcome.passed() {
            break;
        }
    }
    Ok(outcome)
}

pub(super) fn fewest(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let k = between(0.1, 0.8, &mut trial.rng);
    let error = between(0.01, 0.1, &mut trial.rng);
    let m: usize = trial.call(args![k, error])?;
    let fewer = rms(k, m.saturating_sub(2));
    let bound = error * (1.0 - 1e-9);
    Ok(Outcome::at_least("(1 − k²)/√(m − 2)", bound, fewer))
}

/// Relative to error², the mean square of 2,000 draws has the standard error √(2/2000) = 0.032;
/// rounding m up takes off at most 2/m.
pub(super) fn measured(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let k = between(0.3, 0.7, &mut trial.rng);
    let error = between(0.05, 0.07, &mut trial.rng);
    let m: usize = trial.call(args![k, error])?;
    if !(2..=4000).contains(&m) {
        let got = m.to_string();
        return Ok(Outcome::holds("m", false, "2 to 4000", &got));
    }
    let distance = (-2.0 * k.ln()).sqrt();
    let mut squares = 0.0;
    for _ in 0..2000 {
        let z = normal_vector(m / 2, &mut trial.rng);
        let mean = z.mapv(|v| (v * distance).cos()).sum() / (m / 2) as f64;
        squares += (mean - k).powi(2) / 2000.0;
    }
    let tolerance = error * error * (5.0 * 0.032 + 2.0 / m as f64);
    Ok(Outcome::within(
        "mean squared error",
        error * error,
        squares,
        tolerance,
    ))
}
