//! Attacks on a trained model: what may be done to an input or a training point, how the worst of it is found, and training
//! against it.
//!
//! | | |
//! |---|---|
//! | [`linear`] | linear models: the worst input, the least change that fools and robust training, all exactly |

pub mod linear;
