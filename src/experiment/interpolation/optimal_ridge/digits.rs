//! Ridge regression on digits: which penalty is best at each width.

use ndarray::{ArrayView2, Axis, s};

use super::settings::OptimalRidge;
use crate::error::{Error, Result};
use crate::experiment::Context;
use crate::experiment::problems::digit_features::{Design, DigitFeatures, widths_around_threshold};
use crate::fit::ridge_path;
use crate::stats::{Estimate, least_by};

/// One draw: an error for each width and penalty.
#[derive(Default)]
pub(super) struct Errors {
    /// On clean test labels.
    pub test: Vec<Vec<f64>>,
    /// On the noisy labels of the validation set.
    pub validation: Vec<Vec<f64>>,
}

/// All widths.
pub(super) struct DigitCurve {
    /// Whether trends known from MNIST may be claimed.
    pub mnist: bool,
    pub n: usize,
    pub points: Vec<DigitPoint>,
    /// The least and the largest penalty tried.
    pub tried: (f64, f64),
}

/// One width, over draws.
pub(super) struct DigitPoint {
    /// Feature columns m.
    pub columns: usize,
    /// m/n.
    pub ratio: f64,
    /// λ = 0.
    pub ridgeless: Sample,
    /// The penalty of least mean test error: it knows the test set.
    pub tuned: Sample,
    pub lambda: f64,
    /// The penalty that the validation set of each draw chooses.
    pub validated: Sample,
    /// Geometric mean of the penalties chosen.
    pub lambda_validated: f64,
}

/// The test errors of one width and one way to choose the penalty.
pub(super) struct Sample {
    /// One a draw. Widths share their draws.
    pub draws: Vec<f64>,
    pub estimate: Estimate,
}

impl Sample {
    pub(super) fn new(draws: Vec<f64>) -> Result<Self> {
        let estimate = Estimate::from_values(&draws)?;
        Ok(Self { draws, estimate })
    }

    pub(super) fn mean(&self) -> f64 {
        self.estimate.mean
    }
}

impl DigitCurve {
    /// Sums up draws; `lambdas` starts with 0.
    pub(super) fn over(
        draws: &[Errors],
        n: usize,
        widths: &[usize],
        lambdas: &[f64],
        mnist: bool,
    ) -> Result<Self> {
        let point = |(i, &columns): (usize, &usize)| {
            let test =
                |l: usize| -> Vec<f64> { draws.iter().map(|draw| draw.test[i][l]).collect() };
            let mean = |l: usize| test(l).iter().sum::<f64>();
            let best = least(1..lambdas.len(), mean)?;
            let mut chosen = Vec::new();
            let mut logs = 0.0;
            for draw in draws {
                let pick = least(1..lambdas.len(), |l| draw.validation[i][l])?;
                chosen.push(draw.test[i][pick]);
                logs += lambdas[pick].ln();
            }
            Ok(DigitPoint {
                columns,
                ratio: columns as f64 / n as f64,
                ridgeless: Sample::new(test(0))?,
                tuned: Sample::new(test(best))?,
                lambda: lambdas[best],
                validated: Sample::new(chosen)?,
                lambda_validated: (logs / draws.len() as f64).exp(),
            })
        };
        let points = widths.iter().enumerate().map(point);
        Ok(Self {
            mnist,
            n,
            points: points.collect::<Result<_>>()?,
            tried: (lambdas[1], lambdas[lambdas.len() - 1]),
        })
    }
}

impl OptimalRidge {
    /// 0, then the penalties tried.
    fn lambdas(&self) -> Vec<f64> {
        let share = |i: usize| i as f64 / (self.penalties - 1) as f64;
        let tried = (0..self.penalties).map(|i| 10f64.powf(5.0 * share(i) - 3.0));
        std::iter::once(0.0).chain(tried).collect()
    }

    pub(super) fn digit_curve(&self, seed: u64, context: &Context) -> Result<DigitCurve> {
        let mut widths = widths_around_threshold(self.n, self.max_ratio, self.points);
        let least = (self.min_ratio * self.n as f64).round() as usize;
        widths.retain(|&m| m > least);
        widths.insert(0, least.max(1));
        let design = Design {
            digits: &self.digits,
            n: self.n + self.validation,
            test: self.test,
            columns: widths.last().copied().unwrap_or(self.n),
            sigma: self.sigma,
            label_noise: self.label_noise,
        };
        let problem = DigitFeatures::new(&context.data, &design, seed)?;
        let lambdas = self.lambdas();
        let draws = context.draws("draws", self.draws, seed, |draw| {
            self.one_draw(&problem, &widths, &lambdas, draw.index)
        })?;
        DigitCurve::over(&draws, self.n, &widths, &lambdas, problem.mnist)
    }

    /// Test and validation errors at every width and penalty.
    fn one_draw(
        &self,
        problem: &DigitFeatures,
        widths: &[usize],
        lambdas: &[f64],
        index: u64,
    ) -> Result<Errors> {
        let draw = problem.draw(index)?;
        let (train, held_out) = draw.train.view().split_at(Axis(0), self.n);
        let (targets, held_out_targets) = draw.targets.view().split_at(Axis(0), self.n);
        let mut errors = Errors::default();
        for &m in widths {
            let scale = draw.features.scale(m);
            let columns = |features: &ArrayView2<'_, f64>| {
                features.slice(s![.., ..m]).mapv(|value| value * scale)
            };
            let path = ridge_path(&columns(&train), &targets, lambdas)?;
            errors
                .validation
                .push(path.test_mse(&columns(&held_out), &held_out_targets)?);
            errors
                .test
                .push(path.test_mse(&columns(&draw.test.view()), &problem.test.y)?);
        }
        Ok(errors)
    }
}

/// The index of the least value.
fn least(indices: std::ops::Range<usize>, of: impl Fn(usize) -> f64) -> Result<usize> {
    let found = least_by(indices, |&index| of(index));
    found.ok_or_else(|| Error::domain("the errors by penalty", "at least one, none NaN", "others"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oracle_takes_the_best_mean_and_each_validation_set_its_own() {
        let draw = |test: [f64; 3], validation: [f64; 3]| Errors {
            test: vec![test.to_vec()],
            validation: vec![validation.to_vec()],
        };
        let draws = [
            draw([9.0, 1.0, 2.0], [0.0, 3.0, 1.0]),
            draw([7.0, 2.0, 2.0], [0.0, 1.0, 3.0]),
        ];
        let curve = DigitCurve::over(&draws, 4, &[8], &[0.0, 1.0, 4.0], true).expect("valid");
        let point = &curve.points[0];
        assert_eq!(
            (point.ridgeless.mean(), point.tuned.mean(), point.lambda),
            (8.0, 1.5, 1.0)
        );
        assert_eq!((point.validated.mean(), point.ratio), (2.0, 2.0));
        assert!((point.lambda_validated - 2.0).abs() < 1e-12);
        assert!(DigitCurve::over(&draws, 4, &[8], &[0.0], true).is_err());
    }
}
