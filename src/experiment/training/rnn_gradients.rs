//! Gradients through time: by time lag, and what they do to learning with and without clipping.

mod figure;
mod findings;
mod lags;
mod memory;

use crate::engine;
use crate::error::Result;
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use findings::{Results, findings};

settings! {
    /// Settings of `rnn_gradients`.
    pub struct RnnGradients {
        /// Steps T of every sequence.
        steps: usize = 30, quick 24, in 4..=200;
        /// Spectral radius ρ of the recurrent matrix at the start; gradients are also followed at 1/ρ.
        spectral_radius: f64 = 1.3, in 0.5..=2.0;
        /// Norm c that no gradient may exceed when clipped.
        clip: f64 = 1.0, in 1e-6..=1e6;
        /// Units of the state of the orthogonal and the trained networks.
        width: usize = 32, quick 24, in 4..=512;
        /// Units of the network with a Gaussian recurrent matrix.
        gaussian_width: usize = 200, quick 100, in 20..=1000;
        /// Symbols to be told apart.
        symbols: usize = 4, in 2..=100;
        /// Standard deviation of the noise after the symbol.
        noise: f64 = 0.3, in 0.0..=10.0;
        /// Training sequences.
        n: usize = 1000, quick 512, in 32..=100_000;
        /// Test sequences.
        test: usize = 400, quick 200, in 20..=100_000;
        /// Passes over the training sequences.
        epochs: usize = 10, in 1..=10_000;
        /// Sequences a step.
        batch: usize = 32, in 1..=10_000;
        /// Constant learning rate.
        learning_rate: f64 = 0.3, in 1e-6..=100.0;
        /// Pairs of networks trained: same start, same data, with and without clipping. Fewer than 7 could show nothing:
        /// fair coins agree too often.
        draws: usize = 12, in 8..=1000;
    }
}

impl Study for RnnGradients {
    const ABOUT: About = About {
        id: "rnn_gradients",
        title: "Recurrent networks: gradients by time lag, and clipping",
        what: "Follows the Jacobian of the last state by earlier ones in linear and tanh recurrent networks, where \
               powers of one matrix appear. Then trains tanh networks to remember the first symbol of a noisy \
               sequence, with and without clipping the gradient's norm, from the same starts.",
        slide: "Stability and robustness (Scaman): \"Stability during training\", \"Gradient vanishing and \
                explosion\", \"Gradient clipping\"; after Pascanu, Mikolov & Bengio 2013, arXiv:1211.5063",
        columns: &[
            Column::new(
                "part",
                "",
                "lag for gradients by time lag, training for trained networks",
            ),
            Column::new(
                "network",
                "",
                "lag: state and recurrent matrix; training: clipped or unclipped",
            ),
            Column::new(
                "radius",
                "",
                "spectral radius of the recurrent matrix at the start",
            ),
            Column::new("lag", "steps", "lag k between the two states"),
            Column::new("predicted", "", "radius^k"),
            Column::new(
                "measured",
                "",
                "spectral norm of the Jacobian of h_T by h_(T−k)",
            ),
            Column::new(
                "typical",
                "",
                "its Frobenius norm over √m: the root mean square effect of a random nudge",
            ),
            Column::new(
                "loss_gradient",
                "",
                "norm of the loss's gradient by h_(T−k), over that at lag 0; root mean squares over sequences",
            ),
            Column::new("draw", "", "number of the pair of networks"),
            Column::new(
                "accuracy",
                "",
                "share of test sequences whose symbol is named",
            ),
            Column::new(
                "largest_gradient",
                "",
                "largest norm of a gradient during training",
            ),
            Column::new("largest_used", "", "the same after clipping"),
            Column::new(
                "spikes",
                "",
                "gradients with a norm above the clipping limit",
            ),
            Column::new("updates", "", "steps of training taken"),
        ],
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let _single = engine::single_thread();
        let lags = self.lags(seed)?;
        context.progress.start(self.draws, "pairs of networks");
        let pairs = self.train_pairs(seed, &context.progress)?;
        findings(&Results {
            settings: self,
            lags,
            pairs,
        })
    }
}
