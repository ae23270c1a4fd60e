//! Balls of linear functions: the complexity by n, and two exact checks.

use rand::Rng as _;

use super::Rademacher;
use crate::data::synthetic::{gaussian, orthonormal_rows};
use crate::error::Result;
use crate::measure::LinearBall;
use crate::rng::stream;
use crate::stats::{Estimate, larger};

/// The curve halves n this many times.
const HALVINGS: usize = 6;
/// Orthonormal inputs.
pub(super) const ORTHONORMAL: usize = 64;
/// Inputs whose sign patterns are all tried.
pub(super) const ENUMERATED: usize = 12;

/// One ball at one number of inputs.
pub(super) struct BallPoint {
    pub n: usize,
    /// Over sets of inputs.
    pub measured: Estimate,
    /// E_S R_S.
    pub exact: f64,
    /// Bounds, mean over sets.
    pub lower: f64,
    pub upper: f64,
    /// How far the estimate of a set lies outside its own bounds, in standard errors, at most; negative: inside.
    pub outside: f64,
}

/// A ball along the curve.
pub(super) struct BallCurve {
    pub name: &'static str,
    pub points: Vec<BallPoint>,
}

/// A ball on inputs where its complexity is known.
pub(super) struct BallCheck {
    pub name: &'static str,
    /// By all sign patterns, and by Monte Carlo.
    pub enumerated: (f64, Estimate),
    /// The mean and the spread of the supremum on orthonormal inputs; ℓ2 only.
    pub orthonormal: Option<Estimate>,
}

impl Rademacher {
    fn chosen(&self) -> Vec<(&'static str, LinearBall)> {
        let radius = self.radius;
        let both = [
            ("l2", LinearBall::L2 { radius }),
            ("l1", LinearBall::L1 { radius }),
        ];
        let wanted = |name: &str| self.norm == "both" || self.norm == name;
        both.into_iter().filter(|(name, _)| wanted(name)).collect()
    }

    pub(super) fn balls(&self, seed: u64) -> Result<Vec<BallCurve>> {
        let curve = |(name, ball): (&'static str, LinearBall)| {
            let sizes = (0..=HALVINGS).rev().map(|halvings| self.n >> halvings);
            let points = sizes.map(|n| self.point(ball, n, seed));
            Ok(BallCurve {
                name,
                points: points.collect::<Result<_>>()?,
            })
        };
        self.chosen().into_iter().map(curve).collect()
    }

    fn point(&self, ball: LinearBall, n: usize, seed: u64) -> Result<BallPoint> {
        let label = format!("ball inputs {n}");
        let (mut means, mut lower, mut upper) = (Vec::new(), 0.0, 0.0);
        let mut outside = f64::NEG_INFINITY;
        for set in 0..self.sets as u64 {
            let rng = &mut stream(seed, &label, set);
            let x = gaussian(n, self.dim, rng)?;
            // Signs of their own for each set.
            let estimate = ball.complexity(&x, self.draws, rng.next_u64())?;
            let bounds = ball.bounds(&x)?;
            let beyond = larger(estimate.mean - bounds.upper, bounds.lower - estimate.mean);
            outside = larger(outside, beyond / estimate.se);
            means.push(estimate.mean);
            lower += bounds.lower / self.sets as f64;
            upper += bounds.upper / self.sets as f64;
        }
        Ok(BallPoint {
            n,
            measured: Estimate::from_values(&means)?,
            exact: ball.gaussian_complexity(n, self.dim)?,
            lower,
            upper,
            outside,
        })
    }

    pub(super) fn checks(&self, seed: u64) -> Result<Vec<BallCheck>> {
        let check = |(name, ball): (&'static str, LinearBall)| {
            let x = gaussian(ENUMERATED, self.dim, &mut stream(seed, "enumerated", 0))?;
            let draws = 10 * self.draws;
            let enumerated = (
                ball.exact_complexity(&x)?,
                ball.complexity(&x, draws, seed)?,
            );
            let orthonormal = match ball {
                LinearBall::L1 { .. } => None,
                LinearBall::L2 { .. } => {
                    let rng = &mut stream(seed, "orthonormal", 0);
                    let x = orthonormal_rows(ORTHONORMAL, ORTHONORMAL, rng)?;
                    Some(ball.complexity(&x, self.draws, seed)?)
                }
            };
            Ok(BallCheck {
                name,
                enumerated,
                orthonormal,
            })
        };
        self.chosen().into_iter().map(check).collect()
    }
}
