//! Gradient descent–ascent.

use super::{Method, check_by_step, step_against};
use crate::error::{Result, check_positive};
use crate::game::StochasticField;
use crate::optimise::{Prox, Schedule};

/// Who moves when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turns {
    /// Both at once.
    Together,
    /// The first player, then the second, who has seen the first one's move; the number is how many coordinates are the first
    /// player's.
    Alternating(usize),
}

impl Turns {
    /// The coordinates that move, move after move, of `p`.
    #[inline]
    pub(super) fn players(self, p: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
        let players = match self {
            Self::Together => [0..p, 0..0],
            Self::Alternating(first) => [0..first.min(p), first.min(p)..p],
        };
        players.into_iter().filter(|theirs| !theirs.is_empty())
    }
}

/// Gradient descent–ascent: z ← prox(z − αV(z, ζ)). On minₓ maxᵧ xy both moving at once drives z out by the factor √(1 + α²) a step
/// (slide "Basic algorithms for minimax").
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gda {
    /// α > 0, of the first step.
    pub rate: f64,
    /// How α changes, by the number of the step alone.
    pub schedule: Schedule,
    /// Who moves when.
    pub turns: Turns,
}

impl Gda {
    /// Both players move at once, by a constant step α.
    #[must_use]
    pub fn together(rate: f64) -> Self {
        Self {
            rate,
            schedule: Schedule::Constant,
            turns: Turns::Together,
        }
    }

    /// The first player, of this many coordinates, moves first, then the second; by a constant step α.
    #[must_use]
    pub fn alternating(rate: f64, n_first: usize) -> Self {
        Self {
            turns: Turns::Alternating(n_first),
            ..Self::together(rate)
        }
    }
}

/// Buffers.
#[derive(Clone, Debug)]
pub struct Memory<S> {
    v: Vec<f64>,
    sample: S,
}

impl Method for Gda {
    type Memory<S> = Memory<S>;

    fn check(&self) -> Result<()> {
        check_positive("the rate", self.rate)?;
        check_by_step(&self.schedule)
    }

    fn begin<F: StochasticField>(&self, field: &F, z: &[f64]) -> Result<Memory<F::Sample>> {
        Ok(Memory {
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
        Memory { v, sample }: &mut Memory<F::Sample>,
        rng: &mut impl rand::Rng,
    ) -> Result<()> {
        let rate = self.rate * self.schedule.factor(k, 1, 1);
        for theirs in self.turns.players(z.len()) {
            field.draw(sample, rng);
            field.sampled(z, sample, v)?;
            step_against(&mut z[theirs.clone()], rate, &v[theirs]);
            // Before the other player looks.
            prox.prox(z, rate);
        }
        Ok(())
    }
}
