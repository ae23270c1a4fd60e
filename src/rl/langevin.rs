//! Langevin dynamics of two players: populations, and one chain each.

use rand_distr::{Distribution, StandardNormal};

use crate::error::{Error, Result, check_count, check_positive, check_scale};
use crate::game::{Game, Method, StochasticField};
use crate::optimise::{Cuboid, Prox};

/// Two laws on intervals, each as many points of equal weight.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The points of x.
    pub first: Vec<f64>,
    /// The points of y.
    pub second: Vec<f64>,
}

/// Langevin dynamics of two populations in a game of two numbers whose payoff is not a sum of products: each x follows the mean
/// of −∂ₓΦ(x, y) over all y, each y the mean of ∂ᵧΦ(x, y) over all x, x ← x − αᵪE_y∂ₓΦ + √(2αᵪτ)ξ, y ← y + αᵧEₓ∂ᵧΦ + √(2αᵧτ)ξ. A point that leaves its
/// interval is reflected at the end. A step asks the field for all pairs. Where Φ is a sum of products,
/// [`MixedLangevin`](crate::game::mixed::MixedLangevin) needs only means.
///
/// # Reference
/// Hsieh, Liu & Cevher 2019, "Finding mixed Nash equilibria of generative adversarial networks", arXiv:1811.02002.
#[derive(Clone, Debug, PartialEq)]
pub struct LangevinPair {
    /// αᵪ and αᵧ, > 0. Their ratio does not change the laws at rest.
    pub rates: [f64; 2],
    /// τ ≥ 0.
    pub temperature: f64,
    /// The intervals of x and of y.
    pub region: Cuboid,
}

impl LangevinPair {
    /// Checks the numbers, and that the populations can begin.
    ///
    /// # Errors
    /// A number out of its range; a game that is not of two numbers; an empty population, or one that is not inside.
    pub fn check(&self, game: &impl Game, pair: &Pair) -> Result<()> {
        for rate in self.rates {
            check_positive("the rate", rate)?;
        }
        check_scale("the temperature", self.temperature)?;
        if game.dimension() != 2 {
            let expected = "two numbers";
            return Err(Error::domain("the game", expected, game.dimension()));
        }
        self.region.fits(2)?;
        for (player, points) in [&pair.first, &pair.second].into_iter().enumerate() {
            let (low, high) = (self.region.low[player], self.region.high[player]);
            let inside = |x: &f64| (low..=high).contains(x);
            if points.is_empty() || !points.iter().all(inside) {
                let expected = format!("one point or more from {low} to {high}");
                return Err(Error::domain("a population", expected, "not that"));
            }
        }
        Ok(())
    }

    /// One step of populations that [`check`](Self::check) has passed.
    ///
    /// # Errors
    /// The field cannot be asked.
    pub fn step(&self, game: &impl Game, pair: &mut Pair, rng: &mut impl rand::Rng) -> Result<()> {
        let mut first = vec![0.0; pair.first.len()];
        let mut second = vec![0.0; pair.second.len()];
        let mut v = [0.0; 2];
        for (&x, along_x) in pair.first.iter().zip(&mut first) {
            for (&y, along_y) in pair.second.iter().zip(&mut second) {
                game.at(&[x, y], &mut v)?;
                *along_x += v[0];
                *along_y += v[1];
            }
        }
        let sizes = [second.len() as f64, first.len() as f64];
        let moves = [(&mut pair.first, first), (&mut pair.second, second)];
        for (player, (points, sums)) in moves.into_iter().enumerate() {
            let rate = self.rates[player];
            let noise = (2.0 * rate * self.temperature).sqrt();
            let (low, high) = (self.region.low[player], self.region.high[player]);
            for (x, sum) in points.iter_mut().zip(sums) {
                let xi: f64 = StandardNormal.sample(rng);
                let moved = *x - rate * sum / sizes[player] + noise * xi;
                *x = reflected(moved, low, high);
            }
        }
        Ok(())
    }
}

/// Where `x` falls when the line is folded at both ends of [low, high]; NaN stays.
fn reflected(x: f64, low: f64, high: f64) -> f64 {
    if (low..=high).contains(&x) {
        return x;
    }
    let width = high - low;
    let turn = (x - low).rem_euclid(2.0 * width);
    // Rounding at an end must not lead out.
    (high - (turn - width).abs()).clamp(low, high)
}

/// One chain a player, and running means in place of laws: K steps z' ← prox(z' − αV(z', ζ) + √(2ατ)ξ) from z' = z, with a running mean
/// m ← (1 − β)m + βz' from m = z, then z ← (1 − β)z + βm. What is played is z. As a [`Method`] one step is all of these, so that it asks
/// the field K times.
///
/// # Reference
/// MixedNE-LD of Kamalaruban, Huang, Hsieh, Rolland, Shi & Cevher 2020, "Robust reinforcement learning via adversarial training with
/// Langevin dynamics", arXiv:2002.06063, where the noise is annealed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LangevinChains {
    /// α > 0.
    pub rate: f64,
    /// τ ≥ 0.
    pub temperature: f64,
    /// K ≥ 1.
    pub inner: usize,
    /// β in (0, 1].
    pub beta: f64,
}

/// Buffers.
#[derive(Clone, Debug)]
pub struct Memory<S> {
    chain: Vec<f64>,
    mean: Vec<f64>,
    v: Vec<f64>,
    sample: S,
}

impl Method for LangevinChains {
    type Memory<S> = Memory<S>;

    fn check(&self) -> Result<()> {
        check_positive("the rate", self.rate)?;
        check_scale("the temperature", self.temperature)?;
        check_count("the number of inner steps", self.inner)?;
        if !(self.beta > 0.0 && self.beta <= 1.0) {
            let expected = "above 0, at most 1";
            return Err(Error::domain("the weight β of the newest", expected, self.beta));
        }
        Ok(())
    }

    fn begin<F: StochasticField>(&self, field: &F, z: &[f64]) -> Result<Memory<F::Sample>> {
        Ok(Memory {
            chain: z.to_vec(),
            mean: z.to_vec(),
            v: vec![0.0; z.len()],
            sample: field.blank(),
        })
    }

    fn step<F: StochasticField>(
        &self,
        field: &F,
        prox: &impl Prox,
        _k: usize,
        z: &mut [f64],
        memory: &mut Memory<F::Sample>,
        rng: &mut impl rand::Rng,
    ) -> Result<()> {
        let Memory { chain, mean, v, sample } = memory;
        let noise = (2.0 * self.rate * self.temperature).sqrt();
        chain.copy_from_slice(z);
        mean.copy_from_slice(z);
        for _ in 0..self.inner {
            field.draw(sample, rng);
            field.sampled(chain, sample, v)?;
            for (x, v) in chain.iter_mut().zip(v.iter()) {
                let xi: f64 = StandardNormal.sample(rng);
                *x += noise * xi - self.rate * v;
            }
            prox.prox(chain, self.rate);
            for (mean, x) in mean.iter_mut().zip(chain.iter()) {
                *mean += self.beta * (x - *mean);
            }
        }
        for (z, mean) in z.iter_mut().zip(mean.iter()) {
            *z += self.beta * (mean - *z);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::arena::{Hill, SquareSaddle};
    use crate::game::mixed::{MixedLangevin, Populations};
    use crate::game::{Gda, PlaySettings, play};
    use crate::optimise::{Unconstrained, Unseen};
    use crate::rng::stream;

    /// Beside the populations that meet through means: the same noise in the same order.
    #[test]
    fn all_pairs_give_what_means_give() {
        let langevin = LangevinPair {
            rates: [0.02; 2],
            temperature: 0.1,
            region: Hill::region(),
        };
        let through_means = MixedLangevin {
            rate: 0.02,
            temperature: 0.1,
        };
        let start = || vec![1.8, -0.3, 0.5, 1.9, -1.2];
        let mut pair = Pair {
            first: start(),
            second: start(),
        };
        let mut populations = Populations {
            first: start(),
            second: start(),
        };
        langevin.check(&Hill, &pair).expect("inside");
        let mut rngs = [stream(6, "noise", 0), stream(6, "noise", 0)];
        for _ in 0..200 {
            langevin.step(&Hill, &mut pair, &mut rngs[0]).expect("planar");
            through_means.step(&Hill, &mut populations, &mut rngs[1]);
        }
        for (a, b) in pair.first.iter().zip(&populations.first) {
            assert!((a - b).abs() < 1e-9, "{a} {b}");
        }
        pair.second.push(2.1);
        assert!(langevin.check(&Hill, &pair).is_err());
    }

    #[test]
    fn one_cold_chain_of_one_step_is_descent_ascent() {
        let chains = LangevinChains {
            rate: 0.1,
            temperature: 0.0,
            inner: 1,
            beta: 1.0,
        };
        let settings = PlaySettings {
            steps: 20,
            ..PlaySettings::default()
        };
        let mut ends = Vec::new();
        let rng = &mut stream(1, "none", 0);
        let start = [0.7, -0.4];
        let end = play(&Hill, &chains, &Unconstrained, &start, &settings, rng, &mut Unseen);
        ends.push(end.expect("planar").z);
        let gda = Gda::together(0.1);
        let end = play(&Hill, &gda, &Unconstrained, &start, &settings, rng, &mut Unseen);
        ends.push(end.expect("planar").z);
        assert_eq!(ends[0], ends[1]);
        assert!(LangevinChains { beta: 0.0, ..chains }.check().is_err());
    }

    /// x² − y²: both are at rest with variance τ/2, over 1 − α for the step.
    #[test]
    fn a_chain_has_the_variance_of_its_temperature() {
        let chains = LangevinChains {
            rate: 0.05,
            temperature: 0.4,
            inner: 1,
            beta: 1.0,
        };
        let rng = &mut stream(2, "chain", 0);
        let mut z = [0.0; 2];
        let mut memory = chains.begin(&SquareSaddle, &z).expect("planar");
        let mut square = 0.0;
        for k in 0..100_000 {
            let step = chains.step(&SquareSaddle, &Unconstrained, k, &mut z, &mut memory, rng);
            step.expect("planar");
            square += 0.5 * (z[0] * z[0] + z[1] * z[1]);
        }
        let found = square / 1e5;
        assert!((found - 0.2 / 0.95).abs() < 0.02, "{found}");
    }
}
