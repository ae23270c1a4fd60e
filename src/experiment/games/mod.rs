//! Two players who follow their gradients: where that leads, and which methods lead elsewhere.

pub mod limit_cycles;
pub mod saddle_surfaces;
