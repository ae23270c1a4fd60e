//! Polynomial curve fitting: under-fitting, the sweet spot, over-fitting, and far beyond.

mod curve;
mod figure;
mod findings;

use std::f64::consts::PI;

use ndarray::{Array1, Array2, Axis, s};
use rayon::prelude::*;

use crate::data::synthetic::{noise, uniform_cube};
use crate::engine;
use crate::error::Result;
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use crate::fit::{lagrange_interpolation, min_norm, min_norm_path};
use crate::linalg::thin_svd;
use crate::model::legendre_features;
use crate::rng::stream;
use curve::Curve;
use findings::{Results, findings};

/// Test points: the midpoints of equal cells of [−1, 1].
const GRID: usize = 600;

settings! {
    /// Settings of `curve_fitting`.
    pub struct CurveFitting {
        /// Training points a repeat. With more than 15 random points 64-bit numbers may lose the
        /// polynomial through all of them.
        n: usize = 15, in 4..=15;
        /// Degrees of the four fits shown; degree P − 1 has P parameters.
        degrees: Vec<usize> = vec![0, 1, 14, 199], in 0..=999, len 4;
        /// Standard deviation σ of the noise in the training labels.
        noise: f64 = 0.0, in 0.0..=10.0;
        /// Frequency ω of the target 2x + cos ωx.
        frequency: f64 = 25.0, in 0.0..=100.0;
        /// The largest number of parameters P of the curves.
        max_parameters: usize = 200, in 50..=1000;
        /// Draws of the training points.
        repeats: usize = 30, in 5..=1000;
    }
}

/// One training set, fitted at every width.
struct Repeat {
    /// Training inputs and labels.
    x: Array1<f64>,
    y: Array1<f64>,
    /// Mean squared error on the grid, a width each.
    test_mse: Vec<f64>,
    /// Mean squared training residual, a width each.
    train_mse: Vec<f64>,
    /// ‖w‖, a width each.
    norm: Vec<f64>,
    /// Predictions on the grid of the widths shown.
    shown: Vec<Vec<f64>>,
    /// How far least squares with P = n is from Lagrange's formula, relative to its size.
    from_lagrange: f64,
    /// κ of the n × n features at P = n: so many times ε is what 64-bit numbers leave of the polynomial.
    condition: f64,
    /// The norm of the coefficients of Lagrange's polynomial.
    lagrange_norm: f64,
}

impl Study for CurveFitting {
    const ABOUT: About = About {
        id: "curve_fitting",
        title: "Curve fitting with too few, enough, too many and far too many parameters",
        what: "Fits y = 2x + cos ωx at n random points by Legendre polynomials with P parameters: \
               least squares up to P = n, the interpolant of smallest norm beyond. The test error \
               falls, rises to a peak of many orders of magnitude at P = n, and falls again.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"A toy example: curve \
                fitting\"; after Schaeffer et al. 2023, arXiv:2303.14151",
        columns: &[
            Column::new("parameters", "", "parameters P; the degree is P − 1"),
            Column::new(
                "test_mse",
                "label²",
                "mean squared error to the noise-free target, median over repeats",
            ),
            Column::new("test_mse_low", "label²", "its 10 % quantile over repeats"),
            Column::new("test_mse_high", "label²", "its 90 % quantile over repeats"),
            Column::new("test_mse_mean", "label²", "its mean over repeats"),
            Column::new(
                "gaussian_mse",
                "label²",
                "what uncorrelated Gaussian features of the same energies would give; to P = n − 2",
            ),
            Column::new(
                "train_mse",
                "label²",
                "mean squared training error, median over repeats",
            ),
            Column::new("norm", "", "norm of the coefficients, median over repeats"),
        ],
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let shown: Vec<usize> = self.degrees.iter().map(|degree| degree + 1).collect();
        let widths = self.widths(&shown);
        context.progress.start(self.repeats, "repeats");
        let _single = engine::single_thread();
        let repeats = (0..self.repeats as u64)
            .into_par_iter()
            .map(|index| {
                let done = self.one_repeat(&widths, &shown, seed, index);
                context.progress.step();
                done
            })
            .collect::<Result<Vec<Repeat>>>()?;
        let curve = Curve::over(&repeats, &widths, &self.gaussian_mse(&widths)?)?;
        findings(&Results {
            n: self.n,
            shown,
            grid: grid().to_vec(),
            target: grid().mapv(|x| self.target(x)).to_vec(),
            curve,
            repeats,
        })
    }
}

impl CurveFitting {
    fn target(&self, x: f64) -> f64 {
        2.0 * x + (self.frequency * x).cos()
    }

    /// Every P up to 3n, about 25 more up to the largest, and those shown.
    fn widths(&self, shown: &[usize]) -> Vec<usize> {
        let (first, last) = (3 * self.n, self.max_parameters);
        let ratio = last as f64 / first as f64;
        let spaced = (1..=25).map(|i| (first as f64 * ratio.powf(f64::from(i) / 25.0)).round());
        let mut widths: Vec<usize> = (1..=first.min(last))
            .chain(spaced.map(|p| p as usize).filter(|&p| p <= last))
            .chain(shown.iter().copied())
            .collect();
        widths.sort_unstable();
        widths.dedup();
        widths
    }

    fn one_repeat(
        &self,
        widths: &[usize],
        shown: &[usize],
        seed: u64,
        index: u64,
    ) -> Result<Repeat> {
        let cube = uniform_cube(self.n, 1, &mut stream(seed, "points", index))?;
        let x = cube.column(0).mapv(|x| 2.0 * x - 1.0);
        let errors = noise(self.n, self.noise, &mut stream(seed, "noise", index))?;
        let y = x.mapv(|x| self.target(x)).insert_axis(Axis(1)) + errors;
        let grid = grid();
        let target = grid.mapv(|x| self.target(x)).insert_axis(Axis(1));
        let columns = widths.last().copied().unwrap_or(1);
        let features = legendre_features(&x, columns)?;
        let path = min_norm_path(&features, &legendre_features(&grid, columns)?, &y, widths)?;
        let at = |p: usize| widths.partition_point(|&width| width < p);
        let fit = |p: usize| path.test_predictions.index_axis(Axis(0), at(p));
        let polynomial = lagrange_interpolation(&x, &y, &grid)?;
        let square_features = thin_svd(&features.slice(s![.., ..self.n]))?;
        let square = |values: &Array1<f64>| values.dot(values);
        let gap = &fit(self.n).column(0) - &polynomial.column(0);
        Ok(Repeat {
            test_mse: path.test_mse(&target)?,
            from_lagrange: (square(&gap) / square(&polynomial.column(0).to_owned())).sqrt(),
            lagrange_norm: self.lagrange_norm(&x, &y)?,
            condition: square_features.s[0] / square_features.s[self.n - 1],
            shown: shown
                .iter()
                .map(|&p| fit(p).iter().copied().collect())
                .collect(),
            train_mse: path.train_mse,
            norm: path.norm,
            y: y.column(0).to_owned(),
            x,
        })
    }

    /// The norm of the Legendre coefficients of the polynomial through all points, whatever κ is there: from its
    /// values at Chebyshev's points, where the features are well conditioned.
    fn lagrange_norm(&self, x: &Array1<f64>, y: &Array2<f64>) -> Result<f64> {
        let angle = |i: usize| (2 * i + 1) as f64 / (2 * self.n) as f64 * PI;
        let points = Array1::from_shape_fn(self.n, |i| angle(i).cos());
        let values = lagrange_interpolation(x, y, &points)?;
        let weights = min_norm(&legendre_features(&points, self.n)?, &values, None)?.weights;
        Ok(weights.iter().map(|w| w * w).sum::<f64>().sqrt())
    }
}

/// The test inputs, `(GRID,)`.
fn grid() -> Array1<f64> {
    Array1::from_shape_fn(GRID, |i| (2 * i + 1) as f64 / GRID as f64 - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Residuals are rounding, so they grow with the weights: seed 8 leaves 10⁻¹⁸, σ = 10 leaves 10⁻¹⁴.
    #[test]
    fn claims_hold_whatever_the_size_of_the_numbers() {
        for (seed, n, noise) in [(8, 15, 0.0), (1, 15, 10.0), (1, 4, 0.0), (2, 4, 10.0)] {
            let settings = CurveFitting {
                n,
                noise,
                ..Default::default()
            };
            let report = settings.run(seed).expect("valid");
            assert!(
                report.claims.all_hold(),
                "seed {seed}, n = {n}, σ = {noise}:\n{}",
                report.claims
            );
        }
    }
}
