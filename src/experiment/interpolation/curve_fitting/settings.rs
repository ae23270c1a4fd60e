//! What can be set.

use crate::experiment::settings;

settings! {
    /// Settings of `curve_fitting`.
    pub struct CurveFitting {
        /// Training points a repeat. With more than 15 random points 64-bit numbers may lose the
        /// polynomial through all of them.
        n: usize = 15, in 4..=15;
        /// Degrees of the four fits shown; degree P − 1 has P parameters.
        degrees: Vec<usize> = vec![0, 1, 14, 199], in 0..=999, len 4;
        /// Standard deviation σ of the noise in the training labels.
        noise: f64 = 0.0, in 0.0..=10.0;
        /// Frequency ω of the target 2x + cos ωx.
        frequency: f64 = 25.0, in 0.0..=100.0;
        /// The largest number of parameters P of the curves.
        max_parameters: usize = 200, in 50..=1000;
        /// Draws of the training points.
        repeats: usize = 30, in 5..=1000;
    }
}
