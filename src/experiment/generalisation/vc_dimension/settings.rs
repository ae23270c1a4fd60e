//! What can be set, and the rows of the table.

use crate::experiment::{row, settings};

/// How often chance alone may break the claim about measured shares, and the one about thresholds.
pub(super) const LEVEL: f64 = 1e-3;

settings! {
    /// Settings of `vc_dimension`.
    pub struct VcDimension {
        /// Dimensions d of the points for hyperplanes.
        dims: Vec<usize> = vec![1, 2, 3, 5], quick vec![1, 2, 3], in 1..=8;
        /// So many points more than dimensions are labelled at most.
        beyond: usize = 4, quick 3, in 2..=6;
        /// Sets of points at each dimension and number.
        sets: usize = 5, quick 3, in 1..=1000;
        /// Hypotheses m of the finite classes.
        hypotheses: usize = 200, in 2..=100_000;
        /// Accuracy ε: by how much less than this the chosen hypothesis may be worse than the best.
        epsilon: f64 = 0.1, in 0.01..=0.5;
        /// Probability δ with which it may be worse.
        delta: f64 = 0.05, in 1e-6..=0.5;
        /// Numbers of examples for the finite classes; that of the theorem is always among them.
        n: Vec<usize> = vec![100, 200, 400, 600, 800, 1000, 1300], quick vec![200, 600], in 1..=100_000;
        /// Training sets at each number of examples.
        draws: usize = 4000, quick 1000, in 100..=1_000_000;
        /// Noise of the labels for thresholds, the share η that is wrong.
        label_noise: f64 = 0.2, in 0.0..=0.45;
        /// Inputs d of the classifiers whose bounds are drawn: the pixels of a digit.
        inputs: usize = 784, in 1..=4096;
        /// Hidden units of the network.
        width: usize = 128, in 1..=256;
        /// Examples at which the bounds are read: the digits of MNIST.
        digits: usize = 60_000, in 10..=10_000_000;
    }
}

row! {
    /// One class on so many points.
    pub(super) struct Point {
        /// origin, offset (hyperplanes on all labellings); coins, thresholds (finite classes); hyperplane, network (bounds)
        series: &'static str;
        /// dimension of the points
        d: Option<usize>;
        /// points or examples
        n: usize;
        /// share of all labellings separated, in the mean over sets; share of training sets on which learning fails
        measured: Option<f64>;
        /// Cover's share; the exact probability of failure
        predicted: Option<f64>;
        /// bound on test error less training error
        bound: Option<f64>;
    }
}
