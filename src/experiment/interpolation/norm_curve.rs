//! Double descent seen by the norm: error by parameters, norm by parameters, error by norm.

mod findings;

use rayon::prelude::*;

use crate::data::Source;
use crate::engine;
use crate::error::Result;
use crate::experiment::problems::digit_features::{
    Design, DigitFeatures, fitted, widths_around_threshold,
};
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use crate::fit::{kernel_ridge, min_norm_path};
use crate::model::Kernel;
use crate::stats::median;
use findings::{Results, findings};

settings! {
    /// Settings of `norm_curve`.
    pub struct NormCurve {
        /// Training digits a draw.
        n: usize = 300, quick 100, in 20..=4000;
        /// Share of training labels flipped.
        label_noise: f64 = 0.1, in 0.0..=0.5;
        /// The two classes told apart, as −1 and +1.
        digits: Vec<usize> = vec![3, 7], in 0..=255, len 2;
        /// Bandwidth σ of the Gaussian kernel, in units of the input norm (pixels are 0 to 1).
        sigma: f64 = 5.0, in 0.01..=1000.0;
        /// The largest number of feature columns, in units of n.
        max_ratio: f64 = 16.0, in 4.0..=50.0;
        /// About how many widths, densest around n.
        points: usize = 40, quick 24, in 12..=500;
        /// Draws of training set and features.
        draws: usize = 20, quick 12, in 3..=1000;
        /// Test digits, the same in every draw.
        test: usize = 800, quick 400, in 10..=10_000;
    }
}

/// One draw, a number for each width.
struct OneDraw {
    test_mse: Vec<f64>,
    /// ‖w‖ for features with φ·φ = 1.
    norm: Vec<f64>,
    /// ‖w‖ for features of unit amplitude, whose first columns never change.
    raw_norm: Vec<f64>,
    /// The norm of the kernel interpolant, the limit of `norm`.
    kernel_norm: f64,
}

/// One width, over draws.
struct Point {
    /// Feature columns m.
    columns: usize,
    /// m/n.
    ratio: f64,
    /// Medians: at m = n means are those of the worst draw.
    mse: f64,
    norm: f64,
}

impl Study for NormCurve {
    const ABOUT: About = About {
        id: "norm_curve",
        title: "Double descent by parameters and by norm",
        what: "Fits noisy ±1 labels of two digits by the minimum-norm solution on m nested random Fourier \
               features. The norm of the weights peaks at m = n like the test error, so that plotted \
               against the norm the error comes closer to the classical U than to a double descent.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Double descent curve in \
                practice (III)\"; after Ma, Avati, Katanforoosh & Ng, CS229 lecture notes, and Nakkiran, Venkat, \
                Kakade & Ma 2021, arXiv:2003.01897, §5.2",
        columns: &[
            Column::new("columns", "", "feature columns m, the parameters"),
            Column::new("ratio", "", "m/n; the interpolation threshold is 1"),
            Column::new(
                "test_mse",
                "label²",
                "mean squared test error, median over draws",
            ),
            Column::new(
                "norm",
                "",
                "norm of the weights for features with φ·φ = 1, median over draws",
            ),
        ],
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        fitted(self, |s| &s.digits, &[("n", 1), ("test", 1)], data)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let widths = widths_around_threshold(self.n, self.max_ratio, self.points);
        let design = Design {
            digits: &self.digits,
            n: self.n,
            test: self.test,
            columns: widths.last().copied().unwrap_or(self.n),
            sigma: self.sigma,
            label_noise: self.label_noise,
        };
        let problem = DigitFeatures::new(&context.data, &design, seed)?;
        context.progress.start(self.draws, "draws");
        let _single = engine::single_thread();
        let draws = (0..self.draws as u64)
            .into_par_iter()
            .map(|index| {
                let done = self.one_draw(&problem, &widths, index);
                context.progress.step();
                done
            })
            .collect::<Result<Vec<OneDraw>>>()?;
        let points = widths.iter().enumerate().map(|(i, &columns)| {
            let each = |of: fn(&OneDraw) -> &Vec<f64>| -> Vec<f64> {
                draws.iter().map(|draw| of(draw)[i]).collect()
            };
            Ok(Point {
                columns,
                ratio: columns as f64 / self.n as f64,
                mse: median(&each(|draw| &draw.test_mse))?,
                norm: median(&each(|draw| &draw.norm))?,
            })
        });
        findings(&Results {
            mnist: problem.mnist,
            n: self.n,
            points: points.collect::<Result<_>>()?,
            draws,
        })
    }
}

impl NormCurve {
    fn one_draw(&self, problem: &DigitFeatures, widths: &[usize], index: u64) -> Result<OneDraw> {
        let draw = problem.draw(index)?;
        let path = min_norm_path(&draw.train, &draw.test, &draw.targets, widths)?;
        let kernel = Kernel::Gaussian { sigma: self.sigma };
        let limit = kernel_ridge(kernel, &draw.inputs, &draw.targets, 0.0)?;
        let scaled = path.norm.iter().zip(widths);
        Ok(OneDraw {
            test_mse: path.test_mse(&problem.test.y)?,
            norm: scaled
                .map(|(norm, &m)| norm / draw.features.scale(m))
                .collect(),
            raw_norm: path.norm,
            kernel_norm: limit.norm,
        })
    }
}
