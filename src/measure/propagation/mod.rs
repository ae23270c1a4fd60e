//! How the size of signals and gradients changes from layer to layer at initialisation.
//!
//! [`predict`] runs the recursion of the mean squares through the layers, [`measure`] draws
//! networks; both give a [`Propagation`].

mod gaussian;
mod measured;
mod predicted;

pub use gaussian::{GaussianMoments, gaussian_moments};
pub use measured::{MeasuredPropagation, measure};
pub use predicted::predict;

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
    /// The standard deviation of one draw over its mean, where it is known exactly.
    pub relative_sd: Option<f64>,
}
