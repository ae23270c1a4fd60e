//! Least squares with exactly as many parameters as examples.

use super::curve::{Curve, Kind, Point};
use super::settings::OverfittingRegimes;
use crate::data::synthetic::{gaussian, noise};
use crate::error::Result;
use crate::fit::min_norm;
use crate::measure::threshold_noise_median;
use crate::stats::parallel_draws;

/// What was found at p = n.
pub(super) struct Critical {
    pub curve: Curve,
    /// The share of all draws, over n, below the exact median.
    pub below_median: f64,
}

impl OverfittingRegimes {
    /// Isotropic Gaussian inputs, so that the excess of a draw is ‖ŵ‖²/σ².
    pub(super) fn critical(&self, seed: u64) -> Result<Critical> {
        let mut points = Vec::new();
        let mut below = 0;
        let sizes = self.sizes(self.critical_n);
        for &n in &sizes {
            let label = "least squares at p = n";
            let seed = seed ^ ((n as u64) << 32);
            let excesses = parallel_draws(self.wild_draws, seed, label, |rng| {
                let x = gaussian(n, n, rng)?;
                let y = noise(n, 1.0, rng)?;
                // A cut of 0: small singular values are what this is about.
                let weights = min_norm(&x, &y, Some(0.0))?.weights;
                Ok(weights.iter().map(|w| w * w).sum::<f64>())
            })?;
            let exact = threshold_noise_median(n)? - 1.0;
            below += excesses.iter().filter(|excess| **excess < exact).count();
            points.push(Point::median(n, &excesses, Some(exact))?);
        }
        let total = self.wild_draws * sizes.len();
        Ok(Critical {
            curve: Curve {
                method: Kind::Critical,
                points,
                limit: None,
            },
            below_median: below as f64 / total as f64,
        })
    }
}
