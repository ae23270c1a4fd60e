//! From single fits to curves over the widths.

use ndarray::{Array2, Axis, stack};

use super::fit::OneFit;
use super::settings::NetworkDoubleDescent;
use crate::error::{Error, Result};
use crate::experiment::problems::digit_features::widths_around_threshold;
use crate::experiment::problems::noisy_digits::{Design, NoisyDigits, NoisyDraw};
use crate::experiment::{Context, row};
use crate::fit::train::Score;
use crate::measure::{BiasVariance, bias_variance};
use crate::rng::stream;
use crate::stats::{Estimate, median};

/// The random-feature curve: about this many widths, up to this many units a training digit.
const FROZEN: (usize, f64) = (24, 8.0);

row! {
    /// One width of the networks after so many epochs, or of the frozen layer.
    #[derive(Clone, Default)]
    pub(super) struct Entry {
        /// network, or frozen for a random hidden layer
        model: &'static str;
        /// hidden units
        width: usize;
        /// trained parameters P
        parameters: usize;
        /// P/(n k): parameters for each number to be fitted
        ratio: f64;
        /// epochs trained at most; empty for frozen
        epochs: Option<usize>;
        /// mean squared error on the noisy training labels, mean over draws
        train_mse: f64, unit "label²";
        /// share of noisy training labels not reproduced, mean over draws
        train_error: Option<f64>;
        /// mean squared error on clean test labels, mean over draws (frozen: median)
        test_mse: f64, unit "label²";
        /// its standard error over draws
        test_mse_se: Option<f64>, unit "label²";
        /// share of test digits told wrong, mean over draws
        test_error: Option<Estimate>, and test_error_se "its standard error over draws";
        /// squared bias, less what the variance of so few draws leaves in it
        bias2: Option<f64>, unit "label²";
        /// variance over draws
        variance: Option<f64>, unit "label²";
    }
}

/// One width after so many epochs, over the draws.
pub(super) struct Stage {
    /// Epochs at most.
    pub epochs: usize,
    /// Test mean squared error of each draw.
    pub test_mses: Vec<f64>,
    /// Share of test digits told wrong in each draw.
    pub test_errors: Vec<f64>,
    pub test_mse: Estimate,
    pub test_error: Estimate,
    pub train_mse: Estimate,
    pub train_error: Estimate,
}

/// One width.
pub(super) struct Point {
    pub width: usize,
    pub parameters: usize,
    /// Parameters over n·k.
    pub ratio: f64,
    /// From early to late.
    pub stages: [Stage; 3],
    /// Of the networks at the end.
    pub parts: BiasVariance,
}

/// Everything a run computed.
pub(super) struct Results {
    /// Whether trends known from MNIST may be claimed.
    pub mnist: bool,
    /// The trained networks, by width.
    pub points: Vec<Point>,
    /// How many runs diverged.
    pub diverged: usize,
    /// The random hidden layer with an exact last layer, by width: medians over draws.
    pub frozen: Vec<Entry>,
    /// The mean square that label noise adds to an entry of the targets.
    pub noise_mse: f64,
}

impl Stage {
    /// Stage number `at` of the fits of a width.
    fn of(fits: &[OneFit], at: usize, epochs: usize) -> Result<Self> {
        let each = |of: fn(&OneFit) -> &Vec<Score>, number: fn(Score) -> f64| -> Vec<f64> {
            fits.iter().map(|fit| number(of(fit)[at])).collect()
        };
        let (loss, error) = (|s: Score| s.loss, |s: Score| s.error.unwrap_or(f64::NAN));
        let test_mses = each(|fit| &fit.test, loss);
        let test_errors = each(|fit| &fit.test, error);
        Ok(Self {
            epochs,
            test_mse: Estimate::from_values(&test_mses)?,
            test_mses,
            test_error: Estimate::from_values(&test_errors)?,
            test_errors,
            train_mse: Estimate::from_values(&each(|fit| &fit.train, loss))?,
            train_error: Estimate::from_values(&each(|fit| &fit.train, error))?,
        })
    }
}

impl Point {
    /// At the end of training.
    pub(super) fn last(&self) -> &Stage {
        &self.stages[2]
    }

    /// Its rows of the table, from early to late.
    pub(super) fn rows(&self) -> impl Iterator<Item = Entry> {
        self.stages.iter().enumerate().map(|(at, stage)| Entry {
            model: "network",
            width: self.width,
            parameters: self.parameters,
            ratio: self.ratio,
            epochs: Some(stage.epochs),
            train_mse: stage.train_mse.mean,
            train_error: Some(stage.train_error.mean),
            test_mse: stage.test_mse.mean,
            test_mse_se: Some(stage.test_mse.se),
            test_error: Some(stage.test_error),
            bias2: (at == 2).then_some(self.parts.bias2_corrected),
            variance: (at == 2).then_some(self.parts.variance),
        })
    }
}

impl NetworkDoubleDescent {
    pub(super) fn results(&self, seed: u64, context: &Context) -> Result<Results> {
        let design = Design {
            n: self.n,
            test: self.test,
            label_noise: self.label_noise,
            pool: self.pool,
        };
        let digits = NoisyDigits::new(&context.data, design, seed)?;
        let draws = (0..self.draws as u64).map(|index| digits.draw(index));
        let draws: Vec<NoisyDraw> = draws.collect::<Result<_>>()?;
        // The widest first: they take longest.
        let widest_first: Vec<usize> = self.widths.iter().rev().copied().collect();
        let fits = context.paired(
            "networks",
            &widest_first,
            self.draws,
            seed,
            |&width, one| {
                let draw = &draws[one.index as usize];
                self.one_fit(&digits, draw, width, (seed, one.index))
            },
        )?;
        let classes = digits.sizes().1;
        let points = widest_first.iter().zip(&fits).rev();
        let points = points.map(|(&width, fits)| self.point(width, fits, &digits.test.y));
        let diverged = fits.iter().flatten().filter(|fit| fit.diverged);
        let widths = widths_around_threshold(self.n, FROZEN.1, FROZEN.0);
        let frozen = context.each(
            "frozen layers",
            draws.iter().enumerate(),
            |(index, draw)| {
                let rng = &mut stream(seed, "frozen layer", index as u64);
                Self::frozen_fit(&digits, draw, &widths, rng)
            },
        )?;
        Ok(Results {
            mnist: digits.mnist,
            points: points.collect::<Result<_>>()?,
            diverged: diverged.count(),
            frozen: frozen_points(&widths, self.n, classes, &frozen)?,
            noise_mse: 2.0 * self.label_noise / classes as f64,
        })
    }

    /// Sums up the fits of a width. Clean test targets `(t, k)`.
    fn point(&self, width: usize, fits: &[OneFit], targets: &Array2<f64>) -> Result<Point> {
        let missing = || Error::shape("the draws", "at least one", &[fits.len()]);
        let parameters = fits.first().ok_or_else(missing)?.parameters;
        let outputs: Vec<_> = fits.iter().map(|fit| fit.outputs.view()).collect();
        let outputs = stack(Axis(0), &outputs).map_err(|_| missing())?;
        let [early, middle, late] = self.stages();
        Ok(Point {
            width,
            parameters,
            ratio: parameters as f64 / (self.n * targets.ncols()) as f64,
            stages: [
                Stage::of(fits, 0, early)?,
                Stage::of(fits, 1, middle)?,
                Stage::of(fits, 2, late)?,
            ],
            parts: bias_variance(&outputs, targets)?,
        })
    }
}

/// Medians over draws of training and test error at each width, for k outputs and no bias: P = k·m.
fn frozen_points(
    widths: &[usize],
    n: usize,
    k: usize,
    draws: &[(Vec<f64>, Vec<f64>)],
) -> Result<Vec<Entry>> {
    let points = widths.iter().enumerate().map(|(i, &width)| {
        let (train, test): (Vec<f64>, Vec<f64>) = draws.iter().map(|d| (d.0[i], d.1[i])).unzip();
        Ok(Entry {
            model: "frozen",
            width,
            parameters: k * width,
            ratio: width as f64 / n as f64,
            train_mse: median(&train)?,
            test_mse: median(&test)?,
            ..Entry::default()
        })
    });
    points.collect()
}
