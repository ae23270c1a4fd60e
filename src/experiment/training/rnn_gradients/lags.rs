//! Gradients by time lag in four networks that were never trained.

use super::settings::RnnGradients;
use crate::data::Sequences;
use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::linalg::spectral_norm;
use crate::model::{
    Activation, LagNorm, Loss, Recurrent, RecurrentLaw, fuss_catalan_norm, power_growth,
};
use crate::rng::stream;

/// Sequences over which the loss's gradient is averaged.
const SEQUENCES: usize = 64;

/// Gaussian matrices over which ‖W^k‖ is averaged: of one, at width 100, the third power is off by 5 %.
pub(super) const MATRICES: u64 = 20;

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
    /// ‖W^k‖ over its limit law for k = 1, 2, 3: means over other Gaussian matrices.
    pub short: [f64; 3],
}

impl AllLags {
    /// Of all networks.
    pub(super) fn all(&self) -> [&Lags; 4] {
        [&self.exploding, &self.vanishing, &self.gaussian, &self.tanh]
    }
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
        let net = draw(Activation::Linear, RecurrentLaw::Gaussian, rho)?;
        let tanh = draw(Activation::Tanh, orthogonal, rho)?;
        Ok(AllLags {
            exploding: follow("linear, orthogonal", &linear, rho)?,
            vanishing: follow("linear, orthogonal", &inverse, 1.0 / rho)?,
            growth: power_growth(&net.recurrent, DOUBLINGS)?,
            short: self.short_lags(seed)?,
            gaussian: follow("linear, Gaussian", &net, rho)?,
            tanh: follow("tanh, orthogonal", &tanh, rho)?,
        })
    }

    /// ‖W^k‖/(g^k·√((k+1)^(k+1)/k^k)), k = 1, 2, 3, where g² is the mean square row sum of W.
    fn short_lags(&self, seed: u64) -> Result<[f64; 3]> {
        let m = self.gaussian_width;
        let mut means = [0.0; 3];
        for index in 0..MATRICES {
            let w = gaussian(m, m, &mut stream(seed, "short lags", index))?;
            let scale = (w.iter().map(|v| v * v).sum::<f64>() / m as f64).sqrt();
            let mut power = w.clone();
            for (k, mean) in (1..).zip(&mut means) {
                let law = scale.powi(k as i32) * fuss_catalan_norm(k)?;
                *mean += spectral_norm(&power)? / law / MATRICES as f64;
                power = power.dot(&w);
            }
        }
        Ok(means)
    }
}
