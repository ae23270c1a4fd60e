//! Weighted local means: Nadaraya–Watson smoothing, and the singular weights that interpolate.

use ndarray::{Array2, ArrayRef2};

use super::{check_examples, check_filled};
use crate::error::{Error, Result, check_finite};
use crate::model::squared_distances;

/// How the weight of a training point falls with its distance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Weighting {
    /// exp(−‖x−x'‖²/(2h²)): smooths, does not interpolate. Benign where h → 0 and n·hᵈ → ∞.
    Gaussian {
        /// The bandwidth h > 0, in units of the input.
        bandwidth: f64,
    },
    /// ‖x−x'‖^(−a): infinite at the training points, so it interpolates. a = d is the Hilbert
    /// kernel estimate, the one exponent for which it is consistent.
    Singular {
        /// The exponent a > 0.
        exponent: f64,
    },
}

/// The weighted mean of all targets, `(t, k)`.
///
/// # Formula
/// f(x) = Σ_i w(‖x−x_i‖) y_i / Σ_i w(‖x−x_i‖). Weights are compared on a log scale, so that far
/// from all data f(x) tends to the nearest target and not to 0/0. With singular weights a test
/// point that equals training points gets the mean of their targets.
///
/// Takes inputs `x`, `(n, d)`, targets `y`, `(n, k)`, test inputs, `(t, d)`.
///
/// # Errors
/// Empty, non-finite or mismatched arrays; a bandwidth or exponent that is not positive.
///
/// # Reference
/// Nadaraya 1964, doi:10.1137/1109020; Watson 1964, "Smooth regression analysis"; Devroye, Györfi & Krzyżak
/// 1998, "The Hilbert kernel regression estimate", doi:10.1006/jmva.1997.1725; Belkin, Rakhlin & Tsybakov 2019,
/// "Does data interpolation contradict statistical optimality?", arXiv:1806.09471.
///
/// ```
/// use dltheory::fit::{Weighting, nadaraya_watson};
/// use ndarray::array;
/// let (x, y) = (array![[0.0], [1.0]], array![[0.0], [3.0]]);
/// let hilbert = Weighting::Singular { exponent: 1.0 };
/// // Weights 1/0.5 and 1/0.5, then 1/0.25 and 1/0.75.
/// let f = nadaraya_watson(&x, &y, &array![[0.5], [0.25]], hilbert)?;
/// assert!((f[[0, 0]] - 1.5).abs() < 1e-15 && (f[[1, 0]] - 0.75).abs() < 1e-15);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn nadaraya_watson(
    x: &ArrayRef2<f64>,
    y: &ArrayRef2<f64>,
    test: &ArrayRef2<f64>,
    weighting: Weighting,
) -> Result<Array2<f64>> {
    let (what, scale) = match weighting {
        Weighting::Gaussian { bandwidth } => ("the bandwidth h", bandwidth),
        Weighting::Singular { exponent } => ("the exponent a", exponent),
    };
    if !(scale.is_finite() && scale > 0.0) {
        return Err(Error::domain(what, "a positive finite number", scale));
    }
    check_examples(x, y)?;
    check_filled("the test inputs", test)?;
    if test.ncols() != x.ncols() {
        let expected = format!("(t, {})", x.ncols());
        return Err(Error::shape("the test inputs", expected, test.shape()));
    }
    let mut weights = squared_distances(test, x)?;
    for mut row in weights.rows_mut() {
        let nearest = row.iter().copied().fold(f64::INFINITY, f64::min);
        row.mapv_inplace(|d2| relative_weight(weighting, d2, nearest));
        // At least 1: the nearest point has weight 1.
        let total = row.sum();
        row /= total;
    }
    let means = weights.dot(y);
    check_finite("the weighted means", &means)?;
    Ok(means)
}

/// w(d)/w(d_min), in \[0, 1\], from squared distances.
fn relative_weight(weighting: Weighting, d2: f64, nearest: f64) -> f64 {
    match weighting {
        Weighting::Gaussian { bandwidth } => ((nearest - d2) / bandwidth / bandwidth / 2.0).exp(),
        Weighting::Singular { .. } if nearest == 0.0 => f64::from(u8::from(d2 == 0.0)),
        Weighting::Singular { exponent } => (nearest / d2).powf(exponent / 2.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::rng::stream;
    use ndarray::array;

    #[test]
    fn the_gaussian_smoother_matches_its_definition() {
        let rng = &mut stream(1, "nadaraya", 0);
        let (x, y) = (
            gaussian(8, 3, rng).expect("valid"),
            gaussian(8, 2, rng).expect("valid"),
        );
        let test = gaussian(4, 3, rng).expect("valid");
        let weighting = Weighting::Gaussian { bandwidth: 0.7 };
        let f = nadaraya_watson(&x, &y, &test, weighting).expect("valid");
        for (i, point) in test.rows().into_iter().enumerate() {
            let w: Vec<f64> = (0..8)
                .map(|j| (-(&x.row(j) - &point).mapv(|v| v * v).sum() / 0.98).exp())
                .collect();
            let want = (0..8).map(|j| w[j] * y[[j, 1]]).sum::<f64>() / w.iter().sum::<f64>();
            assert!((f[[i, 1]] - want).abs() < 1e-13);
        }
    }

    #[test]
    fn singular_weights_interpolate_and_average_repeats() {
        let x = array![[0.0], [1.0], [1.0]];
        let y = array![[5.0], [1.0], [3.0]];
        for exponent in [0.5, 1.0, 8.0] {
            let weighting = Weighting::Singular { exponent };
            let f = nadaraya_watson(&x, &y, &array![[0.0], [1.0]], weighting).expect("valid");
            assert_eq!(f, array![[5.0], [2.0]]);
        }
    }

    #[test]
    fn far_from_all_data_the_nearest_target_wins() {
        let (x, y) = (array![[0.0], [1.0]], array![[5.0], [7.0]]);
        let f = nadaraya_watson(
            &x,
            &y,
            &array![[1e6]],
            Weighting::Gaussian { bandwidth: 0.1 },
        );
        assert_eq!(f.expect("valid"), array![[7.0]]);
        // The bandwidth squared would underflow.
        let f = nadaraya_watson(
            &x,
            &y,
            &array![[0.1]],
            Weighting::Gaussian { bandwidth: 1e-200 },
        );
        assert_eq!(f.expect("valid"), array![[5.0]]);
    }

    #[test]
    fn bad_input_is_an_error() {
        let (x, y) = (array![[0.0], [1.0]], array![[0.0], [1.0]]);
        for scale in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(nadaraya_watson(&x, &y, &x, Weighting::Gaussian { bandwidth: scale }).is_err());
            assert!(nadaraya_watson(&x, &y, &x, Weighting::Singular { exponent: scale }).is_err());
        }
        let weighting = Weighting::Singular { exponent: 1.0 };
        assert!(nadaraya_watson(&x, &array![[1.0]], &x, weighting).is_err());
        assert!(nadaraya_watson(&x, &y, &array![[f64::NAN]], weighting).is_err());
    }
}
