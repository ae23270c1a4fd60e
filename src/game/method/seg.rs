//! Stochastic extragradient on two time scales.

use super::eg::Ahead;
use super::{Method, check_by_step};
use crate::error::{Result, check_positive};
use crate::game::StochasticField;
use crate::optimise::{Prox, Schedule};

/// SEG: z̄ = prox(z − β_kγV(z, ζ)), then z ← prox(z − α_kγV(z̄, ζ̄)), each with a sample of its own.
///
/// With β_k = α_k, which is [`Eg`](super::Eg) through noise, it may drift away even on minₓ maxᵧ xy: the exploring step has to be the
/// longer one. On xy one step multiplies E‖z‖² by 1 − 2α_kβ_kγ² + α_k²γ² + α_k²β_k²γ⁴ and adds 2α_k²γ²σ²(1 + β_k²γ²) for
/// noise of variance σ² an entry. So z → 0 needs Σα_kβ_k = ∞ and Σα_k² < ∞: α_k ∝ k^(−2/3), β_k ∝ k^(−1/3) will do, or for affine V a
/// constant β and α_k ∝ 1/k. Both ∝ 1/k, as the slide has it, do not: their product has a finite sum.
///
/// # Reference
/// Hsieh, Iutzeler, Malick & Mertikopoulos 2020, "Explore aggressively, update conservatively", arXiv:2003.10162.
/// Slides "Solving stochastic weak MVIs without increasing batch size".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seg {
    /// γ > 0.
    pub gamma: f64,
    /// β₀ > 0, the length of the first exploring step over γ.
    pub beta: f64,
    /// How β changes, by the number of the step alone.
    pub explore: Schedule,
    /// α₀ > 0, the length of the first update over γ.
    pub alpha: f64,
    /// How α changes, by the number of the step alone.
    pub update: Schedule,
}

impl Method for Seg {
    type Memory<S> = Ahead<S>;

    fn check(&self) -> Result<()> {
        check_positive("the length γ", self.gamma)?;
        check_positive("the share β of the exploring step", self.beta)?;
        check_positive("the share α of the update", self.alpha)?;
        check_by_step(&self.explore)?;
        check_by_step(&self.update)
    }

    fn begin<F: StochasticField>(&self, field: &F, z: &[f64]) -> Result<Ahead<F::Sample>> {
        Ok(Ahead::new(field.blank(), z.len()))
    }

    #[inline]
    fn step<F: StochasticField>(
        &self,
        field: &F,
        prox: &impl Prox,
        k: usize,
        z: &mut [f64],
        memory: &mut Ahead<F::Sample>,
        rng: &mut impl rand::Rng,
    ) -> Result<()> {
        let explore = self.gamma * self.beta * self.explore.factor(k, 1, 1);
        let update = self.gamma * self.alpha * self.update.factor(k, 1, 1);
        memory.step(field, prox, [explore, update], z, rng)
    }
}
