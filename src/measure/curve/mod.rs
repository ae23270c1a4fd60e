//! The shape of a measured curve, from data: `valley` fits one that falls and then rises, `vertex` finds where a noisy
//! one has its end.

mod valley;
mod vertex;

pub use valley::{isotonic, valley, valley_misfit};
pub use vertex::{Vertex, vertex};
