//! Checks of the exercises on recurrence, clipping and batch normalisation.

use ndarray::{Array1, Array2};

use crate::exercise::inputs::{between, count, normal_vector, size_between};
use crate::exercise::trial::args;
use crate::exercise::{Outcome, Trial, Trouble};
use crate::model::BatchNorm;
use dltheory_workbench::linalg::svd;

/// The spectral radius of a 2×2 matrix.
pub(crate) fn spectral_radius(a: &Array2<f64>) -> f64 {
    let middle = (a[[0, 0]] + a[[1, 1]]) / 2.0;
    let off = ((a[[0, 0]] - a[[1, 1]]) / 2.0).powi(2) + a[[0, 1]] * a[[1, 0]];
    if off >= 0.0 {
        middle.abs() + off.sqrt()
    } else {
        middle.hypot((-off).sqrt())
    }
}

/// ‖Aᵏ‖.
pub(crate) fn power_norm(a: &Array2<f64>, k: usize) -> f64 {
    let power = (1..k).fold(a.clone(), |power, _| power.dot(a));
    if power.iter().all(|v| v.is_finite()) {
        svd(&power).s[0]
    } else {
        f64::INFINITY
    }
}

/// ρ, k and a factor for which k ρ^(k−1) < 1, so that one large entry alone is not enough.
fn demands(trial: &mut Trial) -> (f64, usize, f64) {
    let rho = between(0.4, 0.6, &mut trial.rng);
    let k = count(6, 9, &mut trial.rng);
    (rho, k, between(5.0, 50.0, &mut trial.rng))
}

/// Double eigenvalues carry the root of the rounding, hence 0.001.
pub(super) fn small_eigenvalues(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (rho, k, factor) = demands(trial);
    let a = trial.matrix(args![rho, k, factor], (2, 2))?;
    let radius = Outcome::at_most("spectral radius", rho + 1e-3, spectral_radius(&a));
    Ok(radius.and(enlarges(&a)))
}

/// What enlarges a power enlarges once; zeros do not, and have no eigenvalues but 0.
fn enlarges(a: &Array2<f64>) -> Outcome {
    Outcome::at_least("‖A‖", 1.0, power_norm(a, 1))
}

/// A matrix that is not triangular loses digits in its powers, hence 0.001.
pub(super) fn grows(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (rho, k, factor) = demands(trial);
    let a = trial.matrix(args![rho, k, factor], (2, 2))?;
    let bound = factor * (1.0 - 1e-3);
    let radius = Outcome::at_most("spectral radius", 1.0 + 1e-3, spectral_radius(&a));
    Ok(Outcome::at_least("‖Aᵏ‖", bound, power_norm(&a, k)).and(radius))
}

pub(super) fn forgets(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (rho, k, factor) = demands(trial);
    let a = trial.matrix(args![rho, k, factor], (2, 2))?;
    Ok(Outcome::at_most("‖A³⁰⁰‖", 1e-9, power_norm(&a, 300)).and(enlarges(&a)))
}

fn norm(g: &Array1<f64>) -> f64 {
    g.dot(g).sqrt()
}

/// Of any size from 1 on: 10⁻⁶ more in the denominator, as in PyTorch, passes.
pub(super) fn length(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let g = normal_vector(20, &mut trial.rng) * size_between(0.0, 100.0, &mut trial.rng);
    let limit = norm(&g) * between(0.05, 0.9, &mut trial.rng);
    let clipped = trial.vector(args![g, limit], 20)?;
    Ok(Outcome::close(
        "length afterwards",
        limit,
        norm(&clipped),
        1e-5,
    ))
}

/// The limit is below the largest entry, so that cutting entries changes something.
pub(super) fn direction(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let g = normal_vector(20, &mut trial.rng) * 5.0;
    let largest = g.fold(0.0_f64, |most, v| most.max(v.abs()));
    let limit = largest * between(0.1, 0.5, &mut trial.rng);
    let clipped = trial.vector(args![g, limit], 20)?;
    Ok(Outcome::arrays(
        "g / ‖g‖ afterwards",
        &(&g / norm(&g)),
        &(&clipped / norm(&clipped)),
        1e-9,
    ))
}

pub(super) fn short(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let g = normal_vector(20, &mut trial.rng);
    let limit = norm(&g) * between(1.05, 3.0, &mut trial.rng);
    let clipped = trial.vector(args![g, limit], 20)?;
    Ok(Outcome::arrays("g afterwards", &g, &clipped, 1e-12))
}

/// The library's own layer does the updates.
pub(super) fn recursion(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let rho = between(0.5, 0.95, &mut trial.rng);
    let batches = count(5, 20, &mut trial.rng);
    let means = normal_vector(batches, &mut trial.rng) + 1.0;
    let weights = trial.vector(args![rho, batches], batches)?;
    let mut layer = BatchNorm {
        momentum: 1.0 - rho,
        ..BatchNorm::new(1)?
    };
    for mean in &means {
        let trace = layer.trace(&ndarray::array![[mean - 1.0], [mean + 1.0]])?;
        layer.remember(&trace)?;
    }
    // Absolute: the mean itself may be near 0.
    Ok(Outcome::within(
        "Σ weight · mean",
        layer.running_mean[0],
        weights.dot(&means),
        1e-9,
    ))
}

pub(super) fn sums_to(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let rho = between(0.5, 0.95, &mut trial.rng);
    let batches = count(5, 20, &mut trial.rng);
    let weights = trial.vector(args![rho, batches], batches)?;
    let expected = 1.0 - rho.powi(i32::try_from(batches).unwrap_or(i32::MAX));
    Ok(Outcome::close(
        "sum of the weights",
        expected,
        weights.sum(),
        1e-9,
    ))
}

pub(super) fn tail(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let rho = between(0.5, 0.95, &mut trial.rng);
    let batches = count(5, 20, &mut trial.rng);
    let weights = trial.vector(args![rho, batches], batches)?;
    let (older, newer) = (
        weights.slice(ndarray::s![..batches - 1]),
        weights.slice(ndarray::s![1..]),
    );
    let newest = Outcome::close("the last weight", 1.0 - rho, weights[batches - 1], 1e-9);
    Ok(Outcome::arrays(
        "each weight but the last",
        &(&newer * rho),
        &older.to_owned(),
        1e-9,
    )
    .and(newest))
}
