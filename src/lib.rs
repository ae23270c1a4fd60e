//! Deep-learning theory you can run.

#[cfg(feature = "cli")]
pub mod cli;
pub mod data;
pub mod display;
pub mod error;
pub mod experiment;
pub mod fit;
pub mod linalg;
pub mod measure;
pub mod model;
pub mod plot;
pub mod rng;

pub use error::{Error, Result};
