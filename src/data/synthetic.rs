//! Made inputs and targets: Gaussian designs with a chosen spectrum, points in an interval, a
//! cube, a ball or on a sphere, linear targets with noise.

use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis};
use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

use crate::error::{Error, Result, check_eigenvalues, check_finite, check_scale, check_size};

/// How the eigenvalues λ_1 ≥ λ_2 ≥ … of a covariance fall.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spectrum {
    /// λ_i = 1.
    Flat,
    /// λ_i = i^−α with exponent α ≥ 0.
    Power(f64),
    /// λ_i = e^(−r(i−1)) with rate r ≥ 0.
    Exponential(f64),
}

impl Spectrum {
    /// The first `dim` eigenvalues, `(dim,)`, decreasing, λ_1 = 1.
    ///
    /// # Errors
    /// `dim` is 0 or above 2³⁰, or the exponent or rate is negative or not finite.
    pub fn eigenvalues(&self, dim: usize) -> Result<Array1<f64>> {
        check_size("the eigenvalues", dim, 1)?;
        match *self {
            Self::Flat => {}
            Self::Power(alpha) => check_scale("the exponent α", alpha)?,
            Self::Exponential(rate) => check_scale("the rate r", rate)?,
        }
        let value = |i: f64| match *self {
            Self::Flat => 1.0,
            Self::Power(alpha) => i.powf(-alpha),
            Self::Exponential(rate) => (-rate * (i - 1.0)).exp(),
        };
        Ok((1..=dim).map(|i| value(i as f64)).collect())
    }
}

/// How the squared coefficients β_j² of a linear target fall with j.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decay {
    /// β_j² = 1/D: each of the D features counts the same.
    Flat,
    /// β_j² = 1/j²: the first features count most.
    InverseSquare,
}

impl Decay {
    /// Coefficients β, `(dim,)`, all positive, of total length ‖β‖ = `norm`.
    ///
    /// # Errors
    /// `dim` is 0 or above 2³⁰, or `norm` is negative or not finite.
    pub fn coefficients(&self, dim: usize, norm: f64) -> Result<Array1<f64>> {
        check_size("the coefficients β", dim, 1)?;
        check_scale("the norm ‖β‖", norm)?;
        let raw: Array1<f64> = (1..=dim)
            .map(|j| match self {
                Self::Flat => 1.0,
                Self::InverseSquare => 1.0 / j as f64,
            })
            .collect();
        let length = raw.dot(&raw).sqrt();
        Ok(raw * (norm / length))
    }
}

/// Independent standard normal numbers, `(n, d)`, drawn row by row.
///
/// # Errors
/// `n` or `d` is 0.
pub fn gaussian(n: usize, d: usize, rng: &mut impl rand::Rng) -> Result<Array2<f64>> {
    check_size("the made array", n, d)?;
    Ok(Array2::from_shape_simple_fn((n, d), || {
        StandardNormal.sample(rng)
    }))
}

/// Rows N(0, diag(λ)), `(n, d)`, for `eigenvalues` λ, `(d,)`: a Gaussian design in the basis of
/// its own covariance.
///
/// # Errors
/// `n` is 0, or λ is empty, negative or not finite.
pub fn gaussian_design(
    n: usize,
    eigenvalues: &ArrayRef1<f64>,
    rng: &mut impl rand::Rng,
) -> Result<Array2<f64>> {
    check_eigenvalues(eigenvalues)?;
    let z = gaussian(n, eigenvalues.len(), rng)?;
    Ok(z * &eigenvalues.mapv(f64::sqrt))
}

/// Linear targets y = Xβ + σξ with ξ ~ N(0, I), `(n, 1)`, for `x`, `(n, d)`, `beta`, `(d,)`, and
/// the noise's standard deviation `sigma`.
///
/// # Errors
/// Mismatched or non-finite arrays; σ negative or not finite; targets beyond the range of f64.
pub fn linear_targets(
    x: &ArrayRef2<f64>,
    beta: &ArrayRef1<f64>,
    sigma: f64,
    rng: &mut impl rand::Rng,
) -> Result<Array2<f64>> {
    if x.ncols() != beta.len() {
        let expected = format!("({},)", x.ncols());
        return Err(Error::shape("the coefficients β", expected, beta.shape()));
    }
    check_finite("the inputs", x)?;
    check_finite("the coefficients β", beta)?;
    let noise = noise(x.nrows(), sigma, rng)?;
    let targets = noise + x.dot(beta).insert_axis(Axis(1));
    check_finite("the targets", &targets)?;
    Ok(targets)
}

/// Pure noise as targets: σξ with ξ ~ N(0, I), `(n, 1)`.
///
/// # Errors
/// `n` is 0; σ is negative or not finite, or so large that the noise is beyond the range of f64.
pub fn noise(n: usize, sigma: f64, rng: &mut impl rand::Rng) -> Result<Array2<f64>> {
    check_scale("the noise σ", sigma)?;
    let noise = gaussian(n, 1, rng)? * sigma;
    check_finite("the noise", &noise)?;
    Ok(noise)
}

/// Points uniform in the cube \[0, 1\]^d, `(n, d)`; d = 1 is the unit interval.
///
/// # Errors
/// `n` or `d` is 0.
pub fn uniform_cube(n: usize, d: usize, rng: &mut impl rand::Rng) -> Result<Array2<f64>> {
    check_size("the made array", n, d)?;
    Ok(Array2::from_shape_simple_fn((n, d), || rng.random()))
}

/// Points uniform on the unit sphere in R^d, `(n, d)`: normalised Gaussian rows.
///
/// # Errors
/// `n` or `d` is 0.
pub fn unit_sphere(n: usize, d: usize, rng: &mut impl rand::Rng) -> Result<Array2<f64>> {
    let mut x = gaussian(n, d, rng)?;
    for mut row in x.rows_mut() {
        let norm = row.dot(&row).sqrt();
        // A zero row has probability 0 in theory and 2^−53·d in practice: put it anywhere.
        if norm > 0.0 {
            row /= norm;
        } else {
            row[0] = 1.0;
        }
    }
    Ok(x)
}

/// Points uniform in the unit ball of R^d, `(n, d)`: a direction times U^(1/d).
///
/// # Errors
/// `n` or `d` is 0.
pub fn unit_ball(n: usize, d: usize, rng: &mut impl rand::Rng) -> Result<Array2<f64>> {
    let mut x = unit_sphere(n, d, rng)?;
    for mut row in x.rows_mut() {
        row *= rng.random::<f64>().powf(1.0 / d as f64);
    }
    Ok(x)
}

/// Rows that are orthonormal, `(n, d)` with n ≤ d, uniform among all such: the rows of Qᵀ of a
/// Gaussian matrix A = QR, where R has a positive diagonal.
///
/// Without the last condition, which a library does not keep, the signs of Q are its own: the first
/// entry, say, would always be negative (Mezzadri 2007, arXiv:math-ph/0609050).
///
/// # Errors
/// `n` or `d` is 0, or n > d.
pub fn orthonormal_rows(n: usize, d: usize, rng: &mut impl rand::Rng) -> Result<Array2<f64>> {
    if n > d {
        let allowed = format!("at most the dimension {d}");
        return Err(Error::domain("the number of orthonormal rows", allowed, n));
    }
    let qr = crate::linalg::thin_qr(&gaussian(d, n, rng)?)?;
    let mut rows = qr.q.reversed_axes().as_standard_layout().into_owned();
    for (mut row, r) in rows.rows_mut().into_iter().zip(qr.r.diag()) {
        if *r < 0.0 {
            row.mapv_inplace(|v| -v);
        }
    }
    Ok(rows)
}

/// Independent signs ±1 with probability ½ each, `(n, 1)`.
///
/// # Errors
/// `n` is 0.
pub fn random_signs(n: usize, rng: &mut impl rand::Rng) -> Result<Array2<f64>> {
    check_size("the made array", n, 1)?;
    Ok(Array2::from_shape_simple_fn((n, 1), || {
        if rng.random::<bool>() { 1.0 } else { -1.0 }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::stream;
    use ndarray::array;

    #[test]
    fn spectra_and_coefficients() {
        let power = Spectrum::Power(2.0).eigenvalues(3).expect("valid");
        assert_eq!(power, array![1.0, 0.25, 1.0 / 9.0]);
        let fast = Spectrum::Exponential(1.0).eigenvalues(2).expect("valid");
        assert_eq!(fast, array![1.0, (-1.0_f64).exp()]);
        for decay in [Decay::Flat, Decay::InverseSquare] {
            let beta = decay.coefficients(60, 2.0).expect("valid");
            assert!((beta.dot(&beta) - 4.0).abs() < 1e-13);
        }
        let beta = Decay::InverseSquare.coefficients(9, 1.0).expect("valid");
        assert!((beta[0] / beta[4] - 5.0).abs() < 1e-13);
    }

    /// Second moments of 20,000 draws against theory, within 5 standard errors.
    #[test]
    fn points_have_the_right_moments() {
        let (n, d) = (20_000, 3);
        let rng = &mut stream(1, "moments", 0);
        let mean = |values: Vec<f64>| values.iter().sum::<f64>() / values.len() as f64;
        let squares = |x: &Array2<f64>| mean(x.rows().into_iter().map(|r| r.dot(&r)).collect());
        // E‖x‖² = d/(d+2) in the ball, with standard deviation below ½.
        let ball = unit_ball(n, d, rng).expect("valid");
        assert!((squares(&ball) - 0.6).abs() < 5.0 * 0.5 / (n as f64).sqrt());
        assert!(ball.rows().into_iter().all(|row| row.dot(&row) <= 1.0));
        let sphere = unit_sphere(n, d, rng).expect("valid");
        assert!((squares(&sphere) - 1.0).abs() < 1e-12);
        let cube = uniform_cube(n, d, rng).expect("valid");
        assert!((squares(&cube) - 1.0).abs() < 5.0 * 0.6 / (n as f64).sqrt());
        let eigenvalues = array![1.0, 0.25, 0.0];
        let design = gaussian_design(n, &eigenvalues, rng).expect("valid");
        let second = design.column(1).dot(&design.column(1)) / n as f64;
        assert!((second - 0.25).abs() < 5.0 * 0.25 * (2.0 / n as f64).sqrt());
        assert!(design.column(2).iter().all(|value| *value == 0.0));
        let signs = random_signs(n, rng).expect("valid");
        assert!(signs.sum().abs() < 5.0 * (n as f64).sqrt());
        assert!(signs.iter().all(|sign| sign.abs() == 1.0));
    }

    #[test]
    fn orthonormal_rows_are_orthonormal() {
        let q = orthonormal_rows(4, 9, &mut stream(1, "orthonormal", 0)).expect("valid");
        let off = q.dot(&q.t()) - Array2::<f64>::eye(4);
        assert!(off.iter().all(|value| value.abs() < 1e-14));
    }

    #[test]
    fn linear_targets_are_linear_and_noisy() {
        let rng = &mut stream(1, "targets", 0);
        let x = gaussian(5000, 2, rng).expect("valid");
        let beta = array![1.0, -2.0];
        let exact = linear_targets(&x, &beta, 0.0, rng).expect("valid");
        assert!((exact[[3, 0]] - x[[3, 0]] + 2.0 * x[[3, 1]]).abs() < 1e-14);
        let noisy = linear_targets(&x, &beta, 0.5, rng).expect("valid");
        let variance = (noisy - exact).mapv(|e| e * e).sum() / 5000.0;
        assert!((variance - 0.25).abs() < 5.0 * 0.25 * (2.0_f64 / 5000.0).sqrt());
    }

    #[test]
    fn bad_input_is_an_error() {
        let rng = &mut stream(1, "bad", 0);
        assert!(gaussian(0, 1, rng).is_err() && gaussian(usize::MAX, 2, rng).is_err());
        assert!(uniform_cube(1, 0, rng).is_err() && unit_ball(0, 2, rng).is_err());
        assert!(orthonormal_rows(3, 2, rng).is_err() && random_signs(0, rng).is_err());
        assert!(Spectrum::Power(-1.0).eigenvalues(2).is_err());
        assert!(Spectrum::Flat.eigenvalues(0).is_err());
        assert!(Decay::Flat.coefficients(2, f64::NAN).is_err());
        assert!(gaussian_design(2, &array![1.0, -1.0], rng).is_err());
        assert!(noise(2, f64::INFINITY, rng).is_err());
        let x = array![[1.0, 2.0]];
        assert!(linear_targets(&x, &array![1.0], 0.0, rng).is_err());
        assert!(linear_targets(&x, &array![1.0, f64::NAN], 0.0, rng).is_err());
    }
}
