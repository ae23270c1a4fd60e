//! One training set, fitted at every number of parameters.

use std::f64::consts::PI;

use ndarray::{Array1, Array2, Axis, s};

use super::settings::CurveFitting;
use crate::data::synthetic::{noise, uniform_cube};
use crate::error::Result;
use crate::experiment::Draw;
use crate::fit::{lagrange_interpolation, min_norm, min_norm_path};
use crate::linalg::thin_svd;
use crate::model::legendre_features;

/// Test points: the midpoints of equal cells of [−1, 1].
const GRID: usize = 600;

/// One training set, fitted at every width.
pub(super) struct Repeat {
    /// Training inputs and labels.
    pub x: Array1<f64>,
    pub y: Array1<f64>,
    /// Mean squared error on the grid, a width each.
    pub test_mse: Vec<f64>,
    /// Mean squared training residual, a width each.
    pub train_mse: Vec<f64>,
    /// ‖w‖, a width each.
    pub norm: Vec<f64>,
    /// Predictions on the grid of the widths shown.
    pub shown: Vec<Vec<f64>>,
    /// How far least squares with P = n is from Lagrange's formula, relative to its size.
    pub from_lagrange: f64,
    /// κ of the n × n features at P = n: so many times ε is what 64-bit numbers leave of the polynomial.
    pub condition: f64,
    /// The norm of the coefficients of Lagrange's polynomial.
    pub lagrange_norm: f64,
}

impl CurveFitting {
    pub(super) fn target(&self, x: f64) -> f64 {
        2.0 * x + (self.frequency * x).cos()
    }

    /// Every P up to 3n, about 25 more up to the largest, and those shown.
    pub(super) fn widths(&self, shown: &[usize]) -> Vec<usize> {
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

    pub(super) fn one_repeat(
        &self,
        widths: &[usize],
        shown: &[usize],
        draw: Draw,
    ) -> Result<Repeat> {
        let cube = uniform_cube(self.n, 1, &mut draw.rng("points"))?;
        let x = cube.column(0).mapv(|x| 2.0 * x - 1.0);
        let errors = noise(self.n, self.noise, &mut draw.rng("noise"))?;
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
pub(super) fn grid() -> Array1<f64> {
    Array1::from_shape_fn(GRID, |i| (2 * i + 1) as f64 / GRID as f64 - 1.0)
}
