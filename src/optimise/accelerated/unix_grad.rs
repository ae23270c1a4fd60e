//! UniXGrad.

use super::drive::{Method, Slope};
use crate::error::Result;

pub(super) struct UniXGrad {
    diameter: f64,
    /// 1 + Σ α²‖g − M‖².
    squares: f64,
    /// A_{t−1}.
    weights: f64,
    /// The mean of x_1 … x_{t−1} with weights α.
    mean: Vec<f64>,
    y: Vec<f64>,
    /// Where M is asked, then x_t, then where g is asked.
    x: Vec<f64>,
    m: Vec<f64>,
    g: Vec<f64>,
}

impl UniXGrad {
    pub(super) fn new(start: &[f64], diameter: f64) -> Self {
        let copy = || start.to_vec();
        Self {
            diameter,
            squares: 1.0,
            weights: 0.0,
            mean: copy(),
            y: copy(),
            x: copy(),
            m: copy(),
            g: copy(),
        }
    }
}

impl Method for UniXGrad {
    fn step(
        &mut self,
        k: usize,
        slope: &mut Slope<'_>,
        prox: &dyn Fn(&mut [f64], f64),
    ) -> Result<f64> {
        let weight = k as f64;
        self.weights += weight;
        let share = weight / self.weights;
        let rate = 2.0 * self.diameter / self.squares.sqrt();
        for ((x, y), mean) in self.x.iter_mut().zip(&self.y).zip(&self.mean) {
            *x = mean + (y - mean) * share;
        }
        slope(&self.x, &mut self.m)?;
        for ((x, y), m) in self.x.iter_mut().zip(&self.y).zip(&self.m) {
            *x = y - rate * weight * m;
        }
        prox(&mut self.x, rate * weight);
        for (mean, x) in self.mean.iter_mut().zip(&self.x) {
            *mean += (x - *mean) * share;
        }
        slope(&self.mean, &mut self.g)?;
        for (y, g) in self.y.iter_mut().zip(&self.g) {
            *y -= rate * weight * g;
        }
        prox(&mut self.y, rate * weight);
        let pairs = self.g.iter().zip(&self.m);
        self.squares += weight * weight * pairs.map(|(g, m)| (g - m) * (g - m)).sum::<f64>();
        Ok(rate)
    }

    fn point(&self) -> &[f64] {
        &self.mean
    }
}
