//! Settings, the rows of the table, and the two samples.

use ndarray::Array2;

use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::experiment::{row, settings};
use crate::rng::Rng;

settings! {
    /// Settings of `wasserstein_duality`.
    pub struct WassersteinDuality {
        /// Points n in each of the two samples.
        n: usize = 64, quick 32, in 4..=512;
        /// Random 1-Lipschitz critics of each kind.
        critics: usize = 200, quick 100, in 1..=10_000;
        /// Steps of subgradient ascent on the prices of cones.
        cone_steps: usize = 2_000, quick 500, in 10..=100_000;
        /// Hidden units in each of two layers of the critic network.
        width: usize = 32, in 4..=256;
        /// Steps in which it learns.
        steps: usize = 1_500, quick 400, in 50..=100_000;
        /// Its learning rate, by Adam.
        rate: f64 = 0.01, in 1e-5..=1.0;
        /// Weights ε of the entropy in Sinkhorn's iteration.
        epsilons: Vec<f64> = vec![0.03, 0.1, 0.3, 1.0], in 0.003..=100.0, len 1..=20, increasing;
    }
}

row! {
    /// A number that is compared with W₁.
    pub(super) struct Point {
        /// assignment: the least cost; prices: the dual at its prices; cones, distances, planes, networks: the best of random 1-Lipschitz critics; mean: the best plane; learned_cones, learned_network: after so many steps; sinkhorn: ⟨π, c⟩
        what: &'static str;
        /// steps of learning
        steps: usize;
        /// ε of Sinkhorn's iteration
        epsilon: Option<f64>;
        /// the value
        value: f64;
        /// the value in parts of W₁
        share: f64;
    }
}

/// The samples x, on a ring of eight Gaussians of radius 2, and y, in a Gaussian in its middle; each `(n, 2)`.
pub(super) fn samples(n: usize, rng: &mut Rng) -> Result<[Array2<f64>; 2]> {
    let mut x = gaussian(n, 2, rng)? * 0.1;
    for (i, mut row) in x.rows_mut().into_iter().enumerate() {
        let angle = std::f64::consts::TAU * (i % 8) as f64 / 8.0;
        row[0] += 2.0 * angle.cos();
        row[1] += 2.0 * angle.sin();
    }
    Ok([x, gaussian(n, 2, rng)? * 0.5])
}

/// E d(x) − E d(y) from the values of a critic.
pub(super) fn advantage<'a>(
    of_x: impl ExactSizeIterator<Item = &'a f64>,
    of_y: impl ExactSizeIterator<Item = &'a f64>,
) -> f64 {
    let (n, m) = (of_x.len() as f64, of_y.len() as f64);
    of_x.sum::<f64>() / n - of_y.sum::<f64>() / m
}
