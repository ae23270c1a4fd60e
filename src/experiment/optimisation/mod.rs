//! How risks are made small: losses, landscapes, saddles, noise, steps, rates.

pub mod adam_nonconvergence;
pub mod adaptive_rates;
pub mod langevin;
pub mod loss_landscape;
pub mod risk_and_losses;
pub mod saddle_escape;
pub mod step_sizes;
