//! Settings of `function_spaces`.

use crate::experiment::settings;

settings! {
    /// Settings of `function_spaces`.
    pub struct FunctionSpaces {
        /// Widths m of the networks whose norm is measured.
        widths: Vec<usize> = vec![64, 256, 1024, 4096], quick vec![64, 256, 1024], in 8..=65_536, len 2..=10, increasing;
        /// Training examples n of these networks, on a sphere in 5 dimensions, with targets from N(0, 1).
        n: usize = 8, in 2..=200;
        /// Starts and data sets drawn at each width.
        draws: usize = 16, quick 20, in 3..=1000;
        /// The dimension d of the sphere on which one neuron is learned.
        dim: usize = 20, in 3..=200;
        /// Numbers N of random neurons.
        columns: Vec<usize> = vec![2, 5, 10, 20, 40, 80, 160, 320], quick vec![5, 20, 60, 160], in 1..=2000, len 2..=20, increasing;
        /// Sets of random neurons drawn at each N.
        feature_draws: usize = 40, quick 24, in 3..=10_000;
        /// Neurons of the trained network, and of the random ones it is compared with.
        neurons: usize = 80, quick 60, in 2..=2000;
        /// Inputs it is trained on.
        train: usize = 2000, quick 1200, in 50..=100_000;
        /// Fresh inputs on which risks are measured.
        test: usize = 4000, quick 2000, in 100..=1_000_000;
        /// Epochs of Adam, in batches of 50.
        epochs: usize = 60, quick 40, in 1..=10_000;
        /// Networks trained.
        networks: usize = 4, quick 3, in 3..=1000;
    }
}
