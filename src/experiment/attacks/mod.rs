//! The worst that small changes of inputs do, and training against it.

pub mod adversarial_training;
pub mod attack_strength;
pub mod danskin;
pub mod linear_worst_case;
pub mod masked_gradients;
pub mod other_threats;
pub mod perturbation_diversity;
pub mod saliency_maps;
pub mod sign_steps;
pub mod targeted_attack;
pub mod transfer_attack;
