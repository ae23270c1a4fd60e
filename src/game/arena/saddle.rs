//! Surfaces whose critical points are of every kind.

use ndarray::{Array2, array};

use crate::error::Result;
use crate::game::Game;
use crate::optimise::{Cuboid, Field};

/// Φ(x, y) = x² − y²: V = (2x, 2y). 0 is a Nash equilibrium, everywhere and alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SquareSaddle;

impl Field for SquareSaddle {
    fn dimension(&self) -> usize {
        2
    }

    #[inline]
    fn at(&self, z: &[f64], v: &mut [f64]) -> Result<()> {
        v.copy_from_slice(&[2.0 * z[0], 2.0 * z[1]]);
        Ok(())
    }
}

impl Game for SquareSaddle {
    fn payoff(&self, z: &[f64]) -> f64 {
        z[0] * z[0] - z[1] * z[1]
    }

    fn jacobian(&self, _z: &[f64]) -> Result<Array2<f64>> {
        Ok(array![[2.0, 0.0], [0.0, 2.0]])
    }

    fn solutions(&self) -> Vec<Vec<f64>> {
        vec![vec![0.0, 0.0]]
    }
}

/// Φ(x, y) = x³ − 3xy²: V = (3x² − 3y², 6xy). At 0, its only critical point, all second derivatives are 0, so the necessary
/// conditions hold; a first player who moves to x < 0 gains x³ all the same, so that it is no equilibrium.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MonkeySaddle;

impl Field for MonkeySaddle {
    fn dimension(&self) -> usize {
        2
    }

    #[inline]
    fn at(&self, z: &[f64], v: &mut [f64]) -> Result<()> {
        let (x, y) = (z[0], z[1]);
        v.copy_from_slice(&[3.0 * (x * x - y * y), 6.0 * x * y]);
        Ok(())
    }
}

impl Game for MonkeySaddle {
    fn payoff(&self, z: &[f64]) -> f64 {
        z[0] * (z[0] * z[0] - 3.0 * z[1] * z[1])
    }

    fn jacobian(&self, z: &[f64]) -> Result<Array2<f64>> {
        let (x, y) = (6.0 * z[0], 6.0 * z[1]);
        Ok(array![[x, -y], [y, x]])
    }
}

/// Φ(x, y) = xy − x²y²: V = (y − 2xy², 2x²y − x). 0 is a Nash equilibrium: there neither player alone changes anything. Every
/// point of xy = ½ is critical too, and none is an equilibrium: ∂²Φ/∂x² = −2y² < 0 there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WeirdSaddle;

impl Field for WeirdSaddle {
    fn dimension(&self) -> usize {
        2
    }

    #[inline]
    fn at(&self, z: &[f64], v: &mut [f64]) -> Result<()> {
        let rest = 1.0 - 2.0 * z[0] * z[1];
        v.copy_from_slice(&[z[1] * rest, -z[0] * rest]);
        Ok(())
    }
}

impl Game for WeirdSaddle {
    fn payoff(&self, z: &[f64]) -> f64 {
        let product = z[0] * z[1];
        product * (1.0 - product)
    }

    fn jacobian(&self, z: &[f64]) -> Result<Array2<f64>> {
        let (x, y) = (z[0], z[1]);
        let mixed = 1.0 - 4.0 * x * y;
        Ok(array![[-2.0 * y * y, mixed], [-mixed, 2.0 * x * x]])
    }

    fn solutions(&self) -> Vec<Vec<f64>> {
        vec![vec![0.0, 0.0]]
    }
}

/// max over ω, min over θ of −ω²θ² + ωθ on [−2, 2]²: z = (θ, ω), the minimiser first. The same Φ as [`WeirdSaddle`], in a box,
/// where a player may mix: θ = ±2 by a coin, ω = 0, is an equilibrium of value 0 that moves cannot improve on.
///
/// # Reference
/// Kamalaruban, Huang, Hsieh, Rolland, Shi & Cevher 2020, "Robust reinforcement learning via adversarial training with Langevin
/// dynamics", arXiv:2002.06063.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hill;

impl Hill {
    /// Where it is played: ‖z‖∞ ≤ 2.
    #[must_use]
    pub fn region() -> Cuboid {
        super::square(2.0)
    }
}

impl Field for Hill {
    fn dimension(&self) -> usize {
        2
    }

    #[inline]
    fn at(&self, z: &[f64], v: &mut [f64]) -> Result<()> {
        WeirdSaddle.at(z, v)
    }
}

impl Game for Hill {
    fn payoff(&self, z: &[f64]) -> f64 {
        WeirdSaddle.payoff(z)
    }

    fn jacobian(&self, z: &[f64]) -> Result<Array2<f64>> {
        WeirdSaddle.jacobian(z)
    }

    fn solutions(&self) -> Vec<Vec<f64>> {
        vec![vec![0.0, 0.0]]
    }
}
