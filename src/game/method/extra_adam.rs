//! Extra-Adam: extragradient with Adam's steps.

use super::{Method, Turns};
use crate::error::{Error, Result, check_positive};
use crate::game::StochasticField;
use crate::optimise::Prox;

/// Extra-Adam: an exploring step and an update, each of them Adam's, on the same two moments.
///
/// With t = 2k + 1 for the exploring step of iteration k = 0, 1, … and t = 2k + 2 for its update:
/// m ← η₁m + (1 − η₁)g, v ← η₂v + (1 − η₂)g², d = (m/(1 − η₁ᵗ))/(√(v/(1 − η₂ᵗ)) + ε); z̄ = z − γd with g = V(z, ζ), then
/// z ← z − γd with g = V(z̄, ζ̄), both followed by a projection. Every update of the moments counts, and so does the correction.
/// Players who take turns do so in both halves: the second one's g is asked where the first one has moved.
///
/// The slide "ExtraAdam for GANs" has V = (−∇ₓΦ, +∇ᵧΦ), yet subtracts, which runs both players the wrong way; and the corrections
/// 1 − ηᵏ, which is 0 for its k = 0, though m has then been updated 2k + 1 times.
///
/// # Reference
/// Gidel, Berard, Vignoud, Vincent & Lacoste-Julien 2019, "A variational inequality perspective on generative adversarial
/// networks", arXiv:1802.10551; Adam: Kingma & Ba 2015, arXiv:1412.6980.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExtraAdam {
    /// γ > 0.
    pub rate: f64,
    /// η₁, the memory of the field, in [0, 1).
    pub eta1: f64,
    /// η₂, the memory of its square, in [0, 1).
    pub eta2: f64,
    /// ε > 0.
    pub epsilon: f64,
    /// Who moves when.
    pub turns: Turns,
}

impl ExtraAdam {
    /// Both players at once, with η = (0.5, 0.9) and ε = 10⁻⁸.
    #[must_use]
    pub fn together(rate: f64) -> Self {
        Self {
            rate,
            eta1: 0.5,
            eta2: 0.9,
            epsilon: 1e-8,
            turns: Turns::Together,
        }
    }
}

/// The moments, and buffers.
#[derive(Clone, Debug)]
pub struct Memory<S> {
    first: Vec<f64>,
    second: Vec<f64>,
    ahead: Vec<f64>,
    v: Vec<f64>,
    sample: S,
}

impl Method for ExtraAdam {
    type Memory<S> = Memory<S>;

    fn check(&self) -> Result<()> {
        check_positive("the rate", self.rate)?;
        check_positive("Extra-Adam's ε", self.epsilon)?;
        for (what, eta) in [
            ("Extra-Adam's η₁", self.eta1),
            ("Extra-Adam's η₂", self.eta2),
        ] {
            if !(0.0..1.0).contains(&eta) {
                return Err(Error::domain(what, "in [0, 1)", eta));
            }
        }
        Ok(())
    }

    fn begin<F: StochasticField>(&self, field: &F, z: &[f64]) -> Result<Memory<F::Sample>> {
        let zeros = || vec![0.0; z.len()];
        Ok(Memory {
            first: zeros(),
            second: zeros(),
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
            first,
            second,
            ahead,
            v,
            sample,
        } = memory;
        ahead.copy_from_slice(z);
        for t in [2.0 * k as f64 + 1.0, 2.0 * k as f64 + 2.0] {
            let [corrected1, corrected2] = [self.eta1, self.eta2].map(|eta| 1.0 - eta.powf(t));
            for theirs in self.turns.players(z.len()) {
                // Before the first move, ahead is z; in the second half it is z̄, but for those who have moved again.
                field.draw(sample, rng);
                field.sampled(ahead, sample, v)?;
                for i in theirs {
                    first[i] = self.eta1 * first[i] + (1.0 - self.eta1) * v[i];
                    second[i] = self.eta2 * second[i] + (1.0 - self.eta2) * v[i] * v[i];
                    let root = (second[i] / corrected2).sqrt() + self.epsilon;
                    ahead[i] = z[i] - self.rate * (first[i] / corrected1) / root;
                }
                prox.prox(ahead, self.rate);
            }
        }
        z.copy_from_slice(ahead);
        Ok(())
    }
}
