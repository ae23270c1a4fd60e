//! The table.

use crate::experiment::row;
use crate::stats::Estimate;

row! {
    /// One kind of run after so many steps, over draws.
    pub(super) struct Point {
        /// orthogonal: columns that do not mix; gaussian: drawn columns; equalised: orthogonal, steps matched to the scales
        kind: &'static str;
        /// steps of gradient descent
        step: usize;
        /// excess risk
        risk: Estimate, and risk_se "its standard error";
        /// the formula
        predicted: f64;
    }
}
