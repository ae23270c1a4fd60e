//! Batch normalisation: its two modes, its running averages, and what it does for depth.

mod depth;
mod modes;
mod moments;
mod settings;

use crate::data::Source;
use crate::engine;
use crate::error::Result;
use crate::experiment::problems::noisy_digits::fitted;
use crate::experiment::{About, Context, Findings, Study};
use crate::plot::Figure;
use modes::Mode;
pub use settings::BatchNormalisation;
use settings::Point;

impl Study for BatchNormalisation {
    const ABOUT: About = About {
        id: "batch_norm",
        title: "Batch normalisation: two modes, running averages, depth",
        what: "Checks the moments of normalised outputs, the weights of the running averages and the distance between \
               training and evaluation by batch size against their formulas. Then trains deep ReLU networks on digits \
               from weights too small for their depth, with and without normalisation, and follows their gradients \
               by layer.",
        slide: "Stability and robustness (Scaman): \"Batch normalization\", \"Train and eval\"; after Ioffe & Szegedy \
                2015, arXiv:1502.03167, and Yang, Pennington, Rao, Sohl-Dickstein & Schoenholz 2019, \
                arXiv:1902.08129",
        columns: Point::COLUMNS,
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        fitted(self, &[("n", 1), ("test", 1)], data)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let _single = engine::single_thread();
        let digits = self.digits(seed, context)?;
        let (moments, weights) = (self.moments(seed)?, self.weights()?);
        let (modes, alone) = (self.modes(seed, context)?, self.alone(seed)?);
        let layers = self.layers(&digits, seed, context)?;
        let pairs = self.train_pairs(&digits, seed, context)?;
        let mut points = moments::points(&moments, &weights);
        points.extend(modes.iter().flat_map(Mode::points));
        // One network is shown, all are measured.
        points.extend(depth::points(&layers[0], &pairs));
        let found = moments::claims(Findings::of(&points), &moments, &weights);
        let found = modes::claims(found, &modes, &alone)?;
        let found = depth::claims(found, (&layers, self.probe_width), &pairs, digits.mnist)?;
        let figure = moments::panels(Figure::new("Batch normalisation"), &moments, &weights);
        let figure = depth::panels(figure.panel(modes::panel(&modes)), &layers[0], &pairs);
        Ok(found.figure(figure.columns(3).caption(
            "Dots measured, lines predicted. Below, networks of the same depth on the same digits, \
             with the same learning rate and steps.",
        )))
    }
}
