//! All draws of a run, side by side.

use super::curve::{Curve, mse, stack_draws};
use super::draw::Converged;
use super::settings::DoubleDescent;
use crate::engine;
use crate::error::Result;
use crate::experiment::Context;
use crate::experiment::problems::digit_features::{Design, DigitFeatures, widths_around_threshold};
use crate::measure::{BiasVariance, bias_variance};

/// Everything a run computed.
pub(super) struct Results {
    /// Whether trends known from MNIST may be claimed.
    pub mnist: bool,
    pub draws: usize,
    pub min_norm: Curve,
    pub sgd: Option<Curve>,
    /// The decomposition of the kernel interpolant's error.
    pub limit: BiasVariance,
    /// That error in each draw.
    pub limit_mses: Vec<f64>,
    pub converged: Option<Converged>,
}

impl Results {
    /// The curves, the minimum-norm solution first.
    pub(super) fn curves(&self) -> impl Iterator<Item = &Curve> {
        std::iter::once(&self.min_norm).chain(&self.sgd)
    }
}

impl DoubleDescent {
    pub(super) fn results(&self, seed: u64, context: &Context) -> Result<Results> {
        let widths = widths_around_threshold(self.n, self.max_ratio, self.points);
        let design = Design {
            digits: &self.digits,
            n: self.n,
            test: self.test,
            columns: widths.last().copied().unwrap_or(self.n),
            sigma: self.sigma,
            label_noise: self.label_noise,
        };
        let problem = DigitFeatures::new(&context.data, &design, seed)?;
        let draws = || {
            context.draws("draws", self.draws, seed, |draw| {
                self.one_draw(&problem, &widths, seed, draw.index)
            })
        };
        // The one long run of SGD goes beside the draws: after them it would leave cores idle.
        let _single = engine::single_thread();
        let (draws, converged) = rayon::join(draws, || match self.sgd {
            true => self.converge(&problem, seed),
            false => Ok(None),
        });
        let (mut min_norms, mut sgds, mut limits) = (Vec::new(), Vec::new(), Vec::new());
        for draw in draws? {
            min_norms.push(draw.min_norm);
            sgds.extend(draw.sgd);
            limits.push(draw.kernel_limit);
        }
        let targets = problem.test.y.view();
        let curve = |fits: &[_], solver| Curve::over(fits, solver, self.n, &widths, targets);
        let limits: Vec<_> = limits.iter().map(|limit| limit.view()).collect();
        Ok(Results {
            mnist: problem.mnist,
            draws: self.draws,
            min_norm: curve(&min_norms, "min_norm")?,
            sgd: self.sgd.then(|| curve(&sgds, "sgd")).transpose()?,
            limit: bias_variance(&stack_draws(&limits)?, &targets)?,
            limit_mses: limits.iter().map(|limit| mse(limit, &targets)).collect(),
            converged: converged?,
        })
    }
}
