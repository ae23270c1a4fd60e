//! Checks: what may be done to an input.
