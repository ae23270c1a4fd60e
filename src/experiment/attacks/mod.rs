//! The worst that small changes of inputs do, and training against it.

pub mod attack_strength;
pub mod masked_gradients;
pub mod other_threats;
pub mod perturbation_diversity;
pub mod sign_steps;
pub mod transfer_attack;
