//! NoiseLaw whose moments are known.

use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};
use statrs::function::gamma::gamma;

use crate::error::{Error, Result, check_positive, check_scale};
use crate::optimise::{Oracle, StochasticOracle};

/// The law of one entry ξ of the noise: symmetric, entries independent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NoiseLaw {
    /// Normal with this standard deviation σ ≥ 0.
    Gaussian {
        /// σ.
        sigma: f64,
    },
    /// Pareto with a random sign: P(|ξ| > x) = (scale/x)^index for x ≥ scale. Moments below the index are finite.
    Pareto {
        /// The least |ξ|, > 0.
        scale: f64,
        /// a > 0.
        index: f64,
    },
}

impl NoiseLaw {
    /// Checks the numbers.
    ///
    /// # Errors
    /// One is out of its range.
    pub fn check(&self) -> Result<()> {
        match *self {
            Self::Gaussian { sigma } => check_scale("the noise's σ", sigma),
            Self::Pareto { scale, index } => {
                check_positive("the noise's scale", scale)?;
                check_positive("the noise's index", index)
            }
        }
    }

    /// One entry.
    pub fn draw(&self, rng: &mut impl rand::Rng) -> f64 {
        match *self {
            Self::Gaussian { sigma } => {
                let z: f64 = StandardNormal.sample(rng);
                sigma * z
            }
            Self::Pareto { scale, index } => {
                // In (−1, 1]; its size is never 0 but for one draw in 2⁵³, and its sign is the noise's.
                let u: f64 = 1.0 - 2.0 * rng.random::<f64>();
                let size = scale * u.abs().powf(-1.0 / index);
                size.copysign(u)
            }
        }
    }

    /// E|ξ|^q, ∞ where there is none: σ^q 2^(q/2) Γ((q+1)/2)/√π, or scale^q·a/(a − q) for q < a.
    #[must_use]
    pub fn moment(&self, q: f64) -> f64 {
        match *self {
            Self::Gaussian { sigma } => {
                let normal = 2.0_f64.powf(q / 2.0) * gamma(f64::midpoint(q, 1.0));
                sigma.powf(q) * normal / std::f64::consts::PI.sqrt()
            }
            Self::Pareto { scale, index } if q < index => scale.powf(q) * index / (index - q),
            Self::Pareto { .. } => f64::INFINITY,
        }
    }

    /// P(|ξ| > x) of the Pareto law, and of the normal law by statrs.
    #[must_use]
    pub fn beyond(&self, x: f64) -> f64 {
        match *self {
            Self::Gaussian { sigma } => statrs::function::erf::erfc(x / (sigma * 2.0_f64.sqrt())),
            Self::Pareto { scale, index } if x > scale => (scale / x).powf(index),
            Self::Pareto { .. } => 1.0,
        }
    }
}

/// An exact problem whose gradient is seen with noise: ∇f + ξ. Values are f's own.
///
/// ```
/// use dltheory::optimise::problem::{NoiseLaw, Noisy, Quadratic};
/// use dltheory::optimise::{SolveSettings, Unconstrained, Unseen, solve_stochastic};
/// use dltheory::rng::stream;
/// let bowl = Quadratic::around_zero(vec![1.0])?;
/// let mut seen = Noisy::new(&bowl, NoiseLaw::Gaussian { sigma: 0.1 })?;
/// let settings = SolveSettings::default();
/// let rng = &mut stream(1, "noise", 0);
/// let end = solve_stochastic(&mut seen, &Unconstrained, &[1.0], &settings, &mut Unseen, rng)?;
/// assert!(end.value > 0.0 && end.value < 0.01);
/// # Ok::<(), dltheory::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Noisy<'a, O> {
    problem: &'a O,
    noise: NoiseLaw,
}

impl<'a, O: Oracle> Noisy<'a, O> {
    /// Adds noise of this law to every entry of the gradient of `problem`.
    ///
    /// # Errors
    /// A number of the law is out of its range.
    pub fn new(problem: &'a O, noise: NoiseLaw) -> Result<Self> {
        noise.check()?;
        if problem.dimension() == 0 {
            return Err(Error::domain("the dimension", "at least 1", 0));
        }
        Ok(Self { problem, noise })
    }
}

impl<O: Oracle> StochasticOracle for Noisy<'_, O> {
    fn dimension(&self) -> usize {
        self.problem.dimension()
    }

    fn draw(&mut self, x: &[f64], gradient: &mut [f64], rng: &mut impl rand::Rng) -> Result<f64> {
        let value = self.problem.value_and_gradient(x, gradient)?;
        gradient.iter_mut().for_each(|g| *g += self.noise.draw(rng));
        Ok(value)
    }

    fn value(&mut self, x: &[f64]) -> Result<f64> {
        self.problem.value(x)
    }
}
