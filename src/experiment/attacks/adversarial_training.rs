//! Training against attacks: what it costs, what it gains, and the linear case, where its minimum is known.

mod digits;
mod figure;
mod findings;
mod linear;
mod settings;

use crate::data::Source;
use crate::error::Result;
use crate::experiment::{About, Context, Findings, Study};
use findings::Point;
use linear::Linear;
pub use settings::AdversarialTraining;

impl Study for AdversarialTraining {
    const ABOUT: About = About {
        id: "adversarial_training",
        title: "Training against attacks",
        what: "Trains networks on digits: as usual; at one step of size ε; at several steps; along the shortest vector of several such gradients \
               (DDi); and with capped spectral norms. Then attacks them, and proves what a Lipschitz constant can prove. For a linear model the \
               worst attack is known: training against it comes to the minimum of a convex loss, which another solver finds too. Last the width, \
               also of random features, whose last layer alone is trained.",
        slide: "Mathematics of Data (EE-556), lecture 10: \"A practical implementation of adversarial training\"; after Madry, Makelov, Schmidt, Tsipras & \
                Vladu 2018, arXiv:1706.06083. Robustness in deep learning: \"Over-parameterization helps or hurts robustness?\"",
        columns: Point::COLUMNS,
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        self.fit_to(data)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let linear = Linear::new(seed)?;
        let (cells, mnist) = self.cells(seed, context)?;
        let found = self.findings(&linear, &cells, mnist)?;
        Ok(found.figure(self.figure(Self::ABOUT.title, &cells)?))
    }
}
