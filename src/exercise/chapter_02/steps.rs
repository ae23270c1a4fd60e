//! Checks: steps of an attack.
