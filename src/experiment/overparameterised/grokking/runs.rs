//! Training: one network with one weight decay.

use super::settings::{Grokking, Point};
use crate::data::ModularTable;
use crate::error::{Error, Result};
use crate::experiment::{Context, Draw};
use crate::fit::{PairDescent, PairFit, pair_descent};
use crate::measure::{UnitWaves, phase_agreement, unit_waves, waves_alone};
use crate::model::{Activation, PairNetwork};
use crate::optimise::{Adam, Optimiser};
use crate::stats::{larger, largest_by, least, mean};

/// Steps between two records.
const RECORD_EVERY: usize = 10;

/// From one row of the table to the next, steps grow by this factor, and by one record at least.
const GROWTH: f64 = 1.08;

/// What counts as known.
pub(super) const KNOWN: f64 = 0.95;

/// What a network's units are made of.
pub(super) struct Units {
    /// The waves of each unit.
    pub(super) waves: Vec<UnitWaves>,
    /// The mean share of the largest wave, over units and their three columns.
    pub(super) share: f64,
    /// How far phases agree.
    pub(super) agreement: f64,
    /// Accuracy of the largest waves alone, on the sums that were not seen.
    pub(super) alone: f64,
    /// U of the unit with the largest share, `(p,)`, and its wave.
    pub(super) column: Vec<f64>,
}

/// One network.
pub(super) struct Run {
    pub(super) weight_decay: f64,
    /// The first recorded step with 99 % of the seen sums right.
    pub(super) memorised: Option<usize>,
    /// Test accuracy there.
    pub(super) test_then: Option<f64>,
    /// The first recorded step with 95 % of the others right.
    pub(super) known: Option<usize>,
    /// Test accuracy at the end.
    pub(super) test_end: f64,
    pub(super) diverged: bool,
    pub(super) start: Units,
    pub(super) end: Units,
    pub(super) points: Vec<Point>,
}

impl Grokking {
    /// A list of networks for each λ: the same starts and tables.
    pub(super) fn runs(
        &self,
        decays: &[f64],
        seed: u64,
        context: &Context,
    ) -> Result<Vec<Vec<Run>>> {
        if self.modulus.is_multiple_of(2) {
            return Err(Error::domain("modulus", "an odd number", self.modulus));
        }
        context.paired("networks", decays, self.draws, seed, |&decay, draw| {
            self.run_one(decay, draw)
        })
    }

    fn run_one(&self, weight_decay: f64, draw: Draw) -> Result<Run> {
        let rng = &mut draw.rng("grokking");
        let table = ModularTable::draw(self.modulus, self.fraction, rng)?;
        let activation = match self.activation {
            "relu" => Activation::Relu,
            _ => Activation::Quadratic,
        };
        let shape = (self.modulus, self.width);
        let start = PairNetwork::<f32>::draw(shape, activation, self.init_size, rng)?;
        let settings = PairDescent {
            rule: Optimiser::Adam(Adam {
                beta2: 0.98,
                weight_decay,
                ..Adam::default()
            }),
            rate: self.learning_rate,
            steps: self.steps,
            record_every: RECORD_EVERY,
        };
        let fit = pair_descent(&start, &table, &settings)?;
        let memorised = fit.first_step(0.99, |record| record.train.accuracy);
        let then = fit.records.iter().find(|r| Some(r.step) == memorised);
        Ok(Run {
            weight_decay,
            memorised,
            test_then: then.map(|record| record.test.accuracy),
            known: fit.first_step(KNOWN, |record| record.test.accuracy),
            test_end: fit.records.last().map_or(f64::NAN, |r| r.test.accuracy),
            diverged: fit.diverged.is_some(),
            start: Units::of(&start, &table)?,
            end: Units::of(&fit.net, &table)?,
            points: points(&fit, weight_decay, draw.index as usize),
        })
    }
}

impl Units {
    fn of(net: &PairNetwork<f32>, table: &ModularTable) -> Result<Self> {
        let waves = unit_waves(net)?;
        let shares = waves
            .iter()
            .map(|[u, w, v]| least([u.share, w.share, v.share]));
        let best = largest_by(shares.enumerate(), |(_, share)| *share);
        let (best, _) = best.ok_or_else(|| Error::overflow("the share of a wave", f64::NAN))?;
        let [u, ..] = net.parts();
        Ok(Self {
            share: mean(waves.iter().flatten().map(|wave| wave.share)),
            agreement: phase_agreement(&waves),
            alone: waves_alone(net)?.score(&table.test)?.accuracy,
            column: u.column(best).iter().map(|u| f64::from(*u)).collect(),
            waves,
        })
    }
}

fn points(fit: &PairFit<f32>, weight_decay: f64, draw: usize) -> Vec<Point> {
    let (mut next, last) = (0.0, fit.records.len() - 1);
    let records = fit.records.iter().enumerate().filter(|(place, _)| {
        let here = *place as f64;
        let is_row = here >= next || *place == last;
        if is_row {
            next = larger(here * GROWTH, here + 1.0);
        }
        is_row
    });
    let point = records.map(|(_, record)| Point {
        weight_decay,
        draw,
        step: record.step,
        train_accuracy: record.train.accuracy,
        test_accuracy: record.test.accuracy,
        train_loss: record.train.loss,
        test_loss: record.test.loss,
        norm: record.norm,
    });
    point.collect()
}
