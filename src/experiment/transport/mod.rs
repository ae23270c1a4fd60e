//! How far apart two distributions are: what samples tell of it, its dual, and what a map does to a density.

pub mod push_forward;
pub mod wasserstein_duality;
pub mod wasserstein_rate;
