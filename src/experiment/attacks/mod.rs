//! The worst that small changes of inputs do, and training against it.

pub mod masked_gradients;
pub mod other_threats;
pub mod transfer_attack;
