//! The problems, and what methods are told about them.

use ndarray::Array2;

use super::settings::AdaptiveRates;
use crate::error::Result;
use crate::optimise::Curved;
use crate::optimise::problem::{Known, Logistic, Quadratic, Shelf};
use crate::stats::largest;

/// A problem as methods meet it.
pub(super) struct Task<'a, P> {
    pub problem: &'a P,
    pub start: Vec<f64>,
    /// ‖start − x*‖, or a guess of it.
    pub distance: f64,
    /// The largest entry of that.
    pub widest: f64,
    /// What methods of several sequences are kept in, around the start.
    pub radius: f64,
    /// Whether f is convex.
    pub convex: bool,
}

impl<'a, P: Known + Curved> Task<'a, P> {
    pub(super) fn from_zero(problem: &'a P) -> Self {
        let start = vec![0.0; problem.dimension()];
        let best = problem
            .minimiser()
            .unwrap_or_else(|| vec![1.0; start.len()]);
        let distance = best.iter().map(|x| x * x).sum::<f64>().sqrt();
        Self {
            problem,
            start,
            distance,
            radius: 2.0 * distance,
            convex: true,
            widest: largest(best.iter().map(|x| x.abs())),
        }
    }
}

impl AdaptiveRates {
    /// λ_i from 1 down to 10⁻¹².
    fn curvatures(&self) -> Vec<f64> {
        let last = (self.modes - 1) as f64;
        (0..self.modes)
            .map(|i| 10.0_f64.powf(-12.0 * i as f64 / last))
            .collect()
    }

    fn minimiser(&self) -> Vec<f64> {
        self.curvatures()
            .iter()
            .map(|l| l.powf(self.excess / 2.0))
            .collect()
    }

    /// f = ½Σλ_i(x_i − c_i)², c_i² = λ_i^δ.
    pub(super) fn slow_quadratic(&self) -> Result<Quadratic> {
        Quadratic::new(self.curvatures(), self.minimiser())
    }

    /// A logistic problem with the same minimiser, whose curvatures at 0 are those of the quadratic.
    pub(super) fn logistic(&self) -> Result<Logistic> {
        let n = self.modes as f64;
        let scales: Vec<f64> = self
            .curvatures()
            .iter()
            .map(|l| (4.0 * n * l).sqrt())
            .collect();
        let logits = scales.iter().zip(self.minimiser());
        let shares = logits
            .map(|(scale, c)| 1.0 / (1.0 + (-scale * c).exp()))
            .collect();
        Logistic::new(Array2::from_diag(&ndarray::Array1::from(scales)), shares)
    }

    /// (1 + x²)^(−s/2) on a line, from x = 1.
    pub(super) fn shelf(&self) -> Result<Shelf> {
        Shelf::new(1, self.power)
    }
}

/// On the shelf from x = 1: f − f* < 1 = ½L·distance², and a set as wide as descent does not come.
pub(super) fn on_shelf(shelf: &Shelf) -> Task<'_, Shelf> {
    let distance = (2.0 / shelf.smoothness()).sqrt();
    Task {
        problem: shelf,
        start: vec![1.0],
        distance,
        widest: 1.0,
        radius: 1e4,
        convex: false,
    }
}
