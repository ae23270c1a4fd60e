//! xy.

use ndarray::{Array2, array};

use crate::error::Result;
use crate::game::Game;
use crate::optimise::Field;

/// Φ(x, y) = xy on the plane: V = (y, −x), a rotation. (0, 0) is the only solution, and −V circles it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bilinear;

impl Field for Bilinear {
    fn dimension(&self) -> usize {
        2
    }

    #[inline]
    fn at(&self, z: &[f64], v: &mut [f64]) -> Result<()> {
        v.copy_from_slice(&[z[1], -z[0]]);
        Ok(())
    }
}

impl Game for Bilinear {
    fn payoff(&self, z: &[f64]) -> f64 {
        z[0] * z[1]
    }

    fn jacobian(&self, _z: &[f64]) -> Result<Array2<f64>> {
        Ok(array![[0.0, 1.0], [-1.0, 0.0]])
    }

    fn solutions(&self) -> Vec<Vec<f64>> {
        vec![vec![0.0, 0.0]]
    }
}
