//! Digits with true and with random labels: both are fitted, one is learned.

use super::settings::{LEVEL, Point, RandomSignCapacity};
use crate::data::synthetic::random_signs;
use crate::data::{Dataset, train_test_split, two_classes};
use crate::error::Result;
use crate::experiment::sizes::usual_pair;
use crate::experiment::{Claim, Context, Draft, Draw};
use crate::fit::train::{History, TrainSettings, train};
use crate::model::{Loss, Mlp, MlpSettings};
use crate::optimise::{Adam, Optimiser};
use crate::plot::{LegendPosition, Panel};
use crate::rng::stream;
use crate::stats::{Estimate, largest_distance};

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
struct Errors {
    train: Vec<Estimate>,
    test: Vec<Estimate>,
    /// The first epoch without training error, mean over sets; none if a set has none.
    epochs_to_fit: Option<Estimate>,
}

/// True and random labels.
pub(super) struct Digits {
    /// Whether trends known from MNIST may be claimed.
    mnist: bool,
    truth: Errors,
    random: Errors,
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
            let histories = context.draws("training sets", self.digit_draws, seed, |draw| {
                self.train_digits(&pool, &test, random, draw)
            })?;
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
        draw: Draw,
    ) -> Result<History> {
        let rng = &mut draw.rng("training digits");
        let rows = train_test_split(pool.len(), self.digits, 0, rng)?;
        let mut data = pool.select(&rows.train)?;
        if random {
            data.y = random_signs(self.digits, &mut draw.rng("random labels"))?;
        }
        // Both kinds start from the same network.
        let rng = &mut draw.rng("digit network");
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

impl Digits {
    pub(super) fn points(&self, settings: &RandomSignCapacity) -> Vec<Point> {
        let series = [
            ("true_train", &self.truth.train, None),
            ("true_test", &self.truth.test, None),
            ("random_train", &self.random.train, None),
            ("random_test", &self.random.test, Some(0.5)),
        ];
        let points = series.into_iter().flat_map(|(series, errors, predicted)| {
            errors.iter().enumerate().map(move |(epoch, error)| Point {
                series,
                n: settings.digits,
                width: Some(settings.digit_width),
                epoch: Some(epoch),
                measured: *error,
                predicted,
                upper: None,
            })
        });
        points.collect()
    }

    pub(super) fn claims(&self, found: Draft) -> Result<Draft> {
        let last = |errors: &[Estimate]| errors[errors.len() - 1];
        let epochs = |errors: &Errors| errors.epochs_to_fit.map(|epochs| epochs.mean);
        let (truth, random) = (last(&self.truth.test), last(&self.random.test));
        let unfitted = "some network has not fitted its labels";
        Ok(found
            .measure_or("epochs_to_fit_true_labels", epochs(&self.truth), unfitted)
            .measure_or(
                "epochs_to_fit_random_labels",
                epochs(&self.random),
                unfitted,
            )
            .measure("test_error_true_labels", truth.mean)
            .measure("test_error_random_labels", random.mean)
            .claim(Claim::equals(
                "digits with true labels (trend): training error at the end",
                0.0,
                last(&self.truth.train).mean,
                0.0,
            ))
            .trend(self.mnist)
            .claim(Claim::equals(
                "digits with random labels (trend): training error at the end",
                0.0,
                last(&self.random.train).mean,
                0.0,
            ))
            .trend(self.mnist)
            .claim(Claim::equals(
                "after random labels the test error is ½, since flipping all labels flips the \
                 network",
                0.5,
                random.mean,
                largest_distance(1, LEVEL, Some(random.draws))? * random.se,
            ))
            .against(truth.mean, "the test error after true labels")
            .claim(
                Claim::less_than(
                    "the same network, started and trained alike, generalises from true labels \
                 (trend): test error well below ½",
                    0.1,
                    truth.mean,
                    0.0,
                )
                .headline(),
            )
            .trend(self.mnist))
    }

    pub(super) fn panel(&self) -> Panel {
        let panel = Panel::new("epoch", "share of errors")
            .title("Digits 3 and 7, true and random labels")
            .y_range(-0.02, 0.65);
        let kinds = [
            ("true labels", &self.truth),
            ("random labels", &self.random),
        ];
        let panel = kinds
            .into_iter()
            .enumerate()
            .fold(panel, |panel, (color, (name, errors))| {
                let (epochs, at) = (0..errors.train.len(), |epoch: usize| epoch as f64);
                panel
                    .line_of(&format!("{name}: training"), epochs.clone(), at, |epoch| {
                        errors.train[epoch].mean
                    })
                    .color(color)
                    .solid()
                    .line_of(&format!("{name}: test"), epochs, at, |epoch| {
                        errors.test[epoch].mean
                    })
                    .color(color)
                    .dashed()
            });
        panel.legend(LegendPosition::Below)
    }
}
