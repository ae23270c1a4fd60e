//! Two players who follow their gradients: where that leads, and which methods lead elsewhere.

pub mod bilinear_game;
pub mod limit_cycles;
pub mod mixed_nash;
pub mod robbins_monro;
pub mod saddle_surfaces;
pub mod stochastic_extragradient;
pub mod weak_minty;
