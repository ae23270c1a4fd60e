//! Hyperplanes: the share of separable labellings, and how many signs least squares gets right.

use super::RandomSignCapacity;
use crate::data::synthetic::gaussian;
use crate::data::synthetic::random_signs;
use crate::error::Result;
use crate::measure::{
    SignInterpolator, SignLearner, cover_probability, least_squares_sign_agreement, ln_cover_count,
    separable_fraction,
};
use crate::stats::{Estimate, estimate, smaller};

/// Hyperplanes through the origin on n points.
pub(super) struct Hyperplane {
    pub n: usize,
    /// The share separable, and Cover's.
    pub separable: Estimate,
    pub cover: f64,
    /// The mean of σ_i sign(f_i) of the least-squares fit, and its exact value.
    pub least_squares: Estimate,
    pub agreement: f64,
    /// √(2 ln C(n, d)/n), at most 1.
    pub upper: f64,
}

impl RandomSignCapacity {
    /// The numbers of points, with d and 2d.
    pub(super) fn sizes(&self) -> Vec<usize> {
        let mut sizes = self.n.clone();
        sizes.extend([self.dim, 2 * self.dim]);
        sizes.sort_unstable();
        sizes.dedup();
        sizes
    }

    pub(super) fn hyperplane(&self, n: usize, seed: u64) -> Result<Hyperplane> {
        let d = self.dim;
        // Fresh points with every labelling.
        let label = format!("least squares on signs {n}");
        let least_squares = estimate(self.draws, seed, &label, |rng| {
            let (x, signs) = (gaussian(n, d, rng)?, random_signs(n, rng)?);
            let outputs = SignInterpolator.outputs(&x, &signs, rng)?;
            Ok((&outputs * &signs).sum() / n as f64)
        })?;
        Ok(Hyperplane {
            n,
            separable: separable_fraction(n, d, self.draws, seed ^ ((n as u64) << 32))?,
            cover: cover_probability(n, d)?,
            least_squares,
            agreement: least_squares_sign_agreement(n, d)?,
            upper: hyperplane_bound(n, d)?,
        })
    }
}

/// Massart's bound on the complexity of the sign patterns of hyperplanes through the origin in R^d,
/// √(2 ln C(n, d)/n); no complexity of ±1 outputs is above 1.
pub(super) fn hyperplane_bound(n: usize, d: usize) -> Result<f64> {
    Ok(smaller(
        (2.0 * ln_cover_count(n, d)? / n as f64).sqrt(),
        1.0,
    ))
}
