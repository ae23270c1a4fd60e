//! Reflected forward–backward splitting.

use super::{Method, check_by_step, step_against};
use crate::error::{Result, check_positive};
use crate::game::StochasticField;
use crate::optimise::{Prox, Schedule};

/// RFBS: z_(k+1) = prox(z_k − αV(2z_k − z_(k−1), ζ_k)), from z₋₁ = z₀. The memory begun at a point and a step taken from another is a
/// step with that point as the one before.
///
/// Where V is affine and nothing constrains, V(2z − z') = 2V(z) − V(z'): it is [`Ogda`](super::Ogda). For a monotone V of Lipschitz
/// constant L it converges if α < (√2 − 1)/L, with the prox too; V must be defined at the reflected point, which may lie outside the set.
///
/// # Reference
/// Malitsky 2015, "Projected reflected gradient methods for monotone variational inequalities", arXiv:1502.04968; Cevher & Vũ 2020, "A
/// reflected forward-backward splitting method for monotone inclusions involving Lipschitzian operators", Set-Valued and Variational
/// Analysis. Slide "Basic algorithms for minimax".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rfbs {
    /// α > 0, of the first step.
    pub rate: f64,
    /// How α changes, by the number of the step alone.
    pub schedule: Schedule,
}

impl Rfbs {
    /// A constant step α.
    #[must_use]
    pub fn new(rate: f64) -> Self {
        Self {
            rate,
            schedule: Schedule::Constant,
        }
    }
}

/// The point before, and buffers.
#[derive(Clone, Debug)]
pub struct Memory<S> {
    before: Vec<f64>,
    reflected: Vec<f64>,
    v: Vec<f64>,
    sample: S,
}

impl Method for Rfbs {
    type Memory<S> = Memory<S>;

    fn check(&self) -> Result<()> {
        check_positive("the rate", self.rate)?;
        check_by_step(&self.schedule)
    }

    fn begin<F: StochasticField>(&self, field: &F, z: &[f64]) -> Result<Memory<F::Sample>> {
        Ok(Memory {
            before: z.to_vec(),
            reflected: vec![0.0; z.len()],
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
        memory: &mut Memory<F::Sample>,
        rng: &mut impl rand::Rng,
    ) -> Result<()> {
        let Memory {
            before,
            reflected,
            v,
            sample,
        } = memory;
        let rate = self.rate * self.schedule.factor(k, 1, 1);
        for ((reflected, z), before) in reflected.iter_mut().zip(&*z).zip(&*before) {
            *reflected = 2.0 * z - before;
        }
        before.copy_from_slice(z);
        field.draw(sample, rng);
        field.sampled(reflected, sample, v)?;
        step_against(z, rate, v);
        prox.prox(z, rate);
        Ok(())
    }
}
