//! Feature maps, kernels, networks.

pub mod activation;
pub mod arc_cosine;
pub mod batch_norm;
pub mod conv;
pub mod cosine_circuit;
pub mod differentiate;
pub mod distance;
pub mod gated_cell;
pub mod init;
pub mod kernel;
pub mod legendre;
pub mod loss;
pub mod mlp;
pub mod pair_network;
mod parameters;
pub mod polynomial_features;
pub mod random_features;
pub mod recurrent;
pub mod residual;

pub use activation::Activation;
pub use arc_cosine::{TwoLayerNtk, angles, kappa0, kappa1, kappa2, two_layer_ntk};
pub use batch_norm::{BatchNorm, BatchNormGradient, BatchNormOf, BatchNormTrace};
pub use conv::{ConvNet, ConvNet32, ConvNetOf, ConvSettings, ConvTrace, Padding};
pub use cosine_circuit::cosine_circuit;
pub use differentiate::{Checked, Differentiable, Direction, GradientPenalty, Vjp};
pub use distance::squared_distances;
pub use gated_cell::{Gate, GatedCell, GatedTrace, sigmoid};
pub use init::Init;
pub use kernel::Kernel;
pub use legendre::legendre_features;
pub use loss::{Loss, TargetKind, classification_error};
pub use mlp::{KernelForm, Mlp, Mlp32, MlpOf, MlpSettings, NormalisedMlp, NormalisedMlpOf};
pub use pair_network::{PairGradient, PairNetwork, PairScore};
pub use polynomial_features::{polynomial_dimension, polynomial_features, polynomial_map_error};
pub use random_features::{FeatureKind, KernelError, RandomFeatures};
pub use recurrent::{
    LagNorm, Recurrent, RecurrentGradient, RecurrentLaw, RecurrentSettings, RecurrentTrace,
    fuss_catalan_norm, power_growth,
};
pub use residual::{Residual, ResidualBlock, ResidualSettings};
