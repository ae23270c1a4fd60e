//! Benign, tempered, catastrophic: what methods pay for fitting labels of pure noise.
//!
//! | file | what | kind |
//! |---|---|---|
//! | [`limit`] | R/σ² as n → ∞ | theory |
//! | `on_a_line` | R/σ² of interpolation on a line, for every n | theory, exact |
//! | `noise_risk` | R/σ² of a [`Method`] | draws |

pub mod limit;
mod noise_risk;
mod on_a_line;

pub use noise_risk::{
    Inputs, Method, MethodFit, NoiseRisk, NoiseRiskSettings, knn_classification_risk, noise_risk,
    simplicial_noise_risk,
};
pub use on_a_line::{
    hilbert_noise_risk, laplace_noise_risk, piecewise_linear_noise_risk, threshold_noise_median,
};
