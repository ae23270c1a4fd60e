//! Uniform convergence of interpolators: the bound that holds on one side, and why none can on both.

mod claims;
mod figure;
mod points;
mod spiked;

use crate::error::Result;
use crate::experiment::{About, Context, Findings, Study};
use figure::figure;
use points::Point;
pub use points::UniformConvergence;

impl Study for UniformConvergence {
    const ABOUT: About = About {
        id: "uniform_convergence",
        title: "Uniform convergence of interpolators: one side holds, both sides cannot",
        what: "Interpolates noise by the solution of least norm and compares its test error with B² Tr(Σ)/n, which \
               bounds every interpolator in the ball of radius B. Then lets the training set grow: with one useful \
               coordinate among junk the one-sided bound stays tight while the two-sided one over the same ball grows; \
               with a few directions of large variance it is tight if they are split off; and a classifier that generalises is wrong on a training set as likely as its own.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Why uniform convergence fails in deep \
                learning?\", \"When does uniform convergence work?\"; after Koehler et al. 2021, arXiv:2106.09276, Zhou \
                et al. 2020, arXiv:2006.05942, and Nagarajan & Kolter 2019, arXiv:1902.04742",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let (dims, junk, flips) = self.sweeps(seed, &context.progress)?;
        let spiked = self.spiked(seed, context)?;
        let mut points = self.points(&dims, &junk, &flips);
        points.extend(self.spiked_points(&spiked));
        let found = Findings::of(&points);
        let found = claims::isotropic(found, self, &dims)?;
        let found = claims::junk(found, self, &junk)?;
        let found = claims::classifier(found, self, &flips)?;
        let found = spiked::claims(found, self, &spiked)?;
        Ok(found.figure(figure(self, &points)))
    }
}
