//! What can be set.

use crate::experiment::settings;

settings! {
    /// Settings of `perturbation_stability`.
    pub struct PerturbationStability {
        /// The initialisations.
        init: Vec<&'static str> = vec!["lecun", "he", "ntk"], in ["lecun", "he", "ntk"];
        /// Hidden units a layer.
        widths: Vec<usize> = vec![16, 64, 256], quick vec![8, 64], in 1..=4096, increasing;
        /// Layers of weights.
        depths: Vec<usize> = vec![2, 4, 8], quick vec![2, 4], in 2..=64, increasing;
        /// Input dimension p: digits are turned by p orthonormal directions and scaled to norm 1.
        input_dim: usize = 784, quick 64, in 1..=784;
        /// Networks drawn for each initialisation, depth and width.
        draws: usize = 300, quick 400, in 20..=100_000;
        /// Also train networks, lazy and non-lazy, and measure them again?
        trained: bool = true;
        /// Networks trained for each initialisation, depth and width.
        trained_draws: usize = 8, quick 4, in 2..=100;
        /// Digits they are trained on.
        n: usize = 64, quick 32, in 4..=2000;
        /// Epochs of training.
        epochs: usize = 400, quick 150, in 1..=100_000;
        /// c of the non-lazy two-layer networks, whose weights start with standard deviation m^(−c).
        non_lazy_power: f64 = 1.75, in 1.5..=3.0;
        /// The two digits told apart, as −1 and +1.
        digits: Vec<usize> = vec![3, 7], in 0..=255, len 2;
    }
}

impl PerturbationStability {
    /// The start that stands for the lazy regime where a training is followed: the last one named, NTK's by default.
    pub(super) fn lazy_start(&self) -> Option<&'static str> {
        self.init.last().copied()
    }

    /// Whether κ and P/ε are measured along the training: for the widest networks of the least depth, and of the non-lazy start.
    pub(super) fn follows(&self, (init, depth, width): (&'static str, usize, usize)) -> bool {
        let lazy = self.lazy_start() == Some(init) && self.depths.first() == Some(&depth);
        self.widths.last() == Some(&width) && (lazy || init == "small")
    }
}
