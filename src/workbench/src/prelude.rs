//! What a solution has in scope, in the notebook and when it is graded.

pub use ndarray::{Array1, Array2, ArrayBase, Axis, Dim, OwnedRepr, array, s};
pub use rand::RngExt;
pub use rand_distr::{Distribution, StandardNormal};
pub use {ndarray, rand, rand_distr};

pub use crate::linalg::{self, EigenParts, SvdParts};
pub use crate::rng::{Rng, stream};
