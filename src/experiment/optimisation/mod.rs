//! How risks are made small: losses, landscapes, saddles, noise.

pub mod saddle_escape;
