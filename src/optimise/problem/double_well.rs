//! Two wells on a line.

use super::Known;
use crate::error::Result;
use crate::optimise::{Curved, Oracle};

/// f(x) = ¼(x² − 1)²: minima ±1 where f = 0 with curvature 2, between them a maximum at 0 where f = ¼.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DoubleWell;

impl Oracle for DoubleWell {
    fn dimension(&self) -> usize {
        1
    }

    fn value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> Result<f64> {
        let height = x[0] * x[0] - 1.0;
        gradient[0] = x[0] * height;
        Ok(0.25 * height * height)
    }
}

impl Curved for DoubleWell {
    fn hessian_vector(&self, x: &[f64], v: &[f64]) -> Result<Vec<f64>> {
        Ok(vec![(3.0 * x[0] * x[0] - 1.0) * v[0]])
    }
}

impl Known for DoubleWell {
    fn minimiser(&self) -> Option<Vec<f64>> {
        Some(vec![1.0])
    }

    fn minimum(&self) -> f64 {
        0.0
    }

    fn smoothness(&self) -> f64 {
        f64::INFINITY
    }
}
