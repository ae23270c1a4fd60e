//! How risks are made small: losses, landscapes, saddles, noise, steps, rates.

pub mod adam_nonconvergence;
pub mod adaptive_rates;
pub mod step_sizes;
