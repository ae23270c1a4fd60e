//! What may be set.

use crate::experiment::settings;

settings! {
    /// Settings of `loss_landscape`.
    pub struct LossLandscape {
        /// Examples n, with random labels ±1; also of the neuron, one of them steep.
        n: usize = 12, in 8..=60;
        /// Hidden tanh units of the network.
        width: usize = 16, quick 10, in 2..=100;
        /// Inputs d of the network.
        inputs: usize = 4, in 1..=20;
        /// Networks, each with its own data.
        networks: usize = 10, quick 4, in 1..=200;
    }
}

/// Parameters beyond n that the network must have at least: Jacobians of a network with just n are near to singular.
const SPARE: usize = 1;

impl LossLandscape {
    /// m in the slides' words: the parameters of the network.
    pub(super) fn parameters(&self) -> usize {
        self.width * (self.inputs + 2) + 1
    }

    /// The least width that has enough of them.
    pub(super) fn least_width(&self) -> usize {
        (self.n + SPARE - 1).div_ceil(self.inputs + 2)
    }
}
