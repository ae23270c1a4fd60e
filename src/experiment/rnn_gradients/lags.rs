//! Gradients by time lag in four networks that were never trained.

use super::RnnGradients;
use crate::data::Sequences;
use crate::error::Result;
use crate::model::{
    Activation, LagNorm, Loss, Recurrent, RecurrentLaw, RecurrentSettings, power_growth,
};
use crate::rng::stream;

/// Sequences over which the loss's gradient is averaged.
const SEQUENCES: usize = 64;

/// Powers of W are followed up to the 2^DOUBLINGS-th.
const DOUBLINGS: u32 = 20;

/// One network's gradients by lag.
pub(super) struct Lags {
    pub name: &'static str,
    pub radius: f64,
    /// The Jacobian for lag 0, 1, …, T.
    pub norms: Vec<LagNorm>,
    /// The loss's gradient by the state, over that at lag 0.
    pub loss: Vec<f64>,
}

/// All four networks.
pub(super) struct AllLags {
    /// Linear and orthogonal, at ρ and at 1/ρ.
    pub exploding: Lags,
    pub vanishing: Lags,
    /// Linear and Gaussian, at ρ.
    pub gaussian: Lags,
    /// Tanh and orthogonal, at ρ.
    pub tanh: Lags,
    /// (1/K) ln ‖W^K‖ of the Gaussian matrix, K = 2²⁰.
    pub growth: f64,
}

impl Lags {
    /// radius^lag.
    pub(super) fn predicted(&self, lag: usize) -> f64 {
        self.radius.powi(lag as i32)
    }

    /// The Jacobian's norms over their predictions.
    pub(super) fn ratios(&self) -> impl Iterator<Item = f64> {
        let norms = self.norms.iter();
        norms.map(|norm| norm.spectral / self.predicted(norm.lag))
    }
}

impl RnnGradients {
    /// A network of this experiment.
    pub(super) fn network(
        &self,
        activation: Activation,
        law: RecurrentLaw,
        radius: f64,
    ) -> RecurrentSettings {
        RecurrentSettings {
            inputs: self.symbols + 1,
            width: match law {
                RecurrentLaw::Orthogonal => self.width,
                RecurrentLaw::Gaussian => self.gaussian_width,
            },
            outputs: self.symbols,
            activation,
            law,
            spectral_radius: radius,
        }
    }

    pub(super) fn lags(&self, seed: u64) -> Result<AllLags> {
        let rng = &mut stream(seed, "sequences by lag", 0);
        let data = Sequences::first_symbol(SEQUENCES, self.steps, self.symbols, self.noise, rng)?;
        let draw = |activation, law, radius| {
            let settings = self.network(activation, law, radius);
            Recurrent::new(&settings, &mut stream(seed, "network by lag", 0))
        };
        let follow = |name, net: &Recurrent, radius| -> Result<Lags> {
            let loss = net.state_gradient_norms(&data.x, &data.y, Loss::CrossEntropy)?;
            Ok(Lags {
                name,
                radius,
                norms: net.lag_norms(&data.x, 0)?,
                loss: loss.iter().map(|norm| norm / loss[0]).collect(),
            })
        };
        let (rho, orthogonal) = (self.spectral_radius, RecurrentLaw::Orthogonal);
        let linear = draw(Activation::Linear, orthogonal, rho)?;
        let inverse = draw(Activation::Linear, orthogonal, 1.0 / rho)?;
        let gaussian = draw(Activation::Linear, RecurrentLaw::Gaussian, rho)?;
        let tanh = draw(Activation::Tanh, orthogonal, rho)?;
        Ok(AllLags {
            exploding: follow("linear, orthogonal", &linear, rho)?,
            vanishing: follow("linear, orthogonal", &inverse, 1.0 / rho)?,
            growth: power_growth(&gaussian.recurrent, DOUBLINGS)?,
            gaussian: follow("linear, Gaussian", &gaussian, rho)?,
            tanh: follow("tanh, orthogonal", &tanh, rho)?,
        })
    }
}
