//! The table, and the formula for the nearest neighbour.

use crate::experiment::row;
use crate::stats::Estimate;

row! {
    /// One method at one share of wrong labels, over draws.
    pub(super) struct Point {
        /// laplace, gaussian or nearest_neighbour
        method: &'static str;
        /// share of training labels changed to another class
        label_noise: f64;
        /// share of test digits read wrongly
        error: Estimate, and error_se "its standard error";
        /// share of test labels not met if those are changed as well
        noisy_error: Estimate, and noisy_error_se "its standard error";
    }
}

/// The chance that two labels differ where, without noise, they differ with chance `error`, and one of them is then
/// changed with chance `share` to each of the k − 1 other classes alike.
pub(super) fn mixed(error: f64, share: f64, classes: usize) -> f64 {
    let others = (classes - 1).max(1) as f64;
    1.0 - (1.0 - error) * (1.0 - share) - error * share / others
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_wrong_labels_of_two_agree() {
        let eta = 0.3;
        assert!((mixed(mixed(0.0, eta, 2), eta, 2) - 2.0 * eta * (1.0 - eta)).abs() < 1e-15);
        assert!((mixed(0.1, eta, 2) - (eta + 0.1 - 2.0 * eta * 0.1)).abs() < 1e-15);
        // Labels drawn anew from all classes know nothing.
        assert!((mixed(0.2, 0.9, 10) - 0.9).abs() < 1e-15);
    }
}
