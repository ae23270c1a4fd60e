//! The worst that small changes of inputs do, and training against it.

pub mod attack_strength;
pub mod perturbation_diversity;
pub mod sign_steps;
