//! How risks are made small: losses, landscapes, saddles, noise.

pub mod langevin;
pub mod loss_landscape;
pub mod saddle_escape;
