//! Networks with more parameters than data: that descent fits them, how fast, and what it takes.

pub mod pl_condition;
pub mod random_labels;
pub mod two_layer_convergence;
pub mod width_to_interpolate;
