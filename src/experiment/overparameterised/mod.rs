//! More parameters than data: what gradient descent finds, and when it generalises.

pub mod grokking;
pub mod implicit_bias;
pub mod scaling_law;
