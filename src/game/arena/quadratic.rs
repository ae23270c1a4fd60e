//! A rotation with a spiral in or out.

use ndarray::{Array2, array};

use crate::error::{Error, Result, check_finite, check_positive};
use crate::game::Game;
use crate::optimise::Field;

/// Φ(x, y) = axy + (b/2)(x² − y²) on the plane: V(z) = (bx + ay, by − ax). With b > 0 each player wants the middle, with b < 0
/// each wants to be away from it.
///
/// ‖V(z)‖² = (a² + b²)‖z‖² and ⟨V(z), z⟩ = b‖z‖², so that L = √(a² + b²) is exact and the weak Minty inequality
/// ⟨V(z), z − z*⟩ ≥ ρ‖V(z)‖² holds with equality at ρ = b/(a² + b²).
///
/// # Reference
/// Pethick, Latafat, Patrinos, Fercoq & Cevher 2022, "Escaping limit cycles", arXiv:2302.09831.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quadratic {
    /// a, the rotation.
    pub a: f64,
    /// b, the push out (−) or in (+).
    pub b: f64,
}

impl Quadratic {
    /// The game with this Lipschitz constant and equality in the weak Minty inequality at this ρ: a = √(L² − L⁴ρ²), b = L²ρ.
    ///
    /// # Errors
    /// L not positive and finite; |ρ| > 1/L, which no field has.
    ///
    /// ```
    /// use dltheory::game::arena::Quadratic;
    /// let game = Quadratic::weak_minty(1.0, -0.1)?;
    /// assert!((game.rho() + 0.1).abs() < 1e-15 && (game.lipschitz() - 1.0).abs() < 1e-15);
    /// # Ok::<(), dltheory::Error>(())
    /// ```
    pub fn weak_minty(lipschitz: f64, rho: f64) -> Result<Self> {
        check_positive("the Lipschitz constant L", lipschitz)?;
        check_finite("ρ of the weak Minty inequality", &[rho])?;
        let share = lipschitz * rho;
        if share.abs() > 1.0 {
            let expected = format!("between −1/L and 1/L with L = {lipschitz}");
            return Err(Error::domain(
                "ρ of the weak Minty inequality",
                expected,
                rho,
            ));
        }
        Ok(Self {
            a: lipschitz * (1.0 - share * share).sqrt(),
            b: lipschitz * share,
        })
    }

    /// L = √(a² + b²).
    #[must_use]
    pub fn lipschitz(&self) -> f64 {
        self.a.hypot(self.b)
    }

    /// ρ = b/(a² + b²), at which ⟨V(z), z⟩ = ρ‖V(z)‖² everywhere; NaN for a = b = 0.
    #[must_use]
    pub fn rho(&self) -> f64 {
        self.b / (self.a * self.a + self.b * self.b)
    }
}

impl Field for Quadratic {
    fn dimension(&self) -> usize {
        2
    }

    #[inline]
    fn at(&self, z: &[f64], v: &mut [f64]) -> Result<()> {
        let &Self { a, b } = self;
        v.copy_from_slice(&[b * z[0] + a * z[1], b * z[1] - a * z[0]]);
        Ok(())
    }
}

impl Game for Quadratic {
    fn payoff(&self, z: &[f64]) -> f64 {
        self.a * z[0] * z[1] + 0.5 * self.b * (z[0] * z[0] - z[1] * z[1])
    }

    fn jacobian(&self, _z: &[f64]) -> Result<Array2<f64>> {
        let &Self { a, b } = self;
        Ok(array![[b, a], [-a, b]])
    }

    fn solutions(&self) -> Vec<Vec<f64>> {
        vec![vec![0.0, 0.0]]
    }
}
