//! One draw: each solver at every width.

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, Axis, s};

use super::settings::DoubleDescent;
use crate::error::{Error, Result};
use crate::experiment::problems::digit_features::{DigitFeatures, Draw};
use crate::fit::sgd::{self, SgdSettings};
use crate::fit::{min_norm, min_norm_path};
use crate::linalg::thin_svd;
use crate::rng::stream;
use crate::stats::largest;

/// A converging run of SGD may take this many passes.
const MAX_CONVERGING_EPOCHS: f64 = 50_000.0;

/// One solver in one draw.
pub(super) struct Fits {
    /// Test predictions, `(widths, t)`; a row of NaN where the solver diverged.
    pub predictions: Array2<f64>,
    /// Training error at each width.
    pub train_mse: Vec<f64>,
    /// Norm of the weights at each width, for features with φ·φ = 1.
    pub norm: Vec<f64>,
}

/// What one draw gives: each solver at every width, and the limit of infinitely many features.
pub(super) struct OneDraw {
    pub min_norm: Fits,
    pub sgd: Option<Fits>,
    /// Test predictions of the kernel interpolant, `(t, 1)`.
    pub kernel_limit: Array2<f64>,
}

/// SGD run until it should have converged, in the widest model.
pub(super) struct Converged {
    /// ‖w_SGD − w‖²/‖w‖², measured.
    pub distance: f64,
    /// Its bound (1 − γ(2 − γ)λ_min/n)^steps.
    pub bound: f64,
}

impl DoubleDescent {
    pub(super) fn one_draw(
        &self,
        problem: &DigitFeatures,
        widths: &[usize],
        seed: u64,
        index: u64,
    ) -> Result<OneDraw> {
        let draw = problem.draw(index)?;
        let path = min_norm_path(&draw.train, &draw.test, &draw.targets, widths)?;
        // The path's features have unit amplitude; those of the kernel are √(2/m) as large.
        let scaled = path.norm.iter().zip(widths);
        let min_norm = Fits {
            predictions: path.test_predictions.index_axis(Axis(2), 0).to_owned(),
            train_mse: path.train_mse,
            norm: scaled
                .map(|(norm, &m)| norm / draw.features.scale(m))
                .collect(),
        };
        let sgd = self.sgd.then(|| self.sgd_fits(&draw, widths, seed, index));
        Ok(OneDraw {
            min_norm,
            sgd: sgd.transpose()?,
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
    pub(super) fn converge(&self, problem: &DigitFeatures, seed: u64) -> Result<Option<Converged>> {
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
