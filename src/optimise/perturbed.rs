//! Noise on purpose: gradients that are perturbed, and Langevin's steps.

use super::{Noise, NoiseLaw, Optimiser, Oracle, Schedule, SolveSettings, StochasticOracle};
use crate::error::{Error, Result, check_positive};

/// An [`Oracle`] as a [`StochasticOracle`] without noise.
#[derive(Clone, Copy, Debug)]
pub struct Exact<'a, O>(pub &'a O);

impl<O: Oracle> StochasticOracle for Exact<'_, O> {
    fn dimension(&self) -> usize {
        self.0.dimension()
    }

    fn draw(&mut self, x: &[f64], gradient: &mut [f64], _: &mut impl rand::Rng) -> Result<f64> {
        self.0.value_and_gradient(x, gradient)
    }

    fn value(&mut self, x: &[f64]) -> Result<f64> {
        self.0.value(x)
    }
}

/// A problem whose gradients have noise added, on top of what noise they have: perturbed SGD,
/// x ← x − α(g + ξ). Noise excites every direction: it leaves strict saddles that plain descent may stay on.
///
/// Needs Lipschitz gradients and Hessians, bounded noise, and that every saddle is strict; then a polynomial number of steps, in the
/// dimension and the accuracy, comes near a local minimum. Leaving a quadratic saddle takes of order log(1/ζ)/α steps with
/// probability 1 − ζ: see [`EscapeLaw`](crate::measure::EscapeLaw).
///
/// # Reference
/// Ge, Huang, Jin & Yuan 2015, "Escaping from saddle points: online stochastic gradient for tensor decomposition",
/// arXiv:1503.02101, algorithm 1, with ξ on the unit sphere.
#[derive(Clone, Debug)]
pub struct Perturbed<S> {
    oracle: S,
    noise: Noise,
}

impl<S: StochasticOracle> Perturbed<S> {
    /// The gradients of `oracle` with `noise`: on the whole vector, or a law for each coordinate.
    ///
    /// # Errors
    /// A number of the noise is out of its range.
    pub fn new(oracle: S, noise: impl Into<Noise>) -> Result<Self> {
        let noise = noise.into();
        noise.check()?;
        Ok(Self { oracle, noise })
    }
}

impl<S: StochasticOracle> StochasticOracle for Perturbed<S> {
    fn dimension(&self) -> usize {
        self.oracle.dimension()
    }

    fn draw(&mut self, x: &[f64], gradient: &mut [f64], rng: &mut impl rand::Rng) -> Result<f64> {
        let value = self.oracle.draw(x, gradient, rng)?;
        self.noise.add_to(gradient, rng);
        Ok(value)
    }

    fn value(&mut self, x: &[f64]) -> Result<f64> {
        self.oracle.value(x)
    }
}

/// Stochastic gradient Langevin dynamics, x ← x − α_k g + √(2α_k τ) ξ, ξ standard normal: for small steps its law
/// goes to the Gibbs density ∝ exp(−f/τ) at temperature τ = 1/β. Plain descent on gradients with noise √(2τ/α_k) ξ.
///
/// Needs Lipschitz gradients; where f is strongly convex too, the law comes near at a geometric rate in the time Σα, up to a
/// distance that vanishes with α. Over a barrier of height ΔF that time is of order e^(ΔF/τ).
///
/// One is for one run: it counts the steps, since the noise depends on the learning rate.
///
/// # Reference
/// Welling & Teh 2011, "Bayesian learning via stochastic gradient Langevin dynamics", ICML, pp. 681–688. The rate: Dalalyan 2017,
/// "Theoretical guarantees for approximate sampling from smooth and log-concave densities", arXiv:1412.7392.
///
/// ```
/// use dltheory::optimise::{Langevin, SolveSettings, Unconstrained, Unseen, solve_stochastic};
/// # use dltheory::{Result, optimise::{Exact, Oracle}, rng::stream};
/// # struct Bowl;
/// # impl Oracle for Bowl {
/// #     fn dimension(&self) -> usize { 1 }
/// #     fn value_and_gradient(&self, x: &[f64], g: &mut [f64]) -> Result<f64> { g[0] = x[0]; Ok(0.5 * x[0] * x[0]) }
/// # }
/// use dltheory::optimise::Optimiser;
/// let settings = SolveSettings { rule: Optimiser::sgd(), rate: 0.1, steps: 100, ..SolveSettings::default() };
/// let mut chain = Langevin::new(Exact(&Bowl), 0.25, &settings)?;
/// let end = solve_stochastic(&mut chain, &Unconstrained, &[0.0], &settings, &mut Unseen, &mut stream(1, "chain", 0))?;
/// assert!(end.x[0].abs() < 5.0);
/// # Ok::<(), dltheory::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Langevin<S> {
    oracle: S,
    temperature: f64,
    rate: f64,
    schedule: Schedule,
    steps: usize,
    taken: usize,
}

impl<S: StochasticOracle> Langevin<S> {
    /// The chain on `oracle` at temperature τ > 0, for a run with these settings.
    ///
    /// # Errors
    /// A temperature that is not positive and finite; settings with another rule than plain descent or with clipping, which
    /// would change the noise; settings out of their range.
    pub fn new(oracle: S, temperature: f64, settings: &SolveSettings) -> Result<Self> {
        check_positive("the temperature", temperature)?;
        settings.check()?;
        if settings.rule != Optimiser::sgd() || settings.clip.is_some() {
            let expected = "plain gradient descent without clipping";
            let got = match settings.clip {
                Some(_) => format!("{} with clipping", settings.rule),
                None => settings.rule.to_string(),
            };
            return Err(Error::domain("the rule of a Langevin chain", expected, got));
        }
        Ok(Self {
            oracle,
            temperature,
            rate: settings.rate,
            schedule: settings.schedule,
            steps: settings.steps,
            taken: 0,
        })
    }
}

impl<S: StochasticOracle> StochasticOracle for Langevin<S> {
    fn dimension(&self) -> usize {
        self.oracle.dimension()
    }

    fn draw(&mut self, x: &[f64], gradient: &mut [f64], rng: &mut impl rand::Rng) -> Result<f64> {
        let value = self.oracle.draw(x, gradient, rng)?;
        let rate = self.rate * self.schedule.factor(self.taken, self.steps, 1);
        self.taken += 1;
        // A rate of 0 takes no step; its noise must not be infinite.
        if rate > 0.0 {
            let sigma = (2.0 * self.temperature / rate).sqrt();
            Noise::Each(NoiseLaw::Gaussian { sigma }).add_to(gradient, rng);
        }
        Ok(value)
    }

    fn value(&mut self, x: &[f64]) -> Result<f64> {
        self.oracle.value(x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimise::{Unconstrained, Unseen, solve_stochastic};
    use crate::rng::stream;
    use crate::stats::Estimate;

    struct Bowl;

    impl Oracle for Bowl {
        fn dimension(&self) -> usize {
            1
        }

        fn value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> Result<f64> {
            gradient[0] = x[0];
            Ok(0.5 * x[0] * x[0])
        }
    }

    #[test]
    fn a_chain_in_a_bowl_has_its_variance_at_every_schedule() {
        let (tau, steps) = (0.3, 40);
        for schedule in [Schedule::Constant, Schedule::InverseTime { scale: 5.0 }] {
            let settings = SolveSettings {
                rate: 0.6,
                schedule,
                steps,
                ..SolveSettings::default()
            };
            let mut variance = 0.0;
            for k in 0..steps {
                let rate = 0.6 * schedule.factor(k, steps, 1);
                variance = (1.0 - rate) * (1.0 - rate) * variance + 2.0 * rate * tau;
            }
            let squares: Vec<f64> = (0..4000)
                .map(|index| {
                    let mut chain = Langevin::new(Exact(&Bowl), tau, &settings).expect("valid");
                    let rng = &mut stream(1, "chain", index);
                    solve_stochastic(
                        &mut chain,
                        &Unconstrained,
                        &[0.0],
                        &settings,
                        &mut Unseen,
                        rng,
                    )
                    .expect("valid")
                    .x[0]
                        .powi(2)
                })
                .collect();
            let square = Estimate::from_values(&squares).expect("finite");
            assert!(square.distance(variance) < 4.0, "{square} {variance}");
        }
        let momentum = SolveSettings {
            rule: Optimiser::momentum(0.9),
            ..SolveSettings::default()
        };
        assert!(Langevin::new(Exact(&Bowl), tau, &momentum).is_err());
        assert!(Langevin::new(Exact(&Bowl), 0.0, &SolveSettings::default()).is_err());
    }
}
