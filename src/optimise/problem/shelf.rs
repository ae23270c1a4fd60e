//! A function with a flat tail.

use super::Known;
use crate::error::{Result, check_count, check_positive};
use crate::optimise::{Curved, Oracle};

/// f(x) = (1 + ‖x‖²)^(−s/2), s > 0: a maximum at 0, and a tail that falls to 0 at infinity.
///
/// Far out, ‖∇f‖ = s·r^(−s−1) at distance r, and descent at rate η follows r' = ηs·r^(−s−1):
/// r = (ηs(s+2)k)^(1/(s+2)), ‖∇f‖² = s²·r^(−2(s+1)) ~ k^(−2(s+1)/(s+2)): as slow as 1/k for s → 0, the slowest that the
/// bound on min‖∇f‖² of a smooth function that is bounded below allows. The greatest curvature is s, at 0 (for s ≤ 4).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shelf {
    p: usize,
    s: f64,
}

impl Shelf {
    /// In dimension `p` ≥ 1, with s = `power` in (0, 4].
    ///
    /// # Errors
    /// One is out of its range.
    pub fn new(p: usize, power: f64) -> Result<Self> {
        check_count("the dimension of the shelf", p)?;
        check_positive("the power s of the shelf", power)?;
        if power > 4.0 {
            let expected = "at most 4";
            return Err(crate::Error::domain(
                "the power s of the shelf",
                expected,
                power,
            ));
        }
        Ok(Self { p, s: power })
    }

    /// −2(s+1)/(s+2), the exponent with which ‖∇f‖² falls along plain descent.
    #[must_use]
    pub fn gradient_exponent(&self) -> f64 {
        -2.0 * (self.s + 1.0) / (self.s + 2.0)
    }
}

impl Oracle for Shelf {
    fn dimension(&self) -> usize {
        self.p
    }

    fn value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> Result<f64> {
        let base = 1.0 + x.iter().map(|x| x * x).sum::<f64>();
        let value = base.powf(-self.s / 2.0);
        for (g, x) in gradient.iter_mut().zip(x) {
            *g = -self.s * value / base * x;
        }
        Ok(value)
    }
}

impl Curved for Shelf {
    fn hessian_vector(&self, x: &[f64], v: &[f64]) -> Result<Vec<f64>> {
        let base = 1.0 + x.iter().map(|x| x * x).sum::<f64>();
        let slope = self.s * base.powf(-self.s / 2.0 - 1.0);
        let along: f64 = x.iter().zip(v).map(|(x, v)| x * v).sum::<f64>() / base;
        let pairs = x.iter().zip(v);
        Ok(pairs
            .map(|(x, v)| slope * ((self.s + 2.0) * along * x - v))
            .collect())
    }
}

impl Known for Shelf {
    fn minimiser(&self) -> Option<Vec<f64>> {
        None
    }

    fn minimum(&self) -> f64 {
        0.0
    }

    fn smoothness(&self) -> f64 {
        self.s
    }
}
