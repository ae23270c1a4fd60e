//! Where networks and kernels part: a target that depends on two of many coordinates.
//!
//! # Why no kernel can
//! The d(d − 1)/2 = N products x_i x_j are orthonormal functions of uniform signs x. A kernel machine is a combination of k(·, x_1), …,
//! k(·, x_n): it lies in a space of n dimensions or fewer, and such a space holds at most n of N orthonormal functions, summed over
//! squared projections. If no coordinate is special to the kernel, every product is held alike in the mean over the draw of the inputs, to a
//! share n/N at most. So the mean squared error for one product is 1 − n/N or more in the mean, whatever the penalty, even one chosen
//! in hindsight.

mod draw;
mod figure;
mod points;

use crate::error::{Error, Result};
use crate::experiment::{About, Claim, Context, Findings, Study};
use crate::stats::{Estimate, least};
pub use draw::SparseParity;
use draw::{KERNELS, OneDraw};
use figure::figure;
use points::Point;

/// The chance that one claim fails although theory is right.
const LEVEL: f64 = 1e-3;

impl Study for SparseParity {
    const ABOUT: About = About {
        id: "sparse_parity",
        title: "A target of two coordinates: networks learn it, kernels cannot yet",
        what: "Inputs are d random signs, and the target is the product of the first two. A kernel that knows no coordinate from \
               another needs about d²/2 examples: its mean squared error is 1 − n/N or more, N = d(d − 1)/2. Regression with three \
               kernels, their penalty chosen on new inputs, stays above that line; a network with one hidden layer, trained \
               on the same examples, falls below it, because its weights turn to the two coordinates.",
        slide: "CMSC 828W, \"Neural Tangent Kernels (NTKs)\": \"SOTA NNs often outperform kernel methods (even based on NTKs)\"; after \
                Wei, Lee, Liu & Ma 2019, Regularization matters, arXiv:1810.05369",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let products = self.products();
        let last = self.sizes[self.sizes.len() - 1];
        if last >= products {
            let expected = format!("below d(d − 1)/2 = {products}");
            return Err(Error::domain("the sizes", expected, last));
        }
        let draws = context.sweep("draws", &self.sizes, self.draws, seed, |&n, draw| {
            self.one_draw(n, draw)
        })?;
        self.findings(&draws)
    }
}

impl SparseParity {
    /// N.
    fn products(&self) -> usize {
        self.dim * (self.dim - 1) / 2
    }

    fn bound(&self, n: usize) -> f64 {
        1.0 - n as f64 / self.products() as f64
    }

    fn points(&self, draws: &[Vec<OneDraw>]) -> Result<Vec<Point>> {
        let mut points = Vec::new();
        let names = KERNELS.iter().map(|(name, _)| *name).chain(["network"]);
        for (at, method) in names.enumerate() {
            for (&n, draws) in self.sizes.iter().zip(draws) {
                points.push(Point {
                    method,
                    n,
                    mse: Estimate::of(draws, |d| d.scores[at].mse)?,
                    error: Estimate::of(draws, |d| d.scores[at].error)?,
                    bound: self.bound(n),
                });
            }
        }
        Ok(points)
    }

    fn findings(&self, draws: &[Vec<OneDraw>]) -> Result<Findings> {
        let points = self.points(draws)?;
        let (sizes, network) = (self.sizes.len(), KERNELS.len());
        let below = points[..network * sizes].iter();
        let below = below.map(|p| (p.bound - p.mse.mean) / p.mse.se);
        let last = &draws[sizes - 1];
        let at = |method: usize| &points[(method + 1) * sizes - 1];
        let (n, bound) = (at(0).n, at(0).bound);
        let over = |of: fn(&OneDraw) -> f64| Estimate::of(last, of);
        // The constant that (x·x')² has beside the N products: see `interpolant`.
        let slack = (1.0 + (self.dim as f64 / 2.0 - 1.0) / 4.0) / self.products() as f64;
        let best = least((0..network).map(|k| at(k).mse.mean));
        let net = at(network);
        Ok(Findings::of(points.iter())
            .claim(Claim::all_within(
                "the mean squared error of each of the three kernels is at least 1 − n/N at every n: how far below",
                below,
                LEVEL,
                Some(self.draws),
            )?)
            .claim(Claim::mean_equals(
                &format!(
                    "n = {n}: the interpolant of the kernel (x·x')², which has these N products and a constant, is at the bound"
                ),
                bound,
                over(|d| d.interpolant)?,
                slack,
                LEVEL,
            )?)
            .against(1.0, "nothing learnt")
            .claim(Claim::positive(
                &format!("n = {n}: the network is below 1 − n/N: this bound less its mean squared error"),
                Estimate {
                    mean: bound - net.mse.mean,
                    ..net.mse
                },
                LEVEL,
            )?)
            .headline()
            .claim(Claim::positive(
                &format!("n = {n}: the network takes fewer signs wrongly than the tangent kernel, draw by draw"),
                over(|d| d.scores[1].error - d.scores[3].error)?,
                LEVEL,
            )?)
            .headline()
            .claim(Claim::positive(
                "the network's weights turn: the share of the first layer's squared weights on the two coordinates, less 2/d, that at the start",
                {
                    let share = over(|d| d.turned)?;
                    Estimate {
                        mean: share.mean - 2.0 / self.dim as f64,
                        ..share
                    }
                },
                LEVEL,
            )?)
            .measure("products", self.products() as f64)
            .measure("bound", bound)
            .measure("best_kernel_mse", best)
            .measure("ntk_mse", at(1).mse.mean)
            .measure("network_mse", net.mse.mean)
            .measure("network_mses", points[network * sizes..].iter().map(|p| p.mse.mean).collect::<Vec<f64>>())
            .measure("ntk_error", at(1).error.mean)
            .measure("network_error", net.error.mean)
            .measure("turned_share", over(|d| d.turned)?.mean)
            .measure("start_share", 2.0 / self.dim as f64)
            .figure(figure(self, &points)))
    }
}
