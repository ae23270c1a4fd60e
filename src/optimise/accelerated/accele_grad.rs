//! AcceleGrad.

use super::drive::{Method, Slope};
use crate::error::Result;

pub(super) struct AcceleGrad {
    diameter: f64,
    /// G² + Σ α²‖g‖².
    squares: f64,
    /// Σ α.
    weights: f64,
    x: Vec<f64>,
    y: Vec<f64>,
    z: Vec<f64>,
    g: Vec<f64>,
    mean: Vec<f64>,
}

impl AcceleGrad {
    pub(super) fn new(start: &[f64], diameter: f64, gradients: f64) -> Self {
        let copy = || start.to_vec();
        Self {
            diameter,
            squares: gradients * gradients,
            weights: 0.0,
            x: copy(),
            y: copy(),
            z: copy(),
            g: copy(),
            mean: copy(),
        }
    }
}

impl Method for AcceleGrad {
    fn step(
        &mut self,
        k: usize,
        slope: &mut Slope<'_>,
        prox: &dyn Fn(&mut [f64], f64),
    ) -> Result<f64> {
        // t = k − 1.
        let weight = if k <= 3 { 1.0 } else { k as f64 / 4.0 };
        for ((x, y), z) in self.x.iter_mut().zip(&self.y).zip(&self.z) {
            *x = y + (z - y) / weight;
        }
        slope(&self.x, &mut self.g)?;
        self.squares += weight * weight * self.g.iter().map(|g| g * g).sum::<f64>();
        // Where every gradient so far is 0, no step is taken.
        let rate = match self.squares == 0.0 {
            true => 0.0,
            false => 2.0 * self.diameter / self.squares.sqrt(),
        };
        self.weights += weight;
        let share = weight / self.weights;
        for (((z, y), (x, g)), mean) in self
            .z
            .iter_mut()
            .zip(&mut self.y)
            .zip(self.x.iter().zip(&self.g))
            .zip(&mut self.mean)
        {
            *z -= weight * rate * g;
            *y = x - rate * g;
            *mean += (*y - *mean) * share;
        }
        prox(&mut self.z, weight * rate);
        Ok(rate)
    }

    fn point(&self) -> &[f64] {
        &self.mean
    }
}
