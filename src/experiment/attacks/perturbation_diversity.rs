//! Perturbations optimised from different starts are far apart, and about equally bad.

mod figure;
mod starts;

use crate::data::Source;
use crate::error::Result;
use crate::experiment::problems::noisy_digits::{Design, NoisyDigits, fitted};
use crate::experiment::{About, Claim, Context, Findings, Study};
use crate::stats::{Estimate, largest, least, mean};
pub use starts::PerturbationDiversity;
use starts::{Image, Point};

/// How often chance alone may break the claim about random starts.
const LEVEL: f64 = 1e-3;

impl Study for PerturbationDiversity {
    const ABOUT: About = About {
        id: "perturbation_diversity",
        title: "Optimised perturbations are not unique",
        what: "The same digit attacked from many random starts, with small steps, on a trained network. Most perturbations found are far apart (in a small ball some meet), and \
               their losses lie close together, far above the clean loss: the maximiser in Danskin's theorem is not unique, nearly. On a linear model \
               with one output, whose maximiser is unique, all starts end in the same point, to the last bit.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Optimized perturbations are typically not unique!\"; after Latorre, \
                Krawczuk, Dadi, Pethick & Cevher 2023, \"Finding actual descent directions for adversarial training\" (ICLR)",
        columns: Point::COLUMNS,
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        fitted(self, &[("n", 1), ("images", 1)], data)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let design = Design {
            n: self.n,
            test: self.images,
            label_noise: 0.0,
            pool: self.pool,
        };
        let digits = NoisyDigits::new(&context.data, design, seed)?;
        let images = context.data.load()?;
        let (height, width, channels) = images.shape;
        let side = (channels == 1).then_some((height / self.pool, width / self.pool));
        let found = self.found(&digits, seed)?;
        self.findings(&found, side, digits.mnist)
    }
}

impl PerturbationDiversity {
    fn findings(
        &self,
        images: &[Image],
        side: Option<(usize, usize)>,
        mnist: bool,
    ) -> Result<Findings> {
        let points = images.iter().enumerate().map(|(index, image)| Point {
            image: index,
            clean: image.clean,
            least_loss: least(&image.losses),
            mean_loss: mean(image.losses.iter().copied()),
            greatest_loss: largest(&image.losses),
            least_distance: least(&image.distances),
            mean_distance: mean(image.distances.iter().copied()),
        });
        let points: Vec<Point> = points.collect();
        let all = || images.iter().flat_map(|image| &image.distances);
        let mean_distance = mean(all().copied());
        // How far apart two ascents may stay that circle one point: a step to either side in each entry.
        let circling = 2.0 * self.step;
        let share = |of: &dyn Fn(f64) -> bool| mean(all().map(|far| f64::from(u8::from(of(*far)))));
        let spread = |image: &Image| largest(&image.losses) - least(&image.losses);
        let gain = |image: &Image| mean(image.losses.iter().copied()) - image.clean;
        let relative = mean(images.iter().map(spread)) / mean(images.iter().map(gain));
        let pairs: Vec<f64> = images
            .iter()
            .flat_map(|image| image.start_pairs.iter().copied())
            .collect();
        Ok(Findings::of(&points)
            .claim(Claim::mean_equals(
                "random starts, uniform on intervals of widths w_i, lie apart as they must: mean of ‖u − u'‖² over Σw_i²/6, independent pairs",
                1.0,
                Estimate::from_values(&pairs)?,
                0.0,
                LEVEL,
            )?.against(0.5, "as far apart as one of them is from the middle"))
            .measured_as("start_distance_ratio")
            .claim(Claim::equals(
                "a linear model of one output has one maximiser: largest distance of what the starts end in, over ε√d",
                0.0,
                largest(images.iter().map(|image| image.linear_distance)),
                0.0,
            ))
            .against(mean_distance, "as on the network")
            .identity()
            .measured_as("linear_distance")
            .not_measured_if(self.step * (self.steps as f64) < 2.1, "the steps do not reach across the whole ball: set steps or step larger")
            .claim(Claim::greater_than(
                "on the network most starts end in another place (trend): share of pairs farther apart in ℓ2 than two ascents around one point may stay, two \
                 steps in every entry",
                0.5,
                share(&|far| far > circling),
                0.0,
            ).against(0.0, "all starts end around one point").headline())
            .measured_as("share_apart")
            .not_measured_if(circling > 0.1, "two ascents around one point may stay far apart with so long a step: set step to 0.05 or less")
            .not_measured_if(self.epsilon < 0.1, "within so small a ball the network is nearly linear: set epsilon to 0.1 or more")
            .trend(mnist)
            .measure("share_in_one_point", share(&|far| far < 1e-9))
            .measure("least_distance", least(points.iter().map(|p| p.least_distance)))
            .measure("mean_distance", mean_distance)
            .claim(Claim::less_than(
                "losses of one digit from different starts lie close together (trend): largest less least, over their mean rise above the clean loss",
                0.5,
                relative,
                0.0,
            ).against(1.0, "as far from each other as from the clean loss").headline())
            .measured_as("relative_spread")
            .trend(mnist)
            .claim(Claim::greater_than(
                "from every start the loss ends above the clean one (trend): least difference over starts and digits",
                0.0,
                least(points.iter().map(|p| p.least_loss - p.clean)),
                0.0,
            ))
            .measured_as("least_rise")
            .trend(mnist)
            .figure(self.figure(Self::ABOUT.title, images, &points, side)))
    }
}
