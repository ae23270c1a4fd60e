//! Feature maps, kernels and models.

pub mod distance;
pub mod kernel;
pub mod legendre;
pub mod random_features;

pub use distance::squared_distances;
pub use kernel::Kernel;
pub use legendre::legendre_features;
pub use random_features::{FeatureKind, KernelError, RandomFeatures};
