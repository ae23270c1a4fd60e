//! All curves of a run, side by side.

use rand::RngExt;

use super::curve::Width;
use super::settings::LinearDoubleDescent;
use crate::data::Decay;
use crate::error::{Error, Result};
use crate::experiment::{Progress, row};
use crate::measure::FeatureOrder;
use crate::rng::stream;
use crate::stats::Estimate;

row! {
    /// One width in all curves.
    pub(super) struct Point {
        /// features the fit sees
        p: usize;
        /// exact mean of E(y − ŵ·x)²; inf for n − 1 ≤ p ≤ n + 1
        exact: f64, unit "label²";
        /// mean over draws of E(y − ŵ·x)²
        monte_carlo: f64, unit "label²";
        /// exact standard error of monte_carlo; inf for |p − n| ≤ 3, where the variance is infinite
        se: f64, unit "label²";
        /// standard error of monte_carlo estimated from the draws
        sample_se: f64, unit "label²";
        /// exact for β_j² ∝ 1/j², largest first
        prescient_exact: f64, unit "label²";
        /// monte_carlo for β_j² ∝ 1/j², largest first
        prescient_monte_carlo: f64, unit "label²";
        /// exact standard error of prescient_monte_carlo
        prescient_se: f64, unit "label²";
        /// exact for β_j² ∝ 1/j² in random order, mean over orders
        random_exact: f64, unit "label²";
        /// monte_carlo for β_j² ∝ 1/j² in random order
        random_monte_carlo: Estimate, unit "label²",
            and random_se "standard error of random_monte_carlo estimated from the draws";
    }
}

/// The curves of a run.
pub(super) struct Curves {
    /// Equal coefficients, if asked for.
    pub flat: Option<Vec<Width>>,
    /// β_j² ∝ 1/j², largest first.
    pub prescient: Vec<Width>,
    /// The same in random order.
    pub random: Vec<Width>,
}

impl Curves {
    /// The curve of the decay asked for.
    pub(super) fn main(&self) -> &[Width] {
        self.flat.as_ref().unwrap_or(&self.prescient)
    }

    /// The rows of the table.
    pub(super) fn points(&self) -> impl Iterator<Item = Point> {
        let others = self.prescient.iter().zip(&self.random);
        let all = self.main().iter().zip(others);
        all.map(|(main, (prescient, random))| Point {
            p: main.p,
            exact: main.exact,
            monte_carlo: main.risk.mean,
            se: main.se,
            sample_se: main.risk.se,
            prescient_exact: prescient.exact,
            prescient_monte_carlo: prescient.risk.mean,
            prescient_se: prescient.se,
            random_exact: random.exact,
            random_monte_carlo: random.risk,
        })
    }
}

impl LinearDoubleDescent {
    pub(super) fn curves(&self, seed: u64, progress: &Progress) -> Result<Curves> {
        if self.features < self.n + 6 {
            let expected = format!("at least n + 6 = {}", self.n + 6);
            return Err(Error::domain("setting `features`", expected, self.features));
        }
        let flat = self.decay == "flat";
        progress.start(2 + usize::from(flat), "curves");
        let curve = |decay, order, label| {
            let curve = self.curve(decay, order, stream(seed, label, 0).random());
            progress.step();
            curve
        };
        let prescient = curve(Decay::InverseSquare, FeatureOrder::Prescient, "prescient")?;
        let random = curve(Decay::InverseSquare, FeatureOrder::Random, "random order")?;
        let flat = flat.then(|| curve(Decay::Flat, FeatureOrder::Given, "flat"));
        Ok(Curves {
            flat: flat.transpose()?,
            prescient,
            random,
        })
    }

    /// The risk of predicting 0.
    pub(super) fn null_risk(&self) -> f64 {
        1.0 + self.noise * self.noise
    }
}
