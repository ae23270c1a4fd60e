//! Nesterov's method with growing momentum.

use super::drive::{Method, Slope};
use crate::error::Result;

pub(super) struct Nesterov {
    rate: f64,
    /// x_{k−1} and x_{k−2}.
    x: Vec<f64>,
    before: Vec<f64>,
    y: Vec<f64>,
    g: Vec<f64>,
}

impl Nesterov {
    pub(super) fn new(start: &[f64], rate: f64) -> Self {
        let copy = || start.to_vec();
        Self {
            rate,
            x: copy(),
            before: copy(),
            y: copy(),
            g: copy(),
        }
    }
}

impl Method for Nesterov {
    fn step(
        &mut self,
        k: usize,
        slope: &mut Slope<'_>,
        prox: &dyn Fn(&mut [f64], f64),
    ) -> Result<f64> {
        // At the first step both points are the start, whatever the factor.
        let momentum = (k as f64 - 2.0) / (k as f64 + 1.0);
        for ((y, x), before) in self.y.iter_mut().zip(&self.x).zip(&self.before) {
            *y = x + momentum * (x - before);
        }
        slope(&self.y, &mut self.g)?;
        std::mem::swap(&mut self.x, &mut self.before);
        for ((x, y), g) in self.x.iter_mut().zip(&self.y).zip(&self.g) {
            *x = y - self.rate * g;
        }
        prox(&mut self.x, self.rate);
        Ok(self.rate)
    }

    fn point(&self) -> &[f64] {
        &self.x
    }
}
