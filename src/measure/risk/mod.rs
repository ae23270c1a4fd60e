//! The risk of linear regression: least squares, ridge, any spectrum.
//!
//! | problem | theory | draws |
//! |---|---|---|
//! | p of D features, finite n | `linear`, `linear_variance` | `linear_simulated` |
//! | no penalty, n and p grow together | `ridgeless`, `ridgeless_law` | `ridgeless_simulated` |
//! | a penalty, n and p grow together | `ridge` | `ridge_simulated` |
//! | one neuron by fixed others | `fixed_neurons` | |
//! | any spectrum, by one scalar κ | `spectral` | `spectral_simulated` |
//! | gradient descent stopped early, features that do not mix | `stopped` | |

mod fixed_neurons;
mod linear;
mod linear_simulated;
mod linear_variance;
mod ridge;
mod ridge_simulated;
mod ridgeless;
mod ridgeless_law;
mod ridgeless_simulated;
mod spectral;
mod spectral_simulated;
mod stopped;

pub use fixed_neurons::{FixedNeurons, fixed_neurons};
pub use linear::{FeatureOrder, LinearRiskSettings, exact_linear_risk, isotropic_risk};
pub use linear_simulated::{WidthRisk, linear_risk_curve};
pub use linear_variance::isotropic_risk_variance;
pub use ridge::marchenko_pastur_stieltjes;
pub use ridge_simulated::{RidgePoint, ridge_curve};
pub use ridgeless::IsotropicProblem;
pub use ridgeless_law::RidgelessScores;
pub use ridgeless_simulated::{RidgelessPoint, ridgeless_curve};
pub use spectral::{SpectralRisk, spectral_risk};
pub use spectral_simulated::spectral_risk_monte_carlo;
pub use stopped::{FeatureGroup, stopped_risk};
