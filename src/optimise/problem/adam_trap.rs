//! Losses one after another, on which Adam goes the wrong way.

use rand::RngExt;

use crate::error::{Error, Result, check_positive};
use crate::optimise::StochasticOracle;

/// In which order the two losses come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Order {
    /// Cx at t = 1, 4, 7, …, −x else.
    Cycle,
    /// Each time anew: Cx with probability (1 + δ)/(C + 1), −x else.
    Random {
        /// δ in (0, C): the mean gradient.
        delta: f64,
    },
}

/// Reddi's losses f_t(x) = Cx or −x on [−1, 1], C > 2 in a cycle of three: their mean has gradient (C − 2)/3, or δ, and is least at −1.
///
/// With β₁ = 0 and β₂ = 1/(1 + C²), a cycle of three moves Adam up: the steep loss is divided by a √v that it has just made large,
/// the two others by a small one. What it is asked for is a draw, in order: the oracle keeps t.
///
/// # Reference
/// Reddi, Kale & Kumar 2018, "On the convergence of Adam and beyond", arXiv:1904.09237: theorem 1 (in a cycle), theorem 3 (at random).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamTrap {
    c: f64,
    order: Order,
    /// Draws so far.
    t: usize,
}

impl AdamTrap {
    /// With steepness C = `c`, before the first loss.
    ///
    /// # Errors
    /// C that is not above 2 in a cycle; δ outside (0, C).
    pub fn new(c: f64, order: Order) -> Result<Self> {
        check_positive("the steepness C", c)?;
        match order {
            Order::Cycle if c <= 2.0 => Err(Error::domain("the steepness C", "above 2", c)),
            Order::Random { delta } if !(delta > 0.0 && delta < c) => {
                let expected = format!("above 0 and below C = {c}");
                Err(Error::domain("the mean gradient δ", expected, delta))
            }
            _ => Ok(Self { c, order, t: 0 }),
        }
    }

    /// The gradient of the mean loss: (C − 2)/3, or δ.
    #[must_use]
    pub fn mean_gradient(&self) -> f64 {
        match self.order {
            Order::Cycle => (self.c - 2.0) / 3.0,
            Order::Random { delta } => delta,
        }
    }
}

impl StochasticOracle for AdamTrap {
    fn dimension(&self) -> usize {
        1
    }

    fn draw(&mut self, x: &[f64], gradient: &mut [f64], rng: &mut impl rand::Rng) -> Result<f64> {
        self.t += 1;
        let steep = match self.order {
            Order::Cycle => self.t % 3 == 1,
            Order::Random { delta } => rng.random::<f64>() < (1.0 + delta) / (self.c + 1.0),
        };
        gradient[0] = if steep { self.c } else { -1.0 };
        Ok(gradient[0] * x[0])
    }

    /// The mean loss.
    fn value(&mut self, x: &[f64]) -> Result<f64> {
        Ok(self.mean_gradient() * x[0])
    }
}
