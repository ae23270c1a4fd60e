//! One training set: its risk at every penalty, and what cross-validation makes of it.

use ndarray::{Array1, Axis, s};

use crate::data::Decay;
use crate::data::synthetic::{gaussian, linear_targets};
use crate::error::Result;
use crate::experiment::{Draw, settings};
use crate::fit::{RidgePath, k_fold, leave_one_out, ridge_path};
use crate::measure::IsotropicProblem;
use crate::stats::least_by;

/// The penalties reach from λ* over this number to λ* times it.
const REACH: f64 = 100.0;

settings! {
    /// Settings of `cross_validation`.
    pub struct CrossValidation {
        /// Training examples n, multiples of the folds.
        sizes: Vec<usize> = vec![20, 40, 80, 160], quick vec![20, 40, 80], in 10..=1000, len 2..=20, increasing;
        /// Features p, in units of n.
        ratio: f64 = 0.5, in 0.1..=5.0;
        /// Signal over noise r²/σ²; σ is 1.
        snr: f64 = 5.0, in 0.5..=20.0;
        /// Parts k of k-fold cross-validation.
        folds: usize = 5, in 2..=10;
        /// Penalties tried, evenly spaced in ln λ from λ*/100 to 100 λ*; an odd number, so that λ* is one of them.
        penalties: usize = 81, in 11..=501;
        /// Training sets a size.
        draws: usize = 300, quick 250, in 20..=100_000;
    }
}

/// One training set, a number for each penalty. All risks are for new noisy labels.
pub(super) struct OneDraw {
    /// The place of λ*.
    pub star: usize,
    pub risk: Vec<f64>,
    pub loo: Vec<f64>,
    pub fold: Vec<f64>,
    pub train: Vec<f64>,
    /// The risk at λ* after one example less.
    pub risk_without_one: f64,
    /// The risk at λ* after as many examples less as one part has.
    pub risk_without_part: f64,
}

impl OneDraw {
    /// What the penalty of least `error` costs, as a share of the least risk.
    pub(super) fn regret(&self, error: &[f64]) -> f64 {
        let risk = &self.risk;
        risk[least(error)] / risk[least(risk)] - 1.0
    }
}

fn least(values: &[f64]) -> usize {
    let best = least_by(0..values.len(), |&i| values[i]);
    best.expect("penalties are 11 or more, and their errors finite")
}

/// λ/λ* of the penalties tried.
pub(super) fn lambdas(count: usize) -> Vec<f64> {
    let half = (count / 2) as f64;
    let place = |i: usize| REACH.powf((i as f64 - half) / half);
    (0..2 * (count / 2) + 1).map(place).collect()
}

impl CrossValidation {
    pub(super) fn one_draw(&self, n: usize, draw: Draw) -> Result<OneDraw> {
        let p = ((self.ratio * n as f64).round() as usize).max(1);
        let problem = IsotropicProblem::with_snr(self.snr);
        let beta = Decay::Flat.coefficients(p, problem.signal.sqrt())?;
        let rng = &mut draw.rng("training set");
        let x = gaussian(n, p, rng)?;
        let y = linear_targets(&x, &beta, problem.noise.sqrt(), rng)?;
        // λ* is for the mean over n examples, ours for the sum.
        let best = n as f64 * problem.optimal_penalty(p as f64 / n as f64)?;
        let tried: Vec<f64> = lambdas(self.penalties).iter().map(|l| l * best).collect();
        let risks = |path: &RidgePath| -> Vec<f64> {
            let each = path.weights.axis_iter(Axis(0));
            each.map(|w| {
                let off: Array1<f64> = &w.column(0) - &beta;
                problem.noise + off.dot(&off)
            })
            .collect()
        };
        let at_best = |rows: usize| -> Result<f64> {
            let path = ridge_path(&x.slice(s![..rows, ..]), &y.slice(s![..rows, ..]), &[best])?;
            Ok(risks(&path)[0])
        };
        let path = ridge_path(&x, &y, &tried)?;
        Ok(OneDraw {
            star: self.penalties / 2,
            risk: risks(&path),
            loo: leave_one_out(&x, &y, &tried)?.mse(),
            fold: k_fold(&x, &y, &tried, self.folds)?.mse(),
            train: path.train_mse,
            risk_without_one: at_best(n - 1)?,
            risk_without_part: at_best(n - n / self.folds)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_penalty_is_in_the_middle() {
        for count in [11, 12, 81] {
            let tried = lambdas(count);
            assert_eq!(tried[count / 2], 1.0);
            assert!((tried[0] * 100.0 - 1.0).abs() < 1e-12 && tried.len() % 2 == 1);
        }
        let setting = CrossValidation::quick();
        let one = setting.one_draw(20, Draw::new(1, 0)).expect("valid");
        assert!(one.regret(&one.risk) == 0.0 && one.regret(&one.loo) >= 0.0);
        assert!(one.train.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
