//! Benign, tempered, catastrophic: the risk of methods fitted to labels of pure noise.
//!
//! Labels y = σξ carry nothing, so the best prediction is 0 with risk σ², and R/σ² says how much a
//! method pays for fitting noise: → 1 is benign, → a constant is tempered, → ∞ catastrophic.

use ndarray::{Array2, ArrayRef2};
use rand_distr::{Distribution, Exp1};

use crate::data::synthetic::{gaussian, noise, uniform_cube};
use crate::error::{Error, Result, check_count, check_size};
use crate::fit::{
    Weighting, kernel_ridge, knn_regression, nadaraya_watson, piecewise_linear,
    simplex_interpolation,
};
use crate::model::Kernel;
use crate::stats::{Estimate, largest, median, parallel_draws};

/// A method of the taxonomy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// The mean of the k nearest labels.
    Neighbours {
        /// k ≥ 1.
        k: usize,
    },
    /// Nadaraya–Watson means.
    LocalMean(Weighting),
    /// Kernel ridge regression, Σ(·)² + λ‖f‖²; λ = 0 interpolates.
    KernelRidge {
        /// The kernel.
        kernel: Kernel,
        /// λ ≥ 0.
        lambda: f64,
    },
    /// Linear interpolation between neighbours on a line (d = 1).
    PiecewiseLinear,
}

/// A method's predictions and how well f64 could compute them.
#[derive(Clone, Debug)]
pub struct MethodFit {
    /// Predictions at the test inputs, `(t, k)`.
    pub predictions: Array2<f64>,
    /// The condition number of the system solved; 1 where none was.
    pub condition: f64,
    /// Whether f64 resolved the whole system: false where directions were lost to rounding.
    pub resolved: bool,
}

impl Method {
    /// Fits `x`, `(n, d)`, `y`, `(n, k)`, and predicts at `test`, `(t, d)`.
    ///
    /// # Errors
    /// As the method fitted: see [`crate::fit`].
    pub fn fit_predict(
        &self,
        x: &ArrayRef2<f64>,
        y: &ArrayRef2<f64>,
        test: &ArrayRef2<f64>,
    ) -> Result<MethodFit> {
        let exact = |predictions| MethodFit {
            predictions,
            condition: 1.0,
            resolved: true,
        };
        match *self {
            Self::Neighbours { k } => knn_regression(x, y, test, k).map(exact),
            Self::LocalMean(weighting) => nadaraya_watson(x, y, test, weighting).map(exact),
            Self::PiecewiseLinear => piecewise_linear(x, y, test).map(exact),
            Self::KernelRidge { kernel, lambda } => {
                let fit = kernel_ridge(kernel, x, y, lambda)?;
                Ok(MethodFit {
                    predictions: fit.predict(test)?,
                    condition: fit.condition,
                    resolved: fit.rank == x.nrows(),
                })
            }
        }
    }
}

/// Where the inputs of a noise experiment lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Inputs {
    /// Uniform in the cube \[0, 1\]^d.
    #[default]
    Cube,
    /// Uniform on the unit sphere of R^d.
    Sphere,
}

/// What [`noise_risk`] draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NoiseRiskSettings {
    /// The number of training examples n.
    pub n: usize,
    /// The dimension d of the inputs.
    pub dim: usize,
    /// Where the inputs lie.
    pub inputs: Inputs,
    /// The number of test points of each draw.
    pub test_points: usize,
    /// The number of independent draws of training and test set.
    pub draws: usize,
    /// The seed of all draws.
    pub seed: u64,
}

impl Default for NoiseRiskSettings {
    fn default() -> Self {
        Self {
            n: 200,
            dim: 1,
            inputs: Inputs::Cube,
            test_points: 200,
            draws: 20,
            seed: 1,
        }
    }
}

/// The simulated R/σ² of one method at one n.
#[derive(Clone, Debug)]
pub struct NoiseRisk {
    /// R/σ² of each draw, 1 + mean of f² over the test points, `draws` of them.
    pub values: Vec<f64>,
    /// Their mean and its standard error.
    pub risk: Estimate,
    /// Their median, for methods whose mean is ruled by rare draws.
    pub median: f64,
    /// The largest condition number met.
    pub condition: f64,
    /// The share of draws that f64 could not resolve: what is measured there is a cut-off, not the
    /// method. A share above 0 forbids reading the risk as the method's own.
    pub unresolved: f64,
}

/// Measures R/σ² of `method` on pure-noise labels, σ = 1; the noise of test labels is added exactly.
///
/// # Errors
/// A count is 0, or the method refuses the problem (k > n, `PiecewiseLinear` for d > 1, …).
pub fn noise_risk(method: &Method, settings: &NoiseRiskSettings) -> Result<NoiseRisk> {
    check_count("the number of test points", settings.test_points)?;
    let draw_inputs = |count, rng: &mut crate::rng::Rng| match settings.inputs {
        Inputs::Cube => uniform_cube(count, settings.dim, rng),
        Inputs::Sphere => crate::data::synthetic::unit_sphere(count, settings.dim, rng),
    };
    let all = parallel_draws(settings.draws, settings.seed, "noise risk", |rng| {
        let x = draw_inputs(settings.n, rng)?;
        let y = noise(settings.n, 1.0, rng)?;
        let test = draw_inputs(settings.test_points, rng)?;
        let fit = method.fit_predict(&x, &y, &test)?;
        let square = fit.predictions.iter().map(|f| f * f).sum::<f64>();
        Ok((
            1.0 + square / settings.test_points as f64,
            fit.condition,
            fit.resolved,
        ))
    })?;
    let values: Vec<f64> = all.iter().map(|draw| draw.0).collect();
    let lost = all.iter().filter(|draw| !draw.2).count();
    Ok(NoiseRisk {
        risk: Estimate::from_values(&values)?,
        median: median(&values)?,
        values,
        condition: largest(all.iter().map(|draw| draw.1)),
        unresolved: lost as f64 / settings.draws as f64,
    })
}

/// Simulates simplicial interpolation of noise, without a triangulation: each draw is one
/// Gaussian simplex in R^`dim` with `test_points` points uniform inside it. Tends to [`limit::simplicial`](super::limit::simplicial).
///
/// # Errors
/// `dim`, the points or the draws are 0 or too large, or a drawn simplex is flat to working precision (for
/// thousands of dimensions).
pub fn simplicial_noise_risk(
    dim: usize,
    test_points: usize,
    draws: usize,
    seed: u64,
) -> Result<Estimate> {
    check_size("the edges of the simplex", dim, dim)?;
    check_size("the test points", test_points, dim + 1)?;
    let values = parallel_draws(draws, seed, "simplicial noise risk", |rng| {
        let vertices = gaussian(dim + 1, dim, rng)?;
        let y = noise(dim + 1, 1.0, rng)?;
        // Independent exponentials over their sum are uniform on the probability simplex.
        let mut weights =
            Array2::<f64>::from_shape_simple_fn((test_points, dim + 1), || Exp1.sample(rng));
        for mut row in weights.rows_mut() {
            let sum = row.sum();
            row /= sum;
        }
        let f = simplex_interpolation(&vertices, &y, &weights.dot(&vertices))?;
        Ok(1.0 + f.iter().map(|v| v * v).sum::<f64>() / test_points as f64)
    })?;
    Estimate::from_values(&values)
}

/// Simulates the k-nearest-neighbour vote on binary labels that are wrong with probability `eta`, for n
/// and d as in `settings`: the share of noisy test labels it gets wrong.
/// The true label is constant, so only the noise matters. Tends to [`limit::knn_classification`](super::limit::knn_classification).
///
/// # Errors
/// η is not in \[0, 1\]; k is even (a vote could tie) or above n; a count is 0.
pub fn knn_classification_risk(
    k: usize,
    eta: f64,
    settings: &NoiseRiskSettings,
) -> Result<Estimate> {
    use rand::RngExt;
    if !(0.0..=1.0).contains(&eta) {
        return Err(Error::domain("the label noise η", "0 to 1", eta));
    }
    if k.is_multiple_of(2) {
        return Err(Error::domain(
            "the number of neighbours k",
            "an odd number",
            k,
        ));
    }
    check_count("the number of test points", settings.test_points)?;
    check_size("the inputs", settings.n, settings.dim)?;
    let values = parallel_draws(settings.draws, settings.seed, "knn classification", |rng| {
        let x = uniform_cube(settings.n, settings.dim, rng)?;
        let test = uniform_cube(settings.test_points, settings.dim, rng)?;
        let mut label = || u8::from(rng.random::<f64>() < eta);
        let labels: Vec<u8> = (0..settings.n).map(|_| label()).collect();
        let truth: Vec<u8> = (0..settings.test_points).map(|_| label()).collect();
        let votes = crate::fit::knn_classification(&x, &labels, &test, k)?;
        let wrong = votes.iter().zip(&truth).filter(|(a, b)| a != b).count();
        Ok(wrong as f64 / settings.test_points as f64)
    })?;
    Estimate::from_values(&values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_input_is_an_error() {
        let fine = NoiseRiskSettings {
            n: 5,
            test_points: 3,
            draws: 2,
            ..Default::default()
        };
        let near = Method::Neighbours { k: 1 };
        for bad in [
            NoiseRiskSettings { n: 0, ..fine },
            NoiseRiskSettings { dim: 0, ..fine },
            NoiseRiskSettings {
                test_points: 0,
                ..fine
            },
            NoiseRiskSettings { draws: 0, ..fine },
        ] {
            assert!(noise_risk(&near, &bad).is_err(), "{bad:?}");
            assert!(knn_classification_risk(1, 0.1, &bad).is_err(), "{bad:?}");
        }
        assert!(noise_risk(&Method::Neighbours { k: 6 }, &fine).is_err());
        assert!(
            noise_risk(
                &Method::PiecewiseLinear,
                &NoiseRiskSettings { dim: 2, ..fine }
            )
            .is_err()
        );
        assert!(
            noise_risk(
                &Method::PiecewiseLinear,
                &NoiseRiskSettings { n: 1, ..fine }
            )
            .is_err()
        );
        assert!(simplicial_noise_risk(0, 1, 1, 1).is_err());
        assert!(simplicial_noise_risk(2, 0, 1, 1).is_err());
        assert!(knn_classification_risk(2, 0.1, &fine).is_err());
        assert!(knn_classification_risk(1, f64::NAN, &fine).is_err());
    }
}
