//! The double-descent curve of random features on real digits.

mod curve;
mod findings;

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, Array3, ArrayView2, Axis, s, stack};
use rayon::prelude::*;

use crate::data::Source;
use crate::engine;
use crate::error::{Error, Result};
use crate::experiment::problems::digit_features::{
    Design, DigitFeatures, Draw, fitted, widths_around_threshold,
};
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use crate::fit::sgd::{self, SgdSettings};
use crate::fit::{min_norm, min_norm_path};
use crate::linalg::thin_svd;
use crate::measure::bias_variance;
use crate::rng::stream;
use crate::stats::largest;
use curve::{Curve, Fits, mse};
use findings::{Results, findings};

/// A converging run of SGD may take this many passes.
const MAX_CONVERGING_EPOCHS: f64 = 50_000.0;

settings! {
    /// Settings of `double_descent`.
    pub struct DoubleDescent {
        /// Training digits a draw.
        n: usize = 600, quick 150, in 10..=4000;
        /// The two classes told apart, as −1 and +1.
        digits: Vec<usize> = vec![3, 7], in 0..=9, len 2;
        /// Bandwidth σ of the Gaussian kernel, in units of the input norm (pixels are 0 to 1).
        sigma: f64 = 5.0, in 0.01..=1000.0;
        /// The largest number of feature columns, in units of n.
        max_ratio: f64 = 8.0, in 2.0..=50.0;
        /// About how many widths, densest around n.
        points: usize = 40, quick 16, in 4..=2000;
        /// Draws of training set and features.
        draws: usize = 20, in 1..=10_000;
        /// Share of training labels flipped.
        label_noise: f64 = 0.0, in 0.0..=0.5;
        /// Test digits, the same in every draw.
        test: usize = 800, quick 400, in 10..=10_000;
        /// Also run averaged SGD?
        sgd: bool = true;
        /// Constant step of SGD for features with φ·φ = 1, one example a step.
        sgd_step: f64 = 1.0, in 0.001..=10.0;
        /// Passes of SGD over the training set.
        sgd_epochs: usize = 30, in 1..=10_000;
    }
}

/// What one draw gives: each solver at every width, and the limit of infinitely many features.
struct OneDraw {
    min_norm: Fits,
    sgd: Option<Fits>,
    kernel_limit: Array2<f64>,
}

/// SGD run until it should have converged, in the widest model.
struct Converged {
    /// ‖w_SGD − w‖²/‖w‖², measured.
    distance: f64,
    /// Its bound (1 − γ(2 − γ)λ_min/n)^steps.
    bound: f64,
}

impl Study for DoubleDescent {
    const ABOUT: About = About {
        id: "double_descent",
        title: "Double descent of random features on two MNIST digits",
        what: "Fits ±1 labels of two digits by least squares on m nested random Fourier features of \
               the Gaussian kernel, at many widths m around the interpolation threshold m = n: the \
               minimum-norm solution and averaged constant-step SGD. Over independent draws of \
               training set and features it splits the test error into bias² and variance.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Our understanding on \
                double descent\"; after Liu, Suykens & Cevher 2022, arXiv:2110.06910",
        columns: &[
            Column::new("solver", "", "min_norm or sgd"),
            Column::new("columns", "", "feature columns m"),
            Column::new("ratio", "", "m/n; the interpolation threshold is 1"),
            Column::new(
                "test_mse",
                "label²",
                "mean squared test error, mean over draws",
            ),
            Column::new("test_mse_se", "label²", "its standard error over draws"),
            Column::new(
                "test_mse_low",
                "label²",
                "10 % quantile of the test error over draws",
            ),
            Column::new(
                "test_mse_high",
                "label²",
                "90 % quantile of the test error over draws",
            ),
            Column::new(
                "bias2",
                "label²",
                "squared bias, test_mse = bias2 + variance",
            ),
            Column::new(
                "bias2_corrected",
                "label²",
                "bias2 less the variance that so few draws leave in it",
            ),
            Column::new("bias2_se", "label²", "standard error of bias2_corrected"),
            Column::new("variance", "label²", "variance over draws"),
            Column::new(
                "train_mse",
                "label²",
                "mean squared training error, mean over draws",
            ),
            Column::new(
                "norm",
                "",
                "norm of the weights for features with φ·φ = 1, mean over draws",
            ),
            Column::new(
                "test_error",
                "",
                "share of test digits told wrong, mean over draws",
            ),
        ],
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        fitted(self, |s| &s.digits, &[("n", 1), ("test", 1)], data)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let widths = widths_around_threshold(self.n, self.max_ratio, self.points);
        let columns = widths.last().copied().unwrap_or(self.n);
        let design = Design {
            digits: &self.digits,
            n: self.n,
            test: self.test,
            columns,
            sigma: self.sigma,
            label_noise: self.label_noise,
        };
        let problem = DigitFeatures::new(&context.data, &design, seed)?;
        context.progress.start(self.draws, "draws");
        let _single = engine::single_thread();
        let draws = || {
            (0..self.draws as u64)
                .into_par_iter()
                .map(|index| {
                    let done = self.one_draw(&problem, &widths, seed, index);
                    context.progress.step();
                    done
                })
                .collect::<Result<Vec<OneDraw>>>()
        };
        // The one long run of SGD goes beside the draws: after them it would leave cores idle.
        let (draws, converged) = rayon::join(draws, || match self.sgd {
            true => self.converge(&problem, seed),
            false => Ok(None),
        });
        let (draws, converged) = (draws?, converged?);

        let (mut min_norms, mut sgds, mut limits) = (Vec::new(), Vec::new(), Vec::new());
        for draw in draws {
            min_norms.push(draw.min_norm);
            sgds.extend(draw.sgd);
            limits.push(draw.kernel_limit);
        }
        let targets = problem.test.y.view();
        let min_norm = Curve::over(&min_norms, "min_norm", self.n, &widths, targets)?;
        let sgd = match sgds.is_empty() {
            true => None,
            false => Some(Curve::over(&sgds, "sgd", self.n, &widths, targets)?),
        };
        let limits: Vec<_> = limits.iter().map(|limit| limit.view()).collect();
        let limit = bias_variance(&stack_draws(&limits)?, &targets)?;
        let limit_mses = limits.iter().map(|limit| mse(limit, &targets)).collect();
        findings(&Results {
            mnist: problem.mnist,
            draws: self.draws,
            min_norm,
            sgd,
            limit,
            limit_mses,
            converged,
        })
    }
}

impl DoubleDescent {
    fn one_draw(
        &self,
        problem: &DigitFeatures,
        widths: &[usize],
        seed: u64,
        index: u64,
    ) -> Result<OneDraw> {
        let draw = problem.draw(index)?;
        let path = min_norm_path(&draw.train, &draw.test, &draw.targets, widths)?;
        // The path's features have unit amplitude; those of the kernel are √(2/m) as large.
        let scales = widths.iter().map(|&m| draw.features.scale(m));
        let min_norm = Fits {
            predictions: path.test_predictions.index_axis(Axis(2), 0).to_owned(),
            train_mse: path.train_mse,
            norm: path
                .norm
                .iter()
                .zip(scales)
                .map(|(norm, scale)| norm / scale)
                .collect(),
        };
        let sgd = if self.sgd {
            Some(self.sgd_fits(&draw, widths, seed, index)?)
        } else {
            None
        };
        Ok(OneDraw {
            min_norm,
            sgd,
            kernel_limit: problem.kernel_limit(&draw)?,
        })
    }

    fn sgd_settings(&self) -> SgdSettings {
        let (step, epochs) = (self.sgd_step, self.sgd_epochs);
        SgdSettings {
            step,
            epochs,
            batch: 1,
            average: 1.0,
        }
    }

    /// Averaged SGD at every width. Where it diverges the numbers are NaN.
    fn sgd_fits(&self, draw: &Draw, widths: &[usize], seed: u64, index: u64) -> Result<Fits> {
        let n = draw.targets.nrows();
        let mut fits = Fits {
            predictions: Array2::from_elem((widths.len(), draw.test.nrows()), f64::NAN),
            train_mse: vec![f64::NAN; widths.len()],
            norm: vec![f64::NAN; widths.len()],
        };
        let mut gram = Array2::<f64>::zeros((n, n));
        let mut grown = 0;
        for (i, &m) in widths.iter().enumerate() {
            let scale = draw.features.scale(m);
            let features = draw.train.slice(s![.., ..m]);
            let rng = &mut stream(seed, "sgd", index * widths.len() as u64 + i as u64);
            // Beyond n columns the coefficients of the n examples are the smaller problem.
            let fit = if m <= n {
                sgd::sgd(
                    &(&features * scale),
                    &draw.targets,
                    &self.sgd_settings(),
                    rng,
                )
                .map(|fit| fit.weights)
            } else {
                let block = draw.train.slice(s![.., grown..m]);
                general_mat_mul(1.0, &block, &block.t(), 1.0, &mut gram);
                grown = m;
                let kernel = &gram * (scale * scale);
                sgd::sgd_dual(&kernel, &draw.targets, &self.sgd_settings(), rng)
                    .map(|(average, _)| features.t().dot(&average) * scale)
            };
            let weights = match fit {
                Ok(weights) => weights,
                Err(Error::Diverged { .. }) => continue,
                Err(error) => return Err(error),
            };
            let test = draw.test.slice(s![.., ..m]).dot(&weights) * scale;
            fits.predictions.row_mut(i).assign(&test.column(0));
            let residual = features.dot(&weights) * scale - &draw.targets;
            fits.train_mse[i] = residual.mapv(|r| r * r).sum() / n as f64;
            fits.norm[i] = weights.mapv(|w| w * w).sum().sqrt();
        }
        Ok(fits)
    }

    /// Runs SGD in the widest model of the first draw until its bound says it is near the
    /// minimum-norm solution. `None` where it diverges or would take too long.
    ///
    /// With φ·φ = 1 an SGD step of one example is a relaxed Kaczmarz step: on an interpolating
    /// problem E‖w_k − w‖² ≤ (1 − γ(2 − γ)λ_min(K)/n)^k ‖w‖² (Strohmer & Vershynin 2009,
    /// arXiv:math/0702226, Theorem 2, there with γ = 1).
    fn converge(&self, problem: &DigitFeatures, seed: u64) -> Result<Option<Converged>> {
        let draw = problem.draw(0)?;
        let n = draw.targets.nrows();
        let features = &draw.train * draw.features.scale(draw.train.ncols());
        let kernel = features.dot(&features.t());
        let largest = largest(kernel.diag().iter().copied());
        let smallest = thin_svd(&kernel)?.s[n - 1];
        let rate = self.sgd_step * (2.0 - self.sgd_step * largest) * smallest / n as f64;
        // To a squared distance of 10⁻⁴ of where it starts.
        let epochs = (1e4f64.ln() / (rate * n as f64)).ceil();
        if rate.is_nan() || rate <= 0.0 || epochs > MAX_CONVERGING_EPOCHS {
            return Ok(None);
        }
        let settings = SgdSettings {
            epochs: (epochs as usize).max(1),
            average: 0.0,
            ..self.sgd_settings()
        };
        let rng = &mut stream(seed, "converged sgd", 0);
        let (_, dual) = sgd::sgd_dual(&kernel, &draw.targets, &settings, rng)?;
        let weights = features.t().dot(&dual);
        let exact = min_norm(&features, &draw.targets, None)?.weights;
        let square = |w: &Array2<f64>| w.mapv(|x| x * x).sum();
        let steps = (n * settings.epochs) as f64;
        Ok(Some(Converged {
            distance: square(&(&weights - &exact)) / square(&exact),
            bound: (1.0 - rate).powf(steps),
        }))
    }
}

/// Test predictions of several draws, each `(t, 1)`, as `(draws, t, 1)`.
fn stack_draws(draws: &[ArrayView2<'_, f64>]) -> Result<Array3<f64>> {
    stack(Axis(0), draws).map_err(|_| Error::shape("the draws", "at least one", &[draws.len()]))
}
