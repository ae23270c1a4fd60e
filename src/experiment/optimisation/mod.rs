//! How risks are made small: losses, landscapes, saddles, noise.

pub mod langevin;
pub mod loss_landscape;
pub mod risk_and_losses;
pub mod saddle_escape;
