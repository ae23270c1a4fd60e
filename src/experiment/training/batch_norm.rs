//! Batch normalisation: its two modes, its running averages, and what it does for depth.

mod depth;
mod figure;
mod findings;
mod modes;
mod moments;

use crate::data::Source;
use crate::engine;
use crate::error::Result;
use crate::experiment::problems::noisy_digits::fitted;
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use findings::{Results, findings};

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
        probe_width: usize = 256, in 16..=2048;
    }
}

impl Study for BatchNormalisation {
    const ABOUT: About = About {
        id: "batch_norm",
        title: "Batch normalisation: two modes, running averages, depth",
        what: "Checks the moments of normalised outputs, the weights of the running averages and the distance between \
               training and evaluation by batch size against their formulas. Then trains deep ReLU networks on digits \
               from weights too small for their depth, with and without normalisation, and follows their gradients \
               by layer.",
        slide: "Stability and robustness (Scaman): \"Batch normalization\", \"Train and eval\"; after Ioffe & Szegedy \
                2015, arXiv:1502.03167, and Yang, Pennington, Rao, Sohl-Dickstein & Schoenholz 2019, \
                arXiv:1902.08129",
        columns: &[
            Column::new("part", "", "moments, weights, modes, layers or training"),
            Column::new(
                "series",
                "",
                "moments: mean or variance; modes: true or running statistics; else the network",
            ),
            Column::new(
                "at",
                "",
                "moments: deviation of the inputs; weights: batch t; modes: batch size; layers: layer; training: pair",
            ),
            Column::new(
                "predicted",
                "",
                "moments: output mean or variance; weights: weight of batch t; modes: mean squared distance; layers: \
                 gradient over that of the last hidden layer",
            ),
            Column::new(
                "measured",
                "",
                "the same, measured; training: accuracy on test digits",
            ),
            Column::new("se", "", "standard error over draws, for modes"),
            Column::new("train_accuracy", "", "accuracy on training digits"),
        ],
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        fitted(self, &[("n", 1), ("test", 1)], data)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let _single = engine::single_thread();
        context
            .progress
            .start(self.draws + self.batches.len(), "pairs and batch sizes");
        let digits = self.digits(seed, context)?;
        let results = Results {
            settings: self,
            mnist: digits.mnist,
            moments: self.moments(seed)?,
            weights: self.weights()?,
            modes: self.modes(seed, &context.progress)?,
            alone: self.alone(seed)?,
            layers: self.layers(&digits, seed)?,
            pairs: self.train_pairs(&digits, seed, &context.progress)?,
        };
        findings(&results)
    }
}
