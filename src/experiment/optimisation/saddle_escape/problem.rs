//! Three kinds of noise on the gradient of the saddle.

use rand::RngExt;

use crate::error::Result;
use crate::optimise::problem::Saddle;
use crate::optimise::{Exact, Noise, NoiseLaw, Oracle, Perturbed, StochasticOracle};

/// The kinds of noise, all with the variance σ² in each coordinate.
pub(super) const KINDS: [&str; 3] = ["gaussian", "sphere", "examples"];

/// The saddle through noise of that kind.
pub(super) enum Noisy {
    Added(Perturbed<Exact<'static, Saddle>>),
    Examples(Examples),
}

impl Noisy {
    pub(super) fn new(kind: &str, sigma: f64) -> Result<Self> {
        let added = |noise: Noise| Ok(Self::Added(Perturbed::new(Exact(&Saddle), noise)?));
        match kind {
            "gaussian" => added(NoiseLaw::Gaussian { sigma }.into()),
            // Uniform on a circle: E ξ_i² = r²/2.
            "sphere" => added(Noise::Sphere(std::f64::consts::SQRT_2 * sigma)),
            _ => Ok(Self::Examples(Examples { sigma })),
        }
    }
}

/// The mean of four examples f_i(z) = f(z) + a_i·z with a_i = (±σ, ±σ), one drawn a step: plain SGD.
pub(super) struct Examples {
    sigma: f64,
}

impl StochasticOracle for Noisy {
    fn dimension(&self) -> usize {
        Saddle.dimension()
    }

    fn draw(&mut self, at: &[f64], gradient: &mut [f64], rng: &mut impl rand::Rng) -> Result<f64> {
        match self {
            Self::Added(perturbed) => perturbed.draw(at, gradient, rng),
            Self::Examples(Examples { sigma }) => {
                let mut value = Saddle.value_and_gradient(at, gradient)?;
                for (g, at) in gradient.iter_mut().zip(at) {
                    let a = if rng.random::<bool>() {
                        *sigma
                    } else {
                        -*sigma
                    };
                    *g += a;
                    value += a * at;
                }
                Ok(value)
            }
        }
    }

    fn value(&mut self, at: &[f64]) -> Result<f64> {
        Saddle.value(at)
    }
}
