//! A power law through small sizes that predicts a large one, and where its exponent comes from.

mod law;
mod settings;

use crate::error::{Error, Result};
use crate::experiment::{About, Claim, Context, Findings, Study, once_in};
use crate::plot::{Figure, LegendPosition, Panel};
use crate::stats::{Estimate, largest_distance};
use law::{Grows, Law, Problem};
use settings::Point;
pub use settings::ScalingLaw;

/// The chance that one claim fails although theory is right.
const LEVEL: f64 = 1e-3;

/// Why a law is not fitted to some sizes.
const NEAR: &str = "sizes below 8, a fit over less than a factor of 4, or more than a quarter of p";

impl Study for ScalingLaw {
    const ABOUT: About = About {
        id: "scaling_law",
        title: "A scaling law, fitted to small models and tried on a large one",
        what: "Fits a power law to the test error of small models and predicts a larger one, with the error of the prediction. For \
               features whose eigenvalues fall like i^−α and a target whose parts fall like i^−(1+s) the exponent is known: \
               min(s, 2α) in the number of examples, min(s, α) in the number of random features.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Figure 1. Performance of GPT-4 and smaller models\"; \
                theory after Simon, Dickens, Karkada & DeWeese 2023, arXiv:2110.03922, and Maloney, Roberts & Sully 2022, \
                arXiv:2210.16859",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let mut sizes = self.sizes.clone();
        sizes.sort_unstable();
        sizes.dedup();
        if sizes.len() < 3 {
            return Err(Error::domain(
                "sizes",
                "three different ones at least",
                sizes.len(),
            ));
        }
        if sizes.iter().any(|size| *size >= self.modes) {
            return Err(Error::domain(
                "modes",
                "more than the largest size",
                self.modes,
            ));
        }
        let problem = Problem::new(self)?;
        let runs = context.sweep("fits", &sizes, self.draws, seed, |&size, draw| {
            problem.errors(size, draw)
        })?;
        let laws = [(Grows::Examples, 0), (Grows::Width, 1)].map(|(grows, place)| {
            let errors = runs.iter().map(|runs| Estimate::of(runs, |run| run[place]));
            Law::new(
                &problem,
                grows,
                &sizes,
                &errors.collect::<Result<Vec<Estimate>>>()?,
            )
        });
        let [examples, width] = laws;
        self.findings(&[examples?, width?])
    }
}

impl ScalingLaw {
    fn findings(&self, laws: &[Law; 2]) -> Result<Findings> {
        let mut found = Findings::of(laws.iter().flat_map(|law| &law.points));
        for law in laws {
            let reach = |place: usize| law.points[place].size;
            let (first, fitted, all) = (
                reach(0),
                reach(law.points.len() - 2),
                reach(law.points.len() - 1),
            );
            let near = first < 8 || fitted < 4 * first || self.modes < 4 * all;
            let last = law.points.last().expect("three sizes or more");
            let before = &law.points[law.points.len() - 2];
            let grows = law.grows.name();
            let error = last.error.se / last.error.mean;
            let z = largest_distance(1, LEVEL, Some(law.predicted.draws.min(last.error.draws)))?;
            found = found.claim(Claim::equals(
                &format!(
                    "{grows}: ln of the error at {} = {}, by the power law through the smaller sizes; {z:.1} standard errors of prediction and \
                     measurement ({}), and what the same fit through theory's numbers misses, {:.3}",
                    law.grows.symbol(),
                    last.size,
                    once_in(LEVEL),
                    law.bend
                ),
                law.predicted.mean,
                last.error.mean.ln(),
                z * law.predicted.se.hypot(error) + law.bend,
            ));
            found = found
                .against(
                    before.error.mean.ln(),
                    "no fall after the largest size of the fit",
                )
                .not_measured_if(near, NEAR)
                .headline();
            let (floor, source) = (law.grows.floor(self.exponent), -self.source);
            let (expected, rival) = match source > floor {
                true => (source, floor),
                false => (floor, source),
            };
            let meaning = match source > floor {
                true => "what the features' eigenvalues alone would give",
                false => "what the target's parts alone would give",
            };
            let name = match law.grows {
                Grows::Examples => "exponent_examples",
                Grows::Width => "exponent_width",
            };
            // A quarter of what lies between the two is half of what the claim allows.
            let bent = (law.smooth - expected).abs() > 0.25 * (expected - rival).abs();
            found = found
                .claim(Claim::equals(
                    &format!(
                        "{grows}: fitted exponent, −min(s, {}α) by theory (nearer than to the other of the two)",
                        if law.grows == Grows::Examples { "2" } else { "" }
                    ),
                    expected,
                    law.fit.exponent,
                    0.5 * (expected - rival).abs(),
                ))
                .against(rival, meaning)
                .not_measured_if(
                    near || bent,
                    "sizes at which theory's own errors have another exponent yet: too small, too near each other or too near p, or two exponents \
                     too near each other",
                )
                .measured_as(name);
        }
        Ok(found.figure(figure(laws)))
    }
}

fn figure(laws: &[Law; 2]) -> Figure {
    let size = |point: &Point| point.size as f64;
    let panel = |law: &Law| {
        let small = law.points.len() - 1;
        Panel::new(
            &format!("{} {}", law.grows.name(), law.grows.symbol()),
            "mean squared error on fresh examples",
        )
        .title(&format!(
            "error ∝ {}^−{:.2}, fitted to the circles",
            law.grows.symbol(),
            -law.fit.exponent
        ))
        .log_x()
        .log_y()
        .legend(LegendPosition::Below)
        .points_of("fitted to", &law.points[..small], size, |p| p.error.mean)
        .error_bars_of(&law.points[..small], |p| p.error.bar(2.0))
        .points_of("predicted", &law.points[small..], size, |p| p.error.mean)
        .error_bars_of(&law.points[small..], |p| p.error.bar(2.0))
        .line_of("power law", &law.points, size, |p| p.fitted)
        .color(0)
        .dotted()
        .line_of("theory", &law.points, size, |p| p.theory)
        .color(2)
        .solid()
    };
    Figure::new(ScalingLaw::ABOUT.title)
        .panel(panel(&laws[0]))
        .panel(panel(&laws[1]))
        .caption("Means over draws with 2 standard errors.")
}
