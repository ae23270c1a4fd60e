//! Gaussians: their W₂ distance in closed form, and the map that attains it.

use ndarray::{Array1, Array2, ArrayRef2};

use crate::error::{Error, Result, check_finite, within_range};
use crate::linalg::symmetric_eigen;

/// N(m, Σ).
#[derive(Clone, Debug, PartialEq)]
pub struct Gaussian {
    mean: Array1<f64>,
    covariance: Array2<f64>,
}

/// How negative an eigenvalue may be, in parts of the largest, and still be rounding.
const ROUNDING: f64 = 1e-10;

impl Gaussian {
    /// The Gaussian with this mean, `(d,)`, and covariance, `(d, d)`, which may be singular.
    ///
    /// # Errors
    /// Shapes that do not fit, numbers that are not finite, a covariance that is not symmetric or has a negative eigenvalue,
    /// each beyond rounding.
    pub fn new(mean: Array1<f64>, covariance: Array2<f64>) -> Result<Self> {
        let d = mean.len();
        if d == 0 || covariance.dim() != (d, d) {
            let expected = format!("({d}, {d}), d ≥ 1");
            return Err(Error::shape("the covariance", expected, covariance.shape()));
        }
        check_finite("the mean", &mean)?;
        check_finite("the covariance", &covariance)?;
        let size = covariance.iter().fold(0.0_f64, |most, c| most.max(c.abs()));
        let skew = (&covariance - &covariance.t())
            .iter()
            .fold(0.0_f64, |most, c| most.max(c.abs()));
        if skew > ROUNDING * size {
            return Err(Error::domain(
                "the covariance",
                "symmetric",
                format!("off by {skew:e}"),
            ));
        }
        square_root(&covariance)?;
        Ok(Self { mean, covariance })
    }

    /// Mean and covariance of the rows of `x`, `(n, d)`, with the divisor n.
    ///
    /// # Errors
    /// No rows, or numbers that are not finite.
    pub fn of_sample(x: &ArrayRef2<f64>) -> Result<Self> {
        check_finite("the sample", x)?;
        let mean = x.mean_axis(ndarray::Axis(0));
        let mean = mean.ok_or_else(|| Error::shape("the sample", "at least one row", x.shape()))?;
        let centred = &x.view() - &mean;
        let covariance = centred.t().dot(&centred) / x.nrows() as f64;
        Self::new(mean, covariance)
    }

    /// m, `(d,)`.
    #[must_use]
    pub fn mean(&self) -> &Array1<f64> {
        &self.mean
    }

    /// Σ, `(d, d)`.
    #[must_use]
    pub fn covariance(&self) -> &Array2<f64> {
        &self.covariance
    }
}

/// W₂ of two Gaussians.
///
/// # Formula
/// W₂² = ‖m₁ − m₂‖² + tr Σ₁ + tr Σ₂ − 2 tr (Σ₁^½ Σ₂ Σ₁^½)^½; the part of the covariances is Bures's distance squared. Where they
/// commute it is ‖Σ₁^½ − Σ₂^½‖_F². It is also called the Fréchet distance.
///
/// # Errors
/// Different dimensions; a distance beyond the range of f64; a decomposition that does not converge.
///
/// # Reference
/// Dowson & Landau 1982, "The Fréchet distance between multivariate normal distributions",
/// doi:10.1016/0047-259X(82)90077-X.
///
/// ```
/// use dltheory::transport::{Gaussian, gaussian_distance};
/// use ndarray::array;
/// let a = Gaussian::new(array![0.0, 0.0], array![[1.0, 0.0], [0.0, 4.0]])?;
/// let b = Gaussian::new(array![3.0, 0.0], array![[1.0, 0.0], [0.0, 36.0]])?;
/// assert!((gaussian_distance(&a, &b)? - 5.0).abs() < 1e-12);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn gaussian_distance(a: &Gaussian, b: &Gaussian) -> Result<f64> {
    check_same(a, b)?;
    let apart = &a.mean - &b.mean;
    let root = square_root(&a.covariance)?;
    let middle = symmetric(&root.dot(&b.covariance).dot(&root));
    let common: f64 = square_root(&middle)?.diag().sum();
    let traces = a.covariance.diag().sum() + b.covariance.diag().sum();
    // Where both agree the difference is rounding of either sign.
    let bures = (traces - 2.0 * common).max(0.0);
    within_range("the distance", (apart.dot(&apart) + bures).sqrt())
}

/// The matrix A of Monge's map T(x) = m₂ + A(x − m₁), which carries the first Gaussian to the second at the cost W₂²: `(d, d)`,
/// symmetric and positive semidefinite, which makes T the gradient of a convex function and so the best map.
///
/// # Formula
/// A = Σ₁^−½ (Σ₁^½ Σ₂ Σ₁^½)^½ Σ₁^−½.
///
/// # Errors
/// As for [`gaussian_distance`]; Σ₁ is singular: then a map need not exist.
///
/// # Reference
/// Peyré & Cuturi 2019, arXiv:1803.00567, remark 2.31.
pub fn gaussian_map(a: &Gaussian, b: &Gaussian) -> Result<Array2<f64>> {
    check_same(a, b)?;
    let eigen = symmetric_eigen(&a.covariance)?;
    let [largest, least] = [eigen.values[0], eigen.values[eigen.values.len() - 1]];
    if least <= ROUNDING * largest {
        let expected = "a covariance of full rank";
        let got = format!("of least eigenvalue {least:e}");
        return Err(Error::domain("the first Gaussian", expected, got));
    }
    let power =
        |of: fn(f64) -> f64| (&eigen.vectors * &eigen.values.mapv(of)).dot(&eigen.vectors.t());
    let (root, inverse) = (power(f64::sqrt), power(|value| 1.0 / value.sqrt()));
    let middle = square_root(&symmetric(&root.dot(&b.covariance).dot(&root)))?;
    Ok(symmetric(&inverse.dot(&middle).dot(&inverse)))
}

/// The positive semidefinite square root of a positive semidefinite matrix, `(d, d)`.
///
/// # Errors
/// A matrix that is not square, not finite, or has a negative eigenvalue beyond rounding.
pub fn square_root(a: &ArrayRef2<f64>) -> Result<Array2<f64>> {
    let eigen = symmetric_eigen(a)?;
    let largest = eigen.values[0].abs();
    let least = eigen.values[eigen.values.len() - 1];
    if least < -ROUNDING * largest.max(f64::MIN_POSITIVE) {
        let expected = "without negative eigenvalues";
        return Err(Error::domain("the covariance", expected, least));
    }
    let roots = eigen.values.mapv(|value| value.max(0.0).sqrt());
    Ok((&eigen.vectors * &roots).dot(&eigen.vectors.t()))
}

fn symmetric(a: &Array2<f64>) -> Array2<f64> {
    (a + &a.t()) * 0.5
}

fn check_same(a: &Gaussian, b: &Gaussian) -> Result<()> {
    match a.mean.len() == b.mean.len() {
        true => Ok(()),
        false => {
            let expected = format!("({},)", a.mean.len());
            Err(Error::shape("the second mean", expected, b.mean.shape()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::rng::stream;
    use crate::transport::{assign, powers};
    use ndarray::array;

    fn some(d: usize, index: u64) -> Gaussian {
        let rng = &mut stream(1, "bures", index);
        let a = gaussian(d, d, rng).unwrap();
        let mean = gaussian(1, d, rng).unwrap().row(0).to_owned();
        Gaussian::new(mean, a.dot(&a.t())).unwrap()
    }

    #[test]
    fn the_map_carries_one_to_the_other_at_that_cost() {
        for d in [1, 2, 5] {
            let (a, b) = (some(d, 1), some(d, 2));
            let map = gaussian_map(&a, &b).unwrap();
            let pushed = map.dot(&a.covariance).dot(&map);
            assert!((&pushed - &b.covariance).iter().all(|e| e.abs() < 1e-9));
            // E‖x − T(x)‖² = ‖m₁ − m₂‖² + tr (1 − A) Σ₁ (1 − A).
            let rest = Array2::<f64>::eye(d) - &map;
            let apart = &a.mean - &b.mean;
            let cost = apart.dot(&apart) + rest.dot(&a.covariance).dot(&rest).diag().sum();
            let square = gaussian_distance(&a, &b).unwrap().powi(2);
            assert!((cost / square - 1.0).abs() < 1e-9, "{d}: {cost} {square}");
            let back = gaussian_distance(&b, &a).unwrap();
            assert!((back * back / square - 1.0).abs() < 1e-9);
        }
    }

    /// On any points the map is the best assignment of them to their images.
    #[test]
    fn no_permutation_is_better_than_the_map() {
        let (a, b) = (some(3, 3), some(3, 4));
        let map = gaussian_map(&a, &b).unwrap();
        let x = gaussian(60, 3, &mut stream(1, "points", 0)).unwrap();
        let y = (&x - &a.mean).dot(&map) + &b.mean;
        let best = assign(&powers(&x, &y, 2.0).unwrap()).unwrap();
        assert!(best.columns().iter().enumerate().all(|(i, j)| i == *j));
    }

    #[test]
    fn on_a_line_and_when_they_commute() {
        let one = |m: f64, s: f64| Gaussian::new(array![m], array![[s * s]]).unwrap();
        let got = gaussian_distance(&one(1.0, 2.0), &one(4.0, 6.0)).unwrap();
        assert!((got - 5.0).abs() < 1e-12);
        let a = some(4, 5);
        assert!(gaussian_distance(&a, &a).unwrap() < 1e-6);
        // A point has no spread.
        let point = Gaussian::new(Array1::zeros(4), Array2::zeros((4, 4))).unwrap();
        let square = a.mean.dot(&a.mean) + a.covariance.diag().sum();
        assert!((gaussian_distance(&point, &a).unwrap().powi(2) / square - 1.0).abs() < 1e-12);
        assert!(gaussian_map(&point, &a).is_err());
    }

    #[test]
    fn bad_gaussians_are_errors() {
        assert!(Gaussian::new(array![0.0], array![[-1.0]]).is_err());
        assert!(Gaussian::new(array![0.0], array![[f64::NAN]]).is_err());
        assert!(Gaussian::new(array![0.0, 0.0], array![[1.0]]).is_err());
        assert!(Gaussian::new(array![0.0, 0.0], array![[1.0, 0.5], [0.0, 1.0]]).is_err());
        assert!(gaussian_distance(&some(2, 1), &some(3, 1)).is_err());
        let sample = Gaussian::of_sample(&array![[0.0], [2.0]]).unwrap();
        assert_eq!((sample.mean[0], sample.covariance[[0, 0]]), (1.0, 1.0));
    }
}
