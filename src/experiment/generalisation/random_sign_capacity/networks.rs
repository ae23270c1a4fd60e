//! Networks on random signs: trained at several widths, and one written down.

use super::RandomSignCapacity;
use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::experiment::Progress;
use crate::measure::{MemorisingNetwork, NetworkLearner, learned_complexity};
use crate::rng::stream;
use crate::stats::Estimate;

/// Networks of one width on n points.
pub(super) struct Network {
    pub n: usize,
    pub width: usize,
    pub parameters: usize,
    /// Of the signs on one set of points: the mean of σ_i h(x_i).
    pub complexity: Estimate,
}

impl RandomSignCapacity {
    pub(super) fn networks(&self, seed: u64, progress: &Progress) -> Result<Vec<Network>> {
        let mut found = Vec::new();
        for &n in &self.net_n {
            let x = gaussian(n, self.dim, &mut stream(seed, "network points", n as u64))?;
            for &width in &self.widths {
                let learner = NetworkLearner {
                    width,
                    epochs: self.epochs,
                    ..Default::default()
                };
                found.push(Network {
                    n,
                    width,
                    parameters: learner.parameters(self.dim),
                    complexity: learned_complexity(&learner, &x, self.net_draws, seed)?,
                });
                progress.step();
            }
        }
        Ok(found)
    }

    /// The network of 2n + d numbers on the largest number of points.
    pub(super) fn memorised(&self, seed: u64) -> Result<(usize, Estimate)> {
        let n = self.net_n.iter().copied().max().unwrap_or(2);
        let x = gaussian(n, self.dim, &mut stream(seed, "network points", n as u64))?;
        Ok((n, learned_complexity(&MemorisingNetwork, &x, 20, seed)?))
    }
}
