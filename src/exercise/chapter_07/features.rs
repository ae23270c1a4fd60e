//! Checks of the exercises on random features.

use ndarray::{Array1, Array2, Axis, concatenate};

use crate::exercise::inputs::{between, count, normal_matrix, normal_vector, size_between};
use crate::exercise::law::{ERRORS_OF_MANY, from_its_generator};
use crate::exercise::trial::args;
use crate::exercise::{Outcome, Trial, Trouble};

/// From one row and one column on, also for an input of zeros.
pub(super) fn unit_length(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut outcome = Outcome::holds("‖φ(x)‖²", true, "1", "1");
    for (n, d) in [(5, 3), (1, 1), (2, 7)] {
        let mut x = normal_matrix(n, d, &mut trial.rng) * size_between(-2.0, 2.0, &mut trial.rng);
        x.row_mut(n - 1).fill(0.0);
        let m = 2 * count(1, 8, &mut trial.rng);
        let sigma = between(0.5, 3.0, &mut trial.rng);
        let seed = trial.seed();
        let phi = trial.matrix(args![x, m, sigma, seed], (n, m))?;
        let squares = phi.mapv(|v| v * v).sum_axis(Axis(1));
        outcome = outcome.and(Outcome::arrays("‖φ(x)‖²", &Array1::ones(n), &squares, 1e-9));
    }
    Ok(outcome)
}

/// Frequencies drawn anew for each row would break this. The lengths are looked at because a
/// constant does not care for shifts.
pub(super) fn shift(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x = normal_matrix(2, 3, &mut trial.rng);
    let moved = &x + &normal_vector(3, &mut trial.rng);
    let both = concatenate![Axis(0), x, moved];
    let seed = trial.seed();
    let phi = trial.matrix(args![both, 12_usize, 1.5, seed], (4, 12))?;
    let shifted = Outcome::within(
        "φ(x + s)·φ(x' + s)",
        phi.row(0).dot(&phi.row(1)),
        phi.row(2).dot(&phi.row(3)),
        1e-9,
    );
    let length = phi.row(0).dot(&phi.row(0));
    let other = Outcome::at_most(
        "φ(x)·φ(x') beside ‖φ(x)‖²",
        length * (1.0 - 1e-6),
        phi.row(0).dot(&phi.row(1)),
    );
    Ok(shifted
        .and(other)
        .and(Outcome::at_least("‖φ(x)‖²", 1e-6, length)))
}

/// All pairs of eight inputs: steps along one coordinate, along all, and in any direction, of all
/// lengths, in three numbers of dimensions. A law of frequencies with another shape, or with
/// other directions, is another kernel somewhere.
pub(super) fn kernel(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let m = 20_000_usize;
    let mut outcome = from_its_generator(trial, |trial, seed| {
        trial.matrix(
            args![Array2::<f64>::ones((2, 3)), 4_usize, 1.0, seed],
            (2, 4),
        )
    })?;
    for d in [1, 2, 6] {
        let sigma = size_between(-2.0, 2.0, &mut trial.rng);
        let mut x = normal_matrix(8, d, &mut trial.rng);
        x.row_mut(0).fill(0.0);
        for (row, scale) in [(1, 0.3), (2, 1.0), (3, 2.5)] {
            x.row_mut(row).fill(0.0);
            x[[row, 0]] = scale;
            x.row_mut(row + 3).fill(scale / (d as f64).sqrt());
        }
        let scaled = &x * sigma;
        let seed = trial.seed();
        let phi = trial.matrix(args![scaled, m, sigma, seed], (8, m))?;
        let got = phi.dot(&phi.t());
        for ((i, j), got) in got.indexed_iter().filter(|((i, j), _)| i < j) {
            let step = &x.row(i) - &x.row(j);
            let k = (-step.dot(&step) / 2.0).exp();
            let error = (1.0 - k * k) / (m as f64).sqrt();
            let tolerance = ERRORS_OF_MANY * error + 1e-9;
            outcome = outcome.and(Outcome::within("φ(x)·φ(x')", k, *got, tolerance));
        }
    }
    Ok(outcome)
}

fn rms(k: f64, m: usize) -> f64 {
    (1.0 - k * k) / (m as f64).sqrt()
}

/// A kernel and an error that asks for 14 columns or far more.
fn demand(trial: &mut Trial) -> (f64, f64) {
    let k = between(0.01, 0.8, &mut trial.rng);
    (k, size_between(-3.0, -1.0, &mut trial.rng))
}

/// Ten pairs, so that an odd m shows. More than enough is not wrong, but ten times as much is.
pub(super) fn enough(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut outcome = Outcome::holds("m", true, "even", "even");
    for _ in 0..10 {
        let (k, error) = demand(trial);
        let m: usize = trial.call(args![k, error])?;
        let most = 10.0 * ((1.0 - k * k) / error).powi(2) + 2.0;
        outcome = Outcome::at_most("(1 − k²)/√m", error * (1.0 + 1e-9), rms(k, m))
            .and(Outcome::holds(
                "m",
                m.is_multiple_of(2),
                "even",
                &m.to_string(),
            ))
            .and(Outcome::at_most("m", most, m as f64))
            .and(outcome);
        if !outcome.passed() {
            break;
        }
    }
    Ok(outcome)
}

/// Nothing is fewer than what is too few by far.
pub(crate) fn fewest(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut outcome = Outcome::holds("m − 2", true, "too few", "too few");
    for _ in 0..10 {
        let (k, error) = demand(trial);
        let m: usize = trial.call(args![k, error])?;
        let fewer = rms(k, m.saturating_sub(2));
        let bound = error * (1.0 - 1e-9);
        outcome = outcome
            .and(Outcome::at_least("(1 − k²)/√(m − 2)", bound, fewer))
            .and(Outcome::at_most("(1 − k²)/√m", 3.0 * error, rms(k, m)));
    }
    Ok(outcome)
}

/// Relative to error², the mean square of 2,000 draws has the standard error √(2/2000) = 0.032,
/// six of which are allowed; rounding m up takes off at most 2/m.
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
    let tolerance = error * error * (6.0 * 0.032 + 2.0 / m as f64);
    Ok(Outcome::within(
        "mean squared error",
        error * error,
        squares,
        tolerance,
    ))
}
