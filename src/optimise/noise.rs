//! Laws of noise whose moments are known.

use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};
use statrs::function::gamma::gamma;

use crate::error::{Result, check_positive, check_scale};
use crate::real::norm;

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
            // Without noise nothing is beyond 0 either.
            Self::Gaussian { sigma: 0.0 } => 0.0,
            Self::Gaussian { sigma } => statrs::function::erf::erfc(x / (sigma * 2.0_f64.sqrt())),
            Self::Pareto { scale, index } if x > scale => (scale / x).powf(index),
            Self::Pareto { .. } => 1.0,
        }
    }
}

/// The law of a noise ξ on ℝᵖ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Noise {
    /// Uniform on the sphere of this radius r: Eξξᵀ = (r²/p)·1.
    Sphere(f64),
    /// Uniform in the ball of this radius r: Eξξᵀ = (r²/(p + 2))·1.
    Ball(f64),
    /// Each coordinate on its own, by this law.
    Each(NoiseLaw),
}

impl From<NoiseLaw> for Noise {
    fn from(law: NoiseLaw) -> Self {
        Self::Each(law)
    }
}

impl Noise {
    /// Adds ξ to `g`, `(p,)`.
    pub fn add_to(self, g: &mut [f64], rng: &mut impl rand::Rng) {
        let radius = match self {
            Self::Each(law) => return g.iter_mut().for_each(|g| *g += law.draw(rng)),
            Self::Sphere(radius) | Self::Ball(radius) => radius,
        };
        let mut xi: Vec<f64> = (0..g.len()).map(|_| StandardNormal.sample(rng)).collect();
        let length = match self {
            // The share of the ball within ρ of its middle is (ρ/r)ᵖ.
            Self::Ball(_) => radius * rng.random::<f64>().powf(1.0 / g.len() as f64),
            _ => radius,
        };
        let scale = length / norm([&*xi]);
        xi.iter_mut().for_each(|xi| *xi *= scale);
        g.iter_mut().zip(xi).for_each(|(g, xi)| *g += xi);
    }

    /// E ξ_i², the same for each of `p` coordinates; ∞ where there is none.
    #[must_use]
    pub fn variance(self, p: usize) -> f64 {
        let p = p as f64;
        match self {
            Self::Sphere(radius) => radius * radius / p,
            Self::Ball(radius) => radius * radius / (p + 2.0),
            Self::Each(law) => law.moment(2.0),
        }
    }

    /// Checks its size.
    ///
    /// # Errors
    /// It is negative or not finite; a number of the law is out of its range.
    pub fn check(self) -> Result<()> {
        match self {
            Self::Sphere(radius) | Self::Ball(radius) => {
                check_scale("the size of the noise", radius)
            }
            Self::Each(law) => law.check(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::stream;
    use crate::stats::Estimate;

    #[test]
    fn noise_has_its_second_moment_and_its_radius() {
        for p in [1, 2, 5] {
            let each = NoiseLaw::Gaussian { sigma: 0.7 };
            for noise in [Noise::Sphere(1.5), Noise::Ball(1.5), each.into()] {
                let mut rng = stream(1, "noise", p as u64);
                let squares: Vec<f64> = (0..4000)
                    .map(|_| {
                        let mut g = vec![0.0; p];
                        noise.add_to(&mut g, &mut rng);
                        let length = norm([&*g]);
                        match noise {
                            Noise::Sphere(r) => assert!((length - r).abs() < 1e-12),
                            Noise::Ball(r) => assert!(length <= r),
                            Noise::Each(_) => {}
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

    /// Moments of 200,000 draws within 5 s.e.; shares beyond a limit too.
    #[test]
    fn noise_has_its_moments() {
        let laws = [
            NoiseLaw::Gaussian { sigma: 1.5 },
            NoiseLaw::Pareto {
                scale: 0.5,
                index: 5.0,
            },
        ];
        for (index, law) in laws.into_iter().enumerate() {
            let rng = &mut stream(5, "noise", index as u64);
            let draws: Vec<f64> = (0..200_000).map(|_| law.draw(rng)).collect();
            let near = |of: &dyn Fn(f64) -> f64, expected: f64| {
                let mean = Estimate::of(&draws, |x| of(*x)).expect("valid");
                assert!(mean.distance(expected) < 5.0, "{law:?}: {mean} {expected}");
            };
            near(&|x| x, 0.0);
            near(&|x| x.abs(), law.moment(1.0));
            near(&|x| x * x, law.moment(2.0));
            near(&|x| f64::from(u8::from(x.abs() > 1.0)), law.beyond(1.0));
        }
        assert!(laws[1].moment(5.0).is_infinite());
        assert!(NoiseLaw::Gaussian { sigma: -1.0 }.check().is_err());
    }
}
