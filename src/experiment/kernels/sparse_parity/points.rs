//! The table.

use crate::experiment::row;
use crate::stats::Estimate;

row! {
    /// One method at one n, over draws.
    pub(super) struct Point {
        /// quadratic, ntk, gaussian or network
        method: &'static str;
        /// training examples
        n: usize;
        /// mean squared error on new inputs; 1 is that of predicting 0
        mse: Estimate, and mse_se "its standard error";
        /// share of new inputs with the wrong sign
        error: Estimate, and error_se "its standard error";
        /// no kernel's mean squared error is lower in the mean: 1 − n/N
        bound: f64;
    }
}
