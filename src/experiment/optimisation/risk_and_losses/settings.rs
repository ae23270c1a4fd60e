//! What may be set.

use crate::experiment::settings;
use crate::model::Loss;

settings! {
    /// Settings of `risk_and_losses`.
    pub struct RiskAndLosses {
        /// Losses to train with. Cross-entropy has two outputs, the others one and labels ±1.
        losses: Vec<&'static str> = vec!["squared", "hinge", "logistic", "cross_entropy"], in ["squared", "hinge", "logistic", "cross_entropy"], len 1..=4;
        /// Training digits n.
        n: usize = 200, quick 100, in 10..=4000;
        /// Test digits.
        test: usize = 400, quick 200, in 20..=10_000;
        /// Hidden tanh units.
        width: usize = 64, quick 32, in 1..=1024;
        /// The two digits to tell apart.
        digits: Vec<usize> = vec![3, 7], in 0..=9, len 2;
        /// Passes over the data.
        epochs: usize = 30, in 1..=1000;
        /// Digits a step of SGD.
        batch: usize = 20, in 1..=4000;
        /// Learning rate.
        learning_rate: f64 = 0.05, in 1e-4..=1.0;
        /// Draws of the digits and of the weights.
        draws: usize = 8, quick 5, in 2..=1000;
    }
}

/// The loss of that name.
pub(super) fn loss_named(name: &str) -> Loss {
    match name {
        "squared" => Loss::Mse,
        "hinge" => Loss::Hinge,
        "logistic" => Loss::Logistic,
        _ => Loss::CrossEntropy,
    }
}
