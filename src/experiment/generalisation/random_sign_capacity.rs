//! Which random labellings a class can fit: hyperplanes by Cover's count, networks by training.

mod digits;
mod hyperplanes;
mod networks;
mod settings;

use crate::data::Source;
use crate::engine;
use crate::error::Result;
use crate::experiment::sizes::{of_classes, share_out, usual_pair};
use crate::experiment::{About, Context, Findings, Study};
use crate::plot::Figure;
use hyperplanes::Hyperplane;
use networks::Network;
use settings::Point;
pub use settings::RandomSignCapacity;

impl Study for RandomSignCapacity {
    const ABOUT: About = About {
        id: "random_sign_capacity",
        title: "Which random labellings hyperplanes and networks can fit",
        what: "Draws random signs for Gaussian points and asks whether a hyperplane separates them: the share is \
               Cover's, one half at n = 2d. Trains networks of several widths on random signs and measures how \
               many they follow; a wide one follows all, so its Rademacher complexity is 1. Trains one on digits with \
               true and with random labels.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"The mystery in deep learning\", \"Q4: \
                Can SGD converge to global minimizers?\"; CMSC 828W \"DL Generalization\"; after Cover 1965 and \
                Zhang et al. 2017, arXiv:1611.03530",
        columns: Point::COLUMNS,
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        let images = data.load()?;
        let (negative, positive) = usual_pair(&images)?;
        let (all, words) = of_classes(&images, &[negative.into(), positive.into()])?;
        let words = format!("{words}, without {} for testing", digits::held_out(all));
        share_out(self, &[("digits", 1)], all - digits::held_out(all), &words)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let sizes = self.sizes();
        let steps = sizes.len() + self.widths.len() * self.net_n.len();
        context.progress.start(steps, "steps");
        let _single = engine::single_thread();
        let hyperplanes = sizes.iter().map(|&n| {
            let point = self.hyperplane(n, seed);
            context.progress.step();
            point
        });
        let hyperplanes = hyperplanes.collect::<Result<Vec<Hyperplane>>>()?;
        let networks = self.networks(seed, &context.progress)?;
        let digits = self.on_digits(seed, context)?;
        let mut points: Vec<Point> = hyperplanes.iter().flat_map(Hyperplane::points).collect();
        points.extend(networks.iter().map(Network::point));
        points.extend(digits.points(self));
        let found = hyperplanes::claims(Findings::of(&points), self, &hyperplanes)?;
        let found = networks::claims(found, self, &networks, self.memorised(seed)?)?;
        let figure = Figure::new("Which random labels can be fitted?");
        let figure = hyperplanes::panels(figure, self.dim, &hyperplanes)?
            .panel(networks::panel(self, &networks))
            .panel(digits.panel())
            .columns(2);
        Ok(digits.claims(found)?.figure(figure.caption(
            "Dots with bars: means over draws ± 2 standard errors. The complexity R is the mean of \
             σ·h(x); 1 means that all signs are followed.",
        )))
    }
}
