//! What the initial weights decide: signals through a fresh network, lazy and active training.

pub mod function_spaces;
pub mod lazy_training;
pub mod neuron_trajectories;
pub mod phase_diagram;
pub mod shortcuts_and_gates;
pub mod variance_propagation;
