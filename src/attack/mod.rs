//! Attacks on a trained model: what may be done to an input or a training point, how the worst of it is found, and training
//! against it.

pub mod danskin;
mod least_norm;
mod payoff;
pub mod train;

pub use danskin::{Maximisers, Payoff, directional_derivative, maximisers};
pub use least_norm::{LeastNorm, least_norm_of_hull};
pub use payoff::{LinearAttack, Plane};
