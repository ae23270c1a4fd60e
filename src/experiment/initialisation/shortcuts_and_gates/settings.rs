//! Settings of `shortcuts_and_gates`.

use crate::experiment::settings;

settings! {
    /// Settings of `shortcuts_and_gates`.
    pub struct ShortcutsAndGates {
        /// Units m of a state and of a branch, and of the layers whose gain is tried.
        width: usize = 64, quick 32, in 16..=1024;
        /// Blocks of the two networks whose branches are added as they are.
        depth: usize = 16, quick 8, in 2..=64;
        /// Blocks L of the networks whose branches are scaled by 1/√L.
        scaled: Vec<usize> = vec![4, 16, 64], quick vec![4, 16], in 2..=512, len 1..=4, increasing;
        /// Networks drawn of each kind.
        draws: usize = 300, quick 200, in 20..=100_000;
        /// The gains c of Xavier's uniform weights.
        gain: Vec<f64> = vec![0.7, 1.0, 1.2, std::f64::consts::SQRT_2, 1.7, 2.0], in 0.1..=4.0, len 1..=20;
        /// Steps T a gated cell takes.
        steps: usize = 50, in 5..=300;
        /// Biases b of the forget gate; ln(T − 1) is always added.
        forget_bias: Vec<f64> = vec![0.0, 1.0, 2.0], in -5.0..=10.0, len 1..=3;
        /// Sequences of inputs drawn for the gated cell.
        sequences: usize = 400, quick 200, in 20..=100_000;
        /// Probabilities q that dropout keeps an input.
        keep: Vec<f64> = vec![0.2, 0.4, 0.6, 0.8, 0.95], in 0.05..=0.99, len 1..=20;
        /// Masks drawn at each q.
        masks: usize = 2000, quick 1000, in 50..=1_000_000;
        /// Descents with dropout.
        descents: usize = 60, quick 40, in 10..=10_000;
    }
}
