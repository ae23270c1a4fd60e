//! How far weights move in training: `movement` measures it on a trained network, `phase` predicts which regime a
//! two-layer ReLU network is in.

mod movement;
mod phase;

pub use movement::{Movement, lazy_ratio};
pub use phase::{Regime, Scaling};
