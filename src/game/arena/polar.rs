//! Two cycles whose radii are known exactly.

use ndarray::{Array2, array};

use crate::error::Result;
use crate::game::Game;
use crate::optimise::Field;

/// V(z) = (axq/16 − by, ayq/16 + bx) on the plane, q = (r² − 1)(16r² − 9), r = ‖z‖. No payoff has this field for b ≠ 0: each
/// player's own derivative would have to be the other's.
///
/// Along ż = −V(z), with the angle θ: ṙ = −arq/16 and θ̇ = −b. For a > 0, r = 1 attracts with the rate 7a/8, r = ¾ repels
/// with the rate 63a/128, and 0 attracts what starts inside r < ¾, with the rate 9a/16; every turn takes 2π/|b|.
///
/// # Reference
/// Pethick, Latafat, Patrinos, Fercoq & Cevher 2022, "Escaping limit cycles", arXiv:2302.09831.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Polar {
    /// a, how strong the cycles are.
    pub a: f64,
    /// b, how fast they turn.
    pub b: f64,
}

impl Default for Polar {
    /// a = b = 1.
    fn default() -> Self {
        Self { a: 1.0, b: 1.0 }
    }
}

impl Field for Polar {
    fn dimension(&self) -> usize {
        2
    }

    #[inline]
    fn at(&self, z: &[f64], v: &mut [f64]) -> Result<()> {
        let (x, y) = (z[0], z[1]);
        let square = x * x + y * y;
        let push = self.a / 16.0 * (square - 1.0) * (16.0 * square - 9.0);
        v.copy_from_slice(&[push * x - self.b * y, push * y + self.b * x]);
        Ok(())
    }
}

impl Game for Polar {
    fn jacobian(&self, z: &[f64]) -> Result<Array2<f64>> {
        let &Self { a, b } = self;
        let (x, y) = (z[0], z[1]);
        let square = x * x + y * y;
        let push = a / 16.0 * (square - 1.0) * (16.0 * square - 9.0);
        // ∂(push)/∂x = slope·x, and so for y.
        let slope = a / 8.0 * (32.0 * square - 25.0);
        Ok(array![
            [push + slope * x * x, slope * x * y - b],
            [slope * x * y + b, push + slope * y * y],
        ])
    }

    fn solutions(&self) -> Vec<Vec<f64>> {
        vec![vec![0.0, 0.0]]
    }
}
