//! How fast a sample approaches its law: W₁ by the number of points and by the dimension.

mod clouds;
mod figure;
mod findings;
mod gaussians;
mod rates;
mod settings;

use findings::{about_space, about_the_line, about_the_plane};
use settings::Point;
pub use settings::WassersteinRate;

use crate::error::Result;
use crate::experiment::{About, Context, Findings, Study};

impl Study for WassersteinRate {
    const ABOUT: About = About {
        id: "wasserstein_rate",
        title: "How slowly a sample approaches its law, in more and more dimensions",
        what: "Draws pairs of samples of the uniform law and computes how far apart they are: W₁ and W₂, by sorting on the interval and \
               by the best assignment on the torus. In one dimension all is exact, W₁ falls like n^(−1/2); in two a logarithm comes in; from three \
               on it is n^(−1/p), and what finite n adds is known. Beside it: W₁ ≤ W₂, the plug-in bound, W₂ of Gaussians in closed \
               form by Monge's map, and how little data tell of a generator's error in many dimensions.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023), \"Learning without concentration\", \"A plug-in empirical \
                estimator\", \"Slow convergence of empirical measures in 1-Wasserstein\"; after Fournier & Guillin 2015, arXiv:1312.2128, Weed & \
                Bach 2019, arXiv:1707.00087, and Caracciolo et al. 2014, arXiv:1402.6993",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let points = clouds::points(self, seed, context)?;
        let bures = gaussians::bures(self, seed, context)?;
        let shifted = gaussians::shifted(self, seed, context)?;
        let figure = self.figure(Self::ABOUT.title, &points, &shifted);
        let of = |d: usize| -> Vec<&Point> { points.iter().filter(|p| p.dimension == d).collect() };
        let found = Findings::of(&points);
        let found = about_the_line(found, &of(1))?;
        let mut found = about_the_plane(found, &of(2))?;
        for &d in self.dims.iter().filter(|d| **d >= 3) {
            found = about_space(found, &of(d))?;
        }
        let found = self.about_all(found, &points, &bures, &shifted)?;
        Ok(found.figure(figure))
    }
}
