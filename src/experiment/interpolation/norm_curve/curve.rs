//! Error and norm at every width, over draws.

use crate::error::{Error, Result};
use crate::experiment::problems::digit_features::{Design, DigitFeatures, widths_around_threshold};
use crate::experiment::{Context, row, settings};
use crate::fit::{kernel_ridge, min_norm_path};
use crate::measure::valley_misfit;
use crate::model::Kernel;
use crate::stats::{larger, largest, largest_by, mean, median};

/// Near the threshold: ratios from 1/NEAR to NEAR.
const NEAR: f64 = 1.25;

settings! {
    /// Settings of `norm_curve`.
    pub struct NormCurve {
        /// Training digits a draw.
        n: usize = 300, quick 100, in 20..=4000;
        /// Share of training labels flipped.
        label_noise: f64 = 0.1, in 0.0..=0.5;
        /// The two classes told apart, as −1 and +1.
        digits: Vec<usize> = vec![3, 7], in 0..=255, len 2;
        /// Bandwidth σ of the Gaussian kernel, in units of the input norm (pixels are 0 to 1).
        sigma: f64 = 5.0, in 0.01..=1000.0;
        /// The largest number of feature columns, in units of n.
        max_ratio: f64 = 16.0, in 4.0..=50.0;
        /// About how many widths, densest around n.
        points: usize = 40, quick 24, in 12..=500;
        /// Draws of training set and features.
        draws: usize = 20, quick 12, in 3..=1000;
        /// Test digits, the same in every draw.
        test: usize = 800, quick 400, in 10..=10_000;
    }
}

row! {
    /// One width, over draws: at m = n means would be those of the worst draw.
    pub(super) struct Point {
        /// feature columns m, the parameters
        columns: usize;
        /// m/n; the interpolation threshold is 1
        ratio: f64;
        /// mean squared test error, median over draws
        test_mse: f64, unit "label²";
        /// norm of the weights for features with φ·φ = 1, median over draws
        norm: f64;
    }
}

/// One draw, a number for each width.
pub(super) struct OneDraw {
    pub test_mse: Vec<f64>,
    /// ‖w‖ for features with φ·φ = 1.
    pub norm: Vec<f64>,
    /// ‖w‖ for features of unit amplitude, whose first columns never change.
    pub raw_norm: Vec<f64>,
    /// The norm of the kernel interpolant, the limit of `norm`.
    pub kernel_norm: f64,
}

/// Everything a run computed.
pub(super) struct Results {
    /// Whether trends known from MNIST may be claimed.
    pub mnist: bool,
    pub n: usize,
    pub points: Vec<Point>,
    pub draws: Vec<OneDraw>,
}

/// What the claims speak of.
pub(super) struct Landmarks<'a> {
    pub peak: &'a Point,
    pub norm_peak: &'a Point,
    /// The larger of the two steps of the grid beside the threshold.
    pub spacing: f64,
    /// d ln(error) / d ln(norm) around the threshold.
    pub slope: f64,
    /// The share of the variation of ln(error) that the best U leaves, by parameters and by norm.
    pub misfit: (f64, f64),
    /// The squared norm for m → ∞ and that of the kernel interpolant, medians over draws.
    pub limit: (f64, f64),
}

impl NormCurve {
    pub(super) fn results(&self, seed: u64, context: &Context) -> Result<Results> {
        let widths = widths_around_threshold(self.n, self.max_ratio, self.points);
        let design = Design {
            digits: &self.digits,
            n: self.n,
            test: self.test,
            columns: widths.last().copied().unwrap_or(self.n),
            sigma: self.sigma,
            label_noise: self.label_noise,
        };
        let problem = DigitFeatures::new(&context.data, &design, seed)?;
        let draws = context.draws("draws", self.draws, seed, |draw| {
            self.one_draw(&problem, &widths, draw.index)
        })?;
        let points = widths.iter().enumerate().map(|(i, &columns)| {
            let each = |of: fn(&OneDraw) -> &Vec<f64>| -> Vec<f64> {
                draws.iter().map(|draw| of(draw)[i]).collect()
            };
            Ok(Point {
                columns,
                ratio: columns as f64 / self.n as f64,
                test_mse: median(&each(|draw| &draw.test_mse))?,
                norm: median(&each(|draw| &draw.norm))?,
            })
        });
        Ok(Results {
            mnist: problem.mnist,
            n: self.n,
            points: points.collect::<Result<_>>()?,
            draws,
        })
    }

    fn one_draw(&self, problem: &DigitFeatures, widths: &[usize], index: u64) -> Result<OneDraw> {
        let draw = problem.draw(index)?;
        let path = min_norm_path(&draw.train, &draw.test, &draw.targets, widths)?;
        let kernel = Kernel::Gaussian { sigma: self.sigma };
        let limit = kernel_ridge(kernel, &draw.inputs, &draw.targets, 0.0)?;
        let scaled = path.norm.iter().zip(widths);
        Ok(OneDraw {
            test_mse: path.test_mse(&problem.test.y)?,
            norm: scaled
                .map(|(norm, &m)| norm / draw.features.scale(m))
                .collect(),
            raw_norm: path.norm,
            kernel_norm: limit.norm,
        })
    }
}

impl Results {
    pub(super) fn landmarks(&self) -> Result<Landmarks<'_>> {
        let expected = "widths on both sides of n, none with a NaN";
        let missing = || Error::shape("the curve", expected, &[]);
        let points = || self.points.iter();
        let largest = |of: fn(&&Point) -> f64| largest_by(points(), of).ok_or_else(missing);
        let narrow = points().rfind(|p| p.columns < self.n).ok_or_else(missing)?;
        let wide = points().find(|p| p.columns > self.n).ok_or_else(missing)?;
        let mut by_norm: Vec<&Point> = points().collect();
        by_norm.sort_by(|a, b| a.norm.total_cmp(&b.norm));
        let logs =
            |points: &[&Point]| -> Vec<f64> { points.iter().map(|p| p.test_mse.ln()).collect() };
        Ok(Landmarks {
            peak: largest(|p| p.test_mse)?,
            norm_peak: largest(|p| p.norm)?,
            spacing: larger(1.0 - narrow.ratio, wide.ratio - 1.0),
            slope: self.slope(),
            misfit: (
                valley_misfit(&logs(&points().collect::<Vec<_>>())),
                valley_misfit(&logs(&by_norm)),
            ),
            limit: self.limit()?,
        })
    }

    /// The least-squares slope of ln(error) by ln(norm) around the threshold.
    fn slope(&self) -> f64 {
        let near = |p: &&Point| (1.0 / NEAR..=NEAR).contains(&p.ratio);
        let near = self.points.iter().filter(near);
        let logs: Vec<(f64, f64)> = near.map(|p| (p.norm.ln(), p.test_mse.ln())).collect();
        let x = mean(logs.iter().map(|pair| pair.0));
        let y = mean(logs.iter().map(|pair| pair.1));
        let shared: f64 = logs.iter().map(|pair| (pair.0 - x) * (pair.1 - y)).sum();
        shared / logs.iter().map(|pair| (pair.0 - x).powi(2)).sum::<f64>()
    }

    /// The limit m → ∞ of the squared norm from two widths, whose gap falls like 1/(m/n − 1), and that of the
    /// kernel interpolant.
    fn limit(&self) -> Result<(f64, f64)> {
        let missing = || Error::shape("the curve", "a width and its half beyond n", &[]);
        let last = self.points.len().checked_sub(1).ok_or_else(missing)?;
        let half = self.points[last].columns.div_ceil(2);
        let middle = self.points.partition_point(|p| p.columns < half);
        let beyond = |i: usize| self.points[i].ratio - 1.0;
        let extrapolate = |draw: &OneDraw| {
            let (wide, narrow) = (beyond(last), beyond(middle));
            let square = |i: usize| draw.norm[i] * draw.norm[i];
            (wide * square(last) - narrow * square(middle)) / (wide - narrow)
        };
        let extrapolated: Vec<f64> = self.draws.iter().map(extrapolate).collect();
        let kernel = self.draws.iter().map(|draw| draw.kernel_norm.powi(2));
        let kernel: Vec<f64> = kernel.collect();
        Ok((median(&extrapolated)?, median(&kernel)?))
    }

    /// The largest rise of a draw's norm, for features of unit amplitude, from one width beyond n to the next.
    pub(super) fn largest_rise(&self) -> f64 {
        let first = self.points.partition_point(|p| p.columns < self.n);
        let rises = self.draws.iter().flat_map(|draw| {
            let beyond = draw.raw_norm[first..].windows(2);
            beyond.map(|pair| pair[1] / pair[0] - 1.0)
        });
        largest(rises)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Error and norm made from one 1/s: the slope is 2, and by norm the error only rises.
    #[test]
    fn slope_and_misfit_of_a_made_curve() {
        let point = |columns: usize| {
            let ratio = columns as f64 / 100.0;
            let gain = 1.0 / ((ratio - 1.0).abs() + 0.01);
            Point {
                columns,
                ratio,
                test_mse: gain * gain,
                norm: gain,
            }
        };
        let points: Vec<Point> = [20, 50, 90, 98, 100, 102, 110, 130, 200, 400]
            .map(point)
            .into();
        let draw = OneDraw {
            test_mse: points.iter().map(|p| p.test_mse).collect(),
            norm: points.iter().map(|p| p.norm).collect(),
            raw_norm: points.iter().map(|p| 1.0 / p.ratio).collect(),
            kernel_norm: 1.0,
        };
        let results = Results {
            mnist: true,
            n: 100,
            points,
            draws: vec![draw],
        };
        let landmarks = results.landmarks().expect("both sides");
        assert!((landmarks.slope - 2.0).abs() < 1e-12 && landmarks.misfit.1 < 1e-12);
        assert!(landmarks.misfit.0 > 0.1 && landmarks.peak.columns == 100);
        assert!(results.largest_rise() < 0.0);
    }
}
