//! Stochastic extragradient with two lengths and a corrected bias.

use super::eg_plus::{check_lengths, update};
use super::{Method, step_against};
use crate::error::Result;
use crate::game::StochasticField;
use crate::optimise::{Prox, Schedule};

/// BC-SEG+: with H(z, ζ) = z − γV(z, ζ),
/// h_k = H(z_k, ζ_k) + (1 − α_k)(h_(k−1) − H(z_(k−1), ζ_k)), z̄_k = prox_γ(h_k), z_(k+1) = z_k − α_k(h_k − z̄_k + γV(z̄_k, ζ̄_k)).
/// The first step has no correction: h₀ = H(z₀, ζ₀).
///
/// As [`EgPlus`](super::EgPlus), but for the correction, which asks one sample at two points. For noise that is added, e_k = h_k − H(z_k)
/// obeys e_k = (1 − α_k)e_(k−1) − α_kγζ_k: the noise is averaged over 1/α_k steps, and its variance falls with α_k, not that of the
/// update alone. What is nonlinear between h and the update, a projection above all, then sees no bias in the end.
///
/// Converges with probability 1 if V has the Lipschitz constant L, in the mean over ζ as well, and satisfies the weak Minty inequality
/// with ρ > −1/(2L), for γ < 1/L large enough and α_k → 0 with Σα_k = ∞, Σα_k² < ∞.
///
/// # Reference
/// Pethick, Fercoq, Latafat, Patrinos & Cevher 2023, "Solving stochastic weak Minty variational inequalities without increasing
/// batch size", ICLR, openreview.net/forum?id=ejR4E1jaH9k; slides of that name. There the correction is written with z̄_(k−1), which without a constraint is h_(k−1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BcSegPlus {
    /// γ > 0.
    pub gamma: f64,
    /// α₀, in (0, 1].
    pub alpha: f64,
    /// How α changes, by the number of the step alone.
    pub schedule: Schedule,
}

/// h and z of the step before, and buffers.
#[derive(Clone, Debug)]
pub struct Memory<S> {
    h: Vec<f64>,
    before: Vec<f64>,
    ahead: Vec<f64>,
    v: Vec<f64>,
    sample: S,
}

#[cfg(test)]
impl<S> Memory<S> {
    /// h − z where V = 0: what is left of the noise.
    pub(super) fn error(&self, z: &[f64]) -> Vec<f64> {
        self.h.iter().zip(z).map(|(h, z)| h - z).collect()
    }
}

impl Method for BcSegPlus {
    type Memory<S> = Memory<S>;

    fn check(&self) -> Result<()> {
        check_lengths(self.gamma, self.alpha, &self.schedule)
    }

    fn begin<F: StochasticField>(&self, field: &F, z: &[f64]) -> Result<Memory<F::Sample>> {
        let zeros = || vec![0.0; z.len()];
        Ok(Memory {
            h: zeros(),
            before: z.to_vec(),
            ahead: zeros(),
            v: zeros(),
            sample: field.blank(),
        })
    }

    #[inline]
    fn step<F: StochasticField>(
        &self,
        field: &F,
        prox: &impl Prox,
        k: usize,
        z: &mut [f64],
        memory: &mut Memory<F::Sample>,
        rng: &mut impl rand::Rng,
    ) -> Result<()> {
        let Memory {
            h,
            before,
            ahead,
            v,
            sample,
        } = memory;
        let alpha = self.alpha * self.schedule.factor(k, 1, 1);
        field.draw(sample, rng);
        if k == 0 {
            h.fill(0.0);
        } else {
            field.sampled(before, sample, v)?;
            for ((h, before), v) in h.iter_mut().zip(&*before).zip(&*v) {
                *h = (1.0 - alpha) * (*h - before + self.gamma * v);
            }
        }
        before.copy_from_slice(z);
        field.sampled(z, sample, v)?;
        for (h, z) in h.iter_mut().zip(&*z) {
            *h += z;
        }
        step_against(h, self.gamma, v);
        ahead.copy_from_slice(h);
        prox.prox(ahead, self.gamma);
        field.draw(sample, rng);
        field.sampled(ahead, sample, v)?;
        update(z, alpha, self.gamma, h, ahead, v);
        Ok(())
    }
}
