//! Measuring fitted models.

pub mod bias_variance;

pub use bias_variance::{BiasVariance, bias_variance};
