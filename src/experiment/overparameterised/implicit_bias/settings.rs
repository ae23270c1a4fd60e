//! Settings and rows.

use crate::experiment::{row, settings};

settings! {
    /// Settings of `implicit_bias`.
    pub struct ImplicitBias {
        /// The loss of a margin m: log(1 + e^(−m)) or e^(−m).
        loss: &'static str = "logistic", in ["logistic", "exponential"];
        /// Who descends on the points with one support vector, beside gradient descent.
        optimiser: Vec<&'static str> = vec!["momentum", "adagrad", "adam"], in ["momentum", "adagrad", "adam"], len 1..=3;
        /// Steps; a power of ten has a mark at its end.
        steps: usize = 100_000, quick 30_000, in 1000..=1_000_000;
        /// Learning rate of gradient descent on four points. The exponential loss diverges where this is too large.
        learning_rate: f64 = 0.5, in 0.001..=1.0;
        /// Training examples of the random problem.
        n: usize = 30, in 4..=1000;
        /// Its dimension; input i has variance 1/i.
        dim: usize = 20, in 2..=100;
        /// Fresh points.
        test: usize = 2000, in 100..=100_000;
        /// Random problems.
        draws: usize = 40, in 3..=1000;
    }
}

row! {
    /// A method at one step.
    pub(super) struct Point {
        /// points: four (two of them support vectors), one (one support vector)
        points: &'static str;
        /// method
        method: &'static str;
        /// steps t
        step: usize;
        /// mean loss L
        loss: f64;
        /// length of w
        norm: f64;
        /// angle to the separator of largest margin
        angle: f64, unit "radians";
        /// length of w − ŵ ln t; of gradient descent
        residual: Option<f64>;
        /// ηtL; of gradient descent
        scaled_loss: Option<f64>;
        /// 1 − margin in ℓ2 over what the dual allows at most: 0 at the largest margin
        gap_l2: f64;
        /// the same in ℓ∞
        gap_max: f64;
    }
}
