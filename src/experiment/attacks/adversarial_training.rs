//! Training against attacks: what it costs, what it gains, and the linear case, where its minimum is known.

mod digits;
mod figure;
mod linear;
mod settings;

use crate::data::Source;
use crate::error::Result;
use crate::experiment::{About, Claim, Context, Findings, Study, row};
use crate::stats::{Estimate, largest, least, mean};
use digits::{Cell, Run};
use linear::Linear;
pub use settings::AdversarialTraining;

/// How often chance alone may make a trend where there is none. Six networks and a level of 1 in 1,000 would ask for 5.9 standard errors,
/// which these differences, of networks that differ much among themselves, do not always have.
const LEVEL: f64 = 0.01;

/// Digits shown in all from which on trends are claimed.
const RESOLVED: usize = 4000;

/// The same for what small runs do not resolve.
const WHOLE: usize = 20_000;

row! {
    /// One way of training at one width, over draws.
    struct Point {
        /// how it was trained
        training: &'static str;
        /// hidden units
        width: usize;
        /// test error without attack, mean over draws
        clean_error: Estimate, and clean_se "its standard error";
        /// test error under one step of ε
        one_step_error: Estimate, and one_step_se "its standard error";
        /// test error under one step and ten of ε/5, whichever is worse
        robust_error: Estimate, and robust_se "its standard error";
        /// share of test digits that no attack of this size can change, by a Lipschitz constant
        certified: Estimate, and certified_se "its standard error";
    }
}

impl Study for AdversarialTraining {
    const ABOUT: About = About {
        id: "adversarial_training",
        title: "Training against attacks",
        what: "Trains networks on digits: as usual; at one step of size ε; at several steps; along the shortest vector of several such gradients \
               (DDi); and with capped spectral norms. Then attacks them, and proves what a Lipschitz constant can prove. For a linear model the \
               worst attack is known: training against it comes to the minimum of a convex loss, which another solver finds too. Last the width.",
        slide: "Mathematics of Data (EE-556), lecture 10: \"A practical implementation of adversarial training\"; after Madry, Makelov, Schmidt, Tsipras & \
                Vladu 2018, arXiv:1706.06083",
        columns: Point::COLUMNS,
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        self.fit_to(data)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let linear = Linear::new(seed)?;
        let (cells, mnist) = self.cells(seed, context)?;
        self.findings(&linear, &cells, mnist)
    }
}

impl AdversarialTraining {
    /// Whether there is something to claim: smaller attacks do little, larger ones leave nothing, and neither do too few units or pixels.
    fn learns(&self) -> bool {
        let sizes = self.middle() >= 32 && self.pool <= 7;
        sizes && (0.05..=0.1).contains(&self.epsilon) && (0.2..=1.0).contains(&self.learning_rate)
    }

    fn findings(&self, linear: &Linear, cells: &[Cell], mnist: bool) -> Result<Findings> {
        let points = cells.iter().map(|cell| {
            Ok(Point {
                training: cell.place.training,
                width: cell.place.width,
                clean_error: Estimate::of(&cell.runs, |r| last(&r.of.clean))?,
                one_step_error: Estimate::of(&cell.runs, |r| last(&r.of.one_step))?,
                robust_error: Estimate::of(&cell.runs, |r| r.of.end())?,
                certified: Estimate::of(&cell.runs, |r| r.certified)?,
            })
        });
        let points = points.collect::<Result<Vec<Point>>>()?;
        let all = || cells.iter().flat_map(|c| &c.runs);
        let mut found = Findings::of(&points)
            .claim(Claim::equals(
                "a linear model: the robust loss that training at attacks comes to is the least of (1/n)Σ ln(1 + e^(−m_i)), m_i under the worst attack, up to what \
                 10,000 steps of a subgradient method may lack",
                linear.least,
                linear.trained,
                linear.allowed,
            ))
            .against(linear.clean, "that of the minimiser of the clean loss")
            .headline()
            .measured_as("linear_robust_loss")
            .claim(Claim::at_most(
                "a linear model: the gradient at the attack is that of (1/n)Σ ln(1 + e^(−m_i)), m_i under the worst attack; largest relative distance at 20 random w",
                0.0,
                linear.gradient_gap,
                1e-12,
            ))
            .identity()
            .claim(Claim::at_least(
                "what is certified is not fooled: least robust accuracy less certified accuracy, over all networks",
                0.0,
                least(all().map(|r| 1.0 - r.of.end() - r.certified)),
                1e-12,
            ))
            .bound();
        let width = self.middle();
        let of = |training: &str, width: usize| {
            cells
                .iter()
                .find(|c| c.place.training == training && c.place.width == width)
        };
        let gain = |from: &Cell, to: &Cell, value: fn(&Run) -> f64| {
            Estimate::of(from.runs.iter().zip(&to.runs), |(a, b)| value(a) - value(b))
        };
        if let Some(smooth) = of("smooth", width) {
            found = found
                .claim(Claim::at_most(
                    "capped networks: the largest spectral norm of a layer is at most the limit",
                    self.limit,
                    largest(smooth.runs.iter().map(|r| r.norm)),
                    1e-9 * self.limit,
                ))
                .identity();
        }
        let always = "standard and PGD training are done at every width";
        let standard = of("standard", width).expect(always);
        let pgd = of("pgd", width).expect(always);
        let gained = gain(standard, pgd, |r| r.of.end())?;
        let cost = gain(pgd, standard, |r| last(&r.of.clean))?;
        found = found
            .measure("gain_of_pgd", gained.mean)
            .measure("gain_of_pgd_se", gained.se)
            .measure("cost_of_pgd", cost.mean);
        let resolved = self.learns() && self.n * self.epochs >= RESOLVED;
        if resolved {
            let text = "training at attacks of five steps lowers the error under attack (trend): against standard training";
            found = found
                .claim(Claim::positive(text, gained, LEVEL)?)
                .trend(mnist)
                .headline();
        }
        if let Some(ddi) = of("ddi", width) {
            let change = gain(pgd, ddi, |r| r.of.end())?;
            found = found
                .measure("gain_of_ddi_over_pgd", change.mean)
                .measure("gain_of_ddi_over_pgd_se", change.se);
        }
        if let Some(smooth) = of("smooth", width) {
            let proved = gain(smooth, standard, |r| r.certified)?;
            found = found
                .measure(
                    "gain_of_smooth",
                    gain(standard, smooth, |r| r.of.end())?.mean,
                )
                .measure("certified_gain_of_smooth", proved.mean);
            // A small run does not resolve it.
            if self.learns() && self.n * self.epochs >= WHOLE && (0.8..=1.0).contains(&self.limit) {
                let text = "capped norms raise what a Lipschitz constant certifies (trend): against standard training";
                found = found
                    .claim(Claim::positive(text, proved, LEVEL)?)
                    .trend(mnist);
            }
        }
        if let Some(fgsm) = of("fgsm", width) {
            let missed =
                |cell: &Cell| mean(cell.runs.iter().map(|r| r.of.end() - last(&r.of.one_step)));
            found = found
                .measure("missed_after_fgsm", missed(fgsm))
                .measure("missed_after_pgd", missed(pgd))
                .measure(
                    "gain_of_pgd_over_fgsm",
                    gain(fgsm, pgd, |r| r.of.end())?.mean,
                );
            if resolved {
                // Had it overfitted, one step would fool nobody and ten steps all.
                let text = "after training at one step, ten steps fool hardly more than one does: nothing of catastrophic overfitting (trend); \
                            error by ten steps less by one";
                found = found
                    .claim(
                        Claim::at_most(text, 0.0, missed(fgsm), 0.2)
                            .against(0.5, "half of the digits fooled by ten steps alone"),
                    )
                    .trend(mnist);
            }
        }
        let (narrow, wide) = (self.widths[0], self.widths[self.widths.len() - 1]);
        let widening = |training: &str| {
            let (a, b) = of(training, narrow).zip(of(training, wide)).expect(always);
            gain(a, b, |r| r.of.end())
        };
        let (plain, robust) = (widening("standard")?, widening("pgd")?);
        found = found
            .measure("widening_standard", plain.mean)
            .measure("widening_pgd", robust.mean);
        if resolved && narrow <= 8 && wide >= 8 * narrow {
            let text = "trained at attacks, the widest network is fooled less often than the narrowest (trend)";
            found = found
                .claim(Claim::positive(text, robust, LEVEL)?)
                .trend(mnist);
        }
        Ok(found.figure(self.figure(Self::ABOUT.title, cells)?))
    }
}

/// The last of a list.
fn last(values: &[f64]) -> f64 {
    values[values.len() - 1]
}
