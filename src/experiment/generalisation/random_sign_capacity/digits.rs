//! Digits with true and with random labels: both are fitted, one is learned.

use rayon::prelude::*;

use super::RandomSignCapacity;
use crate::data::synthetic::random_signs;
use crate::data::{Dataset, train_test_split, two_classes};
use crate::error::Result;
use crate::experiment::Context;
use crate::experiment::sizes::usual_pair;
use crate::fit::train::{History, TrainSettings, train};
use crate::model::{Loss, Mlp, MlpSettings};
use crate::optimise::{Adam, Optimiser};
use crate::rng::stream;
use crate::stats::Estimate;

/// Test digits, the same for all training sets.
const TEST: usize = 500;

/// How many of so many digits are for testing: half at most.
pub(super) fn held_out(digits: usize) -> usize {
    TEST.min(digits / 2)
}
/// The learning rate of Adam and its batch.
const LEARNING_RATE: f64 = 1e-3;
const BATCH: usize = 50;

/// Errors by epoch for one kind of labels, over training sets.
pub(super) struct Errors {
    pub train: Vec<Estimate>,
    pub test: Vec<Estimate>,
    /// The first epoch without training error, mean over sets; none if a set has none.
    pub epochs_to_fit: Option<Estimate>,
}

/// True and random labels.
pub(super) struct Digits {
    /// Whether trends known from MNIST may be claimed.
    pub mnist: bool,
    pub truth: Errors,
    pub random: Errors,
}

impl RandomSignCapacity {
    pub(super) fn on_digits(&self, seed: u64, context: &Context) -> Result<Digits> {
        let images = context.data.load()?;
        let (negative, positive) = usual_pair(&images)?;
        let all = two_classes(&images, negative, positive)?;
        let test = held_out(all.len());
        let rng = &mut stream(seed, "test digits", 0);
        let split = train_test_split(all.len(), all.len() - test, test, rng)?;
        let (test, pool) = (all.select(&split.test)?, all.select(&split.train)?);
        let kind = |random: bool| {
            let histories = (0..self.digit_draws as u64)
                .into_par_iter()
                .map(|index| {
                    let done = self.train_digits(&pool, &test, random, seed, index);
                    context.progress.step();
                    done
                })
                .collect::<Result<Vec<History>>>()?;
            errors(&histories)
        };
        Ok(Digits {
            mnist: images.is_mnist(),
            truth: kind(false)?,
            random: kind(true)?,
        })
    }

    fn train_digits(
        &self,
        pool: &Dataset,
        test: &Dataset,
        random: bool,
        seed: u64,
        index: u64,
    ) -> Result<History> {
        let rows = train_test_split(
            pool.len(),
            self.digits,
            0,
            &mut stream(seed, "training digits", index),
        )?;
        let mut data = pool.select(&rows.train)?;
        if random {
            data.y = random_signs(self.digits, &mut stream(seed, "random labels", index))?;
        }
        // Both kinds start from the same network.
        let rng = &mut stream(seed, "digit network", index);
        let sizes = [data.x.ncols(), self.digit_width, 1];
        let net = Mlp::new(&MlpSettings::of_sizes(&sizes), rng)?;
        let settings = TrainSettings {
            loss: Loss::Logistic,
            optimiser: Optimiser::Adam(Adam::default()),
            learning_rate: LEARNING_RATE,
            epochs: self.digit_epochs,
            batch: BATCH,
            ..TrainSettings::default()
        };
        Ok(train(&net, &data, Some(test), &settings, rng)?.history)
    }
}

fn errors(histories: &[History]) -> Result<Errors> {
    let by_epoch = |of: fn(&History) -> Vec<f64>| -> Result<Vec<Estimate>> {
        let all: Vec<Vec<f64>> = histories.iter().map(of).collect();
        let epochs = all.iter().map(Vec::len).min().unwrap_or(0);
        let at = |epoch: usize| {
            let values: Vec<f64> = all.iter().map(|errors| errors[epoch]).collect();
            Estimate::from_values(&values)
        };
        (0..epochs).map(at).collect()
    };
    let first = |history: &History| {
        let fitted = history.train_error().iter().position(|error| *error == 0.0);
        fitted.map(|epoch| epoch as f64)
    };
    let fitted: Option<Vec<f64>> = histories.iter().map(first).collect();
    Ok(Errors {
        train: by_epoch(History::train_error)?,
        test: by_epoch(History::test_error)?,
        epochs_to_fit: fitted.map(|f| Estimate::from_values(&f)).transpose()?,
    })
}
