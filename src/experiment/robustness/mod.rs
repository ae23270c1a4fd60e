//! What a small change of the input does, and how near the other class is.

pub mod class_separation;
pub mod conv_stability;
pub mod isoperimetry;
pub mod law_of_robustness;
pub mod lipschitz_bounds;
pub mod perturbation_stability;
pub mod separated_sets;
