//! Kernel ridge regression on the circle with the penalty that the eigenframework calls best.

use ndarray::{Array1, Array2, ArrayRef2, Axis};

use super::curve::{Curve, Kind, Name, Point};
use super::settings::OverfittingRegimes;
use crate::data::synthetic::{noise, unit_sphere};
use crate::error::{Error, Result};
use crate::fit::kernel_ridge;
use crate::measure::{circle_eigenvalues, spectral_risk};
use crate::stats::{Estimate, parallel_draws};

/// Eigenvalues the framework sees; beyond, a penalty of order 1 leaves nothing to learn.
const DIRECTIONS: usize = 801;

/// The target f*(x) = √d x₁ on the unit sphere of R^d: power 1, an eigenfunction of every kernel of the angle.
pub(super) fn signal(x: &ArrayRef2<f64>) -> Array2<f64> {
    let root = (x.ncols() as f64).sqrt();
    x.column(0).mapv(|v| root * v).insert_axis(Axis(1))
}

impl OverfittingRegimes {
    /// Three times as many as elsewhere: a few directions make up all of the excess, so that it varies much by draw.
    pub(super) fn ridge_draws(&self) -> usize {
        3 * self.draws
    }

    /// Both kernels.
    pub(super) fn ridge(&self, seed: u64) -> Result<Vec<Curve>> {
        let names = [Name::Gaussian, Name::Laplace];
        names
            .into_iter()
            .map(|name| self.tuned_ridge(name, seed))
            .collect()
    }

    fn tuned_ridge(&self, name: Name, seed: u64) -> Result<Curve> {
        let eigenvalues = circle_eigenvalues(self.kernel(name), DIRECTIONS)?;
        // Decreasing: the constant, then cos θ and sin θ. f* = β·x with β²λ = 1 on cos θ.
        let mut beta = Array1::zeros(DIRECTIONS);
        beta[1] = 1.0 / eigenvalues[1].sqrt();
        let noise2 = self.noise * self.noise;
        let point = |n| {
            let predict = |delta: f64| {
                let risk = spectral_risk(&eigenvalues, &beta, n, delta, self.noise)?.risk;
                Ok::<f64, Error>(risk / noise2 - 1.0)
            };
            let (delta, predicted) = least(&predict)?;
            let measured = self.ridge_excess(name, n, delta, seed)?;
            Ok(Point::mean(n, measured, Some(predicted)))
        };
        Curve::over(Kind::TunedRidge(name), Some(0.0), self.sizes(self.n), point)
    }

    fn ridge_excess(&self, name: Name, n: usize, delta: f64, seed: u64) -> Result<Estimate> {
        let kernel = self.kernel(name);
        let seed = seed ^ ((n as u64) << 32);
        let excesses = parallel_draws(self.ridge_draws(), seed, "tuned ridge", |rng| {
            let (x, test) = (unit_sphere(n, 2, rng)?, unit_sphere(400, 2, rng)?);
            let y = signal(&x) + noise(n, self.noise, rng)?;
            let off = kernel_ridge(kernel, &x, &y, delta)?.predict(&test)? - signal(&test);
            let square = off.iter().map(|e| e * e).sum::<f64>() / off.len() as f64;
            Ok(square / (self.noise * self.noise))
        })?;
        Estimate::from_values(&excesses)
    }
}

/// The penalty of the least predicted excess, and that excess: a grid from 10^−6 to 10⁶, then finer ones down to 3 %.
fn least(predict: &dyn Fn(f64) -> Result<f64>) -> Result<(f64, f64)> {
    let (mut centre, mut step) = (1.0_f64, 10.0_f64.powf(0.5));
    let mut best = (centre, predict(centre)?);
    for reach in [12, 4, 4, 4] {
        for i in -reach..=reach {
            let delta = centre * step.powi(i);
            let excess = predict(delta)?;
            if excess < best.1 {
                best = (delta, excess);
            }
        }
        centre = best.0;
        step = step.powf(0.3);
    }
    Ok(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_penalty_is_found_on_a_log_scale() {
        for best in [1e-3_f64, 0.7, 2e4] {
            let bowl = |delta: f64| Ok((delta / best).ln().powi(2));
            let (delta, _) = least(&bowl).expect("a bowl");
            assert!((delta / best).ln().abs() < 0.03, "{best}: {delta}");
        }
    }

    /// What makes the signal an eigenfunction of the second place: the constant first, then cos θ and sin θ.
    #[test]
    fn the_second_eigenvalue_is_that_of_the_signal() {
        let settings = OverfittingRegimes::default();
        for name in [Name::Gaussian, Name::Laplace] {
            let kernel = settings.kernel(name);
            let start = ndarray::array![[1.0, 0.0]];
            let grid = Array2::from_shape_fn((512, 2), |(i, axis)| {
                let angle = std::f64::consts::TAU * i as f64 / 512.0;
                if axis == 0 { angle.cos() } else { angle.sin() }
            });
            let values = kernel.matrix(&start, &grid).expect("valid");
            let projected = values.row(0).dot(&grid.column(0)) / 512.0;
            let eigenvalues = circle_eigenvalues(kernel, 3).expect("valid");
            assert!((projected / eigenvalues[1] - 1.0).abs() < 1e-3, "{name:?}");
        }
    }
}
