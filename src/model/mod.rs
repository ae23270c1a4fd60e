//! Feature maps and models.

pub mod random_features;

pub use random_features::{FeatureKind, KernelError, RandomFeatures};
