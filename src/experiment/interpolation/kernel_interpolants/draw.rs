//! One training set: its interpolants at every share of wrong labels.

use ndarray::{Array2, Axis, concatenate, s};

use crate::data::{Dataset, change_labels};
use crate::error::{Error, Result};
use crate::experiment::{Draw, settings};
use crate::fit::{kernel_ridge, nearest};
use crate::model::{Kernel, classification_error};
use crate::stats::larger;

/// In the table, and in words.
pub(super) const METHODS: [(&str, &str); 3] = [
    ("laplace", "Laplace kernel"),
    ("gaussian", "Gaussian kernel"),
    ("nearest_neighbour", "nearest neighbour"),
];

settings! {
    /// Settings of `kernel_interpolants`.
    pub struct KernelInterpolants {
        /// Training digits a draw.
        n: usize = 1000, quick 400, in 20..=5000;
        /// Shares η of training labels changed to another class.
        shares: Vec<f64> = vec![0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6], quick vec![0.0, 0.2, 0.4, 0.6], in 0.0..=0.9, len 2..=30, increasing;
        /// Bandwidth σ of the Laplace kernel exp(−‖x − x'‖/σ), in units of the input (pixels are 0 to 1).
        laplace_sigma: f64 = 5.0, in 0.01..=1000.0;
        /// Bandwidth σ of the Gaussian kernel exp(−‖x − x'‖²/2σ²).
        gaussian_sigma: f64 = 2.0, in 0.01..=1000.0;
        /// Draws of training set and wrong labels.
        draws: usize = 10, quick 20, in 4..=1000;
        /// Side of the squares of pixels that are averaged: 2 makes 14 × 14 of 28 × 28.
        pool: usize = 2, in 1..=28;
        /// Test digits, the same in every draw.
        test: usize = 1000, quick 500, in 10..=5000;
    }
}

/// One method at one share of wrong labels.
pub(super) struct Scores {
    /// Share of test digits read wrongly.
    pub error: f64,
    /// Share of test labels not met, after as large a share of them was changed.
    pub noisy_error: f64,
}

/// One draw, by method and share.
pub(super) struct OneDraw {
    pub scores: Vec<Vec<Scores>>,
    /// The error of the nearest neighbour with all labels right.
    pub clean_neighbour: f64,
    /// Of each kernel: the largest share of training labels not given back.
    pub unmet: [f64; 2],
    pub condition: [f64; 2],
}

impl KernelInterpolants {
    pub(super) fn one_draw(&self, train: &Dataset, test: &Dataset, draw: Draw) -> Result<OneDraw> {
        let changed = |y: &Array2<f64>, what: &str| -> Result<Vec<Array2<f64>>> {
            let each = self.shares.iter();
            each.map(|&share| change_labels(y, share, &mut draw.rng(what)))
                .collect()
        };
        let targets = changed(&train.y, "label noise")?;
        let test_targets = changed(&test.y, "test label noise")?;
        let score = |outputs: &[Array2<f64>]| -> Result<Vec<Scores>> {
            let each = outputs.iter().zip(&test_targets);
            each.map(|(outputs, noisy)| {
                Ok(Scores {
                    error: classification_error(outputs, &test.y)?,
                    noisy_error: classification_error(outputs, noisy)?,
                })
            })
            .collect()
        };
        // One factorisation serves all shares: their targets stand side by side.
        let views: Vec<_> = targets.iter().map(|y| y.view()).collect();
        let all = concatenate(Axis(1), &views)
            .map_err(|_| Error::shape("the targets", "the same rows at each share", &[]))?;
        let classes = train.y.ncols();
        let apart = |outputs: &Array2<f64>| -> Vec<Array2<f64>> {
            let columns = (0..targets.len()).map(|i| s![.., i * classes..(i + 1) * classes]);
            columns.map(|at| outputs.slice(at).to_owned()).collect()
        };
        let kernels = [
            Kernel::Laplace {
                sigma: self.laplace_sigma,
            },
            Kernel::Gaussian {
                sigma: self.gaussian_sigma,
            },
        ];
        let mut found = OneDraw {
            scores: Vec::new(),
            clean_neighbour: 0.0,
            unmet: [0.0; 2],
            condition: [0.0; 2],
        };
        for (at, kernel) in kernels.into_iter().enumerate() {
            let fit = kernel_ridge(kernel, &train.x, &all, 0.0)?;
            found.condition[at] = fit.condition;
            for (outputs, given) in apart(&fit.predict(&train.x)?).iter().zip(&targets) {
                found.unmet[at] = larger(found.unmet[at], classification_error(outputs, given)?);
            }
            found.scores.push(score(&apart(&fit.predict(&test.x)?))?);
        }
        let neighbours: Vec<usize> = nearest(&train.x, &test.x, 1)?.iter().copied().collect();
        let told: Vec<Array2<f64>> = targets
            .iter()
            .map(|y| y.select(Axis(0), &neighbours))
            .collect();
        found.scores.push(score(&told)?);
        found.clean_neighbour =
            classification_error(&train.y.select(Axis(0), &neighbours), &test.y)?;
        Ok(found)
    }
}
