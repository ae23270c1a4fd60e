//! Dropout in least squares: its mean, its minimiser, and descent with fresh masks.
//!
//! The descent is a loop of its own: its masks come from the stream of the draw, and the mean of its second half is the result.

use ndarray::{Array1, Array2};

use super::settings::ShortcutsAndGates;
use super::shortcuts::LEVEL;
use crate::data::Dataset;
use crate::data::synthetic::{gaussian, noise};
use crate::error::Result;
use crate::experiment::{Claim, Context};
use crate::fit::{drop_inputs, dropout_least_squares, dropout_objective, min_norm};
use crate::linalg::spectral_norm;
use crate::rng::stream;
use crate::stats::{Estimate, largest};

/// Examples and inputs.
const SHAPE: (usize, usize) = (30, 6);

/// What an input is multiplied by: the last is in another unit.
const UNITS: [f64; 6] = [1.0, 1.0, 1.0, 1.0, 1.0, 10.0];

/// The noise on the targets.
const NOISE: f64 = 1.0;

/// The q of the descents, their steps, and the step size in parts of 1/λ_max(XᵀX).
const DESCENT: (f64, usize, f64) = (0.5, 2000, 0.25);

/// All masks at one q.
pub(super) struct Keep {
    pub keep: f64,
    /// ‖y − (X∘M)w‖²/n for the least squares w, over masks.
    pub error: Estimate,
    pub predicted: f64,
}

/// Descents with a fresh mask at every step.
pub(super) struct Descents {
    /// What predicts, q·w_j·‖X_j‖, input by input: mean over descents of the mean over the second half of the steps.
    pub weights: Vec<Estimate>,
    /// The same of the minimiser; and w_j·‖X_j‖ of least squares.
    pub predicted: Vec<f64>,
    pub plain: Vec<f64>,
    /// How far of the way from least squares to the minimiser the descents are.
    way: Estimate,
}

pub(super) struct Dropout {
    pub keeps: Vec<Keep>,
    pub descents: Descents,
    /// The largest change of a fitted value where the last input is given in other units: of the minimiser at q = ½.
    units: f64,
}

/// The problem, with its least squares solution and the lengths of its columns.
struct Problem {
    data: Dataset,
    plain: Array2<f64>,
    lengths: Array1<f64>,
}

impl Problem {
    fn new(seed: u64) -> Result<Self> {
        let (n, d) = SHAPE;
        let rng = &mut stream(seed, "dropout problem", 0);
        // Inputs with something in common, each in its unit.
        let common = gaussian(n, 1, rng)?;
        let x = (gaussian(n, d, rng)? + &common) * &Array1::from(UNITS.to_vec());
        let beta = Array2::from_shape_fn((d, 1), |(j, _)| (1.0 + j as f64 / 2.0) / UNITS[j]);
        let y = x.dot(&beta) + noise(n, NOISE, rng)?;
        let data = Dataset::new(x, y)?;
        let plain = min_norm(&data.x, &data.y, None)?.weights;
        let lengths = data.x.columns().into_iter().map(|x| x.dot(&x).sqrt());
        let lengths = lengths.collect();
        Ok(Self {
            data,
            plain,
            lengths,
        })
    }

    /// The weights in units of the column's length: what an input contributes.
    fn scaled(&self, weights: &Array2<f64>) -> Vec<f64> {
        weights
            .column(0)
            .iter()
            .zip(&self.lengths)
            .map(|(w, length)| w * length)
            .collect()
    }
}

impl ShortcutsAndGates {
    pub(super) fn dropout(&self, seed: u64, context: &Context) -> Result<Dropout> {
        let problem = Problem::new(seed)?;
        let (x, y) = (&problem.data.x, &problem.data.y);
        let n = SHAPE.0 as f64;
        let keeps = context.each("masks", self.keep.iter().zip(0..), |(&keep, index)| {
            let rng = &mut stream(seed, "masks", index);
            let error = |_| {
                let residual = drop_inputs(x, keep, rng)?.dot(&problem.plain) - y;
                Ok(residual.iter().map(|r| r * r).sum::<f64>() / n)
            };
            let errors = (0..self.masks).map(error).collect::<Result<Vec<f64>>>()?;
            Ok(Keep {
                keep,
                error: Estimate::from_values(&errors)?,
                predicted: dropout_objective(x, y, &problem.plain, keep)? / n,
            })
        })?;
        Ok(Dropout {
            keeps,
            descents: self.descents(&problem, seed, context)?,
            units: other_units(&problem)?,
        })
    }

    fn descents(&self, problem: &Problem, seed: u64, context: &Context) -> Result<Descents> {
        let (keep, steps, share) = DESCENT;
        // In units of the columns' lengths the steps suit every input.
        let x = &problem.data.x / &problem.lengths;
        let y = &problem.data.y;
        let step = share / spectral_norm(&x)?.powi(2);
        let ends = context.draws("descents", self.descents, seed, |draw| {
            let rng = &mut draw.rng("masks of a descent");
            let mut w = Array2::<f64>::zeros((SHAPE.1, 1));
            let mut sum = Array2::<f64>::zeros((SHAPE.1, 1));
            for at in 0..steps {
                let dropped = drop_inputs(&x, keep, rng)?;
                let residual = dropped.dot(&w) - y;
                w -= &(dropped.t().dot(&residual) * step);
                if at >= steps / 2 {
                    sum += &w;
                }
            }
            Ok(sum * (keep / (steps - steps / 2) as f64))
        })?;
        let minimiser = dropout_least_squares(&problem.data.x, y, keep)?;
        let predicted = problem.scaled(&(minimiser * keep));
        let plain = problem.scaled(&problem.plain);
        let (way, length): (Vec<f64>, Vec<f64>) = predicted
            .iter()
            .zip(&plain)
            .map(|(a, b)| (a - b, (a - b) * (a - b)))
            .unzip();
        let length: f64 = length.iter().sum();
        let gone = |w: &Array2<f64>| {
            let parts = w.iter().zip(&plain).zip(&way);
            parts.map(|((w, from), way)| (w - from) * way).sum::<f64>() / length
        };
        let weight = |j: usize| Estimate::of(&ends, |w: &Array2<f64>| w[[j, 0]]);
        Ok(Descents {
            weights: (0..SHAPE.1).map(weight).collect::<Result<_>>()?,
            way: Estimate::of(&ends, gone)?,
            predicted,
            plain,
        })
    }
}

/// The largest change of a fitted value, in parts of the largest, where the last input is given in units 1000 times as small.
fn other_units(problem: &Problem) -> Result<f64> {
    let fitted = |x: &Array2<f64>| -> Result<Array2<f64>> {
        Ok(x.dot(&dropout_least_squares(x, &problem.data.y, DESCENT.0)?))
    };
    let mut x = problem.data.x.clone();
    let before = fitted(&x)?;
    x.column_mut(SHAPE.1 - 1).map_inplace(|x| *x *= 1000.0);
    let change = fitted(&x)? - &before;
    let most = |all: &Array2<f64>| largest(all.iter().map(|x| x.abs()));
    Ok(most(&change) / most(&before))
}

pub(super) fn claims(dropout: &Dropout) -> Result<Vec<Claim>> {
    let (keeps, descents) = (&dropout.keeps, &dropout.descents);
    let off = descents.weights.iter().zip(&descents.predicted);
    Ok(vec![
        Claim::all_within(
            "dropout: the mean of ‖y − (X∘M)w‖² over masks is ‖y − qXw‖² + q(1 − q)Σ w_j²‖X_j‖²",
            keeps.iter().map(|one| one.error.distance(one.predicted)),
            LEVEL,
            None,
        )?,
        Claim::mean_equals(
            "descent with a fresh mask a step, q = 1/2: its mean weights, times q, lie at the \
             penalised minimiser's; share of the way there from least squares",
            1.0,
            descents.way,
            0.0,
            LEVEL,
        )?
        .against(0.0, "least squares"),
        Claim::all_within(
            "descent with a fresh mask a step: the mean of each weight, times q, is the penalised minimiser's",
            off.map(|(found, predicted)| found.distance(*predicted)),
            LEVEL,
            Some(descents.way.draws),
        )?,
        Claim::at_most(
            "the penalty goes with an input's length: to give an input in other units changes no fitted \
             value (rounding)",
            1e-9,
            dropout.units,
            0.0,
        )
        .identity(),
    ])
}
