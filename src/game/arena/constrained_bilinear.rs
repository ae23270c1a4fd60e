//! A bilinear game in a box.

use ndarray::{Array2, array};

use crate::error::Result;
use crate::game::Game;
use crate::optimise::{Cuboid, Field};

/// Φ(x, y) = (x − c)(y − c) on ‖z‖∞ ≤ 1: V = (y − c, c − x). (c, c) solves it for |c| ≤ 1, and does so alone for |c| < 1. Near a
/// side of the box a mean is not where its noisy samples are, once they are projected.
///
/// # Reference
/// Pethick, Fercoq, Latafat, Patrinos & Cevher 2023, "Solving stochastic weak Minty variational inequalities without increasing
/// batch size", ICLR, openreview.net/forum?id=ejR4E1jaH9k.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConstrainedBilinear {
    /// c.
    pub at: f64,
}

impl Default for ConstrainedBilinear {
    /// c = 0.9.
    fn default() -> Self {
        Self { at: 0.9 }
    }
}

impl ConstrainedBilinear {
    /// Where it is played: ‖z‖∞ ≤ 1.
    #[must_use]
    pub fn region() -> Cuboid {
        super::square(1.0)
    }
}

impl Field for ConstrainedBilinear {
    fn dimension(&self) -> usize {
        2
    }

    #[inline]
    fn at(&self, z: &[f64], v: &mut [f64]) -> Result<()> {
        v.copy_from_slice(&[z[1] - self.at, self.at - z[0]]);
        Ok(())
    }
}

impl Game for ConstrainedBilinear {
    fn payoff(&self, z: &[f64]) -> f64 {
        (z[0] - self.at) * (z[1] - self.at)
    }

    fn jacobian(&self, _z: &[f64]) -> Result<Array2<f64>> {
        Ok(array![[0.0, 1.0], [-1.0, 0.0]])
    }

    fn solutions(&self) -> Vec<Vec<f64>> {
        match self.at.abs() <= 1.0 {
            true => vec![vec![self.at; 2]],
            false => Vec::new(),
        }
    }
}
