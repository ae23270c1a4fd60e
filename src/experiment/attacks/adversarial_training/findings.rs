//! Numbers and claims.

use super::digits::{Cell, Run};
use super::linear::Linear;
use super::settings::AdversarialTraining;
use crate::error::Result;
use crate::experiment::{Claim, Draft, Findings, row};
use crate::stats::{Estimate, largest, least, mean};

/// How often chance alone may make a trend where there is none. Six networks and a level of 1 in 1,000 would ask for 5.9 standard errors,
/// which these differences, of networks that differ much among themselves, do not always have.
const LEVEL: f64 = 0.01;

/// With a clean error above this a network trained as usual has hardly learned.
const HARDLY: f64 = 0.3;

/// The same for training that asks for more.
const AT_ATTACKS: f64 = 0.5;

/// With a clean error above this capped networks do hardly better than by guessing.
const GUESSING: f64 = 0.8;

/// Fewer draws ask for 4.5 standard errors or more, which a trend need not have.
const DRAWS: usize = 5;

const FEW: &str = "too few draws for their standard errors: set draws to 5 or more";

/// Attacks that fool fewer of the digits a standard network has right leave little to gain.
const FOOLED: f64 = 0.2;

/// The largest ε at which training at one step is not known to unlearn that step alone.
const UNLEARNT: f64 = 0.1;

row! {
    /// One way of training at one width, over draws.
    pub(super) struct Point {
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
        /// the change of every pixel up to which that constant proves a digit right, 0 for one that is wrong; mean over test digits
        radius: Estimate, and radius_se "its standard error";
    }
}

/// What the claims are about.
struct Cells<'a> {
    all: &'a [Cell],
    mnist: bool,
}

impl Cells<'_> {
    fn of(&self, training: &str, width: usize) -> Option<&Cell> {
        let mut own = self.all.iter().filter(|c| c.place.training == training);
        own.find(|c| c.place.width == width)
    }

    /// One that is trained at every width.
    fn always(&self, training: &str, width: usize) -> &Cell {
        self.of(training, width)
            .expect("standard, PGD and feature training are done at every width")
    }
}

/// How much less `value` is in `to` than in `from`, draw by draw on the same digits.
fn gain(from: &Cell, to: &Cell, value: fn(&Run) -> f64) -> Result<Estimate> {
    Estimate::of(from.runs.iter().zip(&to.runs), |(a, b)| value(a) - value(b))
}

fn clean(run: &Run) -> f64 {
    last(&run.of.clean)
}

fn attacked(run: &Run) -> f64 {
    run.of.end()
}

fn one_step(run: &Run) -> f64 {
    last(&run.of.one_step)
}

fn over(cell: &Cell, value: fn(&Run) -> f64) -> f64 {
    mean(cell.runs.iter().map(value))
}

/// Why nothing can be told of standard networks and others that are trained at attacks, if so.
fn silent(standard: &Cell, trained: &Cell) -> Option<&'static str> {
    if over(standard, clean) > HARDLY {
        Some(
            "standard networks have hardly learned: set more epochs, another learning_rate or more units",
        )
    } else if over(standard, attacked) - over(standard, clean) < FOOLED {
        Some("attacks of this size fool few digits: set a larger epsilon")
    } else if over(trained, clean) > AT_ATTACKS {
        Some(
            "networks have hardly learned at such attacks: set a smaller epsilon, more epochs or more units",
        )
    } else {
        None
    }
}

impl AdversarialTraining {
    pub(super) fn findings(&self, linear: &Linear, cells: &[Cell], mnist: bool) -> Result<Draft> {
        let points = cells.iter().map(|cell| {
            Ok(Point {
                training: cell.place.training,
                width: cell.place.width,
                clean_error: Estimate::of(&cell.runs, clean)?,
                one_step_error: Estimate::of(&cell.runs, one_step)?,
                robust_error: Estimate::of(&cell.runs, attacked)?,
                certified: Estimate::of(&cell.runs, |r| r.certified)?,
                radius: Estimate::of(&cell.runs, |r| r.radius)?,
            })
        });
        let points = points.collect::<Result<Vec<Point>>>()?;
        let all = cells.iter().flat_map(|c| &c.runs);
        let found = Findings::of(&points)
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
                least(all.map(|r| 1.0 - attacked(r) - r.certified)),
                1e-12,
            ))
            .bound();
        let cells = Cells { all: cells, mnist };
        let found = self.capped(found, &cells)?;
        let found = self.at_attacks(found, &cells)?;
        let found = self.overfitted(found, &cells)?;
        self.by_width(found, &cells)
    }

    /// What capped spectral norms let a Lipschitz constant prove.
    fn capped(&self, found: Draft, cells: &Cells) -> Result<Draft> {
        let width = self.middle();
        let Some(smooth) = cells.of("smooth", width) else {
            return Ok(found);
        };
        let standard = cells.always("standard", width);
        let norm = largest(smooth.runs.iter().map(|r| r.norm));
        let proved = gain(smooth, standard, |r| r.radius)?;
        let hardly = over(standard, clean) > HARDLY || over(smooth, clean) > GUESSING;
        let text = "capped norms raise the change of every pixel up to which a Lipschitz constant proves a digit right, in the mean (trend): \
                    against standard training";
        Ok(found
            .claim(Claim::at_most(
                "capped networks: the largest spectral norm of a layer is at most the limit",
                self.limit,
                norm,
                1e-9 * self.limit,
            ))
            .identity()
            .measure("gain_of_smooth", gain(standard, smooth, attacked)?.mean)
            .measure(
                "certified_gain_of_smooth",
                gain(smooth, standard, |r| r.certified)?.mean,
            )
            .claim(Claim::positive(text, proved, LEVEL)?)
            .trend(cells.mnist)
            .not_measured_if(self.draws < DRAWS, FEW)
            .not_measured_if(
                hardly,
                "standard or capped networks have hardly learned: set more epochs, another learning_rate, more units or a larger limit",
            )
            .not_measured_if(
                norm < (1.0 - 1e-9) * self.limit,
                "no norm comes to the limit: set a smaller limit",
            )
            .measured_as("radius_gain_of_smooth"))
    }

    /// What training at attacks gains, and what it costs.
    fn at_attacks(&self, found: Draft, cells: &Cells) -> Result<Draft> {
        let width = self.middle();
        let [standard, pgd] = ["standard", "pgd"].map(|way| cells.always(way, width));
        let gained = gain(standard, pgd, attacked)?;
        let why = silent(standard, pgd);
        let text = "training at attacks of five steps lowers the error under attack (trend): against standard training";
        let mut found = found
            .measure("gain_of_pgd", gained.mean)
            .measure("gain_of_pgd_se", gained.se)
            .measure("cost_of_pgd", gain(pgd, standard, clean)?.mean)
            .claim(Claim::positive(text, gained, LEVEL)?)
            .trend(cells.mnist)
            .not_measured_if(self.draws < DRAWS, FEW)
            .not_measured_if(why.is_some(), why.unwrap_or_default())
            .headline();
        if let Some(ddi) = cells.of("ddi", width) {
            let change = gain(pgd, ddi, attacked)?;
            found = found
                .measure("gain_of_ddi_over_pgd", change.mean)
                .measure("gain_of_ddi_over_pgd_se", change.se);
        }
        Ok(found)
    }

    /// Whether training at one step has unlearnt that step alone.
    fn overfitted(&self, found: Draft, cells: &Cells) -> Result<Draft> {
        let width = self.middle();
        let Some(fgsm) = cells.of("fgsm", width) else {
            return Ok(found);
        };
        let [standard, pgd] = ["standard", "pgd"].map(|way| cells.always(way, width));
        let why = silent(standard, fgsm);
        let missed = |cell| over(cell, attacked) - over(cell, one_step);
        // Had it overfitted, ten steps would fool all that one step leaves.
        let left = 1.0 - over(fgsm, one_step);
        let text = "after training at one step, ten steps fool hardly more than one does: nothing of catastrophic overfitting (trend); \
                    error by ten steps less by one is nearer to 0 than to all that one step leaves";
        Ok(found
            .measure("missed_after_fgsm", missed(fgsm))
            .measure("missed_after_pgd", missed(pgd))
            .measure("gain_of_pgd_over_fgsm", gain(fgsm, pgd, attacked)?.mean)
            .claim(
                Claim::at_most(text, left / 2.0, missed(fgsm), 0.0)
                    .against(left, "all that one step leaves, fooled by ten"),
            )
            .trend(cells.mnist)
            .not_measured_if(
                self.epsilon > UNLEARNT,
                "with ε above 0.1 training at one step unlearns it in part: set a smaller epsilon",
            )
            .not_measured_if(why.is_some(), why.unwrap_or_default()))
    }

    /// Whether width helps or hurts at attacks: where the whole network is trained, and its last layer alone.
    fn by_width(&self, found: Draft, cells: &Cells) -> Result<Draft> {
        let (narrow, wide) = (self.widths[0], self.widths[self.widths.len() - 1]);
        let standard = cells.always("standard", wide);
        let widening = |training: &str| {
            let ends = [narrow, wide].map(|width| cells.always(training, width));
            gain(ends[0], ends[1], attacked)
        };
        let plain = widening("standard")?;
        let mut found = found
            .measure("widening_standard", plain.mean)
            .measure("widening_standard_se", plain.se);
        for (training, name, text) in [
            (
                "pgd",
                "widening_pgd",
                "trained at attacks, the widest network is fooled less often than the narrowest: width does not hurt (trend)",
            ),
            (
                "features",
                "widening_features",
                "random features, whose last layer alone is trained at attacks: the widest network is fooled less often than the narrowest, width does \
                 not hurt (trend)",
            ),
        ] {
            let why = silent(standard, cells.always(training, wide));
            found = found
                .claim(Claim::positive(text, widening(training)?, LEVEL)?)
                .trend(cells.mnist)
                .not_measured_if(self.draws < DRAWS, FEW)
                .not_measured_if(why.is_some(), why.unwrap_or_default())
                .not_measured_if(
                    narrow > 8 || wide < 8 * narrow,
                    "widths are near each other: let them begin with 8 or fewer and end with 8 times as many or more",
                )
                .measured_as(name);
        }
        Ok(found)
    }
}

/// The last of a list.
fn last(values: &[f64]) -> f64 {
    values[values.len() - 1]
}
