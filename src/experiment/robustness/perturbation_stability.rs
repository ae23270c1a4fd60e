//! Perturbation stability by width, depth and initialisation, before training and after.

mod findings;
mod training;

use rayon::prelude::*;

use crate::data::synthetic::orthonormal_rows;
use crate::data::{Dataset, Source, train_test_split, two_classes};
use crate::engine;
use crate::error::{Error, Result};
use crate::experiment::problems::digit_features::fitted;
use crate::experiment::sizes::share_out;
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use crate::measure::lipschitz::local_lipschitz;
use crate::measure::robustness::{
    InitialGradient, LazyScheme, StabilityBound, ball_constant, initial_gradient,
    lazy_stability_bound, perturbation_stability,
};
use crate::model::{Init, Mlp, MlpSettings};
use crate::rng::stream;
use crate::stats::{Estimate, larger};
use findings::{Results, findings};
use training::Trained;

/// The steps sampled around each input.
const DIRECTIONS: usize = 32;

settings! {
    /// Settings of `perturbation_stability`.
    pub struct PerturbationStability {
        /// The initialisations.
        init: Vec<&'static str> = vec!["lecun", "he", "ntk"], in ["lecun", "he", "ntk"];
        /// Hidden units a layer, increasing.
        widths: Vec<usize> = vec![16, 64, 256], quick vec![8, 64], in 1..=4096;
        /// Layers of weights, increasing.
        depths: Vec<usize> = vec![2, 4, 8], quick vec![2, 4], in 2..=64;
        /// Input dimension p: digits are turned by p orthonormal directions and scaled to norm 1.
        input_dim: usize = 784, quick 64, in 1..=784;
        /// Networks drawn for each initialisation, depth and width.
        draws: usize = 300, quick 400, in 20..=100_000;
        /// Also train networks, lazy and non-lazy, and measure them again?
        trained: bool = true;
        /// Networks trained for each initialisation, depth and width.
        trained_draws: usize = 3, quick 2, in 2..=100;
        /// Digits they are trained on.
        n: usize = 64, quick 32, in 4..=2000;
        /// Epochs of training.
        epochs: usize = 400, quick 150, in 1..=100_000;
        /// c of the non-lazy two-layer networks, whose weights start with standard deviation m^(−c).
        non_lazy_power: f64 = 1.75, in 1.5..=3.0;
        /// The two digits told apart, as −1 and +1.
        digits: Vec<usize> = vec![3, 7], in 0..=255, len 2;
    }
}

/// One initialisation, depth and width before training.
struct Start {
    init: &'static str,
    depth: usize,
    width: usize,
    /// P/ε by sampled steps, over networks.
    stability: Estimate,
    /// ‖∇h‖², over networks.
    square: Estimate,
    /// c_p E‖∇h‖, exact.
    predicted: f64,
    exact: InitialGradient,
    bound: StabilityBound,
}

/// The same after training.
struct End {
    init: &'static str,
    depth: usize,
    width: usize,
    runs: Vec<Trained>,
    stability: Estimate,
}

impl Study for PerturbationStability {
    const ABOUT: About = About {
        id: "perturbation_stability",
        title: "Perturbation stability by width, depth and initialisation",
        what: "Measures P/ε, the mean movement of a ReLU network's output under a random small step of its input, over many draws of \
               the weights, beside its exact value and the upper bounds of the tutorial's table. At initialisation neither \
               width nor, for He and NTK, depth changes the mean squared gradient. Then trains networks on digits, in the lazy \
               regime and out of it, and measures again: the slides' trends speak of upper bounds and of trained networks.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Robustness in deep learning: metrics\" and \"Main results \
                (Lazy-training regime)\"; after Zhu, Liu, Chrysos & Cevher 2022, arXiv:2209.07263",
        columns: &[
            Column::new(
                "init",
                "",
                "lecun, he, ntk; small for the non-lazy start m^(−c)",
            ),
            Column::new("depth", "layers", "layers of weights L"),
            Column::new("width", "units", "hidden units a layer m"),
            Column::new("measured", "output per input", "P/ε, mean over networks"),
            Column::new("se", "output per input", "its standard error"),
            Column::new(
                "predicted",
                "output per input",
                "exact value at initialisation; empty after training",
            ),
            Column::new("stage", "", "initial, lazy (trained) or non_lazy (trained)"),
            Column::new(
                "bound",
                "output per input",
                "the tutorial's upper bound without its unnamed constant; empty where none",
            ),
            Column::new(
                "plateau",
                "output per input",
                "its limit for infinite width",
            ),
            Column::new(
                "kappa",
                "",
                "lazy ratio Σ‖ΔW‖/Σ‖W‖ of the training; empty before it",
            ),
            Column::new(
                "train_loss",
                "label²",
                "mean squared training error; empty before training",
            ),
        ],
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        let images = data.load()?;
        let pixels = images.pixels.ncols();
        let mut fitted = fitted(self, |s| &s.digits, &[("n", 1)], data)?;
        if fitted.input_dim > pixels {
            fitted = share_out(
                &fitted,
                &[("input_dim", 1)],
                pixels,
                "the pixels of an image",
            )?;
        }
        Ok(fitted)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        for (what, list) in [("the widths", &self.widths), ("the depths", &self.depths)] {
            if list.is_empty() || list.windows(2).any(|pair| pair[0] >= pair[1]) {
                let got = format!("{list:?}");
                return Err(Error::domain(what, "at least one, increasing", got));
            }
        }
        if self.init.is_empty() {
            return Err(Error::domain(
                "init",
                "at least one initialisation",
                "empty",
            ));
        }
        let (data, mnist) = self.digits(context, seed)?;
        let mut cells = Vec::new();
        for &init in &self.init {
            for &depth in &self.depths {
                cells.extend(self.widths.iter().map(|&width| (init, depth, width)));
            }
        }
        let mut training = Vec::new();
        if self.trained {
            training.clone_from(&cells);
            training.extend(self.widths.iter().map(|&width| ("small", 2, width)));
        }
        let jobs = cells.len() + training.len() * self.trained_draws;
        context.progress.start(jobs, "cells");
        let _single = engine::single_thread();
        let starts = cells.par_iter().map(|&cell| {
            let done = self.start(cell, &data, seed);
            context.progress.step();
            done
        });
        let starts = starts.collect::<Result<Vec<Start>>>()?;
        let runs = (0..training.len() * self.trained_draws)
            .into_par_iter()
            .map(|i| {
                let done = self.train(training[i / self.trained_draws], &data, i as u64, seed);
                context.progress.step();
                done
            });
        let mut runs = runs.collect::<Result<Vec<Trained>>>()?.into_iter();
        let ends = training.iter().map(|&(init, depth, width)| {
            let runs: Vec<Trained> = runs.by_ref().take(self.trained_draws).collect();
            let each: Vec<f64> = runs.iter().map(|run| run.stability).collect();
            Ok(End {
                init,
                depth,
                width,
                stability: Estimate::from_values(&each)?,
                runs,
            })
        });
        findings(&Results {
            settings: self,
            mnist,
            starts,
            ends: ends.collect::<Result<_>>()?,
        })
    }
}

impl PerturbationStability {
    /// n digits in p orthonormal directions, each of norm 1, with targets ±1, `(n, 1)`; and whether they are MNIST's.
    fn digits(&self, context: &Context, seed: u64) -> Result<(Dataset, bool)> {
        let class = |digit: usize| {
            u8::try_from(digit).map_err(|_| Error::domain("class", "0 to 255", digit))
        };
        let images = context.data.load()?;
        let all = two_classes(&images, class(self.digits[0])?, class(self.digits[1])?)?;
        let rng = &mut stream(seed, "stability digits", 0);
        let rows = train_test_split(all.len(), self.n, 0, rng)?.train;
        let some = all.select(&rows)?;
        let turned = orthonormal_rows(self.input_dim, some.x.ncols(), rng)?;
        let mut x = some.x.dot(&turned.t());
        for mut row in x.rows_mut() {
            let norm = row.dot(&row).sqrt();
            row /= larger(norm, f64::MIN_POSITIVE);
        }
        Ok((Dataset::new(x, some.y)?, images.is_mnist()))
    }

    fn sizes(&self, depth: usize, width: usize) -> Vec<usize> {
        let mut sizes = vec![width; depth + 1];
        (sizes[0], sizes[depth]) = (self.input_dim, 1);
        sizes
    }

    fn net(&self, (init, depth, width): (&str, usize, usize)) -> MlpSettings {
        let init = match init {
            "lecun" => Init::LECUN,
            "he" => Init::HE,
            "ntk" => Init::NTK,
            _ => Init::normal((width as f64).powf(-self.non_lazy_power)),
        };
        MlpSettings {
            biases: false,
            init,
            ..MlpSettings::of_sizes(&self.sizes(depth, width))
        }
    }

    /// Draws networks, each measured at one digit.
    fn start(
        &self,
        (init, depth, width): (&'static str, usize, usize),
        data: &Dataset,
        seed: u64,
    ) -> Result<Start> {
        let settings = self.net((init, depth, width));
        let (mut moved, mut squares) = (Vec::new(), Vec::new());
        for index in 0..self.draws {
            let label = format!("start {init} {depth} {width}");
            let rng = &mut stream(seed, &label, index as u64);
            let net = Mlp::new(&settings, rng)?;
            let row = index % data.len();
            let x = data.x.slice(ndarray::s![row..=row, ..]);
            moved.push(perturbation_stability(&net, &x, DIRECTIONS, rng)?.mean);
            squares.push(local_lipschitz(&net, &x)?[0].powi(2));
        }
        let exact = initial_gradient(&settings.init, &settings.sizes)?;
        let scheme = match init {
            "lecun" => LazyScheme::LeCun,
            "he" => LazyScheme::He,
            _ => LazyScheme::Ntk,
        };
        Ok(Start {
            init,
            depth,
            width,
            stability: Estimate::from_values(&moved)?,
            square: Estimate::from_values(&squares)?,
            predicted: ball_constant(self.input_dim)? * exact.mean,
            exact,
            bound: lazy_stability_bound(scheme, depth, width, self.input_dim)?,
        })
    }
}
