//! Eigenvalues of kernels and of Gaussian matrices.
//!
//! | file | what | kind |
//! |---|---|---|
//! | `circle` | the eigenvalues of a kernel on the unit circle | theory |
//! | `condition` | how well conditioned AAᵀ is for a Gaussian A | theory |
//! | `condition_simulated` | the same | draws |
//! | `effective_rank` | the effective ranks of benign overfitting | theory, of given eigenvalues |
//! | `relu_sphere` | one ReLU neuron on a sphere by degree; what fixed features leave of it | theory |
//! | `unit_waves` | the waves in the units of a network on pairs | estimator |
//! | `waves` | the largest wave in a column of numbers; its share by chance | estimator, theory |

mod circle;
mod condition;
mod condition_simulated;
mod effective_rank;
mod relu_sphere;
mod unit_waves;
mod waves;

pub use circle::circle_eigenvalues;
pub use condition::{expected_log_condition, marchenko_pastur_condition};
pub use condition_simulated::gaussian_condition;
pub use effective_rank::{BenignSplit, benign_split, effective_ranks};
pub use relu_sphere::{SphereDegree, fixed_features_bound, random_neurons_risk, relu_on_sphere};
pub use unit_waves::{UnitWaves, phase_agreement, unit_waves, waves_alone};
pub use waves::{Wave, largest_wave, largest_wave_by_chance};
