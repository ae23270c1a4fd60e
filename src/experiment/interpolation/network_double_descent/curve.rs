//! From single fits to curves over the widths.

use ndarray::{Array2, Axis, stack};

use crate::error::{Error, Result};
use crate::fit::train::Score;
use crate::measure::{BiasVariance, bias_variance};
use crate::stats::{Estimate, median};

/// One network of one draw.
pub(super) struct OneFit {
    /// Hidden units.
    pub width: usize,
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
    pub stages: Vec<Stage>,
    /// Of the networks at the end.
    pub parts: BiasVariance,
}

impl Point {
    /// At the end of training.
    pub(super) fn last(&self) -> &Stage {
        &self.stages[self.stages.len() - 1]
    }
}

/// The trained networks, by width.
pub(super) struct Network {
    pub points: Vec<Point>,
    /// How many runs diverged.
    pub diverged: usize,
}

impl Network {
    /// Gathers fits that come width by width, `draws` for each. `n` training digits; clean test targets `(t, k)`.
    pub(super) fn over(
        fits: &[OneFit],
        draws: usize,
        stages: &[usize],
        n: usize,
        targets: &Array2<f64>,
    ) -> Result<Self> {
        let points = fits
            .chunks(draws)
            .map(|fits| point(fits, stages, n, targets))
            .collect::<Result<Vec<Point>>>()?;
        Ok(Self {
            points,
            diverged: fits.iter().filter(|fit| fit.diverged).count(),
        })
    }

    /// One number of each width.
    pub(super) fn each(&self, of: impl Fn(&Point) -> f64) -> Vec<f64> {
        self.points.iter().map(of).collect()
    }
}

fn point(fits: &[OneFit], stages: &[usize], n: usize, targets: &Array2<f64>) -> Result<Point> {
    let missing = || Error::shape("the draws", "at least one", &[fits.len()]);
    let first = fits.first().ok_or_else(missing)?;
    let stages = stages.iter().enumerate().map(|(stage, &epochs)| {
        let each = |of: &dyn Fn(&OneFit) -> f64| fits.iter().map(of).collect::<Vec<f64>>();
        let error = |score: Score| score.error.unwrap_or(f64::NAN);
        let test_mses = each(&|fit| fit.test[stage].loss);
        let test_errors = each(&|fit| error(fit.test[stage]));
        Ok(Stage {
            epochs,
            test_mse: Estimate::from_values(&test_mses)?,
            test_mses,
            test_error: Estimate::from_values(&test_errors)?,
            test_errors,
            train_mse: Estimate::from_values(&each(&|fit| fit.train[stage].loss))?,
            train_error: Estimate::from_values(&each(&|fit| error(fit.train[stage])))?,
        })
    });
    let outputs: Vec<_> = fits.iter().map(|fit| fit.outputs.view()).collect();
    let outputs = stack(Axis(0), &outputs).map_err(|_| missing())?;
    Ok(Point {
        width: first.width,
        parameters: first.parameters,
        ratio: first.parameters as f64 / (n * targets.ncols()) as f64,
        stages: stages.collect::<Result<_>>()?,
        parts: bias_variance(&outputs, targets)?,
    })
}

/// One width of the frozen layer: medians over draws.
pub(super) struct FrozenPoint {
    pub width: usize,
    pub parameters: usize,
    pub ratio: f64,
    pub train_mse: f64,
    pub test_mse: f64,
}

/// The random hidden layer with an exact last layer, by width.
pub(super) struct Frozen {
    pub points: Vec<FrozenPoint>,
}

impl Frozen {
    /// Medians over draws of training and test error at each width, for k outputs and no bias: P = k·m.
    pub(super) fn over(
        widths: &[usize],
        n: usize,
        k: usize,
        draws: &[(Vec<f64>, Vec<f64>)],
    ) -> Result<Self> {
        let points = widths.iter().enumerate().map(|(i, &width)| {
            let train: Vec<f64> = draws.iter().map(|draw| draw.0[i]).collect();
            let test: Vec<f64> = draws.iter().map(|draw| draw.1[i]).collect();
            Ok(FrozenPoint {
                width,
                parameters: k * width,
                ratio: width as f64 / n as f64,
                train_mse: median(&train)?,
                test_mse: median(&test)?,
            })
        });
        Ok(Self {
            points: points.collect::<Result<_>>()?,
        })
    }
}
