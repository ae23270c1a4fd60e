//! Feature maps and models.

pub mod activation;
pub mod init;
pub mod loss;
pub mod mlp;
pub mod random_features;

pub use activation::Activation;
pub use init::Init;
pub use loss::{Loss, TargetKind, classification_error};
pub use mlp::{Mlp, Mlp32, MlpOf, MlpSettings};
pub use random_features::{FeatureKind, RandomFeatures};
