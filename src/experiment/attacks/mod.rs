//! The worst that small changes of inputs do, and training against it.

pub mod other_threats;
