//! Uniform convergence: bounds for all functions of a class at once, where they hold and where they say nothing.
//!
//! | case | theory | draws |
//! |---|---|---|
//! | a finite class | `hoeffding` | `coins` |
//! | interpolators of small norm | `norm_bound`, `split_bound` | `interpolation` |
//! | one useful coordinate among junk | `junk_features` | `junk_features_simulated` |
//! | a classifier beyond every two-sided bound | `flipped_noise` | `flipped_noise_simulated` |

mod coins;
mod flipped_noise;
mod flipped_noise_simulated;
mod hoeffding;
mod interpolation;
mod junk_features;
mod junk_features_simulated;
mod norm_bound;
mod split_bound;

pub use coins::{CoinClassifiers, coin_classifiers};
pub use flipped_noise::{FlippedNoiseSettings, flipped_noise_errors};
pub use flipped_noise_simulated::{FlippedNoise, flipped_noise};
pub use hoeffding::{coin_probability, hoeffding_gap};
pub use interpolation::{InterpolationPoint, InterpolationSettings, interpolation_point};
pub use junk_features::{JunkFeaturesSettings, JunkFeaturesTheory, junk_features_theory};
pub use junk_features_simulated::{JunkFeatures, junk_features};
pub use norm_bound::norm_bound;
pub use split_bound::split_bound;
