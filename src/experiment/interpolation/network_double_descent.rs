//! Double descent of a fully connected network, trained from one width to the next.

mod curve;
mod figure;
mod findings;

use ndarray::Array2;
use rayon::prelude::*;

use crate::data::Source;
use crate::engine;
use crate::error::{Error, Result};
use crate::experiment::problems::digit_features::widths_around_threshold;
use crate::experiment::problems::noisy_digits::{Design, NoisyDigits, NoisyDraw, fitted, single};
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use crate::fit::min_norm_path;
use crate::fit::train::{TrainSettings, evaluate, train};
use crate::model::{Loss, Mlp32, MlpSettings, RandomFeatures};
use crate::optimise::{Adam, Optimiser, Schedule};
use crate::rng::stream;
use curve::{Frozen, Network, OneFit};
use findings::{Results, findings};

/// The training loss at which a run has fitted its labels and stops.
const FITTED: f64 = 1e-6;

/// The random-feature curve: about this many widths, up to this many units a training digit.
const FROZEN: (usize, f64) = (24, 8.0);

settings! {
    /// Settings of `network_double_descent`.
    pub struct NetworkDoubleDescent {
        /// Training digits a draw.
        n: usize = 300, quick 60, in 20..=10_000;
        /// Hidden units of the networks, increasing.
        widths: Vec<usize> = vec![4, 8, 12, 16, 20, 26, 32, 40, 60, 100, 200, 400],
            quick vec![4, 8, 12, 16, 24, 40, 100, 250], in 1..=4096;
        /// Share of training labels changed to another class.
        label_noise: f64 = 0.2, in 0.0..=1.0;
        /// Passes over the training set at most; a run stops once it fits its labels.
        epochs: usize = 3000, quick 1500, in 30..=1_000_000;
        /// Draws of training set, label noise and initial weights.
        draws: usize = 8, in 3..=1000;
        /// Training digits a step.
        batch: usize = 50, quick 30, in 1..=10_000;
        /// Learning rate of Adam at the start; it falls along half a cosine.
        learning_rate: f64 = 0.001, quick 0.003, in 1e-6..=1.0;
        /// Side of the squares of pixels that are averaged: 2 makes 14 × 14 of 28 × 28.
        pool: usize = 2, quick 4, in 1..=28;
        /// Test digits, the same in every draw.
        test: usize = 2000, quick 500, in 10..=10_000;
    }
}

impl Study for NetworkDoubleDescent {
    const ABOUT: About = About {
        id: "network_double_descent",
        title: "Double descent of a fully connected network on MNIST digits",
        what: "Trains networks with one hidden ReLU layer on few digits, some wrongly labelled, by squared loss \
               until they fit all labels or the epochs end: test and training error by the number of parameters, \
               bias and variance over draws, and the same networks stopped early. Beside them the hidden layer is \
               frozen at random and the last layer solved exactly. Both are trained afresh at each width: no \
               weights are reused.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Double descent curve in practice \
                (I)\", random features and a fully connected network on MNIST; after Belkin, Hsu, Ma & Mandal \
                2019, arXiv:1812.11118",
        columns: &[
            Column::new("model", "", "network, or frozen for a random hidden layer"),
            Column::new("width", "", "hidden units"),
            Column::new("parameters", "", "trained parameters P"),
            Column::new(
                "ratio",
                "",
                "P/(n k): parameters for each number to be fitted",
            ),
            Column::new("epochs", "", "epochs trained at most; empty for frozen"),
            Column::new(
                "train_mse",
                "label²",
                "mean squared error on the noisy training labels, mean over draws",
            ),
            Column::new(
                "train_error",
                "",
                "share of noisy training labels not reproduced, mean over draws",
            ),
            Column::new(
                "test_mse",
                "label²",
                "mean squared error on clean test labels, mean over draws (frozen: median)",
            ),
            Column::new("test_mse_se", "label²", "its standard error over draws"),
            Column::new(
                "test_error",
                "",
                "share of test digits told wrong, mean over draws",
            ),
            Column::new("test_error_se", "", "its standard error over draws"),
            Column::new(
                "bias2",
                "label²",
                "squared bias, less what the variance of so few draws leaves in it",
            ),
            Column::new("variance", "label²", "variance over draws"),
        ],
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        fitted(self, &[("n", 1), ("test", 1)], data)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        if self.widths.len() < 3 || self.widths.windows(2).any(|pair| pair[0] >= pair[1]) {
            let expected = "three or more, increasing";
            let got = format!("{:?}", self.widths);
            return Err(Error::domain("the list of widths", expected, got));
        }
        let design = Design {
            n: self.n,
            test: self.test,
            label_noise: self.label_noise,
            pool: self.pool,
        };
        let digits = NoisyDigits::new(&context.data, design, seed)?;
        let draws: Vec<NoisyDraw> = (0..self.draws as u64)
            .map(|index| digits.draw(index))
            .collect::<Result<_>>()?;
        // The widest first: they take longest.
        let jobs: Vec<(usize, usize)> = (0..self.widths.len())
            .rev()
            .flat_map(|width| (0..self.draws).map(move |draw| (width, draw)))
            .collect();
        context.progress.start(jobs.len() + self.draws, "fits");
        let _single = engine::single_thread();
        let mut fits = jobs
            .into_par_iter()
            .with_max_len(1)
            .map(|(width, index)| {
                let stage = (seed, index as u64);
                let fit = self.one_fit(&digits, &draws[index], self.widths[width], stage);
                context.progress.step();
                fit.map(|fit| (width, fit))
            })
            .collect::<Result<Vec<(usize, OneFit)>>>()?;
        // Stable: within a width the draws stay in order.
        fits.sort_by_key(|(width, _)| *width);
        let fits: Vec<OneFit> = fits.into_iter().map(|(_, fit)| fit).collect();
        let network = Network::over(&fits, self.draws, &self.stages(), self.n, &digits.test.y)?;
        let widths = widths_around_threshold(self.n, FROZEN.1, FROZEN.0);
        let frozen = draws
            .par_iter()
            .enumerate()
            .map(|(index, draw)| {
                let rng = &mut stream(seed, "frozen layer", index as u64);
                let units = widths.last().copied().unwrap_or(self.n);
                let features = RandomFeatures::relu(units, draw.train.x.ncols(), rng)?;
                let path = min_norm_path(
                    &features.apply(&draw.train.x)?,
                    &features.apply(&digits.test.x)?,
                    &draw.train.y,
                    &widths,
                )?;
                context.progress.step();
                Ok((path.train_mse.clone(), path.test_mse(&digits.test.y)?))
            })
            .collect::<Result<Vec<_>>>()?;
        let classes = digits.sizes().1;
        findings(&Results {
            mnist: digits.mnist,
            network,
            frozen: Frozen::over(&widths, self.n, classes, &frozen)?,
            noise_mse: 2.0 * self.label_noise / classes as f64,
        })
    }
}

impl NetworkDoubleDescent {
    /// The epochs at which networks are compared: stopped early, halfway between by logarithm, and the end.
    fn stages(&self) -> [usize; 3] {
        [
            (self.epochs / 30).max(1),
            (self.epochs / 6).max(1),
            self.epochs,
        ]
    }

    fn one_fit(
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
        let mut fit = OneFit {
            width,
            parameters: net.n_parameters(),
            train: Vec::new(),
            test: Vec::new(),
            outputs: Array2::zeros((0, 0)),
            diverged: trained.outcome.diverged(),
        };
        for stage in stages {
            fit.train.push(evaluate(at(stage), &draw.train, Loss::Mse)?);
            fit.test.push(evaluate(at(stage), &digits.test, Loss::Mse)?);
        }
        let outputs = trained.net.forward(&single(&digits.test.x))?;
        fit.outputs = outputs.mapv(f64::from);
        Ok(fit)
    }
}
