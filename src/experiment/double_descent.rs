//! STAND-IN, replaced at merge: random numbers with the right names.

use rand::RngExt;
use rayon::prelude::*;

use super::{About, Claim, Column, Context, Findings, Measured, Study, Table, settings};
use crate::Result;
use crate::plot::Figure;
use crate::rng::stream;

settings! {
    /// Settings of `double_descent`.
    pub struct DoubleDescent {
        /// Training digits per draw.
        n: usize = 600, quick 150, in 20..=4000;
        /// The two digits to tell apart.
        digits: Vec<usize> = vec![3, 7], in 0..=9, len 2;
        /// Bandwidth σ of the Gaussian kernel, in units of the input norm.
        sigma: f64 = 5.0, in 0.01..=1000.0;
        /// The greatest number of feature columns, in units of n.
        max_ratio: f64 = 8.0, quick 4.0, in 1.5..=20.0;
        /// How many widths to measure.
        points: usize = 40, quick 12, in 4..=400;
        /// Draws of training set and features.
        draws: usize = 20, quick 4, in 2..=1000;
        /// Share of flipped training labels.
        label_noise: f64 = 0.0, in 0.0..=0.5;
        /// Test digits.
        test: usize = 800, quick 200, in 20..=4000;
        /// Also run averaged SGD?
        sgd: bool = true;
        /// Constant step of SGD.
        sgd_step: f64 = 1.0, in 0.001..=2.0;
        /// Passes of SGD over the training set.
        sgd_epochs: usize = 30, quick 5, in 1..=10_000;
    }
}

impl Study for DoubleDescent {
    const ABOUT: About = About {
        id: "double_descent",
        title: "Double descent of random features on MNIST",
        what: "Fits labels ±1 of two digits by min-norm least squares on m nested random Fourier features, for many widths m around the interpolation threshold m = n, and splits the test error into bias² and variance over draws of training set and features.",
        slide: "ICASSP 2023 tutorial, \"Double descent of random features\"",
        columns: &[
            Column::new("solver", "", "min_norm or sgd"),
            Column::new("columns", "", "feature columns m"),
            Column::new("ratio", "", "m/n"),
            Column::new("test_mse", "label²", "mean squared test error"),
            Column::new("test_mse_se", "label²", "its standard error over draws"),
            Column::new("bias2", "label²", "squared bias"),
            Column::new("variance", "label²", "variance over draws"),
            Column::new("train_mse", "label²", "mean squared training error"),
            Column::new("norm", "", "norm of the solution"),
            Column::new("test_error", "", "share of test digits told wrong"),
        ],
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        context.progress.start(self.draws, "draws");
        let draws: Vec<Vec<f64>> = (0..self.draws)
            .into_par_iter()
            .map(|draw| {
                let mut rng = stream(seed, "double_descent", draw as u64);
                context.progress.step();
                (0..self.points).map(|_| rng.random()).collect()
            })
            .collect();
        let mut table = Table::new(Self::ABOUT.columns);
        for j in 0..self.points {
            let mse = draws.iter().map(|draw| draw[j]).sum::<f64>() / self.draws as f64;
            let ratio = self.max_ratio * (j + 1) as f64 / self.points as f64;
            let columns = (ratio * self.n as f64).round() as usize;
            let mut row = vec!["min_norm".into(), columns.into(), ratio.into()];
            row.resize(10, mse.into());
            table.push(row)?;
        }
        let mut measured = Measured::default();
        measured.insert("peak_ratio", 1.0);
        measured.insert("peak_over_valley", 60.0);
        measured.insert("kernel_limit_mse", f64::INFINITY);
        let mse = table.numbers("test_mse")?;
        let claims = vec![
            Claim::equals("the peak stands at m/n = 1", 1.0, 1.0, 0.05),
            Claim::at_least("the last error is large", 0.4, mse[self.points - 1], 0.0),
        ];
        Ok(Findings {
            measured,
            claims: claims.into(),
            table,
            figure: Figure::default(),
        })
    }
}
