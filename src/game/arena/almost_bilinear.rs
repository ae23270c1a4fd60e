//! xy and a little for the second player.

use ndarray::{Array2, array};

use crate::error::Result;
use crate::game::Game;
use crate::optimise::Field;

/// Φ(x, y) = xy + εφ(y) on the plane, φ(y) = ½y² − ¼y⁴: V = (y, −x − εφ′(y)) with φ′(y) = y − y³.
///
/// The flow ż = −V(z) is ẋ = −y, ẏ = x + ε(y − y³), van der Pol's oscillator in other coordinates. For ε > 0 the only critical
/// point, 0, repels: the eigenvalues of −J(0) have the real part ε/2. A cycle attracts all else, whose radius tends to 2/√3
/// as ε → 0: the change of ½r² over one turn is ε(½ − ⅜r²)r² on average.
///
/// # Reference
/// Hsieh, Mertikopoulos & Cevher 2021, "The limits of min-max optimization algorithms: convergence to spurious non-critical
/// sets", arXiv:2006.09065.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AlmostBilinear {
    /// ε.
    pub epsilon: f64,
}

impl Default for AlmostBilinear {
    /// ε = 0.1, as on the slides.
    fn default() -> Self {
        Self { epsilon: 0.1 }
    }
}

impl Field for AlmostBilinear {
    fn dimension(&self) -> usize {
        2
    }

    #[inline]
    fn at(&self, z: &[f64], v: &mut [f64]) -> Result<()> {
        let (x, y) = (z[0], z[1]);
        v.copy_from_slice(&[y, -x - self.epsilon * (y - y * y * y)]);
        Ok(())
    }
}

impl Game for AlmostBilinear {
    fn payoff(&self, z: &[f64]) -> f64 {
        let square = z[1] * z[1];
        z[0] * z[1] + self.epsilon * (0.5 * square - 0.25 * square * square)
    }

    fn jacobian(&self, z: &[f64]) -> Result<Array2<f64>> {
        let slope = -self.epsilon * (1.0 - 3.0 * z[1] * z[1]);
        Ok(array![[0.0, 1.0], [-1.0, slope]])
    }

    fn solutions(&self) -> Vec<Vec<f64>> {
        vec![vec![0.0, 0.0]]
    }
}
