//! Eigenvalues of kernels and of Gaussian matrices.
//!
//! | file | what | kind |
//! |---|---|---|
//! | `circle` | the eigenvalues of a kernel on the unit circle | theory |
//! | `condition` | how well conditioned AAᵀ is for a Gaussian A | theory |
//! | `condition_simulated` | the same | draws |
//! | `effective_rank` | the effective ranks of benign overfitting | theory, of given eigenvalues |
//! | `relu_sphere` | one ReLU neuron on a sphere by degree; what fixed features leave of it | theory |

mod circle;
mod condition;
mod condition_simulated;
mod effective_rank;
mod relu_sphere;

pub use circle::circle_eigenvalues;
pub use condition::{expected_log_condition, marchenko_pastur_condition};
pub use condition_simulated::gaussian_condition;
pub use effective_rank::{BenignSplit, benign_split, effective_ranks};
pub use relu_sphere::{SphereDegree, fixed_features_bound, random_neurons_risk, relu_on_sphere};
