//! Games whose solutions, cycles or constants are known.

pub mod bilinear;

pub use bilinear::Bilinear;
