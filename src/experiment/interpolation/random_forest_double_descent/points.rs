//! The table.

use crate::experiment::row;
use crate::stats::Estimate;

row! {
    /// One size of model, over draws.
    pub(super) struct Point {
        /// leaves (one tree), forest_leaves (all trees) or trees (grown out)
        axis: &'static str;
        /// leaves of each tree at most
        leaves: usize;
        /// trees that are averaged
        trees: usize;
        /// mean squared test error over one-hot targets
        test_mse: Estimate, and test_mse_se "its standard error";
        /// share of test digits read wrongly
        test_error: Estimate, and test_error_se "its standard error";
        /// mean squared training error, wrong labels included
        train_mse: f64;
    }
}
