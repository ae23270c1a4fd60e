//! A solution that no method of first order reaches from outside.

use ndarray::{Array2, array};

use crate::error::Result;
use crate::game::Game;
use crate::optimise::{Cuboid, Field};

/// Φ(x, y) = x(y − c) + φ(x) − φ(y) on the plane, φ(u) = ¼u² − ½u⁴ + ⅙u⁶: V = (y − c + φ′(x), φ′(y) − x) with
/// φ′(u) = ½u − 2u³ + u⁵.
///
/// A cycle attracts what starts far out. The critical point near (0, c) attracts its surroundings up to a repelling cycle where
/// c is small (0.1, S4), less where it is larger (0.45, the paper), and repels at c = ½ (S0), where nothing shields it and the
/// outer cycle takes everything.
///
/// # Reference
/// Hsieh, Mertikopoulos & Cevher 2021, arXiv:2006.09065.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forsaken {
    /// c.
    pub offset: f64,
}

impl Default for Forsaken {
    /// c = 0.45, as in the paper.
    fn default() -> Self {
        Self { offset: 0.45 }
    }
}

impl Field for Forsaken {
    fn dimension(&self) -> usize {
        2
    }

    #[inline]
    fn at(&self, z: &[f64], v: &mut [f64]) -> Result<()> {
        let slope = |u: f64| {
            let square = u * u;
            u * (0.5 + square * (square - 2.0))
        };
        let (x, y) = (z[0], z[1]);
        v.copy_from_slice(&[y - self.offset + slope(x), slope(y) - x]);
        Ok(())
    }
}

impl Game for Forsaken {
    fn payoff(&self, z: &[f64]) -> f64 {
        let phi = |u: f64| {
            let square = u * u;
            square * (0.25 + square * (square / 6.0 - 0.5))
        };
        z[0] * (z[1] - self.offset) + phi(z[0]) - phi(z[1])
    }

    fn jacobian(&self, z: &[f64]) -> Result<Array2<f64>> {
        let curvature = |u: f64| {
            let square = u * u;
            0.5 + square * (5.0 * square - 6.0)
        };
        Ok(array![[curvature(z[0]), 1.0], [-1.0, curvature(z[1])]])
    }
}

/// Φ(x, y) = xy + φ(x) − φ(y) on the square ‖z‖∞ ≤ 4/3, φ(u) = ⅓u² − ⅓u⁴ + (2/21)u⁶: V = (y + φ′(x), φ′(y) − x) with
/// φ′(u) = ⅔u − (4/3)u³ + (4/7)u⁵. A forsaken solution, 0, of a game mild enough (ρ > −1/2L) that EG+ has a guarantee for it from
/// everywhere.
///
/// # Reference
/// Pethick, Latafat, Patrinos, Fercoq & Cevher 2022, "Escaping limit cycles", arXiv:2302.09831.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GlobalForsaken;

impl GlobalForsaken {
    /// Where it is played: ‖z‖∞ ≤ 4/3, where L = 3.0224. (On the disc ‖z‖ ≤ 4/3 it is 2.8684.)
    #[must_use]
    pub fn region() -> Cuboid {
        super::square(4.0 / 3.0)
    }
}

impl Field for GlobalForsaken {
    fn dimension(&self) -> usize {
        2
    }

    #[inline]
    fn at(&self, z: &[f64], v: &mut [f64]) -> Result<()> {
        let slope = |u: f64| {
            let square = u * u;
            u * (2.0 / 3.0 + square * (4.0 / 7.0 * square - 4.0 / 3.0))
        };
        v.copy_from_slice(&[z[1] + slope(z[0]), slope(z[1]) - z[0]]);
        Ok(())
    }
}

impl Game for GlobalForsaken {
    fn payoff(&self, z: &[f64]) -> f64 {
        let phi = |u: f64| {
            let square = u * u;
            square * (1.0 / 3.0 + square * (2.0 / 21.0 * square - 1.0 / 3.0))
        };
        z[0] * z[1] + phi(z[0]) - phi(z[1])
    }

    fn jacobian(&self, z: &[f64]) -> Result<Array2<f64>> {
        let curvature = |u: f64| {
            let square = u * u;
            2.0 / 3.0 + square * (20.0 / 7.0 * square - 4.0)
        };
        Ok(array![[curvature(z[0]), 1.0], [-1.0, curvature(z[1])]])
    }

    fn solutions(&self) -> Vec<Vec<f64>> {
        vec![vec![0.0, 0.0]]
    }
}
