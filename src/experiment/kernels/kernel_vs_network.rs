//! Kernels of infinite width against the finite networks they describe, on the same digits.

mod draw;

use super::wide_network::guide;
use crate::data::Source;
use crate::error::Result;
use crate::experiment::problems::noisy_digits::{Design, NoisyDigits, fitted};
use crate::experiment::{About, Claim, Context, Draft, Findings, Study, row};
use crate::plot::{Figure, Panel};
use crate::stats::{Estimate, PowerLaw};
pub use draw::KernelVsNetwork;
use draw::{Fit, OneDraw, prepare};

/// The chance that one claim about a mean over draws fails although theory is right.
const LEVEL: f64 = 0.001;

/// How far an exponent may be from its limit beside chance: nearer to it than to any other multiple of ¼.
const NEARER: f64 = 0.125;

/// The limits: name in the table, words, name of their test error.
const LIMITS: [(&str, &str, &str); 3] = [
    ("ntk_regression", "NTK regression", "ntk_regression_error"),
    (
        "nngp_regression",
        "NNGP regression",
        "nngp_regression_error",
    ),
    (
        "infinite_network",
        "infinite network",
        "infinite_network_error",
    ),
];

/// Why there is no slope.
const ONE_WIDTH: &str = "one width has no slope: set two or more";

row! {
    /// One method at one width.
    struct Point {
        /// ntk_regression, nngp_regression, infinite_network (the limit of network after the same steps), network or
        /// random_features
        method: &'static str;
        /// hidden units or columns m; empty for the limits
        width: Option<usize>;
        /// share of test digits read wrongly, mean over draws
        test_error: Estimate, and test_error_se "standard error of test_error";
        /// ‖f − f_∞‖/‖f_∞‖ over test outputs, from its limit; mean over draws; empty for the limits
        distance: Option<Estimate>, and distance_se "standard error of distance";
    }
}

/// A finite model, over draws.
struct Model {
    name: &'static str,
    /// The test error of its limit.
    limit: Estimate,
    widths: Vec<Width>,
    /// Of the distances by width; none for one width.
    law: Option<PowerLaw>,
}

struct Width {
    m: usize,
    error: Estimate,
    distance: Estimate,
    /// Its test error minus that of its limit, draw by draw.
    excess: Estimate,
}

impl Study for KernelVsNetwork {
    const ABOUT: About = About {
        id: "kernel_vs_network",
        title: "Kernels of infinite width against finite networks, on the same digits",
        what: "Tells MNIST digits 0 to 4 from 5 to 9 by regression with the tangent kernel and with the NNGP kernel, by random ReLU features, and \
               by networks trained in the tangent-kernel scaling. Measures how fast the finite models approach their \
               limits, output by output, and compares the test errors. The first outputs f_0 of a network are taken \
               out: it is trained on s y + f_0, and (f − f_0)/s is its prediction.",
        slide: "CMSC 828W: \"Neural Tangent Kernels (NTKs)\", from \"Lazy training\" on; Neural networks: the good, the bad, \
                the ugly (ICASSP 2023): \"Function space: from kernel methods to neural networks\"; after Lee et al. 2019, \
                arXiv:1902.06720",
        columns: Point::COLUMNS,
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        fitted(self, &[("n", 1), ("test", 1)], data)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let design = Design {
            n: self.n,
            test: self.test,
            label_noise: 0.0,
            pool: self.pool,
        };
        let digits = NoisyDigits::new(&context.data, design, seed)?;
        let test = prepare(&digits.test)?;
        let draws = context.draws("draws", self.draws, seed, |draw| {
            let train = prepare(&digits.draw(draw.index)?.train)?;
            self.one_draw(&train, &test, (seed, draw.index))
        })?;
        let limit = |of: usize| over(&draws, |draw| draw.limits[of]);
        let limits = [limit(0)?, limit(1)?, limit(2)?];
        let model = |name, of: fn(&OneDraw) -> &Vec<Fit>, limit: usize| {
            let width = |(at, &m): (usize, &usize)| {
                Ok(Width {
                    m,
                    error: over(&draws, |draw| of(draw)[at].error)?,
                    distance: over(&draws, |draw| of(draw)[at].distance)?,
                    excess: over(&draws, |draw| of(draw)[at].error - draw.limits[limit])?,
                })
            };
            let widths = self.widths.iter().enumerate().map(width);
            Model::new(name, limits[limit], widths.collect::<Result<_>>()?)
        };
        let networks = model("network", |draw| &draw.networks, 2)?;
        let features = model("random_features", |draw| &draw.features, 1)?;
        self.findings(limits, [&networks, &features], test.len())
    }
}

fn over(draws: &[OneDraw], of: impl Fn(&OneDraw) -> f64) -> Result<Estimate> {
    Estimate::of(draws, of)
}

impl Model {
    fn new(name: &'static str, limit: Estimate, widths: Vec<Width>) -> Result<Self> {
        let law = || PowerLaw::of(&widths, |w| w.m as f64, |w| w.distance);
        Ok(Self {
            name,
            limit,
            law: (widths.len() > 1).then(law).transpose()?,
            widths,
        })
    }

    fn points(&self) -> impl Iterator<Item = Point> {
        self.widths.iter().map(|width| Point {
            method: self.name,
            width: Some(width.m),
            test_error: width.error,
            distance: Some(width.distance),
        })
    }

    fn widest(&self) -> &Width {
        &self.widths[self.widths.len() - 1]
    }

    fn slope(&self) -> Option<f64> {
        self.law.map(|law| law.exponent)
    }
}

impl KernelVsNetwork {
    fn findings(
        &self,
        limits: [Estimate; 3],
        models: [&Model; 2],
        test: usize,
    ) -> Result<Findings> {
        let [networks, features] = models;
        let limit = |((method, ..), test_error): ((&'static str, &str, &str), &Estimate)| Point {
            method,
            width: None,
            test_error: *test_error,
            distance: None,
        };
        let rows = LIMITS.into_iter().zip(&limits).map(limit);
        let rows = rows.chain(networks.points()).chain(features.points());
        let mut found = Findings::of(rows);
        for ((.., name), error) in LIMITS.into_iter().zip(limits) {
            found = found.measure(name, error.mean);
        }
        found = found
            .measure("widest_network_error", networks.widest().error.mean)
            .measure("widest_features_error", features.widest().error.mean)
            .measure_or("network_slope", networks.slope(), ONE_WIDTH)
            .measure_or("features_slope", features.slope(), ONE_WIDTH);
        found = self.approaches(
            found,
            networks,
            "trained networks approach the infinite one, output by output, as their kernel does: \
             slope of ln ‖f − f_∞‖ by ln m, nearer to −1/2 than to −1/4 or −3/4",
            "the widest network reads as many digits wrongly as the infinite one: difference of \
             test errors over draws",
            test,
        )?;
        found = self.approaches(
            found,
            features,
            "ridge regression on random ReLU features approaches NNGP regression: slope, nearer to \
             −1/2 than to −1/4 or −3/4",
            "the widest random features read as many digits wrongly as NNGP regression",
            test,
        )?;
        Ok(found.figure(self.figure(limits, models)))
    }

    fn approaches(
        &self,
        found: Draft,
        model: &Model,
        slope_text: &str,
        error_text: &str,
        test: usize,
    ) -> Result<Draft> {
        let slope = match model.law {
            Some(law) => Claim::mean_equals(slope_text, -0.5, law.slope(), NEARER, LEVEL)?
                .against(0.0, "no approach"),
            None => {
                Claim::equals(slope_text, -0.5, f64::NAN, NEARER).not_measured_if(true, ONE_WIDTH)
            }
        };
        let excess = model.widest().excess;
        Ok(found
            .claim(slope)
            .claim(Claim::mean_equals(
                &format!("{error_text}, but for one test digit"),
                0.0,
                excess,
                // Errors come in steps: draws may agree closer than their number of digits can tell.
                1.0 / test as f64,
                LEVEL,
            )?)
            .against(0.5 - model.limit.mean, "a network that only guesses"))
    }

    fn figure(&self, limits: [Estimate; 3], models: [&Model; 2]) -> Figure {
        let label = "hidden units or columns m";
        let mut distance = Panel::new(label, "‖f − f_∞‖ / ‖f_∞‖, test outputs")
            .title("distance from the limit")
            .log_x()
            .log_y();
        let mut error = Panel::new(label, "test error")
            .title("digits read wrongly")
            .log_x();
        let names = ["trained network", "random ReLU features"];
        for (color, (name, model)) in names.into_iter().zip(models).enumerate() {
            let bars = |panel: Panel, of: fn(&Width) -> Estimate| {
                panel
                    .points_of(name, &model.widths, |w| w.m as f64, |w| of(w).mean)
                    .color(color)
                    .error_bars_of(&model.widths, |w| of(w).bar(2.0))
            };
            distance = bars(distance, |w| w.distance);
            error = bars(error, |w| w.error);
            let first = model.widths[0].distance.mean;
            distance = guide(distance, "", &self.widths, -0.5, first)
                .color(color)
                .dashed()
                .width(1.0);
        }
        for ((_, words, _), limit) in LIMITS.into_iter().zip(limits) {
            error = error.horizontal(limit.mean, words);
        }
        Figure::new("Kernels of infinite width and finite networks on the same digits")
            .panel(distance)
            .panel(error)
            .caption("Means over draws, ± 2 s.e. Dashed in (a): slope −1/2 from the first point.")
    }
}
