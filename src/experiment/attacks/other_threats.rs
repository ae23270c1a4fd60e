//! What else may be done to an input, and to a training point: pictures shifted, turned, covered, carried away; poison.

mod cells;
mod figure;
mod findings;
mod poison;
mod settings;
mod shift;
mod threats;
mod victims;

use crate::data::Source;
use crate::error::{Error, Result};
use crate::experiment::sizes::{coarsened, of_classes, share_out, with_classes};
use crate::experiment::{About, Context, Findings, Study};
use cells::Point;
pub use settings::OtherThreats;
use victims::Victims;

impl Study for OtherThreats {
    const ABOUT: About = About {
        id: "other_threats",
        title: "Threats that no norm sees",
        what: "Attacks two classifiers of two classes, ridge regression and a small network, by what is no ball of a norm: pictures \
               shifted by a pixel, turned, with a patch, with k free pixels, with some of their grey carried to other pixels; \
               and the training of the first by one poisoned point. For the linear model the worst case is exact, and checked a second \
               way; for the network it is what a search finds. Colours are averaged to grey.",
        slide: "Foundations of deep learning (CMSC 828W): \"Non-Lp threat models\", \"Training-time (poison) attacks\"; Neural \
                networks: the good, the bad, the ugly (ICASSP 2023): \"Robustness issues in deep learning: Acceleration\", a patch; \
                after Wong, Schmidt & Kolter 2019, arXiv:1902.07906",
        columns: Point::COLUMNS,
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        let images = data.load()?;
        let mut chosen = with_classes(&coarsened(self, &images), &self.digits, &images);
        // Patches that do not fit give way, as long as they were not set.
        if chosen.sides == Self::default().sides {
            let most = images.shape.0.min(images.shape.1) / chosen.pool;
            chosen.sides.retain(|side| *side <= most.max(1));
        }
        let (available, words) = of_classes(&images, &chosen.digits)?;
        share_out(&chosen, &[("n", 1), ("test", 1)], available, &words)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let again = |(at, kind): (usize, &&str)| self.kind[..at].contains(kind);
        if self.kind.iter().enumerate().any(again) {
            return Err(Error::domain("kind", "each once", self.kind.join(",")));
        }
        let victims = Victims::new(self, seed, &context.data)?;
        let most = victims.shape.0.min(victims.shape.1);
        let largest = self.sides.iter().copied().max().unwrap_or(0);
        if self.kind.contains(&"patch") && largest > most {
            return Err(Error::domain(
                "sides",
                format!("at most {most}, the side of the pictures"),
                largest,
            ));
        }
        let shifts = match self.kind.contains(&"shift") {
            true => Some(shift::shifts(self, &victims, context)?),
            false => None,
        };
        let cells = threats::cells(self, &victims, seed, context)?;
        let poison = match self.kind.contains(&"poison") {
            true => Some(poison::poison(self, &victims, seed)?),
            false => None,
        };
        findings::findings(self, &victims, shifts, &cells, poison)
    }
}
