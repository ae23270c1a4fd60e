//! Test error by epoch with label noise: what early stopping saves, and which labels are learnt late.

use crate::data::{Dataset, Source};
use crate::error::{Error, Result};
use crate::experiment::problems::noisy_digits::{Design, NoisyDigits, NoisyDraw, fitted};
use crate::experiment::{About, Claim, Context, Findings, Study, row, settings};
use crate::fit::train::{TrainSettings, evaluate, train};
use crate::model::{Loss, Mlp32, MlpSettings};
use crate::plot::{Figure, Panel};
use crate::rng::stream;
use crate::stats::{Estimate, largest, least_by, mean};

/// The chance that a difference counts although there is none.
const LEVEL: f64 = 0.01;

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
        runs: usize = 8, in 3..=1000;
        /// Side of the squares of pixels that are averaged: 2 makes 14 × 14 of 28 × 28.
        pool: usize = 2, in 1..=28;
        /// Test digits; as many others choose the epoch to stop at.
        test: usize = 1000, quick 500, in 20..=5000;
    }
}

row! {
    /// One network after so many epochs, over runs.
    struct Point {
        /// hidden units
        width: usize;
        /// share of training labels changed
        label_noise: f64;
        /// passes over the training set
        epoch: usize;
        /// share of test digits wrong, mean over runs
        test_error: Estimate, and test_error_se "its standard error";
        /// share of training labels, as given, not met
        train_error: f64;
        /// share of changed labels given back; nan without noise
        learnt: f64;
    }
}

/// One run of one network, a number for each recorded epoch.
struct OneRun {
    test: Vec<f64>,
    /// Error on the training set with its noisy labels.
    train: Vec<f64>,
    /// Share of the changed labels that the network gives back; NaN without noise.
    learnt: Vec<f64>,
    /// The place of the epoch with the least error on the digits set apart to choose it.
    stop: usize,
}

/// All runs of one width, with label noise or without.
struct Case {
    width: usize,
    points: Vec<Point>,
    runs: Vec<OneRun>,
}

/// The six cases by width, each with label noise before without.
struct Results {
    /// Whether trends known from MNIST may be claimed.
    mnist: bool,
    epochs: Vec<usize>,
    cases: Vec<Case>,
}

impl Study for EpochDoubleDescent {
    const ABOUT: About = About {
        id: "epoch_double_descent",
        title: "Test error by epoch with label noise",
        what: "Trains networks with one hidden layer on few MNIST digits, some labels changed. The test error falls, \
               then rises while the network learns the changed labels; stopping early avoids that. Whether a second \
               descent follows is measured, not presumed.",
        slide: "Scaman, Mathematics of deep learning: \"But...Double descent!\"; after Nakkiran, Kaplun, Bansal, Yang, Barak & \
                Sutskever 2019, Deep double descent, arXiv:1912.02292, section 6",
        columns: Point::COLUMNS,
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        fitted(self, &[("n", 1), ("test", 2)], data)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let digits = |label_noise: f64| {
            let design = Design {
                n: self.n,
                test: 2 * self.test,
                label_noise,
                pool: self.pool,
            };
            NoisyDigits::new(&context.data, design, seed)
        };
        let [noisy, clean] = [digits(self.label_noise)?, digits(0.0)?];
        let (test, choosing): (Vec<usize>, Vec<usize>) =
            (0..2 * self.test).partition(|row| *row < self.test);
        let held = [noisy.test.select(&test)?, noisy.test.select(&choosing)?];
        let epochs = self.recorded();
        let given = [(&noisy, self.label_noise), (&clean, 0.0)];
        let places = self.width.iter();
        let places: Vec<_> = places
            .flat_map(|&width| given.map(|(digits, noise)| (width, digits, noise)))
            .collect();
        // Networks of any width, with noise or without, share the draws of a run.
        let runs = context.paired("networks", &places, self.runs, seed, |place, one| {
            let draw = place.1.draw(one.index)?;
            self.one_run(&draw, &held, &epochs, place.0, (seed, one.index))
        })?;
        let cases = places.iter().zip(runs);
        let cases = cases.map(|(&(width, _, noise), runs)| Case::of(width, noise, &epochs, runs));
        let cases = cases.collect::<Result<_>>()?;
        self.findings(&Results {
            mnist: noisy.mnist,
            epochs,
            cases,
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
        [test, choosing]: &[Dataset; 2],
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
                Ok(score.error.expect("classes have an error"))
            })
            .collect()
        };
        let choosing = error(choosing)?;
        let learnt = match draw.changed.is_empty() {
            true => vec![f64::NAN; epochs.len()],
            false => error(&draw.changed)?.iter().map(|e| 1.0 - e).collect(),
        };
        Ok(OneRun {
            test: error(test)?,
            train: error(given)?,
            learnt,
            stop: least_by(0..epochs.len(), |&at| choosing[at])
                .expect("settings have an epoch, and classes have an error"),
        })
    }

    fn findings(&self, results: &Results) -> Result<Findings> {
        let per_width = |of: fn(&OneRun) -> f64| -> Vec<f64> {
            let noisy = results.noisy();
            noisy.map(|case| mean(case.runs.iter().map(of))).collect()
        };
        let stops = results.noisy().map(|case| {
            let runs = case.runs.iter();
            mean(runs.map(|run| results.epochs[run.stop] as f64))
        });
        let [.., noisy, clean] = &results.cases[..] else {
            return Err(Error::shape("the list of widths", "three widths", &[0]));
        };
        let pairs = noisy.runs.iter().zip(&clean.runs);
        let pairs: Vec<f64> = pairs.map(|(a, b)| a.saved() - b.saved()).collect();
        let beyond = |text: &str, gain: Estimate| {
            Ok::<_, Error>(Claim::positive(text, gain, LEVEL)?.trend(results.mnist))
        };
        let points = results.cases.iter().flat_map(|case| &case.points);
        Ok(Findings::of(points)
            .measure("stopping_epoch", stops.collect::<Vec<f64>>())
            .measure("stopped_test_error", per_width(|run| run.test[run.stop]))
            .measure("last_test_error", per_width(|run| last(&run.test)))
            .measure("last_train_error", per_width(|run| last(&run.train)))
            .measure("last_learnt", per_width(|run| last(&run.learnt)))
            .measure(
                "second_descent",
                results
                    .noisy()
                    .map(Case::second_descent)
                    .collect::<Vec<f64>>(),
            )
            .claim(beyond(
                "early stopping beats the last epoch for the widest network with label noise \
                 (trend): test error saved, the epoch chosen on other digits",
                estimate(&noisy.runs, OneRun::saved)?,
            )?)
            .claim(beyond(
                "after that epoch it still learns changed labels (trend): rise of the share given \
                 back",
                estimate(&noisy.runs, OneRun::learnt_late)?,
            )?)
            .claim(beyond(
                "without label noise early stopping saves less (trend): difference between runs \
                 with and without",
                Estimate::from_values(&pairs)?,
            )?)
            .claim(Claim::less_than(
                "the widest network ends below the share of changed labels in training error \
                 (trend), so it knows some by heart",
                self.label_noise,
                mean(noisy.runs.iter().map(|run| last(&run.train))),
                0.0,
            ))
            .trend(results.mnist)
            .figure(self.figure(results)))
    }

    fn figure(&self, results: &Results) -> Figure {
        let epoch = |p: &Point| p.epoch as f64;
        let mut figure = Figure::new(Self::ABOUT.title);
        for pair in results.cases.chunks(2) {
            let [noisy, clean] = [&pair[0].points, &pair[1].points];
            let mut stops: Vec<usize> = pair[0].runs.iter().map(|run| run.stop).collect();
            stops.sort_unstable();
            let middle = results.epochs[stops[stops.len() / 2]];
            let panel = Panel::new("epochs", "share of digits or labels")
                .title(&format!("{} hidden units", pair[0].width))
                .log_x()
                .line_of("test error", noisy, epoch, |p| p.test_error.mean)
                .color(1)
                .line_of("test error, no noise", clean, epoch, |p| p.test_error.mean)
                .color(1)
                .dashed()
                .line_of("training error", noisy, epoch, |p| p.train_error)
                .color(0)
                .line_of("changed labels learnt", noisy, epoch, |p| p.learnt)
                .color(2)
                .vertical(middle as f64, "");
            figure = figure.panel(panel);
        }
        figure.shared_legend().share_y().caption(&format!(
            "Means over {} runs of n = {} digits, {} % of labels changed. Vertical: the median \
             epoch early stopping chooses.",
            self.runs,
            self.n,
            100.0 * self.label_noise
        ))
    }
}

impl OneRun {
    /// What stopping early saves of the test error of the last epoch.
    fn saved(&self) -> f64 {
        last(&self.test) - self.test[self.stop]
    }

    /// How much of the changed labels is learnt after stopping would have ended the run.
    fn learnt_late(&self) -> f64 {
        last(&self.learnt) - self.learnt[self.stop]
    }
}

impl Case {
    fn of(width: usize, label_noise: f64, epochs: &[usize], runs: Vec<OneRun>) -> Result<Self> {
        let points = epochs.iter().enumerate().map(|(at, &epoch)| {
            Ok(Point {
                width,
                label_noise,
                epoch,
                test_error: estimate(&runs, |run| run.test[at])?,
                train_error: mean(runs.iter().map(|run| run.train[at])),
                learnt: mean(runs.iter().map(|run| run.learnt[at])),
            })
        });
        Ok(Self {
            width,
            points: points.collect::<Result<_>>()?,
            runs,
        })
    }

    /// The largest mean test error after the epoch of the least, less that of the last epoch.
    fn second_descent(&self) -> f64 {
        let errors: Vec<f64> = self.points.iter().map(|p| p.test_error.mean).collect();
        let least = least_by(0..errors.len(), |&at| errors[at]);
        least.map_or(f64::NAN, |least| largest(&errors[least..]) - last(&errors))
    }
}

impl Results {
    fn noisy(&self) -> impl Iterator<Item = &Case> {
        self.cases.iter().step_by(2)
    }
}

fn last(values: &[f64]) -> f64 {
    values.last().copied().unwrap_or(f64::NAN)
}

fn estimate(runs: &[OneRun], of: impl Fn(&OneRun) -> f64) -> Result<Estimate> {
    Estimate::from_values(&runs.iter().map(of).collect::<Vec<f64>>())
}
