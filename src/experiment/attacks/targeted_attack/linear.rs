//! The least change of a linear model of two classes, of which the closed form is known.

use crate::attack::linear::{LinearModel, RobustSettings, length_by, robust_logistic};
use crate::attack::minimal::{Penalty, PenaltySettings, least_change, penalised};
use crate::attack::{NormBall, Objective, PgdSettings};
use crate::data::Dataset;
use crate::data::synthetic::{gaussian, random_signs};
use crate::error::Result;
use crate::optimise::Norm;
use crate::rng::stream;
use crate::stats::{larger, largest, mean};

/// Inputs and examples.
const INPUTS: usize = 12;
const EXAMPLES: usize = 60;

/// All three, as figures write them.
pub(super) const NORMS: [(&str, Norm); 3] =
    [("ℓ∞", Norm::LInf), ("ℓ2", Norm::L2), ("ℓ1", Norm::L1)];

/// Two Gaussian classes, and logistic regression of them.
pub(super) struct Line {
    pub model: LinearModel,
    /// Examples that are right.
    pub right: Dataset,
    /// Their margins.
    pub margins: Vec<f64>,
}

impl Line {
    pub(super) fn new(seed: u64) -> Result<Self> {
        let rng = &mut stream(seed, "line", 0);
        let y = random_signs(EXAMPLES, rng)?;
        let mut x = gaussian(EXAMPLES, INPUTS, rng)?;
        let centre = gaussian(1, INPUTS, rng)? * (2.0 / (INPUTS as f64).sqrt());
        x += &(&y * &centre);
        let plain = RobustSettings {
            epsilon: 0.0,
            ..RobustSettings::default()
        };
        let model = robust_logistic(&x, &y, &plain)?.model;
        let margins = model.margins(&x, &y)?;
        let rows: Vec<usize> = (0..EXAMPLES).filter(|&i| margins[i] > 0.0).collect();
        Ok(Self {
            right: Dataset::new(x, y)?.select(&rows)?,
            margins: rows.iter().map(|&i| margins[i]).collect(),
            model,
        })
    }

    /// The largest relative distance of the least change found from m/‖w‖_*, and the least from m/‖w‖, the norm itself.
    pub(super) fn closed_form(&self, norm: Norm, seed: u64) -> Result<(f64, f64)> {
        let slope = self.model.sensitivity(norm);
        let budget = 1.5 * largest(&self.margins) / slope;
        let settings = PgdSettings {
            objective: Objective::Margin,
            step: 0.25,
            ..PgdSettings::default()
        };
        let ball = NormBall::unbounded(norm, budget);
        let rng = &mut stream(seed, "closed form", 0);
        let (x, y) = (&self.right.x, &self.right.y);
        let found = least_change(&self.model, x, y, (ball, &[budget]), &settings, rng)?;
        let own = length_by(norm, &self.model.weights);
        let off = |by: f64| {
            let pairs = found.sizes.iter().zip(&self.margins);
            let gaps = pairs.map(|(size, m)| (size.unwrap_or(f64::NAN) * by / m - 1.0).abs());
            gaps.collect::<Vec<f64>>()
        };
        Ok((largest(off(slope)), crate::stats::least(off(own))))
    }

    /// With λ = `times`/‖w‖_*, the share of examples that the penalty's descent fools on the way, and the mean of the shortest that
    /// do, over m/‖w‖_*; NaN if none does.
    pub(super) fn penalised(&self, norm: Norm, times: f64) -> Result<(f64, f64)> {
        let slope = self.model.sensitivity(norm);
        // The step so large that all of them together go several times the longest change: a step of ℓ∞ is shared by all entries.
        let entries = if norm == Norm::LInf { INPUTS } else { 1 };
        let longest = largest(&self.margins) / slope * entries as f64;
        let settings = PenaltySettings {
            norm,
            weight: times / slope,
            penalty: Penalty::Away,
            rate: 3.0 * longest / (STEPS as f64).sqrt(),
            steps: STEPS,
            range: None,
        };
        let found = penalised(&self.model, &self.right.x, &self.right.y, &settings)?;
        let sizes = found.least.sizes;
        let share = mean(sizes.iter().map(|size| f64::from(size.is_some())));
        let pairs = sizes.iter().zip(&self.margins);
        let ratios = pairs.filter_map(|(size, m)| Some((*size)? * slope / m));
        Ok((share, mean(ratios)))
    }

    /// Of so many λ: for how many the printed form, s − λ log(1 + e^{s‖w‖_* − m}), is least strictly between 0 and ten times the
    /// least change; and the same for s + λ max(0, m − s‖w‖_*). Means over examples.
    pub(super) fn interior(&self) -> (f64, f64) {
        let grid: Vec<f64> = (0..=400).map(|i| f64::from(i) / 40.0).collect();
        let weights: Vec<f64> = (1..=40).map(|i| f64::from(i) / 10.0).collect();
        let inside = |form: &dyn Fn(f64, f64, f64) -> f64| {
            let shares = self.margins.iter().flat_map(|m| {
                let grid = &grid;
                weights.iter().map(move |c| {
                    let values: Vec<f64> = grid.iter().map(|s| form(*s, *c, *m)).collect();
                    let best =
                        (0..values.len()).reduce(|a, b| if values[b] < values[a] { b } else { a });
                    f64::from(best.is_some_and(|b| b > 0 && b < values.len() - 1))
                })
            });
            mean(shares.collect::<Vec<f64>>())
        };
        (inside(&printed), inside(&capped))
    }
}

/// Steps of the penalty's descent.
const STEPS: usize = 2000;

/// The printed form, times ‖w‖_*/m: s in units of m/‖w‖_*, λ in units of 1/‖w‖_*.
pub(super) fn printed(s: f64, c: f64, m: f64) -> f64 {
    let z = m * (s - 1.0);
    s - c * (larger(z, 0.0) + (-z.abs()).exp().ln_1p()) / m
}

/// With the capped margin in place of the loss.
pub(super) fn capped(s: f64, c: f64, _: f64) -> f64 {
    s + c * larger(1.0 - s, 0.0)
}
