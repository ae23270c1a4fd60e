//! Two players who follow their gradients: where that leads, and which methods lead elsewhere.

pub mod robbins_monro;
pub mod weak_minty;
