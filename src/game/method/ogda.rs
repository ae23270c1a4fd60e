//! Optimistic gradient descent–ascent.

use super::{Method, check_by_step, step_against};
use crate::error::{Result, check_positive};
use crate::game::StochasticField;
use crate::optimise::{Field, Prox, Schedule};

/// OGDA: z_(k+1) = prox(z_k − α(2V(z_k, ζ_k) − V(z_(k−1), ζ_(k−1)))): one sample a step, the one before is remembered.
/// V(z₋₁) is V(z₀) without noise, so that the first step is one of [`Gda`](super::Gda). The memory begun at a point and a step taken from
/// another is a step with that point as the one before.
///
/// On minₓ maxᵧ xy the complex factor solves λ² − (1 − 2iα)λ − iα = 0. Its modulus, the larger of two, is below 1 for α < 1/√3, and least,
/// 1/√2, at α = ½, where both roots are one. For a monotone V of Lipschitz constant L it converges if α < 1/(2L), with the prox too.
///
/// # Reference
/// Daskalakis, Ilyas, Syrgkanis & Zeng 2018, "Training GANs with optimism", arXiv:1711.00141; as an approximation of
/// the proximal point method, Mokhtari, Ozdaglar & Pattathil 2020, arXiv:1901.08511. Slide "Basic algorithms for minimax".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ogda {
    /// α > 0, of the first step.
    pub rate: f64,
    /// How α changes, by the number of the step alone.
    pub schedule: Schedule,
}

impl Ogda {
    /// A constant step α.
    #[must_use]
    pub fn new(rate: f64) -> Self {
        Self {
            rate,
            schedule: Schedule::Constant,
        }
    }
}

/// V at the point before, and buffers.
#[derive(Clone, Debug)]
pub struct Memory<S> {
    before: Vec<f64>,
    v: Vec<f64>,
    sample: S,
}

impl Method for Ogda {
    type Memory<S> = Memory<S>;

    fn check(&self) -> Result<()> {
        check_positive("the rate", self.rate)?;
        check_by_step(&self.schedule)
    }

    fn begin<F: StochasticField>(&self, field: &F, z: &[f64]) -> Result<Memory<F::Sample>> {
        let mut before = vec![0.0; z.len()];
        field.mean().at(z, &mut before)?;
        Ok(Memory {
            before,
            v: vec![0.0; z.len()],
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
        Memory { before, v, sample }: &mut Memory<F::Sample>,
        rng: &mut impl rand::Rng,
    ) -> Result<()> {
        let rate = self.rate * self.schedule.factor(k, 1, 1);
        field.draw(sample, rng);
        field.sampled(z, sample, v)?;
        step_against(z, 2.0 * rate, v);
        step_against(z, -rate, before);
        std::mem::swap(before, v);
        prox.prox(z, rate);
        Ok(())
    }
}
