//! Corrupted digits, and training on them with or without explicit regularisation.

use std::ops::ControlFlow;

use ndarray::{Array2, Axis};
use rand::RngExt;
use rand::seq::SliceRandom;

use crate::data::Dataset;
use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::experiment::{Draw, settings};
use crate::model::loss::classification_error;
use crate::model::{Differentiable, Loss, Mlp, MlpSettings};
use crate::optimise::{
    Adam, Iterate, Optimiser, SolveSettings, StochasticOracle, Unconstrained, solve_stochastic,
};
use crate::rng::Rng;

/// Examples a step.
const BATCH: usize = 10;

/// The share of hidden units that stay at a step with dropout.
const KEPT: f64 = 0.5;

settings! {
    /// Settings of `random_labels`.
    pub struct RandomLabels {
        /// Training images, of all classes.
        n: usize = 200, quick 150, in 20..=20_000;
        /// Hidden units.
        width: usize = 128, quick 64, in 8..=4096;
        /// What is done to the training set: nothing; labels drawn anew; one permutation of the pixels of all images; one of each
        /// image's own; pixels of Gaussian noise.
        corruption: Vec<&'static str> = vec!["none", "random_labels", "shuffled_pixels", "random_pixels", "noise"],
            in ["none", "random_labels", "shuffled_pixels", "random_pixels", "noise"], len 1..=5;
        /// Explicit regularisation: none; AdamW's decay; dropout of hidden units, one mask a step; images shifted by up to a pixel.
        regulariser: Vec<&'static str> = vec!["none", "weight_decay", "dropout", "augment"], quick vec!["augment"],
            in ["none", "weight_decay", "dropout", "augment"], len 1..=4;
        /// λ of the decay.
        decay: f64 = 0.3, in 0.0..=100.0;
        /// Learning rate of Adam.
        learning_rate: f64 = 0.005, in 1e-6..=1.0;
        /// Passes over the data, in batches of 10.
        epochs: usize = 80, quick 60, in 2..=100_000;
        /// Test images, the same in every draw.
        test: usize = 1000, quick 500, in 20..=50_000;
        /// Side of the squares of pixels that are averaged.
        pool: usize = 2, in 1..=28;
        /// Training sets drawn.
        draws: usize = 4, quick 6, in 3..=1000;
    }
}

/// What a run gave.
pub(super) struct Run {
    /// The first epoch after which every training label was right.
    pub fitted: Option<usize>,
    /// The training error after each epoch, from epoch 0.
    pub errors: Vec<f64>,
    pub test_error: f64,
}

/// The training set with this corruption.
pub(super) fn corrupted(clean: &Dataset, how: &str, rng: &mut Rng) -> Result<Dataset> {
    let (n, d) = clean.x.dim();
    let (mut x, mut y) = (clean.x.clone(), clean.y.clone());
    match how {
        "random_labels" => {
            let k = y.ncols();
            for mut row in y.rows_mut() {
                row.fill(0.0);
                row[rng.random_range(0..k)] = 1.0;
            }
        }
        "shuffled_pixels" => {
            let mut order: Vec<usize> = (0..d).collect();
            order.shuffle(rng);
            x = x.select(Axis(1), &order);
        }
        "random_pixels" => {
            for mut row in x.rows_mut() {
                let mut pixels = row.to_vec();
                pixels.shuffle(rng);
                row.iter_mut().zip(pixels).for_each(|(to, v)| *to = v);
            }
        }
        "noise" => {
            // Of the same mean and variance as the pixels.
            let mean = x.sum() / (n * d) as f64;
            let spread =
                (x.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n * d) as f64).sqrt();
            x = gaussian(n, d, rng)? * spread + mean;
        }
        _ => {}
    }
    Dataset::new(x, y)
}

/// Batches of a training set as a network's loss, changed at every step as the regulariser says.
struct Batches<'a> {
    net: Mlp,
    data: &'a Dataset,
    regulariser: &'a str,
    /// Height and width of the images.
    side: (usize, usize),
    order: Vec<usize>,
    used: usize,
}

/// Each image of this height and width moved by −1, 0 or 1 pixels in either direction, all channels alike, with zeros from
/// outside.
pub(super) fn shift(
    x: &mut Array2<f64>,
    (height, width): (usize, usize),
    rng: &mut impl rand::Rng,
) {
    for mut row in x.rows_mut() {
        let (down, right) = (rng.random_range(-1..=1_i32), rng.random_range(-1..=1_i32));
        let from = row.to_owned();
        for (at, to) in row.iter_mut().enumerate() {
            // Channel by channel, row by row.
            let (channel, place) = (at / (height * width), at % (height * width));
            let r = (place / width) as i32 - down;
            let c = (place % width) as i32 - right;
            let inside = (0..height as i32).contains(&r) && (0..width as i32).contains(&c);
            *to = match inside {
                true => from[(channel * height + r as usize) * width + c as usize],
                false => 0.0,
            };
        }
    }
}

impl StochasticOracle for Batches<'_> {
    fn dimension(&self) -> usize {
        self.net.n_parameters()
    }

    fn draw(&mut self, w: &[f64], gradient: &mut [f64], rng: &mut impl rand::Rng) -> Result<f64> {
        let batch = BATCH.min(self.order.len());
        if self.used + batch > self.order.len() {
            self.order.shuffle(rng);
            self.used = 0;
        }
        let mut rows = self
            .data
            .select(&self.order[self.used..self.used + batch])?;
        self.used += batch;
        let mut net = self.net.with_parameters(w)?;
        if self.regulariser == "augment" {
            shift(&mut rows.x, self.side, rng);
        }
        // Units that stay count 1/KEPT times: the mean over masks is the whole network's pre-activation.
        let mut mask = Vec::new();
        if self.regulariser == "dropout" {
            for mut column in net.layers[1].weights.columns_mut() {
                let factor = if rng.random_bool(KEPT) {
                    1.0 / KEPT
                } else {
                    0.0
                };
                column *= factor;
                mask.push(factor);
            }
        }
        let computed = net
            .checked()?
            .loss_gradient(&rows.x, &rows.y, Loss::CrossEntropy);
        let (loss, slopes) = match computed {
            Err(error) if error.is_out_of_range() => return Ok(f64::NAN),
            computed => computed?,
        };
        let slopes = slopes.parameters;
        gradient
            .iter_mut()
            .zip(&slopes)
            .for_each(|(to, g)| *to = *g);
        // By the weights before the mask, row by row: those of a row meet the units in order.
        if let (false, [first, last]) = (mask.is_empty(), &net.layers[..]) {
            let start = first.weights.len() + first.bias.as_ref().map_or(0, |b| b.len());
            let masked = &mut gradient[start..start + last.weights.len()];
            masked
                .iter_mut()
                .zip(mask.iter().cycle())
                .for_each(|(g, factor)| *g *= factor);
        }
        Ok(loss)
    }

    fn value(&mut self, w: &[f64]) -> Result<f64> {
        let net = self.net.with_parameters(w)?;
        Loss::CrossEntropy.mean(&net.forward(&self.data.x)?, &self.data.y)
    }
}

impl RandomLabels {
    /// Trains on `data` until all epochs are over, or until every label is right if it `stops`.
    pub(super) fn train(
        &self,
        data: &Dataset,
        test: &Dataset,
        regulariser: &str,
        side: (usize, usize),
        stops: bool,
        draw: Draw,
    ) -> Result<Run> {
        let (d, k) = (data.x.ncols(), data.y.ncols());
        let net = Mlp::new(
            &MlpSettings::of_sizes(&[d, self.width, k]),
            &mut draw.rng("start"),
        )?;
        let per_epoch = data.len() / BATCH.min(data.len());
        let error = |w: &[f64], data: &Dataset| -> Result<f64> {
            classification_error(&net.with_parameters(w)?.forward(&data.x)?, &data.y)
        };
        let (mut errors, mut fitted, mut trouble) = (Vec::new(), None, None);
        let mut watch = |iterate: &Iterate<'_>| {
            if !iterate.step.is_multiple_of(per_epoch) {
                return ControlFlow::Continue(());
            }
            match error(iterate.x, data) {
                Err(other) => trouble = Some(other),
                Ok(share) => {
                    if share == 0.0 && fitted.is_none() {
                        fitted = Some(errors.len());
                    }
                    errors.push(share);
                }
            }
            match trouble.is_some() || (stops && fitted.is_some()) {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        };
        let decay = if regulariser == "weight_decay" {
            self.decay
        } else {
            0.0
        };
        let settings = SolveSettings {
            rule: Optimiser::Adam(Adam {
                weight_decay: decay,
                ..Adam::default()
            }),
            rate: self.learning_rate,
            steps: per_epoch * self.epochs,
            ..SolveSettings::default()
        };
        let mut batches = Batches {
            net: net.clone(),
            data,
            regulariser,
            side,
            order: (0..data.len()).collect(),
            used: data.len(),
        };
        let start = net.parameters().to_vec();
        let rng = &mut draw.rng("batches");
        let end = solve_stochastic(
            &mut batches,
            &Unconstrained,
            &start,
            &settings,
            &mut watch,
            rng,
        )?;
        if let Some(trouble) = trouble {
            return Err(trouble);
        }
        let end = end.not_diverged("Adam", "set a smaller learning_rate")?;
        Ok(Run {
            fitted,
            errors,
            test_error: error(&end.x, test)?,
        })
    }
}
