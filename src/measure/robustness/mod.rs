//! How much an output moves when its input is moved a little.
//!
//! | quantity | where |
//! |---|---|
//! | E‖∇h‖, E‖∇h‖², E‖∇h‖⁴ of a ReLU network before training, exact | [`initial_gradient`] |
//! | E‖∇h‖² of a convolutional one, with skip connections or without, exact | [`initial_conv_gradient`] |
//! | P(h, ε)/ε, the perturbation stability, by sampling and in closed form | [`perturbation_stability`], [`perturbation_stability_by_gradients`] |
//! | the upper bounds of the tutorial's table | [`lazy_stability_bound`] |
//! | how steep fits of random labels must be; how steep a sum of ReLU units is, on average over the sphere | [`robustness_law`], [`relu_sphere_moments`] |
//!
//! Worst-case counterparts are in [`lipschitz`](crate::measure::lipschitz).

mod chi;
mod conv_gradient;
mod initial_gradient;
mod law;
mod perturbation;
mod slide_bounds;

pub use chi::mean_chi;
pub use conv_gradient::initial_conv_gradient;
pub use initial_gradient::{InitialGradient, initial_gradient};
pub use law::{SphereMoments, relu_sphere_moments, robustness_law};
pub use perturbation::{
    ball_constant, perturbation_stability, perturbation_stability_by_gradients,
};
pub use slide_bounds::{
    LazyScheme, StabilityBound, huang_stability_bound, lazy_stability_bound, wu_stability_bound,
};
