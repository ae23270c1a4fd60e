//! How the size of signals and gradients changes from layer to layer at initialisation.
//!
//! [`predict`] runs the recursion of the mean squares through the layers, [`measure`] draws
//! networks; both give a [`Propagation`]. [`predict_residual`] is the recursion of a residual network.

mod gaussian;
mod measured;
mod predicted;
mod residual;

use crate::stats::larger;

pub use gaussian::{GaussianMoments, gaussian_moments};
pub use measured::{MeasuredPropagation, measure};
pub use predicted::predict;
pub use residual::predict_residual;

/// A number for each layer, forward and backward.
///
/// For a network z_l = c_l W_l h_{l−1}, h_l = σ(z_l), f = z_L:
/// - forward, layer l: the mean over the units of z_l²;
/// - backward, layer l: the mean over what layer l takes in of (∂f/∂h_{l−1})², for one output.
#[derive(Clone, Debug, PartialEq)]
pub struct Propagation<T> {
    /// Entry l − 1 is that of layer l; there are L.
    pub forward: Vec<T>,
    /// Entry l − 1 is that of layer l; there are L.
    pub backward: Vec<T>,
}

/// What one draw of the weights gives in the mean, and how far draws scatter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// The mean over draws.
    pub mean: f64,
    /// How draws scatter, where it is known exactly.
    pub scatter: Option<Scatter>,
}

/// The scatter of one draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scatter {
    /// The standard deviation over the mean.
    pub relative_sd: f64,
    /// The skewness, E(v − Ev)³/sd³: the mean of few draws of a skew law is not normal.
    pub skewness: f64,
}

impl Scatter {
    /// How many standard errors the mean of `draws` draws may lie from the truth where a normal mean may lie `z` away.
    ///
    /// # Formula
    /// z + (z² − 1)·skewness/(6√draws), the first term of the expansion of Cornish and Fisher for the longer tail. Where the
    /// second part is larger than the first the mean of so few draws says little, and the number says so.
    ///
    /// # Reference
    /// Cornish & Fisher 1938, "Moments and cumulants in the specification of distributions", doi:10.2307/1400905.
    #[must_use]
    pub fn reach(&self, z: f64, draws: usize) -> f64 {
        let tail = larger(z * z - 1.0, 0.0) * larger(self.skewness, 0.0);
        z + tail / (6.0 * (draws as f64).sqrt())
    }
}
