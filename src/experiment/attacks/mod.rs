//! The worst that small changes of inputs do, and training against it.

pub mod adversarial_training;
pub mod danskin;
pub mod linear_worst_case;
pub mod saliency_maps;
pub mod targeted_attack;
