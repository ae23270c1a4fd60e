//! Rademacher complexity: exact means and bounds beside Monte Carlo, and what it looks like.

mod balls;
mod finite;
mod line;
mod noisy_labels;
mod settings;

use crate::error::Result;
use crate::experiment::{About, Context, Findings, Study};
use crate::plot::Figure;
use balls::{check_claims, curve_claims};
use settings::Class;
pub use settings::Rademacher;

impl Study for Rademacher {
    const ABOUT: About = About {
        id: "rademacher",
        title: "Rademacher complexity beside its exact values and bounds",
        what: "How well a class of functions follows random signs. For linear functions in an ℓ2 or ℓ1 ball the \
               supremum is exact for each sign pattern, and the mean over Gaussian inputs is known: it falls as \
               1/√n. Finite classes are enumerated beside Massart's bound. On a line, a rich class that \
               fits any signs stands beside a poor one, and beside what either makes of noisy labels.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Rademacher complexity\", \"Visualizing \
                Rademacher complexity\"; CMSC 828W \"DL Generalization\"; after Bartlett & Mendelson 2002, JMLR 3",
        columns: Class::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        context.progress.start(4, "parts");
        let done = || context.progress.step();
        let balls = self.balls(seed)?;
        done();
        let checks = self.checks(seed)?;
        done();
        let finite = self.finite(seed)?;
        done();
        let line = self.line(seed)?;
        done();
        let classes = balls.iter().flat_map(|curve| &curve.points).chain(&finite);
        let mut found = Findings::of(classes.chain([&line.poor, &line.rich]));
        for curve in &balls {
            found = curve_claims(found, self, curve)?;
        }
        for check in &checks {
            found = check_claims(found, self, check)?;
        }
        let found = finite::claims(found, &finite)?;
        let found = noisy_labels::claims(found, self, &line)?;
        let title =
            "Rademacher complexity: what fits random signs, and what it does with real labels";
        let figure = noisy_labels::panels(Figure::new(title), &line)
            .panel(balls::panel(&balls))
            .panel(finite::panel(&finite))
            .columns(2);
        Ok(found.figure(figure.caption(
            "(a)–(d): nearest neighbours (rich) and one threshold (poor) on a line; errors are \
             means over training sets. (e): dots are means over input sets, lines exact. (f): all \
             sign patterns tried.",
        )))
    }
}
