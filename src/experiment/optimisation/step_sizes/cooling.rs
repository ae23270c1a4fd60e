//! Cool-down at several cut-offs, on digits.

use super::settings::{Point, StepSizes};
use crate::data::{Dataset, flip_labels, train_test_split, two_classes};
use crate::error::Result;
use crate::experiment::sizes::usual_pair;
use crate::experiment::{Claim, Context, Draft, Draw};
use crate::fit::train::{TrainSettings, train};
use crate::model::{Loss, Mlp, MlpSettings};
use crate::optimise::{Optimiser, Schedule};
use crate::stats::{Estimate, mean};

/// How often chance alone may break the claim: with few networks a smaller level asks for too much.
const LEVEL: f64 = 1e-3;

const WIDTH: usize = 8;
const BATCH: usize = 5;
const LEARNING_RATE: f64 = 0.3;
/// Labels that are flipped, so that no step size fits all batches.
const FLIPPED: f64 = 0.2;

/// Training losses by epoch at each cut-off.
pub(super) struct Cooling {
    mnist: bool,
    pub cut_offs: Vec<f64>,
    pub curves: Vec<Vec<Estimate>>,
    /// Mean losses over the last quarter of the epochs, by cut-off and network: where a loss hovers, one of them alone is mostly noise.
    late: Vec<Vec<f64>>,
}

impl StepSizes {
    pub(super) fn cooling(&self, seed: u64, context: &Context) -> Result<Cooling> {
        let images = context.data.load()?;
        let (negative, positive) = usual_pair(&images)?;
        let pool = two_classes(&images, negative, positive)?;
        let all = context.paired(
            "networks",
            &self.cut_offs,
            self.digit_draws,
            seed,
            |&cut, draw| self.cooled(&pool, cut, draw),
        )?;
        let curves = all.iter().map(|runs| {
            let epochs = 0..=self.digit_epochs;
            epochs
                .map(|epoch| Estimate::of(runs, |run| run[epoch]))
                .collect::<Result<Vec<_>>>()
        });
        let each = |of: &dyn Fn(&Vec<f64>) -> f64| -> Vec<Vec<f64>> {
            let of_cut = |runs: &Vec<Vec<f64>>| runs.iter().map(of).collect();
            all.iter().map(of_cut).collect()
        };
        let quarter = self.digit_epochs - self.digit_epochs / 4;
        Ok(Cooling {
            mnist: images.is_mnist(),
            cut_offs: self.cut_offs.clone(),
            curves: curves.collect::<Result<_>>()?,
            late: each(&|run| mean(run[quarter..].iter().copied())),
        })
    }

    fn cooled(&self, pool: &Dataset, cut: f64, draw: Draw) -> Result<Vec<f64>> {
        let rng = &mut draw.rng("digits");
        let rows = train_test_split(pool.len(), self.digits, 0, rng)?;
        let mut data = pool.select(&rows.train)?;
        data.y = flip_labels(&data.y, FLIPPED, rng)?;
        let sizes = [data.x.ncols(), WIDTH, 1];
        let net = Mlp::new(&MlpSettings::of_sizes(&sizes), &mut draw.rng("network"))?;
        let steps = (self.digit_epochs * self.digits.div_ceil(BATCH)) as f64;
        let settings = TrainSettings {
            loss: Loss::Logistic,
            optimiser: Optimiser::sgd(),
            learning_rate: LEARNING_RATE,
            schedule: Schedule::CoolDown {
                hold: (cut * steps).round() as usize,
                scale: 0.02 * steps,
            },
            epochs: self.digit_epochs,
            batch: BATCH,
            ..TrainSettings::default()
        };
        let trained = train(&net, &data, None, &settings, &mut draw.rng("batches"))?;
        let mut losses = trained.history.train_loss();
        // A run that diverged is as bad as its last record.
        losses.resize(
            self.digit_epochs + 1,
            losses.last().copied().unwrap_or(f64::NAN),
        );
        Ok(losses)
    }

    pub(super) fn cooling_claims(found: Draft, cooling: &Cooling) -> Result<Draft> {
        let at = |cut: f64| cooling.cut_offs.iter().position(|c| (c - cut).abs() < 1e-9);
        let gain = match (at(0.5), at(1.0)) {
            (Some(early), Some(never)) => {
                let pairs = cooling.late[early].iter().zip(&cooling.late[never]);
                Some(Estimate::of(pairs, |(early, never)| never - early)?)
            }
            _ => None,
        };
        let unknown = Estimate {
            mean: f64::NAN,
            se: f64::NAN,
            draws: cooling.late[0].len(),
        };
        Ok(found
            .claim(Claim::positive(
                "digits, a fifth of the labels flipped (trend): a cool-down from half of the steps on leaves a smaller training loss than \
                 the constant step; means over the last quarter of the epochs",
                gain.unwrap_or(unknown),
                LEVEL,
            )?)
            .not_measured_if(gain.is_none(), "it takes the cut-offs 0.5 and 1")
            // Who does not learn a fifth of flipped labels by heart has no less than their entropy, 0.5.
            .not_measured_if(
                at(1.0).is_some_and(|never| mean(cooling.late[never].iter().copied()) < 0.25),
                "labels are learned by heart, the flipped ones too: no noise is left to cool",
            )
            .trend(cooling.mnist)
            .measured_as("gain_by_cooling"))
    }
}

impl Cooling {
    pub(super) fn points(&self) -> impl Iterator<Item = Point> {
        let pairs = self.cut_offs.iter().zip(&self.curves);
        pairs.flat_map(|(cut, curve)| {
            curve.iter().enumerate().map(|(epoch, loss)| Point {
                part: "digits",
                setting: *cut,
                step: epoch,
                measured: *loss,
                predicted: None,
            })
        })
    }
}
