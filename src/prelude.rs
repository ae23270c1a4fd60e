//! What a notebook has in scope: `use dltheory::prelude::*;` stands in `notebooks/evcxr.toml`.

pub use {ndarray, rand};
// The kernel names the type of a stored array by paths it can see: without these three it finds
// only the aliases, and fails.
pub use ndarray::{Array1, Array2, ArrayBase, Axis, Dim, OwnedRepr, array, s};

pub use crate::data::{
    Dataset, Images, Source, flip_labels, mean_pool, mnist_sample, train_test_split, two_classes,
};
pub use crate::display::Html;
pub use crate::error::Error;
pub use crate::experiment::double_descent::DoubleDescent;
pub use crate::experiment::network_double_descent::NetworkDoubleDescent;
pub use crate::experiment::{Claim, Claims, Context, Report, Table};
pub use crate::fit::{MinNormPath, SgdSettings, min_norm, min_norm_path, ridge, sgd};
pub use crate::measure::{BiasVariance, bias_variance};
pub use crate::model::{FeatureKind, RandomFeatures};
pub use crate::plot::{Figure, Panel};
pub use crate::rng::{Rng, stream};
