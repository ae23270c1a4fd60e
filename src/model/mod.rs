//! Feature maps, kernels, networks.

pub mod activation;
pub mod distance;
pub mod init;
pub mod kernel;
pub mod legendre;
pub mod loss;
pub mod mlp;
pub mod random_features;

pub use activation::Activation;
pub use distance::squared_distances;
pub use init::Init;
pub use kernel::Kernel;
pub use legendre::legendre_features;
pub use loss::{Loss, TargetKind, classification_error};
pub use mlp::{Mlp, Mlp32, MlpOf, MlpSettings};
pub use random_features::{FeatureKind, KernelError, RandomFeatures};
