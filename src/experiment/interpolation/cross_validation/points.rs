//! The table: one n, over draws.

use super::draw::OneDraw;
use crate::error::Result;
use crate::experiment::row;
use crate::stats::Estimate;

row! {
    /// One n, over draws.
    pub(super) struct Point {
        /// training examples
        n: usize;
        /// (risk with the penalty leave-one-out chooses)/(risk with the best penalty of the draw) − 1
        loo_regret: Estimate, and loo_regret_se "its standard error";
        /// the same for k-fold
        fold_regret: Estimate, and fold_regret_se "its standard error";
        /// leave-one-out error less the risk of n − 1 examples, at λ*
        loo_excess: Estimate, unit "label²", and loo_excess_se "its standard error";
        /// k-fold error less the risk of as many examples as it trains on, at λ*
        fold_excess: Estimate, unit "label²", and fold_excess_se "its standard error";
        /// risk of all n examples less that of as many as k-fold trains on, at λ*
        more_examples: Estimate, unit "label²", and more_examples_se "its standard error";
        /// training error less the risk of n examples, at λ*
        optimism: Estimate, unit "label²", and optimism_se "its standard error";
    }
}

impl Point {
    pub(super) fn of(n: usize, draws: &[OneDraw]) -> Result<Self> {
        let over = |of: fn(&OneDraw) -> f64| Estimate::of(draws, of);
        Ok(Self {
            n,
            loo_regret: over(|d| d.regret(&d.loo))?,
            fold_regret: over(|d| d.regret(&d.fold))?,
            loo_excess: over(|d| d.loo[d.star] - d.risk_without_one)?,
            fold_excess: over(|d| d.fold[d.star] - d.risk_without_part)?,
            more_examples: over(|d| d.risk[d.star] - d.risk_without_part)?,
            optimism: over(|d| d.train[d.star] - d.risk[d.star])?,
        })
    }
}
