//! One draw: a network of one width, and the frozen layer at every width.

use ndarray::Array2;

use super::settings::NetworkDoubleDescent;
use crate::data::Dataset;
use crate::error::Result;
use crate::experiment::problems::noisy_digits::{NoisyDigits, NoisyDraw, single};
use crate::fit::min_norm_path;
use crate::fit::train::{Score, TrainSettings, evaluate, train};
use crate::model::{Loss, Mlp32, MlpSettings, RandomFeatures};
use crate::optimise::{Adam, Optimiser, Schedule};
use crate::rng::{Rng, stream};

/// The training loss at which a run has fitted its labels and stops.
const FITTED: f64 = 1e-6;

/// One network of one draw.
pub(super) struct OneFit {
    /// Trained parameters.
    pub parameters: usize,
    /// On the noisy training labels, a score for each stage.
    pub train: Vec<Score>,
    /// On the clean test labels, a score for each stage.
    pub test: Vec<Score>,
    /// f(x) on the test inputs at the end, `(t, k)`.
    pub outputs: Array2<f64>,
    /// Whether training diverged; the scores are then those before.
    pub diverged: bool,
}

impl NetworkDoubleDescent {
    /// The epochs at which networks are compared: stopped early, halfway between by logarithm, and the end.
    pub(super) fn stages(&self) -> [usize; 3] {
        [
            (self.epochs / 30).max(1),
            (self.epochs / 6).max(1),
            self.epochs,
        ]
    }

    pub(super) fn one_fit(
        &self,
        digits: &NoisyDigits,
        draw: &NoisyDraw,
        width: usize,
        (seed, index): (u64, u64),
    ) -> Result<OneFit> {
        let (d, k) = digits.sizes();
        let start = index * (1 << 16) + width as u64;
        let shape = MlpSettings::of_sizes(&[d, width, k]);
        let net = Mlp32::new(&shape, &mut stream(seed, "network", start))?;
        let stages = self.stages();
        let settings = TrainSettings {
            loss: Loss::Mse,
            optimiser: Optimiser::Adam(Adam::default()),
            learning_rate: self.learning_rate,
            schedule: Schedule::Cosine { floor: 0.0 },
            epochs: self.epochs,
            batch: self.batch,
            record_every: stages[0],
            target_loss: Some(FITTED),
            snapshots: stages.to_vec(),
            ..TrainSettings::default()
        };
        let order = &mut stream(seed, "order", start);
        let trained = train(&net, &draw.train, None, &settings, order)?;
        // A run that has fitted its labels stays as it is.
        let at = |stage: usize| {
            let kept = trained.snapshots.iter().find(|(epoch, _)| *epoch == stage);
            kept.map_or(&trained.net, |(_, net)| net)
        };
        let scores = |on: &Dataset| -> Result<Vec<Score>> {
            let stages = stages.iter();
            stages
                .map(|&stage| evaluate(at(stage), on, Loss::Mse))
                .collect()
        };
        Ok(OneFit {
            parameters: net.n_parameters(),
            train: scores(&draw.train)?,
            test: scores(&digits.test)?,
            outputs: trained
                .net
                .forward(&single(&digits.test.x))?
                .mapv(f64::from),
            diverged: trained.outcome.diverged(),
        })
    }

    /// Training and test error with the hidden layer frozen at random, at each of `widths`.
    pub(super) fn frozen_fit(
        digits: &NoisyDigits,
        draw: &NoisyDraw,
        widths: &[usize],
        rng: &mut Rng,
    ) -> Result<(Vec<f64>, Vec<f64>)> {
        let units = widths.last().copied().unwrap_or(1);
        let features = RandomFeatures::relu(units, draw.train.x.ncols(), rng)?;
        let path = min_norm_path(
            &features.apply(&draw.train.x)?,
            &features.apply(&digits.test.x)?,
            &draw.train.y,
            widths,
        )?;
        let test = path.test_mse(&digits.test.y)?;
        Ok((path.train_mse, test))
    }
}
