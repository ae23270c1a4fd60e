//! Most of a sphere is near any half of it; of a cube too, if distances are as long as its width.

mod findings;

use crate::error::Result;
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use crate::measure::isoperimetry::{
    cube_expansion_bound, half_cube_expansion, half_cube_expansion_monte_carlo,
    half_sphere_expansion, half_sphere_expansion_monte_carlo, sphere_expansion_bound,
};
use crate::stats::Estimate;
use findings::{Results, findings};

settings! {
    /// Settings of `isoperimetry`.
    pub struct Isoperimetry {
        /// The dimensions d: of the sphere S^(d−1) and of the cube [0, 1]^d.
        dims: Vec<usize> = vec![2, 10, 50, 200, 784], in 2..=5000;
        /// The distance ε on the sphere, an angle.
        epsilon: f64 = 0.5, in 0.0..=2.0;
        /// The distance ε in the cube, a Euclidean length: from 0.5 on, all of the cube is that near to its half.
        cube_epsilon: f64 = 0.25, in 0.0..=2.0;
        /// Random points a share is estimated from.
        draws: usize = 40_000, quick 10_000, in 100..=10_000_000;
    }
}

/// One body in one dimension.
struct Body {
    /// "sphere" or "cube".
    name: &'static str,
    dimension: usize,
    epsilon: f64,
    exact: f64,
    sampled: Estimate,
    bound: f64,
}

impl Study for Isoperimetry {
    const ABOUT: About = About {
        id: "isoperimetry",
        title: "What lies near half of a sphere or of a cube",
        what: "Measures how much of a sphere lies within an angle ε of a half sphere: exactly, by random points, and by the \
               lower bound that holds for every half. The same for the cube, where the bound is derived anew: \
               the exponent printed in its source is twice too large. Where one class takes half of a sphere, almost all of \
               the other class is then within ε of it: adversarial examples exist.",
        slide: "Foundations of deep learning (CMSC 828W): \"Are adversarial examples inevitable?\"; after Shafahi, Huang, \
                Studer, Feizi & Goldstein 2019, arXiv:1809.02104",
        columns: &[
            Column::new("body", "", "sphere or cube"),
            Column::new("dimension", "", "d"),
            Column::new(
                "epsilon",
                "",
                "distance: an angle on the sphere, Euclidean in the cube",
            ),
            Column::new(
                "exact",
                "",
                "share within that distance of a half (x1 at most its middle)",
            ),
            Column::new("measured", "", "the same by random points"),
            Column::new("se", "", "its standard error"),
            Column::new("bound", "", "lower bound for every half"),
        ],
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        context.progress.start(self.dims.len(), "dimensions");
        let mut bodies = Vec::new();
        for &d in &self.dims {
            bodies.push(Body {
                name: "sphere",
                dimension: d,
                epsilon: self.epsilon,
                exact: half_sphere_expansion(d, self.epsilon)?,
                sampled: half_sphere_expansion_monte_carlo(d, self.epsilon, self.draws, seed)?,
                bound: sphere_expansion_bound(d, self.epsilon)?,
            });
            bodies.push(Body {
                name: "cube",
                dimension: d,
                epsilon: self.cube_epsilon,
                exact: half_cube_expansion(self.cube_epsilon)?,
                sampled: half_cube_expansion_monte_carlo(d, self.cube_epsilon, self.draws, seed)?,
                bound: cube_expansion_bound(d, self.cube_epsilon, 2.0)?.gaussian,
            });
            context.progress.step();
        }
        findings(&Results {
            reference: half_sphere_expansion_monte_carlo(10, 0.5, self.draws, seed)?,
            bodies,
        })
    }
}
