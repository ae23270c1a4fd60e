//! Data sets: real digits and made ones.
