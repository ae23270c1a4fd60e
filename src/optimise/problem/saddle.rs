//! A saddle between two minima.

use super::Known;
use crate::error::Result;
use crate::optimise::{Curved, Oracle};

/// f(x, y) = ½(x² − y²) + ¼y⁴: a strict saddle at 0 with curvatures 1 and −1, minima (0, ±1) where f = −¼ with curvatures 1 and
/// 2. Descent that begins with y = 0 stays there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Saddle;

impl Oracle for Saddle {
    fn dimension(&self) -> usize {
        2
    }

    fn value_and_gradient(&self, at: &[f64], gradient: &mut [f64]) -> Result<f64> {
        let (x, y) = (at[0], at[1]);
        gradient.copy_from_slice(&[x, y * y * y - y]);
        Ok(0.5 * (x * x - y * y) + 0.25 * y.powi(4))
    }
}

impl Curved for Saddle {
    fn hessian_vector(&self, at: &[f64], v: &[f64]) -> Result<Vec<f64>> {
        Ok(vec![v[0], (3.0 * at[1] * at[1] - 1.0) * v[1]])
    }
}

impl Known for Saddle {
    fn minimiser(&self) -> Option<Vec<f64>> {
        Some(vec![0.0, 1.0])
    }

    fn minimum(&self) -> f64 {
        -0.25
    }

    fn smoothness(&self) -> f64 {
        f64::INFINITY
    }
}
