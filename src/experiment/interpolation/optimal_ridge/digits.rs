//! Ridge regression on digits: which penalty is best at each width.

use crate::error::{Error, Result};
use crate::stats::Estimate;

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
            let test = |l: usize| {
                draws
                    .iter()
                    .map(|draw| draw.test[i][l])
                    .collect::<Vec<f64>>()
            };
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
        let ends = lambdas.get(1).copied().zip(lambdas.last().copied());
        Ok(Self {
            mnist,
            n,
            points: widths
                .iter()
                .enumerate()
                .map(point)
                .collect::<Result<_>>()?,
            tried: ends.unwrap_or((0.0, 0.0)),
        })
    }

    /// One number of every point.
    pub(super) fn each(&self, of: impl Fn(&DigitPoint) -> f64) -> Vec<f64> {
        self.points.iter().map(of).collect()
    }
}

/// The index of the least value.
fn least(indices: std::ops::Range<usize>, of: impl Fn(usize) -> f64) -> Result<usize> {
    let found = indices.min_by(|&a, &b| of(a).total_cmp(&of(b)));
    found.ok_or_else(|| Error::domain("the penalties", "at least one above 0", "none"))
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
