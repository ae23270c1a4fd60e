//! One draw of labels and columns, and gradient descent on them.
//!
//! The descent is a loop of its own: each coordinate has its own step, and hundreds of thousands of steps on two moments would be
//! looked at in vain.

use ndarray::{Array1, Array2};

use super::landmarks::Landmarks;
use crate::data::synthetic::{gaussian, noise, orthonormal_rows};
use crate::error::{Result, check_finite};
use crate::experiment::{Draw, settings};
use crate::measure::FeatureGroup;

/// How columns are made, and whether steps are matched to the scales.
pub(super) const KINDS: [&str; 3] = ["orthogonal", "gaussian", "equalised"];

settings! {
    /// Settings of `linear_epoch_double_descent`.
    pub struct LinearEpochDoubleDescent {
        /// Training examples n; at least as many as features.
        n: usize = 600, quick 300, in 20..=5000;
        /// Features of variance 1, which are learnt fast.
        fast: usize = 60, quick 30, in 1..=500;
        /// Features of the smaller variance, which are learnt slowly.
        slow: usize = 3, in 1..=500;
        /// Variance of the slow features.
        variance: f64 = 0.01, in 0.0001..=1.0;
        /// Part of the signal's variance in the fast features.
        fast_signal: f64 = 1.0, in 0.0..=100.0;
        /// Part of the signal's variance in the slow features.
        slow_signal: f64 = 1.0, in 0.0..=100.0;
        /// What noise costs once all fast features have learnt it, σ²·fast/n.
        noise: f64 = 1.0, in 0.01..=100.0;
        /// Step η of gradient descent.
        step: f64 = 0.1, in 0.001..=0.4;
        /// Steps taken.
        steps: usize = 6000, in 10..=200_000;
        /// Draws of columns and noise.
        draws: usize = 100, quick 40, in 10..=100_000;
    }
}

/// The excess risk at each kept step.
pub(super) type OneRun = Vec<f64>;

impl LinearEpochDoubleDescent {
    /// σ².
    pub(super) fn noise_variance(&self) -> f64 {
        self.noise * self.n as f64 / self.fast as f64
    }

    /// The two groups; `equalised` gives the slow one a step as much larger as its variance is smaller.
    pub(super) fn groups(&self, equalised: bool) -> [FeatureGroup; 2] {
        let times = if equalised { 1.0 / self.variance } else { 1.0 };
        let fast = FeatureGroup {
            count: self.fast,
            variance: 1.0,
            signal: self.fast_signal,
            step: self.step,
        };
        let slow = FeatureGroup {
            count: self.slow,
            variance: self.variance,
            signal: self.slow_signal,
            step: self.step * times,
        };
        [fast, slow]
    }

    /// About fifty steps, evenly spaced in their logarithm, and the landmarks.
    pub(super) fn kept(&self, landmarks: Option<&Landmarks>) -> Vec<usize> {
        let last = (self.steps as f64 + 1.0).ln();
        let at = |i: u32| ((last * f64::from(i) / 50.0).exp() - 1.0).round() as usize;
        let mut kept: Vec<usize> = (0..=50).map(at).collect();
        kept.extend(landmarks.iter().flat_map(|l| [l.valley, l.peak, l.second]));
        kept.sort_unstable();
        kept.dedup();
        kept
    }

    pub(super) fn one_draw(&self, kept: &[usize], draw: Draw) -> Result<[OneRun; 3]> {
        let p = self.fast + self.slow;
        let columns = orthonormal_rows(p, self.n, &mut draw.rng("orthogonal columns"))?;
        let orthogonal = columns.t().to_owned() * (self.n as f64).sqrt();
        let drawn = gaussian(self.n, p, &mut draw.rng("gaussian columns"))?;
        let noise = noise(self.n, self.noise_variance().sqrt(), &mut draw.rng("noise"))?;
        Ok([
            self.measured_curve(&orthogonal, &noise, false, kept)?,
            self.measured_curve(&drawn, &noise, false, kept)?,
            self.measured_curve(&orthogonal, &noise, true, kept)?,
        ])
    }

    /// Gradient descent from 0 on (1/2n)‖Xw − y‖²; `x` has columns of variance 1, `(n, p)`.
    fn measured_curve(
        &self,
        x: &Array2<f64>,
        noise: &Array2<f64>,
        equalised: bool,
        kept: &[usize],
    ) -> Result<OneRun> {
        let groups = self.groups(equalised);
        let per_feature = |of: &dyn Fn(&FeatureGroup) -> f64| -> Array1<f64> {
            let each = groups.iter();
            each.flat_map(|g| std::iter::repeat_n(of(g), g.count))
                .collect()
        };
        let variance = per_feature(&|g| g.variance);
        let step = per_feature(&|g| g.step);
        let theta = per_feature(&|g| (g.signal / g.variance / g.count as f64).sqrt());
        let x = x * &variance.mapv(f64::sqrt);
        let y = x.dot(&theta) + noise.column(0);
        let n = self.n as f64;
        let (second, first) = (x.t().dot(&x) / n, x.t().dot(&y) / n);
        let mut w = Array1::zeros(theta.len());
        let mut risks = Vec::with_capacity(kept.len());
        let mut done = 0;
        for &until in kept {
            for _ in done..until {
                w = &w - &(&step * &(second.dot(&w) - &first));
            }
            done = until;
            let off = &w - &theta;
            risks.push((&off * &off).dot(&variance));
        }
        check_finite("the weights", &w)?;
        Ok(risks)
    }
}
