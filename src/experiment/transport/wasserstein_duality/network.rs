//! A critic network whose layers stretch nothing, and how it learns.

use ndarray::{Array2, ArrayRef2, Axis, concatenate};

use super::settings::{WassersteinDuality, advantage};
use crate::error::Result;
use crate::linalg::spectral_norm;
use crate::model::{Differentiable, Mlp, MlpSettings};
use crate::optimise::{Adam, Optimiser, State};
use crate::rng::Rng;

/// A ReLU network whose weight matrices have spectral norms of 1 at most: 1-Lipschitz, since ReLU is.
pub(super) struct Critic {
    net: Mlp,
}

impl Critic {
    /// With two hidden layers of `width` units and weight matrices of norm 1.
    pub(super) fn new(width: usize, rng: &mut Rng) -> Result<Self> {
        let net = Mlp::new(&MlpSettings::of_sizes(&[2, width, width, 1]), rng)?;
        let mut critic = Self { net };
        critic.normalise(0.0)?;
        Ok(critic)
    }

    /// Divides each weight matrix by its norm where that is above `from`.
    fn normalise(&mut self, from: f64) -> Result<()> {
        for layer in &mut self.net.layers {
            let norm = spectral_norm(&layer.weights)?;
            if norm > from {
                layer.weights /= norm;
            }
        }
        Ok(())
    }

    /// E d(x) − E d(y).
    pub(super) fn advantage(&self, x: &ArrayRef2<f64>, y: &ArrayRef2<f64>) -> Result<f64> {
        let (of_x, of_y) = (self.net.forward(x)?, self.net.forward(y)?);
        Ok(advantage(of_x.iter(), of_y.iter()))
    }

    /// d(a) of each row.
    pub(super) fn values(&self, points: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        self.net.forward(points)
    }

    /// The product of the norms: a Lipschitz constant.
    pub(super) fn product_of_norms(&self) -> Result<f64> {
        let norms = self.net.layers.iter().map(|l| spectral_norm(&l.weights));
        norms.product()
    }
}

/// A network that has learned.
pub(super) struct Learned {
    pub(super) critic: Critic,
    /// (steps, advantage) along the way.
    pub(super) path: Vec<(usize, f64)>,
}

/// Places on the way that are kept.
const KEPT: usize = 40;

/// Ascends E d(x) − E d(y) by Adam, all points at every step; after each, norms above 1 are brought back to 1.
pub(super) fn learn(
    settings: &WassersteinDuality,
    samples: &[Array2<f64>; 2],
    rng: &mut Rng,
) -> Result<Learned> {
    let [x, y] = samples;
    let mut critic = Critic::new(settings.width, rng)?;
    let all = concatenate(Axis(0), &[x.view(), y.view()]).expect("both are in the plane");
    // Downhill on −advantage.
    let cotangent = Array2::from_shape_fn((all.nrows(), 1), |(i, _)| match i < x.nrows() {
        true => -1.0 / x.nrows() as f64,
        false => 1.0 / y.nrows() as f64,
    });
    let mut weights = critic.net.parameters().to_vec();
    let mut state = State::new(Optimiser::Adam(Adam::default()), &weights);
    let every = settings.steps.div_ceil(KEPT);
    let mut path = vec![(0, critic.advantage(x, y)?)];
    for step in 1..=settings.steps {
        let checked = critic.net.checked()?;
        let trace = checked.trace(&all)?;
        let gradient = checked.vjp(&trace, &cotangent)?.parameters;
        let slope = gradient.as_slice().expect("a vector of its own");
        state.step(&mut weights, slope, settings.rate);
        critic.net = critic.net.with_parameters(&weights)?;
        critic.normalise(1.0)?;
        weights = critic.net.parameters().to_vec();
        if step % every == 0 || step == settings.steps {
            path.push((step, critic.advantage(x, y)?));
        }
    }
    Ok(Learned { critic, path })
}
