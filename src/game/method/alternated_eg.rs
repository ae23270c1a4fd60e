//! Extragradient with turns: the second player sees where the first one looks.

use super::eg_plus::check_lengths;
use super::{Method, step_against};
use crate::error::{Error, Result};
use crate::game::StochasticField;
use crate::optimise::{Prox, Schedule};

/// Alternated EG: x̄ = prox(x − γV_x(x, y)), then ȳ = prox(y − γV_y(x̄, y)), and z ← prox(z − αγV(z̄)). One more look a step than
/// [`EgPlus`](super::EgPlus); for two players who each compute their own gradient, none.
///
/// On minₓ maxᵧ xy its step has determinant 1 − 2αu + α²u and trace 2 − 2αu with u = γ². Both eigenvalues lie inside the unit circle if
/// and only if γ < 2/√(α(4 − α)); both players at once need γ < √((2 − α)/α). At α = 1 that is 2/√3 against 1. Below
/// α = 3 − √5 taking turns is the worse choice. With α = 1 it is there the primal–dual method of Chambolle & Pock with the steps γ, γ, as
/// x̄ after a step is 2x − x₋.
///
/// # Reference
/// Pethick, Fercoq, Latafat, Patrinos & Cevher 2023, arXiv:2302.09029, have such turns as a generalisation of the primal–dual
/// method. Slide "Solving stochastic weak MVIs without increasing batch size": "alternation allows even bigger step-sizes".
/// The limits on xy are derived here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AlternatedEg {
    /// γ > 0, the length of the exploring steps.
    pub gamma: f64,
    /// α, in (0, 1], the share of it that is stepped.
    pub alpha: f64,
    /// How many of the coordinates are the first player's.
    pub first: usize,
}

/// Buffers.
#[derive(Clone, Debug)]
pub struct Memory<S> {
    ahead: Vec<f64>,
    v: Vec<f64>,
    sample: S,
}

impl Method for AlternatedEg {
    type Memory<S> = Memory<S>;

    fn check(&self) -> Result<()> {
        check_lengths(self.gamma, self.alpha, &Schedule::Constant)
    }

    fn begin<F: StochasticField>(&self, field: &F, z: &[f64]) -> Result<Memory<F::Sample>> {
        if self.first == 0 || self.first >= z.len() {
            let expected = format!("1 to {}", z.len().saturating_sub(1));
            let what = "the number of the first player's coordinates";
            return Err(Error::domain(what, expected, self.first));
        }
        Ok(Memory {
            ahead: vec![0.0; z.len()],
            v: vec![0.0; z.len()],
            sample: field.blank(),
        })
    }

    #[inline]
    fn step<F: StochasticField>(
        &self,
        field: &F,
        prox: &impl Prox,
        _k: usize,
        z: &mut [f64],
        Memory { ahead, v, sample }: &mut Memory<F::Sample>,
        rng: &mut impl rand::Rng,
    ) -> Result<()> {
        ahead.copy_from_slice(z);
        for theirs in [0..self.first, self.first..z.len()] {
            field.draw(sample, rng);
            field.sampled(ahead, sample, v)?;
            step_against(&mut ahead[theirs.clone()], self.gamma, &v[theirs]);
            // A prox that mixes the players' coordinates is not for players who take turns.
            prox.prox(ahead, self.gamma);
        }
        field.draw(sample, rng);
        field.sampled(ahead, sample, v)?;
        step_against(z, self.alpha * self.gamma, v);
        prox.prox(z, self.alpha * self.gamma);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::arena::Bilinear;
    use crate::game::method::EgPlus;
    use crate::game::{PlaySettings, play};
    use crate::optimise::{Unconstrained, Unseen};
    use crate::real::norm;
    use crate::rng::stream;

    fn far(method: &impl Method) -> f64 {
        let settings = PlaySettings {
            steps: 2000,
            limit: 1e300,
            ..PlaySettings::default()
        };
        let rng = &mut stream(1, "unused", 0);
        let end = play(
            &Bilinear,
            method,
            &Unconstrained,
            &[1.0, 0.3],
            &settings,
            rng,
            &mut Unseen,
        );
        norm([&end.expect("valid").z[..]])
    }

    /// x̄ = 2x − x₋ after a step: y₊ = y + γ(2x − x₋), x₊ = x − γy₊.
    #[test]
    fn with_whole_steps_it_is_the_primal_dual_method() {
        let (gamma, mut z) = (0.7, vec![1.0, 0.3]);
        let method = AlternatedEg {
            gamma,
            alpha: 1.0,
            first: 1,
        };
        let rng = &mut stream(1, "unused", 0);
        let mut memory = method.begin(&Bilinear, &z).expect("two players");
        let mut before = f64::NAN;
        for k in 0..6 {
            let (x, y) = (z[0], z[1]);
            let next = method.step(&Bilinear, &Unconstrained, k, &mut z, &mut memory, rng);
            next.expect("planar");
            if k > 0 {
                assert!(
                    (z[1] - (y + gamma * (2.0 * x - before))).abs() < 1e-12,
                    "{k}: {z:?}"
                );
            }
            assert!((z[0] - (x - gamma * z[1])).abs() < 1e-12, "{k}: {z:?}");
            before = x;
        }
        let none = AlternatedEg { first: 2, ..method };
        assert!(none.begin(&Bilinear, &z).is_err());
    }

    /// Both limits, from a little below and a little above.
    #[test]
    fn its_longest_step_on_the_bilinear_game() {
        for alpha in [0.3, 0.75, 1.0_f64] {
            let turns = 2.0 / (alpha * (4.0 - alpha)).sqrt();
            let together = ((2.0 - alpha) / alpha).sqrt();
            let by_turns = |gamma| AlternatedEg {
                gamma,
                alpha,
                first: 1,
            };
            assert!(far(&by_turns(0.99 * turns)) < 0.1 && far(&by_turns(1.01 * turns)) > 10.0);
            let at_once = |gamma| far(&EgPlus::new(gamma, alpha));
            assert!(at_once(0.99 * together) < 0.1 && at_once(1.01 * together) > 10.0);
        }
    }
}
