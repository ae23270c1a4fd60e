//! Noise on purpose: gradients that are perturbed, and Langevin's steps.

use rand_distr::{Distribution, StandardNormal};

use super::{Optimiser, Oracle, Schedule, SolveSettings, StochasticOracle};
use crate::error::{Error, Result, check_positive, check_scale};
use crate::real::norm;

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

/// The law of a noise ξ on ℝᵖ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Noise {
    /// Uniform on the sphere of this radius r: Eξξᵀ = (r²/p)·1.
    Sphere(f64),
    /// Uniform in the ball of this radius r: Eξξᵀ = (r²/(p + 2))·1.
    Ball(f64),
    /// Normal with this standard deviation σ in each coordinate.
    Gaussian(f64),
}

impl Noise {
    /// Adds ξ to `g`, `(p,)`.
    pub fn add_to(self, g: &mut [f64], rng: &mut impl rand::Rng) {
        let p = g.len() as f64;
        let mut normal: Vec<f64> = (0..g.len()).map(|_| StandardNormal.sample(rng)).collect();
        let scale = match self {
            Self::Gaussian(sigma) => sigma,
            Self::Sphere(radius) => radius / norm([&*normal]),
            Self::Ball(radius) => {
                // The share of the ball within ρ of its middle is (ρ/r)ᵖ.
                let share: f64 = rand::RngExt::random(rng);
                radius * share.powf(1.0 / p) / norm([&*normal])
            }
        };
        normal.iter_mut().for_each(|xi| *xi *= scale);
        g.iter_mut().zip(normal).for_each(|(g, xi)| *g += xi);
    }

    /// E ξ_i², the same for each of `p` coordinates.
    #[must_use]
    pub fn variance(self, p: usize) -> f64 {
        let p = p as f64;
        match self {
            Self::Sphere(radius) => radius * radius / p,
            Self::Ball(radius) => radius * radius / (p + 2.0),
            Self::Gaussian(sigma) => sigma * sigma,
        }
    }

    /// Checks its size.
    ///
    /// # Errors
    /// It is negative or not finite.
    pub fn check(self) -> Result<()> {
        let (Self::Sphere(size) | Self::Ball(size) | Self::Gaussian(size)) = self;
        check_scale("the size of the noise", size)
    }
}

/// A problem whose gradients have noise added, on top of what noise they have: perturbed SGD,
/// x ← x − α(g + ξ). Noise excites every direction: it leaves strict saddles that plain descent may stay on.
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
    /// The gradients of `oracle` with `noise`.
    ///
    /// # Errors
    /// The size of the noise is negative or not finite.
    pub fn new(oracle: S, noise: Noise) -> Result<Self> {
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
/// One is for one run: it counts the steps, since the noise depends on the learning rate.
///
/// # Reference
/// Welling & Teh 2011, "Bayesian learning via stochastic gradient Langevin dynamics", ICML, pp. 681–688.
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
            Noise::Gaussian((2.0 * self.temperature / rate).sqrt()).add_to(gradient, rng);
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
    fn noise_has_its_second_moment_and_its_radius() {
        for p in [1, 2, 5] {
            for noise in [Noise::Sphere(1.5), Noise::Ball(1.5), Noise::Gaussian(0.7)] {
                let mut rng = stream(1, "noise", p as u64);
                let squares: Vec<f64> = (0..4000)
                    .map(|_| {
                        let mut g = vec![0.0; p];
                        noise.add_to(&mut g, &mut rng);
                        let length = norm([&*g]);
                        match noise {
                            Noise::Sphere(r) => assert!((length - r).abs() < 1e-12),
                            Noise::Ball(r) => assert!(length <= r),
                            Noise::Gaussian(_) => {}
                        }
                        g[0] * g[0]
                    })
                    .collect();
                let square = Estimate::from_values(&squares).expect("finite");
                let exact = noise.variance(p);
                // In one dimension the sphere is ±r.
                assert!(
                    (square.mean - exact).abs() <= 5.0 * square.se + 1e-12,
                    "{noise:?} {p}"
                );
            }
        }
        assert!(Noise::Ball(-1.0).check().is_err() && Noise::Sphere(f64::NAN).check().is_err());
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
