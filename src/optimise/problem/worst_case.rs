//! Nesterov's worst function in the world.

use super::Known;
use crate::error::{Result, check_count, check_positive};
use crate::optimise::{Curved, Oracle};

/// Nesterov's chain: f(x) = (L/4)(½(x_1² + Σ_{i<p}(x_i − x_{i+1})² + x_p²) − x_1).
///
/// Its minimiser is x*_i = 1 − i/(p+1), f* = −(L/8)·p/(p+1), and ‖x*‖² = p(2p+1)/(6(p+1)). From 0 a method whose points lie in the span
/// of the gradients so far has only k coordinates different from 0 after k steps, and f there is at least the minimum of the chain
/// of k: f(x_k) − f* ≥ (L/8)(1/(k+1) − 1/(p+1)) for k ≤ p. At p = 2k + 1 that is 3L‖x*‖²/(32(k+1)²) or more, the lower bound of
/// the theorem: it is about one chain for each k, since ‖x*‖² grows with p. The gradient's exact Lipschitz constant is
/// L sin²(πp/(2(p+1))), a little below L.
///
/// # Reference
/// Nesterov 2004, "Introductory lectures on convex optimization", doi:10.1007/978-1-4419-8853-9, theorem 2.1.7.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WorstCase {
    p: usize,
    l: f64,
}

impl WorstCase {
    /// In dimension `p` ≥ 1, with L = `smoothness` > 0.
    ///
    /// # Errors
    /// One is out of its range.
    pub fn new(p: usize, smoothness: f64) -> Result<Self> {
        check_count("the dimension of the chain", p)?;
        check_positive("the smoothness L of the chain", smoothness)?;
        Ok(Self { p, l: smoothness })
    }

    /// (L/8)(1/(k+1) − 1/(p+1)), which f(x_k) − f* is not below after k ≤ p steps from 0.
    #[must_use]
    pub fn lower_bound(&self, k: usize) -> f64 {
        self.l / 8.0 * (1.0 / (k as f64 + 1.0) - 1.0 / (self.p as f64 + 1.0))
    }

    /// ‖x*‖², the squared distance from 0.
    #[must_use]
    pub fn squared_distance(&self) -> f64 {
        let p = self.p as f64;
        p * (2.0 * p + 1.0) / (6.0 * (p + 1.0))
    }
}

impl Oracle for WorstCase {
    fn dimension(&self) -> usize {
        self.p
    }

    fn value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> Result<f64> {
        let quarter = self.l / 4.0;
        let (mut before, mut squares) = (0.0, 0.0);
        for i in 0..self.p {
            let after = x.get(i + 1).copied().unwrap_or(0.0);
            gradient[i] = quarter * ((x[i] - before) - (after - x[i]));
            squares += (x[i] - before).powi(2);
            before = x[i];
        }
        gradient[0] -= quarter;
        squares += before * before;
        Ok(quarter * (0.5 * squares - x[0]))
    }
}

impl Curved for WorstCase {
    fn hessian_vector(&self, _: &[f64], v: &[f64]) -> Result<Vec<f64>> {
        let at = |i: usize| v.get(i).copied().unwrap_or(0.0);
        let product = |i: usize| {
            let before = if i == 0 { 0.0 } else { v[i - 1] };
            self.l / 4.0 * (2.0 * v[i] - before - at(i + 1))
        };
        Ok((0..self.p).map(product).collect())
    }
}

impl Known for WorstCase {
    fn minimiser(&self) -> Option<Vec<f64>> {
        let end = (self.p + 1) as f64;
        Some((1..=self.p).map(|i| 1.0 - i as f64 / end).collect())
    }

    fn minimum(&self) -> f64 {
        let p = self.p as f64;
        -self.l / 8.0 * p / (p + 1.0)
    }

    fn smoothness(&self) -> f64 {
        let p = self.p as f64;
        let angle = std::f64::consts::PI * p / (2.0 * (p + 1.0));
        self.l * angle.sin().powi(2)
    }
}
