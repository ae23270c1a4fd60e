//! What can be set.

use crate::experiment::settings;

settings! {
    /// Settings of `overfitting_regimes`.
    pub struct OverfittingRegimes {
        /// The largest training set; the curves halve it down to 16 at least.
        n: usize = 512, quick 128, in 64..=8192;
        /// Standard deviation σ of the labels' noise; where there is a signal it has power 1.
        noise: f64 = 1.0, in 0.05..=20.0;
        /// Dimensions d of the simplices that are interpolated linearly.
        dims: Vec<usize> = vec![1, 2, 5, 20], quick vec![1, 5], in 1..=100;
        /// Numbers of neighbours that stay constant as n grows.
        neighbours: Vec<usize> = vec![1, 5], in 1..=16;
        /// Share η of wrong labels where neighbours vote on two classes.
        label_noise: f64 = 0.2, in 0.01..=0.5;
        /// Independent training sets for each point of most curves.
        draws: usize = 60, quick 30, in 10..=10_000;
        /// Simplices for each dimension.
        simplices: usize = 4000, quick 1000, in 100..=1_000_000;
        /// Bandwidth of the Laplace kernel, in units of the circle's radius.
        laplace: f64 = 1.0, in 0.1..=100.0;
        /// Bandwidth of the Gaussian kernel, in units of the circle's radius.
        gaussian: f64 = 0.5, in 0.2..=2.0;
        /// Training-set sizes of the Gaussian kernel without a penalty; f64 ends soon after.
        gaussian_n: Vec<usize> = vec![4, 8, 12, 16], quick vec![4, 8, 12], in 2..=24;
        /// Training sets for each of these sizes, and for each p = n.
        wild_draws: usize = 400, quick 200, in 50..=100_000;
        /// The largest p = n.
        critical_n: usize = 64, quick 32, in 16..=512;
        /// Exponent α of the Gaussian design with eigenvalues i^−α.
        alpha: f64 = 1.5, in 1.2..=4.0;
        /// The largest training set of Gaussian designs.
        design_n: usize = 128, quick 64, in 32..=512;
        /// Training-set sizes of the network.
        net_n: Vec<usize> = vec![32, 64, 128, 256], quick vec![32, 128], in 16..=2000;
        /// Hidden units of the network.
        net_width: usize = 256, quick 128, in 16..=4096;
        /// Dimension of the network's inputs.
        net_dim: usize = 5, in 2..=100;
        /// The most epochs of the network; it stops where it interpolates.
        net_epochs: usize = 8192, quick 4096, in 64..=1_000_000;
        /// Networks, each with its own data, for each size.
        net_draws: usize = 8, quick 4, in 2..=1000;
    }
}
