//! Empirical risk with four losses on the same digits: a refresher.

mod figure;
mod runs;
mod settings;

use figure::figure;
use runs::{Point, Run, points};
pub use settings::RiskAndLosses;

use crate::data::Source;
use crate::error::Result;
use crate::experiment::problems::digit_features::fitted;
use crate::experiment::{About, Claim, Context, Findings, Study};
use crate::stats::{Estimate, largest, least};

/// How often chance alone may break a claim.
const LEVEL: f64 = 1e-3;

/// A training error at most this is that of a network that has learned.
const LEARNED: f64 = 0.1;

impl Study for RiskAndLosses {
    const ABOUT: About = About {
        id: "risk_and_losses",
        title: "Empirical risk and its losses",
        what: "Trains a small network on two digits by SGD with the squared, the hinge, the logistic and the cross-entropy loss. \
               Checks what all of them stand on: gradients against differences, the mean of an epoch's batch gradients, losses \
               that bound the error, cross-entropy with two outputs as the logistic loss of their difference. The formula as \
               printed, log(y f) for log g(f), has no value where f ≤ 0.",
        slide: "Foundations of deep learning (CMSC 828W): \"A refresher of Machine Learning and Supervised Learning\"; Neural networks: the \
                good, the bad, the ugly (ICASSP 2023): \"A deep learning optimization problem\"; Mathematics of data (EE-556), Deep learning IV: \"From empirical \
                risk minimization\"",
        columns: Point::COLUMNS,
    };

    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        fitted(self, |s| &s.digits, &[("n", 1), ("test", 1)], data)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let images = context.data.load()?;
        let mnist = context.data.identity()?.is_mnist();
        let mut names = self.losses.clone();
        let mut seen = Vec::new();
        names.retain(|name| {
            !seen.contains(name) && {
                seen.push(*name);
                true
            }
        });
        let runs = context.paired("networks", &names, self.draws, seed, |name, draw| {
            self.one_run(&images, name, draw)
        })?;
        self.findings(&names, &runs, mnist)
    }
}

const UNLEARNED: &str = "not every network has learned nine in ten of its training digits: another learning rate, or more epochs";

/// Whether a network errs on more than one in ten of its training digits.
fn unlearned(run: &Run) -> bool {
    let last = run.history.reports.last().and_then(|r| r.train.error);
    last.is_none_or(|error| error > LEARNED)
}

impl RiskAndLosses {
    fn findings(&self, names: &[&'static str], runs: &[Vec<Run>], mnist: bool) -> Result<Findings> {
        let rows = points(names, runs)?;
        let all = || runs.iter().flatten();
        let off = |run: &&Run| (run.difference.0 - 1.0).abs() / run.difference.1;
        let (ratio, room) = all()
            .max_by(|a, b| off(a).total_cmp(&off(b)))
            .map_or((f64::NAN, f64::NAN), |run| run.difference);
        let of = |name: &str| names.iter().position(|n| *n == name).map(|at| &runs[at]);
        let inputs = (self.n as f64).sqrt();
        let mut found = Findings::of(&rows)
            .claim(Claim::equals(
                "the gradient of the empirical risk is right for every loss: a central difference along it over its length, \
                 furthest of all networks",
                1.0,
                ratio,
                room,
            ))
            .against(self.n as f64, "the sum over examples, not their mean")
            .headline()
            .claim(Claim::at_most(
                "the gradients of an epoch's batches, weighted by their sizes, have the gradient as their mean: largest relative distance",
                0.0,
                largest(all().map(|run| run.batches)),
                // Sums of n terms in another order: n ε, and what cancels in them.
                100.0 * inputs * self.n as f64 * f64::EPSILON,
            ))
            .identity()
            .claim(Claim::at_most(
                "hinge, (1 − yf)² and log₂(1 + e^(−yf)) are above the error, on training and test digits: largest error − risk",
                0.0,
                largest(all().map(|run| run.above)),
                0.0,
            ))
            .bound()
            .measured_as("error_above_risk")
            .measure("undefined_share", Estimate::of(all(), |run| run.undefined)?.mean);
        if let Some(own) = of("cross_entropy") {
            found = found
                .claim(Claim::at_most(
                    "cross-entropy with two outputs is the logistic loss of their difference: largest relative distance",
                    0.0,
                    largest(own.iter().map(|run| run.two_outputs)),
                    // Exponents up to the outputs' size, and sums of n.
                    1000.0 * self.n as f64 * f64::EPSILON,
                ))
                .identity();
        }
        if let Some(own) = of("logistic") {
            found = found
                .claim(Claim::equals(
                    "the logistic loss never lets go of an example: share of training digits with derivative 0, largest of all networks",
                    0.0,
                    largest(own.iter().map(|run| run.silent)),
                    0.0,
                ))
                .against(1.0 / self.n as f64, "an example beyond a margin of 1, as with the hinge");
        }
        if let Some(own) = of("hinge") {
            found = found
                .claim(Claim::greater_than(
                    "the hinge lets go of examples beyond a margin of 1: share of training digits with derivative 0, smallest of all networks (trend)",
                    0.0,
                    least(own.iter().map(|run| run.silent)),
                    0.0,
                ))
                .not_measured_if(own.iter().any(unlearned), UNLEARNED)
                .trend(mnist)
                .measured_as("hinge_silent");
        }
        let mut errors = Vec::new();
        for (name, own) in names.iter().zip(runs) {
            let unlearned = own.iter().any(unlearned);
            let reason = if unlearned {
                UNLEARNED
            } else {
                "it takes five draws and fifty digits"
            };
            let error = |run: &Run| {
                let last = run.history.reports.last().and_then(|r| r.test);
                last.and_then(|t| t.error).unwrap_or(f64::NAN)
            };
            errors.push(Estimate::of(own, error)?.mean);
            let better = Estimate::of(own, |run| 0.5 - error(run))?;
            found = found
                .claim(Claim::positive(
                    &format!("{name}: test error at the end, below ½ by (trend)"),
                    better,
                    LEVEL,
                )?)
                .not_measured_if(unlearned || self.draws < 5 || self.n < 50, reason)
                .trend(mnist);
        }
        found = found.measure("test_errors", errors);
        Ok(found.figure(figure(Self::ABOUT.title, &rows)))
    }
}
