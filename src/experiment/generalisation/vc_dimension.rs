//! Which points can be labelled in every way, how many examples are then enough, and what that says of networks.

mod bounds;
mod learned;
mod settings;
mod shattered;

use crate::error::Result;
use crate::experiment::{About, Context, Findings, Study};
use crate::plot::Figure;
use settings::Point;
pub use settings::VcDimension;

impl Study for VcDimension {
    const ABOUT: About = About {
        id: "vc_dimension",
        title: "VC dimension, and how many examples are enough",
        what: "Tries all labellings of points and counts those that hyperplanes separate: all of d points, or d + 1 with an \
               offset, and of no more. Learns from finite classes, and measures how often the hypothesis of least training \
               error is ε worse than the best: one slightly better among coins needs a third of the examples that the theorem \
               asks for, thresholds on a line far fewer. Bounds the test error of hyperplanes and of networks on digits by \
               the number of their labellings.",
        slide: "Foundations of deep learning (CMSC 828W): \"DL Generalization\", \"Classical Learning Theory\"; after Cover \
                1965, Vapnik & Chervonenkis 1971, doi:10.1137/1116025",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let shattered = self.shattered(seed, context)?;
        let learning = self.learning(seed, context)?;
        let bounds = self.bounds()?;
        let points = shattered
            .points()
            .chain(learning.points())
            .chain(bounds.points());
        let found = shattered.claims(Findings::of(points.collect::<Vec<Point>>()))?;
        let found = bounds.claims(learning.claims(found)?);
        let figure = Figure::new(Self::ABOUT.title)
            .panel(shattered.panel())
            .panel(learning.panel())
            .panel(bounds.panel())
            .columns(2);
        Ok(found.figure(figure.caption(&format!(
            "(a): dots count separated labellings, lines are Cover's count. (b): shares of training sets ± 2 standard errors. \
             (c): for all functions of the class, with probability at least {}.",
            1.0 - self.delta
        ))))
    }
}
