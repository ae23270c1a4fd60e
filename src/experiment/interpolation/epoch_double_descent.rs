//! Test error by epoch with label noise: what early stopping saves, and which labels are learnt late.

mod findings;

use rayon::prelude::*;

use crate::data::{Dataset, Source};
use crate::engine;
use crate::error::{Error, Result};
use crate::experiment::problems::noisy_digits::{Design, NoisyDigits, NoisyDraw, fitted};
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use crate::fit::train::{TrainSettings, evaluate, train};
use crate::model::{Loss, Mlp32, MlpSettings};
use crate::rng::stream;
use findings::{Results, findings};

settings! {
    /// Settings of `epoch_double_descent`.
    pub struct EpochDoubleDescent {
        /// Training digits a run.
        n: usize = 500, quick 300, in 20..=5000;
        /// Hidden units of the three networks, from narrow to wide.
        width: Vec<usize> = vec![8, 32, 256], quick vec![8, 32, 128], in 1..=4096, len 3;
        /// Share of training labels changed to another class.
        label_noise: f64 = 0.2, in 0.02..=0.8;
        /// Passes over the training set.
        epochs: usize = 200, quick 60, in 10..=10_000;
        /// Learning rate of SGD with momentum 0.9.
        learning_rate: f64 = 0.05, in 0.0001..=1.0;
        /// Examples a step.
        batch: usize = 32, in 1..=5000;
        /// Runs: training set, label noise, network and order of its own.
        runs: usize = 8, quick 4, in 3..=1000;
        /// Side of the squares of pixels that are averaged: 2 makes 14 × 14 of 28 × 28.
        pool: usize = 2, in 1..=28;
        /// Test digits; as many others choose the epoch to stop at.
        test: usize = 1000, quick 500, in 20..=5000;
    }
}

/// One run of one network, a number for each recorded epoch.
struct OneRun {
    /// Error on the digits that choose when to stop.
    choosing: Vec<f64>,
    test: Vec<f64>,
    /// Error on the training set with its noisy labels.
    train: Vec<f64>,
    /// Share of the changed labels that the network gives back; empty without noise.
    learnt: Vec<f64>,
}

impl Study for EpochDoubleDescent {
    const ABOUT: About = About {
        id: "epoch_double_descent",
        title: "Test error by epoch with label noise",
        what: "Trains networks with one hidden layer on few MNIST digits, some labels changed. The test error falls, \
               then rises while the network learns the changed labels; stopping early avoids that. Whether a second \
               descent follows is measured, not presumed.",
        slide: "Deep learning theory, \"But... Double descent!\"; after Nakkiran, Kaplun, Bansal, Yang, Barak & \
                Sutskever 2019, Deep double descent, arXiv:1912.02292, section 6",
        columns: &[
            Column::new("width", "", "hidden units"),
            Column::new("label_noise", "", "share of training labels changed"),
            Column::new("epoch", "", "passes over the training set"),
            Column::new(
                "test_error",
                "",
                "share of test digits wrong, mean over runs",
            ),
            Column::new("test_error_se", "", "its standard error"),
            Column::new(
                "train_error",
                "",
                "share of training labels, as given, not met",
            ),
            Column::new(
                "learnt",
                "",
                "share of changed labels given back; nan without noise",
            ),
        ],
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        fitted(self, &[("n", 1), ("test", 2)], data)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let design = |label_noise: f64| Design {
            n: self.n,
            test: 2 * self.test,
            label_noise,
            pool: self.pool,
        };
        let noisy = NoisyDigits::new(&context.data, design(self.label_noise), seed)?;
        let clean = NoisyDigits::new(&context.data, design(0.0), seed)?;
        let (test, choosing): (Vec<usize>, Vec<usize>) =
            (0..2 * self.test).partition(|row| *row < self.test);
        let held = [noisy.test.select(&test)?, noisy.test.select(&choosing)?];
        let epochs = self.recorded();
        context.progress.start(self.runs * 6, "networks");
        let _single = engine::single_thread();
        let cells: Vec<(usize, bool, u64)> = (0..3)
            .flat_map(|w| [true, false].map(|noise| (w, noise)))
            .flat_map(|(w, noise)| (0..self.runs as u64).map(move |run| (w, noise, run)))
            .collect();
        let runs = cells
            .into_par_iter()
            .map(|(w, noise, index)| {
                let draw = if noise { &noisy } else { &clean }.draw(index)?;
                let done = self.one_run(&draw, &held, &epochs, self.width[w], (seed, index));
                context.progress.step();
                done
            })
            .collect::<Result<Vec<OneRun>>>()?;
        findings(&Results {
            settings: self,
            mnist: noisy.mnist,
            epochs,
            runs,
        })
    }
}

impl EpochDoubleDescent {
    /// The recorded epochs: 1, 2, 3, then four an octave, and the last.
    fn recorded(&self) -> Vec<usize> {
        let at = |i: i32| 2f64.powf(f64::from(i) / 4.0).round() as usize;
        let mut epochs: Vec<usize> = (0..60).map(at).take_while(|e| *e < self.epochs).collect();
        epochs.push(self.epochs);
        epochs.dedup();
        epochs
    }

    fn one_run(
        &self,
        draw: &NoisyDraw,
        held: &[Dataset; 2],
        epochs: &[usize],
        width: usize,
        (seed, index): (u64, u64),
    ) -> Result<OneRun> {
        let given = &draw.train;
        let sizes = [given.x.ncols(), width, given.y.ncols()];
        let rng = &mut stream(seed, "network", index);
        let net = Mlp32::new(&MlpSettings::of_sizes(&sizes), rng)?;
        let settings = TrainSettings {
            loss: Loss::CrossEntropy,
            learning_rate: self.learning_rate,
            epochs: self.epochs,
            batch: self.batch,
            record_every: self.epochs,
            snapshots: epochs.to_vec(),
            ..TrainSettings::default()
        };
        let rng = &mut stream(seed, "order", index);
        let trained = train(&net, given, None, &settings, rng)?;
        if trained.outcome.diverged() || trained.snapshots.len() != epochs.len() {
            let expected = "small enough that training does not diverge";
            return Err(Error::domain(
                "the learning rate",
                expected,
                self.learning_rate,
            ));
        }
        let error = |on: &Dataset| -> Result<Vec<f64>> {
            let nets = trained.snapshots.iter();
            nets.map(|(_, net)| {
                let score = evaluate(net, on, Loss::CrossEntropy)?;
                Ok(score.error.unwrap_or(f64::NAN))
            })
            .collect()
        };
        let learnt = if draw.changed.is_empty() {
            Vec::new()
        } else {
            error(&draw.changed)?.iter().map(|e| 1.0 - e).collect()
        };
        Ok(OneRun {
            test: error(&held[0])?,
            choosing: error(&held[1])?,
            train: error(given)?,
            learnt,
        })
    }
}
