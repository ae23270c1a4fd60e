//! Networks with more parameters than data: that descent fits them, how fast, which fit it finds, and when it generalises.

pub mod grokking;
pub mod implicit_bias;
pub mod pl_condition;
pub mod random_labels;
pub mod scaling_law;
pub mod two_layer_convergence;
pub mod width_to_interpolate;
