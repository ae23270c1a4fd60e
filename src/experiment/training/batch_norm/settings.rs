//! What can be set, and the rows of the table.

use crate::experiment::{row, settings};

settings! {
    /// Settings of `batch_norm`.
    pub struct BatchNormalisation {
        /// Examples a step of training.
        batch: usize = 32, in 2..=1000;
        /// Weight 1 − ρ of the newest batch in the running averages, as in PyTorch.
        momentum: f64 = 0.1, in 0.001..=1.0;
        /// Batches over which the running averages' weights are followed.
        history: usize = 50, in 2..=1000;
        /// Batch sizes at which training and evaluation are compared, increasing.
        batches: Vec<usize> = vec![2, 4, 8, 16, 32, 64, 128, 256], quick vec![2, 4, 8, 16, 32, 64],
            in 2..=4096;
        /// Draws of that comparison, of 200 features each.
        mode_draws: usize = 20, quick 12, in 3..=1000;
        /// Layers of the trained networks.
        depth: usize = 20, in 4..=100;
        /// Units of their hidden layers.
        width: usize = 32, in 4..=512;
        /// Training digits.
        n: usize = 1000, quick 512, in 128..=8000;
        /// Test digits, the same for every pair of networks.
        test: usize = 1000, quick 400, in 20..=2000;
        /// Side of the squares of pixels that are averaged: 4 makes 7 × 7 of 28 × 28.
        pool: usize = 4, in 1..=28;
        /// Passes over the training digits.
        epochs: usize = 20, quick 12, in 1..=1000;
        /// Constant learning rate.
        learning_rate: f64 = 0.1, in 1e-6..=100.0;
        /// Pairs of networks trained: same digits, with and without batch normalisation.
        draws: usize = 10, quick 5, in 3..=1000;
        /// Units of the hidden layers of the networks whose gradients are followed by layer.
        probe_width: usize = 256, quick 128, in 16..=2048;
    }
}

row! {
    /// One number of one part.
    #[derive(Default)]
    pub(super) struct Point {
        /// moments, weights, modes, layers or training
        part: &'static str;
        /// moments: mean or variance; modes: true or running statistics; else the network
        series: &'static str;
        /// moments: deviation of the inputs; weights: batch t; modes: batch size; layers: layer; training: pair
        at: f64;
        /// moments: output mean or variance; weights: weight of batch t; modes: mean squared distance; layers:
        /// gradient over that of the last hidden layer
        predicted: Option<f64>;
        /// the same, measured; training: accuracy on test digits
        measured: f64;
        /// standard error over draws, for modes
        se: Option<f64>;
        /// accuracy on training digits
        train_accuracy: Option<f64>;
    }
}
