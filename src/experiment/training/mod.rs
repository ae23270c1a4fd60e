//! Training itself: gradients through time, normalised batches.

pub mod batch_norm;
pub mod rnn_gradients;
