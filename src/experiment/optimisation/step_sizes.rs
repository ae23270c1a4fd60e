//! What the steps of SGD decide: whether it converges, how fast, and when its mean helps.

mod cooling;
mod figure;
mod quadratic;
mod settings;
mod tails;
mod well;

use crate::data::Source;
use crate::error::Result;
use crate::experiment::sizes::{of_classes, share_out, usual_pair};
use crate::experiment::{About, Context, Findings, Study};
use settings::Point;
pub use settings::StepSizes;

impl Study for StepSizes {
    const ABOUT: About = About {
        id: "step_sizes",
        title: "What the steps of SGD decide",
        what: "SGD on a quadratic, whose second moment follows an exact recursion: constant steps hover, steps k^(−κ) vanish with it, \
               and γ/k attains 1/k only if 2γλ > 1. Under noise with heavy tails jumps beyond any limit never end for κ ≤ 1/a; the \
               theorem asks for more, κ > 2/(2 + a). On a double well the mean of the iterates goes to the top between the wells. A small \
               network on digits with a fifth of the labels flipped is cooled down from several cut-offs on.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Q1: Does SGD converge?\", \"Q3: How fast does SGD \
                converge to local minimizers?\", \"Using 1/k step-size decrease helps in practice\"; after Mertikopoulos, Hallak, Kavis & \
                Cevher 2020, arXiv:2006.11144",
        columns: Point::COLUMNS,
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        let images = data.load()?;
        let (negative, positive) = usual_pair(&images)?;
        let (all, words) = of_classes(&images, &[negative.into(), positive.into()])?;
        share_out(self, &[("digits", 1)], all, &words)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let moments = self.moments(seed, context)?;
        let tails = self.excursions(seed, context)?;
        let well = self.well(seed, context)?;
        let cooling = self.cooling(seed, context)?;
        let points = moments.iter().flat_map(|m| m.points());
        let points = points.chain(tails.iter().flat_map(|t| t.points()));
        let points = points
            .chain(well.points(self.well_steps))
            .chain(cooling.points());
        let found = self.quadratic_claims(Findings::of(points), &moments)?;
        let found = self.tail_claims(found, &tails)?;
        let found = Self::well_claims(found, &well)?;
        let found = Self::cooling_claims(found, &cooling)?;
        Ok(found.figure(figure::figure(&moments, &tails, &well, &cooling)))
    }
}
