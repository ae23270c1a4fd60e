//! Random features: a hidden layer drawn once and never trained.
//!
//! The first m columns never change when more are drawn (the features are *nested*), so one
//! feature matrix serves every width of a double-descent curve.

use ndarray::{Array2, ArrayRef2, Zip};
use rand_distr::{Distribution, StandardNormal};

use super::Kernel;
use super::arc_cosine::{angles, kappa2_of};
use crate::error::{Error, Result, check_finite, check_size, within_range};

/// Which non-linearity follows the random projection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeatureKind {
    /// Pairs \[cos ω·x, sin ω·x\] with ω ~ N(0, I/σ²), for the Gaussian kernel.
    Fourier,
    /// max(0, ω·x) with ω ~ N(0, I), for the arc-cosine kernel of order 1.
    Relu,
}

/// A draw of random features φ(x), `columns` of them, of unit amplitude.
///
/// # Formula
/// Fourier: columns 2j and 2j+1 are cos ω_j·x and sin ω_j·x. With the factor √(2/m)
/// of [`scale`](Self::scale), φ(x)·φ(x') → exp(−‖x−x'‖²/(2σ²)).
///
/// ReLU: column j is max(0, ω_j·x). With √(2/m), φ(x)·φ(x') → ‖x‖‖x'‖(sin θ + (π−θ)cos θ)/π,
/// θ being the angle between x and x'.
///
/// # Reference
/// Rahimi & Recht 2007, "Random features for large-scale kernel machines"; Cho & Saul 2009,
/// "Kernel methods for deep learning".
///
/// ```
/// use dltheory::model::RandomFeatures;
/// use dltheory::rng::stream;
/// use ndarray::array;
/// let x = array![[0.0, 1.0], [1.0, 1.0]];
/// let features = RandomFeatures::fourier(4000, 2, 1.0, &mut stream(1, "doc", 0))?;
/// let z = features.apply(&x)? * features.scale(4000);
/// let kernel = z.row(0).dot(&z.row(1));
/// assert!((kernel - (-0.5f64).exp()).abs() < 0.05);
/// # Ok::<(), dltheory::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct RandomFeatures {
    /// The non-linearity.
    pub kind: FeatureKind,
    /// The directions ω, one a row: `(⌈columns/2⌉, d)` for Fourier, `(columns, d)` for ReLU.
    pub directions: Array2<f64>,
    /// The number of feature columns m.
    pub columns: usize,
    /// The bandwidth σ of the Gaussian kernel, in units of the input; 1 for ReLU.
    pub sigma: f64,
}

impl RandomFeatures {
    /// Draws `columns` Fourier features for inputs in R^`dim` and bandwidth `sigma`.
    ///
    /// # Errors
    /// `columns` or `dim` is 0 or too large, or `sigma` is not a positive finite number or so small that 1/σ is
    /// none.
    pub fn fourier(
        columns: usize,
        dim: usize,
        sigma: f64,
        rng: &mut impl rand::Rng,
    ) -> Result<Self> {
        if !(sigma.is_finite() && sigma > 0.0) {
            return Err(Error::domain(
                "the bandwidth σ",
                "a positive finite number",
                sigma,
            ));
        }
        let directions = gaussian_rows(columns.div_ceil(2), dim, rng)? / sigma;
        check_finite("the directions", &directions)?;
        Ok(Self {
            kind: FeatureKind::Fourier,
            directions,
            columns,
            sigma,
        })
    }

    /// Draws `columns` ReLU features for inputs in R^`dim`.
    ///
    /// # Errors
    /// `columns` or `dim` is 0 or too large.
    pub fn relu(columns: usize, dim: usize, rng: &mut impl rand::Rng) -> Result<Self> {
        let directions = gaussian_rows(columns, dim, rng)?;
        Ok(Self {
            kind: FeatureKind::Relu,
            directions,
            columns,
            sigma: 1.0,
        })
    }

    /// The feature matrix Φ, `(n, m)`, of inputs `x`, `(n, d)`; unit amplitude, so nested.
    ///
    /// # Errors
    /// `x` has another number of columns than the directions, no row, or is not finite; there are fewer directions
    /// than the columns need; a projection is beyond the range of f64.
    pub fn apply(&self, x: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        let dim = self.directions.ncols();
        if x.ncols() != dim || x.is_empty() {
            let expected = format!("(n, {dim}) with n ≥ 1");
            return Err(Error::shape("the inputs", expected, x.shape()));
        }
        check_finite("the inputs", x)?;
        // The fields are public.
        let rows = match self.kind {
            FeatureKind::Fourier => self.columns.div_ceil(2),
            FeatureKind::Relu => self.columns,
        };
        if self.columns == 0 || self.directions.nrows() != rows {
            let expected = format!("({}, {dim}) for {} columns", rows.max(1), self.columns);
            let got = self.directions.shape();
            return Err(Error::shape("the directions", expected, got));
        }
        check_size("the feature matrix", x.nrows(), self.columns)?;
        let projected = x.dot(&self.directions.t());
        check_finite("the projections ω·x", &projected)?;
        Ok(match self.kind {
            FeatureKind::Relu => projected.mapv_into(|v| v.max(0.0)),
            FeatureKind::Fourier => {
                let mut features = Array2::zeros((x.nrows(), self.columns));
                Zip::from(features.rows_mut())
                    .and(projected.rows())
                    .for_each(|mut out, angles| {
                        for (j, value) in out.iter_mut().enumerate() {
                            let angle = angles[j / 2];
                            *value = if j % 2 == 0 { angle.cos() } else { angle.sin() };
                        }
                    });
                features
            }
        })
    }

    /// The factor √(2/m) that makes the first `m` columns approach their kernel.
    #[must_use]
    pub fn scale(&self, m: usize) -> f64 {
        (2.0 / m as f64).sqrt()
    }

    /// The kernel matrix that Φ Φᵀ · 2/m approaches, `(a, b)`, for inputs `(a, d)` and `(b, d)`.
    ///
    /// # Errors
    /// The inputs have another dimension than the features, are empty or not finite.
    pub fn limit_kernel(&self, a: &ArrayRef2<f64>, b: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        let dim = self.directions.ncols();
        for (what, x) in [("the first inputs", a), ("the second inputs", b)] {
            if x.ncols() != dim {
                return Err(Error::shape(what, format!("(n, {dim})"), x.shape()));
            }
        }
        match self.kind {
            FeatureKind::Fourier => Kernel::Gaussian { sigma: self.sigma }.matrix(a, b),
            // 2/m where the kernel of a network has 1/m.
            FeatureKind::Relu => Ok(2.0 * Kernel::ReluNngp { hidden_layers: 1 }.matrix(a, b)?),
        }
    }
}

/// How far the product of random features is from the kernel it approaches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KernelError {
    /// The root mean square over all pairs of (2/m) φ(x)·φ(x') − k(x, x').
    pub measured: f64,
    /// Its expectation squared, rooted: √(mean variance), falling like 1/√m.
    pub predicted: f64,
}

impl RandomFeatures {
    /// Compares Φ Φᵀ · 2/m with its limit on inputs `x`, `(n, d)`, using all columns.
    ///
    /// # Formula
    /// Fourier: one pair gives cos ω·(x−x'), of variance (1 − k²)²/2, and there are m/2 pairs.
    /// ReLU: one column gives 2 max(0, ω·x) max(0, ω·x'), of variance
    /// 2‖x‖²‖x'‖² J₂(θ)/π − k², J₂ = 3 sin θ cos θ + (π − θ)(1 + 2cos²θ).
    ///
    /// # Errors
    /// As for [`apply`](Self::apply); the number of Fourier columns must be even; squares beyond the range of f64.
    ///
    /// # Reference
    /// The moments: Cho & Saul 2009, "Kernel methods for deep learning", eq. 3 and 4.
    pub fn kernel_error(&self, x: &ArrayRef2<f64>) -> Result<KernelError> {
        let fourier = self.kind == FeatureKind::Fourier;
        if fourier && self.columns % 2 == 1 {
            return Err(Error::domain(
                "the number of Fourier columns",
                "even",
                self.columns,
            ));
        }
        let features = self.apply(x)? * self.scale(self.columns);
        let kernel = self.limit_kernel(x, x)?;
        let products = features.dot(&features.t());
        let theta = angles(x, x)?;
        let draws = if fourier {
            self.columns / 2
        } else {
            self.columns
        };
        let (mut squares, mut variances) = (0.0, 0.0);
        for ((i, j), &k) in kernel.indexed_iter() {
            squares += (products[[i, j]] - k).powi(2);
            variances += if fourier {
                (1.0 - k * k).powi(2) / 2.0
            } else {
                // The angles are of no use where a row is zero: its norm is.
                let norms2 = kernel[[i, i]] * kernel[[j, j]];
                2.0 * norms2 * kappa2_of(theta[[i, j]]) - k * k
            };
        }
        let pairs = kernel.len() as f64;
        let root =
            |what: &str, square: f64| -> Result<f64> { Ok(within_range(what, square)?.sqrt()) };
        Ok(KernelError {
            measured: root("the squared error of the kernel", squares / pairs)?,
            predicted: root("its expectation", variances / pairs / draws as f64)?,
        })
    }
}

/// `rows` standard Gaussian vectors in R^`dim`, drawn row by row so that earlier rows stay.
fn gaussian_rows(rows: usize, dim: usize, rng: &mut impl rand::Rng) -> Result<Array2<f64>> {
    check_size("the directions", rows, dim)?;
    Ok(Array2::from_shape_simple_fn((rows, dim), || {
        StandardNormal.sample(rng)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::stream;
    use ndarray::s;

    fn inputs(n: usize, dim: usize) -> Array2<f64> {
        gaussian_rows(n, dim, &mut stream(1, "inputs", 0)).expect("not empty")
    }

    /// The directions are the same numbers. Products of other shapes may add in another order: ω·x is right to
    /// dε Σ|ω_k x_k| either way, and max, cos and sin stretch nothing.
    #[test]
    fn the_first_columns_do_not_change_when_more_are_drawn() {
        let x = inputs(7, 3);
        let draw = |kind, m| {
            let rng = &mut stream(5, "nested", 0);
            let features = match kind {
                FeatureKind::Fourier => RandomFeatures::fourier(m, 3, 0.7, rng),
                FeatureKind::Relu => RandomFeatures::relu(m, 3, rng),
            };
            let features = features.expect("valid");
            let applied = features.apply(&x).expect("valid");
            (features.directions, applied)
        };
        for kind in [FeatureKind::Fourier, FeatureKind::Relu] {
            let (directions, wide) = draw(kind, 20);
            let sizes = x.mapv(f64::abs).dot(&directions.mapv(f64::abs).t());
            for m in [1, 2, 5, 8] {
                let (own, narrow) = draw(kind, m);
                assert_eq!(own, directions.slice(s![..own.nrows(), ..]));
                assert_eq!(narrow.dim(), (7, m));
                for ((i, j), value) in narrow.indexed_iter() {
                    let direction = if kind == FeatureKind::Fourier {
                        j / 2
                    } else {
                        j
                    };
                    let rounding = 2.0 * f64::EPSILON * (3.0 * sizes[[i, direction]] + 1.0);
                    let off = (value - wide[[i, j]]).abs();
                    assert!(off <= rounding, "{kind:?} {i}, {j}: {off} {rounding}");
                }
            }
        }
    }

    /// E φ(x)·φ(x') equals the kernel: the mean over 400 draws of 400 columns, within 4.5
    /// standard errors at every one of the 36 entries.
    #[test]
    fn products_average_to_the_kernel() {
        let x = inputs(6, 4);
        for kind in [FeatureKind::Fourier, FeatureKind::Relu] {
            let draws = 400;
            let (mut sum, mut squares) = (Array2::<f64>::zeros((6, 6)), Array2::zeros((6, 6)));
            let mut kernel = None;
            for draw in 0..draws {
                let rng = &mut stream(2, "kernel", draw);
                let features = match kind {
                    FeatureKind::Fourier => RandomFeatures::fourier(400, 4, 1.5, rng),
                    FeatureKind::Relu => RandomFeatures::relu(400, 4, rng),
                }
                .expect("valid");
                let z = features.apply(&x).expect("valid") * features.scale(400);
                let product = z.dot(&z.t());
                sum += &product;
                squares += &(&product * &product);
                kernel = Some(features.limit_kernel(&x, &x).expect("valid"));
            }
            let kernel = kernel.expect("at least one draw");
            let count = draws as f64;
            for ((i, j), &k) in kernel.indexed_iter() {
                let mean: f64 = sum[[i, j]] / count;
                let variance: f64 = squares[[i, j]] / count - mean * mean;
                let error = (variance.max(0.0) / count).sqrt() + 1e-12;
                assert!(
                    (mean - k).abs() < 4.5 * error,
                    "{kind:?} {i},{j}: {mean} vs {k} ± {error}"
                );
            }
        }
    }

    /// Over 200 draws the mean square is the mean variance; each mean square has a relative spread
    /// below 1 (there are 36 dependent pairs), so 4.5/√200 is wide.
    #[test]
    fn the_error_to_the_kernel_is_as_predicted() {
        let x = inputs(6, 4);
        for (kind, columns) in [(FeatureKind::Fourier, 50), (FeatureKind::Relu, 80)] {
            let mut ratio = 0.0;
            for draw in 0..200 {
                let rng = &mut stream(4, "kernel error", draw);
                let features = match kind {
                    FeatureKind::Fourier => RandomFeatures::fourier(columns, 4, 1.5, rng),
                    FeatureKind::Relu => RandomFeatures::relu(columns, 4, rng),
                };
                let error = features.and_then(|f| f.kernel_error(&x)).expect("valid");
                ratio += (error.measured / error.predicted).powi(2) / 200.0;
            }
            let spread = 4.5 / 200f64.sqrt();
            assert!((ratio - 1.0).abs() < spread, "{kind:?}: {ratio} ± {spread}");
        }
    }

    #[test]
    fn bad_input_is_an_error() {
        let rng = &mut stream(1, "bad", 0);
        assert!(RandomFeatures::fourier(0, 3, 1.0, rng).is_err());
        assert!(RandomFeatures::fourier(4, 0, 1.0, rng).is_err());
        for sigma in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(RandomFeatures::fourier(4, 3, sigma, rng).is_err());
        }
        let features = RandomFeatures::relu(4, 3, rng).expect("valid");
        assert!(features.apply(&inputs(2, 5)).is_err());
        assert!(
            features
                .apply(&Array2::from_elem((1, 3), f64::NAN))
                .is_err()
        );
    }
}
