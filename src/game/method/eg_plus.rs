//! Extragradient with two lengths: EG+, and with noise SEG+.

use super::{Method, check_by_step, step_against};
use crate::error::{Error, Result, check_positive};
use crate::game::StochasticField;
use crate::optimise::{Prox, Schedule};

/// EG+: h = z − γV(z, ζ), z̄ = prox_γ(h), then z ← z − α_k(h − z̄ + γV(z̄, ζ̄)); without constraints z ← z − α_kγV(z̄, ζ̄).
/// A long step explores, a short one updates. With noise and a falling α_k it is called SEG+.
///
/// Without noise it converges for a V of Lipschitz constant L that satisfies the weak Minty inequality ⟨V(z), z − z*⟩ ≥ ρ‖V(z)‖², if
/// γ ≤ 1/L and ρ > −(1 − α)γ/2: for γ = 1/L, if α < 1 + 2ρL. On the quadratic game of equality in weak Minty that is sharp. With noise
/// it converges for affine V if α_k falls (Σα_k = ∞, Σα_k² < ∞); else a bias of the order of the noise is left, which
/// [`BcSegPlus`](super::BcSegPlus) takes away. α = 1 without a constraint is [`Eg`](super::Eg); with one it is Tseng's method.
///
/// # Reference
/// Diakonikolas, Daskalakis & Jordan 2021, arXiv:2011.00364, for ρ > −1/(8L); Pethick, Latafat, Patrinos, Fercoq & Cevher 2022,
/// arXiv:2302.09831, for ρ > −1/(2L) and constraints (CEG+); with noise, the same 2023, openreview.net/forum?id=ejR4E1jaH9k.
/// Slides "Solving stochastic weak MVIs without increasing batch size", where the sign of SEG+'s condition on ρ is lost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EgPlus {
    /// γ > 0.
    pub gamma: f64,
    /// α₀, in (0, 1].
    pub alpha: f64,
    /// How α changes, by the number of the step alone.
    pub schedule: Schedule,
}

impl EgPlus {
    /// A constant share α.
    #[must_use]
    pub fn new(gamma: f64, alpha: f64) -> Self {
        Self {
            gamma,
            alpha,
            schedule: Schedule::Constant,
        }
    }
}

/// Buffers.
#[derive(Clone, Debug)]
pub struct Memory<S> {
    h: Vec<f64>,
    ahead: Vec<f64>,
    v: Vec<f64>,
    sample: S,
}

impl<S> Memory<S> {
    pub(super) fn new(sample: S, p: usize) -> Self {
        Self {
            h: vec![0.0; p],
            ahead: vec![0.0; p],
            v: vec![0.0; p],
            sample,
        }
    }
}

/// Checks γ and α₀ ∈ (0, 1].
pub(super) fn check_lengths(gamma: f64, alpha: f64, schedule: &Schedule) -> Result<()> {
    check_positive("the length γ of the exploring step", gamma)?;
    if !(alpha > 0.0 && alpha <= 1.0) {
        return Err(Error::domain(
            "the share α of the update",
            "in (0, 1]",
            alpha,
        ));
    }
    check_by_step(schedule)
}

impl Method for EgPlus {
    type Memory<S> = Memory<S>;

    fn check(&self) -> Result<()> {
        check_lengths(self.gamma, self.alpha, &self.schedule)
    }

    fn begin<F: StochasticField>(&self, field: &F, z: &[f64]) -> Result<Memory<F::Sample>> {
        Ok(Memory::new(field.blank(), z.len()))
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
            ahead,
            v,
            sample,
        } = memory;
        field.draw(sample, rng);
        field.sampled(z, sample, v)?;
        h.copy_from_slice(z);
        step_against(h, self.gamma, v);
        ahead.copy_from_slice(h);
        prox.prox(ahead, self.gamma);
        field.draw(sample, rng);
        field.sampled(ahead, sample, v)?;
        let alpha = self.alpha * self.schedule.factor(k, 1, 1);
        update(z, alpha, self.gamma, h, ahead, v);
        Ok(())
    }
}

/// z ← z − α(h − z̄ + γv).
#[inline]
pub(super) fn update(z: &mut [f64], alpha: f64, gamma: f64, h: &[f64], ahead: &[f64], v: &[f64]) {
    for (((z, h), ahead), v) in z.iter_mut().zip(h).zip(ahead).zip(v) {
        *z -= alpha * ((h - ahead) + gamma * v);
    }
}
