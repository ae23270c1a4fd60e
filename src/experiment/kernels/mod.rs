//! Random features, tangent kernels and the networks that follow them.

pub mod feature_maps;
pub mod gradient_flow;
pub mod kernel_vs_network;
pub mod ntk_convergence;
pub mod sparse_parity;
mod wide_network;
