//! What can be set, and the rows of the table.

use crate::experiment::{row, settings};
use crate::stats::Estimate;

/// The chance that one claim fails although theory is right: a run has some five that can, so that it fails by chance less
/// than once in 1,000.
pub(super) const LEVEL: f64 = 1e-4;

settings! {
    /// Settings of `random_sign_capacity`.
    pub struct RandomSignCapacity {
        /// Numbers of points for the hyperplanes; d and 2d are always among them.
        n: Vec<usize> = vec![10, 25, 30, 35, 45, 50, 60, 80, 160], quick vec![10, 30, 50, 100], in 1..=300;
        /// Dimension d of the Gaussian points.
        dim: usize = 20, in 1..=100;
        /// Labellings drawn for each number of points.
        draws: usize = 1000, quick 300, in 10..=1_000_000;
        /// Hidden neurons of the networks.
        widths: Vec<usize> = vec![1, 2, 4, 8, 16, 64], quick vec![1, 4, 32], in 1..=1024;
        /// Numbers of points for the networks.
        net_n: Vec<usize> = vec![20, 40, 80, 160, 320], quick vec![20, 80], in 2..=2000;
        /// Labellings drawn for each network.
        net_draws: usize = 6, quick 3, in 2..=1000;
        /// The most epochs of a network, one step each; it stops once every sign is right.
        epochs: usize = 3000, quick 1000, in 10..=1_000_000;
        /// Training digits, 3 against 7, with true and with random labels; of data without these the first two classes.
        digits: usize = 500, quick 100, in 20..=1500;
        /// Hidden neurons for the digits.
        digit_width: usize = 256, quick 64, in 8..=4096;
        /// Epochs on the digits.
        digit_epochs: usize = 60, quick 80, in 5..=10_000;
        /// Training sets of digits.
        digit_draws: usize = 6, quick 9, in 3..=1000;
    }
}

row! {
    /// One class on so many points.
    pub(super) struct Point {
        /// separable; least_squares; network; true_ or random_ (labels of the digits) train, test
        series: &'static str;
        /// points or training digits
        n: usize;
        /// hidden neurons
        width: Option<usize>;
        /// epochs of training on the digits
        epoch: Option<usize>;
        /// share separable; mean of σ_i h(x_i) for least squares and networks; error rate for digits
        measured: Estimate, and se "standard error over draws";
        /// Cover's share; the exact mean for least squares; 1/2 for test digits after random labels
        predicted: Option<f64>;
        /// the most any hyperplane can follow, from Massart's lemma and Cover's count
        upper: Option<f64>;
    }
}
