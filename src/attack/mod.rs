//! Attacks on a trained model: what may be done to an input or a training point, how the worst of it is found, and training
//! against it.
