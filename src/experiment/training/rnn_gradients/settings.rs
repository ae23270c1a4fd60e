//! What can be set.

use crate::experiment::settings;
use crate::model::{Activation, RecurrentLaw, RecurrentSettings};

settings! {
    /// Settings of `rnn_gradients`.
    pub struct RnnGradients {
        /// Steps T of every sequence.
        steps: usize = 30, quick 24, in 4..=200;
        /// Spectral radius ρ of the recurrent matrix at the start; gradients are also followed at 1/ρ.
        spectral_radius: f64 = 1.3, in 0.5..=2.0;
        /// Norm c that no gradient may exceed when clipped.
        clip: f64 = 1.0, in 1e-6..=1e6;
        /// Units of the state of the orthogonal and the trained networks.
        width: usize = 32, quick 24, in 4..=512;
        /// Units of the network with a Gaussian recurrent matrix.
        gaussian_width: usize = 200, quick 100, in 20..=1000;
        /// Symbols to be told apart.
        symbols: usize = 4, in 2..=100;
        /// Standard deviation of the noise after the symbol.
        noise: f64 = 0.3, in 0.0..=10.0;
        /// Training sequences.
        n: usize = 1000, quick 256, in 32..=100_000;
        /// Test sequences.
        test: usize = 400, quick 200, in 20..=100_000;
        /// Passes over the training sequences.
        epochs: usize = 10, in 1..=10_000;
        /// Sequences a step.
        batch: usize = 32, in 1..=10_000;
        /// Constant learning rate.
        learning_rate: f64 = 0.3, in 1e-6..=100.0;
        /// Pairs of networks trained: same start, same data, with and without clipping. Fewer than 7 could show nothing:
        /// fair coins agree too often.
        draws: usize = 12, in 8..=1000;
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
}
