//! What can be set.

use crate::experiment::settings;
use crate::optimise::Norm;

settings! {
    /// Settings of `linear_worst_case`.
    pub struct LinearWorstCase {
        /// The two classes to tell apart, as −1 and +1.
        digits: Vec<usize> = vec![3, 7], in 0..=255, len 2;
        /// The norm of the perturbations that the second model is trained against, and that both are tested with.
        norm: &'static str = "linf", in ["linf", "l2", "l1"];
        /// Their size ε; pixels lie in [0, 1]. What 0.1 is for linf, 1 is for l2 and 5 for l1, roughly.
        epsilon: f64 = 0.1, in 0.001..=100.0;
        /// Training images.
        n: usize = 400, quick 200, in 20..=10_000;
        /// Test images.
        test: usize = 1000, quick 400, in 20..=50_000;
        /// λ of the ridge term (λ/2)‖w‖², with and without attack.
        ridge: f64 = 0.01, in 0.001..=10.0;
        /// The most free pixels.
        pixels: usize = 16, in 1..=200;
        /// Examples drawn of each of the two Gaussian problems.
        examples: usize = 40_000, quick 10_000, in 1000..=1_000_000;
    }
}

/// All three, as settings name them.
pub(super) const NORMS: [(&str, Norm); 3] =
    [("linf", Norm::LInf), ("l2", Norm::L2), ("l1", Norm::L1)];

impl LinearWorstCase {
    pub(super) fn attack(&self) -> Norm {
        let own = NORMS.iter().find(|(name, _)| *name == self.norm);
        own.map_or(Norm::LInf, |(_, norm)| *norm)
    }
}

/// As figures write it.
pub(super) fn symbol(norm: Norm) -> &'static str {
    match norm {
        Norm::LInf => "ℓ∞",
        Norm::L2 => "ℓ2",
        Norm::L1 => "ℓ1",
    }
}
