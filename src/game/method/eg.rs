//! Extragradient.

use super::{Method, check_by_step, step_against};
use crate::error::{Result, check_positive};
use crate::game::StochasticField;
use crate::optimise::{Prox, Schedule};

/// Extragradient: z̄ = prox(z − αV(z, ζ)), then z ← prox(z − αV(z̄, ζ̄)), each with a sample of its own.
///
/// On minₓ maxᵧ xy its factor is √(1 − α² + α⁴) a step: below 1 for α < 1, least, √3/2, at α = 1/√2. Without noise it converges
/// for a monotone V of Lipschitz constant L if α < 1/L; the averages of z̄ have a duality gap of O(1/k), the last iterate one of
/// O(1/√k). With noise it may drift away even on xy: see [`Seg`](super::Seg).
///
/// The slide "Basic algorithms for minimax" has V(z_(k−1)) in place of V(z_k) in the inner step, which is another method: its
/// factor on xy solves λ² − (1 + iα)λ + α² = 0, and is above 1 from α = 0.44 on.
///
/// # Reference
/// Korpelevich 1976, "The extragradient method for finding saddle points and other problems"; as an approximation of the proximal
/// point method, Mokhtari, Ozdaglar & Pattathil 2020, arXiv:1901.08511.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Eg {
    /// α > 0, of the first step.
    pub rate: f64,
    /// How α changes, by the number of the step alone.
    pub schedule: Schedule,
}

impl Eg {
    /// A constant step α.
    #[must_use]
    pub fn new(rate: f64) -> Self {
        Self {
            rate,
            schedule: Schedule::Constant,
        }
    }
}

/// Buffers of a method that looks ahead.
#[derive(Clone, Debug)]
pub struct Ahead<S> {
    pub(super) ahead: Vec<f64>,
    pub(super) v: Vec<f64>,
    pub(super) sample: S,
}

impl<S> Ahead<S> {
    pub(super) fn new(sample: S, p: usize) -> Self {
        Self {
            ahead: vec![0.0; p],
            v: vec![0.0; p],
            sample,
        }
    }

    /// z̄ = prox(z − βV(z, ζ)), then z ← prox(z − αV(z̄, ζ̄)).
    #[inline]
    pub(super) fn step<F: StochasticField<Sample = S>>(
        &mut self,
        field: &F,
        prox: &impl Prox,
        [explore, update]: [f64; 2],
        z: &mut [f64],
        rng: &mut impl rand::Rng,
    ) -> Result<()> {
        let Self { ahead, v, sample } = self;
        field.draw(sample, rng);
        field.sampled(z, sample, v)?;
        ahead.copy_from_slice(z);
        step_against(ahead, explore, v);
        prox.prox(ahead, explore);
        field.draw(sample, rng);
        field.sampled(ahead, sample, v)?;
        step_against(z, update, v);
        prox.prox(z, update);
        Ok(())
    }
}

impl Method for Eg {
    type Memory<S> = Ahead<S>;

    fn check(&self) -> Result<()> {
        check_positive("the rate", self.rate)?;
        check_by_step(&self.schedule)
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
        let rate = self.rate * self.schedule.factor(k, 1, 1);
        memory.step(field, prox, [rate; 2], z, rng)
    }
}
