//! Dense factorisations, checked: bad input is an error that names it.
//!
//! Matrices are real, `(rows, columns)`, and may have any memory layout. Each function checks
//! that its input is finite and not empty, so that no engine ever sees NaN. The work is done by
//! whichever engine suits the processor: [`engine`](crate::engine).

mod lanczos;

pub use dltheory_engine::{Cholesky, Qr, Svd, SymmetricEigen, column_major};
use dltheory_engine::{Engine, Triangle, Work};
use ndarray::{Array2, ArrayRef2};

pub use lanczos::{Extremes, RitzValue, lanczos};

use crate::error::{Error, Result, check_finite};

fn check_matrix(what: &str, a: &ArrayRef2<f64>) -> Result<()> {
    if a.is_empty() {
        return Err(Error::shape(
            what,
            "at least one row and one column",
            a.shape(),
        ));
    }
    check_finite(what, a)
}

fn check_square(what: &str, a: &ArrayRef2<f64>) -> Result<()> {
    check_matrix(what, a)?;
    if !a.is_square() {
        let expected = format!("({0}, {0})", a.nrows());
        return Err(Error::shape(what, expected, a.shape()));
    }
    Ok(())
}

/// The thin singular value decomposition of `a`, `(n, m)`, by divide and conquer.
///
/// # Errors
/// `a` is empty or not finite, or the iteration does not converge.
pub fn thin_svd(a: &ArrayRef2<f64>) -> Result<Svd> {
    check_matrix("the matrix", a)?;
    Ok(Engine::best(Work::Svd).svd(a)?)
}

/// ‖A‖, the largest singular value of `a`, `(n, m)`.
///
/// # Errors
/// `a` is empty or not finite, or the iteration does not converge.
pub fn spectral_norm(a: &ArrayRef2<f64>) -> Result<f64> {
    check_matrix("the matrix", a)?;
    Ok(Engine::best(Work::Svd).singular_values(a)?[0])
}

/// The eigenvalues and eigenvectors of a symmetric `a`, `(n, n)`: one triangle is read.
///
/// # Errors
/// `a` is empty, not finite or not square, or the iteration does not converge.
pub fn symmetric_eigen(a: &ArrayRef2<f64>) -> Result<SymmetricEigen> {
    check_square("the matrix", a)?;
    Ok(Engine::best(Work::SymmetricEigen).symmetric_eigen(a)?)
}

/// ρ(A), the largest absolute value of an eigenvalue of the square matrix `a`, `(m, m)`.
///
/// # Errors
/// `a` is empty, not square or not finite, or the iteration does not converge.
pub fn spectral_radius(a: &ArrayRef2<f64>) -> Result<f64> {
    check_square("the matrix", a)?;
    let eigenvalues = Engine::best(Work::Eigenvalues).eigenvalues(a)?;
    let largest = eigenvalues
        .iter()
        .fold(0.0_f64, |most, (re, im)| most.max(re.hypot(*im)));
    crate::error::within_range("the spectral radius", largest)
}

/// The thin QR factorisation of `a`, `(n, m)` with n ≥ m, by Householder reflections.
///
/// # Errors
/// `a` is empty, not finite, or wider than tall.
pub fn thin_qr(a: &ArrayRef2<f64>) -> Result<Qr> {
    check_matrix("the matrix", a)?;
    if a.nrows() < a.ncols() {
        return Err(Error::shape(
            "the matrix",
            "at least as many rows as columns",
            a.shape(),
        ));
    }
    Ok(Engine::best(Work::Qr).qr(a)?)
}

/// X = B R⁻¹ for an upper triangular `r`, `(m, m)`, and `b`, `(t, m)`; returns `(t, m)`.
///
/// Solved as Rᵀ Xᵀ = Bᵀ by substitution, which is backward stable row by row.
///
/// # Errors
/// The shapes do not match, or a diagonal entry of `r` is zero.
pub fn divide_by_upper(b: &ArrayRef2<f64>, r: &ArrayRef2<f64>) -> Result<Array2<f64>> {
    check_triangle(r, b.ncols())?;
    check_matrix("the matrix to divide", b)?;
    let engine = Engine::best(Work::Triangular);
    let xt = engine.solve_triangular(Triangle::Lower, &r.t(), &b.t())?;
    Ok(xt.reversed_axes())
}

/// X = R⁻¹ B for an upper triangular `r`, `(m, m)`, and `b`, `(m, k)`; returns `(m, k)`.
///
/// # Errors
/// The shapes do not match, or a diagonal entry of `r` is zero.
pub fn solve_upper(r: &ArrayRef2<f64>, b: &ArrayRef2<f64>) -> Result<Array2<f64>> {
    check_triangle(r, b.nrows())?;
    check_matrix("the right-hand side", b)?;
    let engine = Engine::best(Work::Triangular);
    Ok(engine.solve_triangular(Triangle::Upper, r, b)?)
}

fn check_triangle(r: &ArrayRef2<f64>, side: usize) -> Result<()> {
    if r.dim() != (side, side) {
        return Err(Error::shape("R", format!("({side}, {side})"), r.shape()));
    }
    check_matrix("R", r)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::stream;
    use ndarray::array;
    use rand_distr::{Distribution, StandardNormal};

    fn gaussian(n: usize, m: usize, index: u64) -> Array2<f64> {
        let mut rng = stream(1, "linalg test", index);
        Array2::from_shape_simple_fn((n, m), || StandardNormal.sample(&mut rng))
    }

    fn distance(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
        (a - b).iter().fold(0.0, |worst, x| worst.max(x.abs()))
    }

    #[test]
    fn factors_multiply_back() {
        for (n, m) in [(5, 3), (3, 5), (4, 4), (1, 3), (3, 1), (1, 1)] {
            let a = gaussian(n, m, (10 * n + m) as u64);
            let svd = thin_svd(&a).expect("a Gaussian matrix has an SVD");
            let back = (&svd.u * &svd.s).dot(&svd.vt);
            assert!(distance(&back, &a) < 1e-13, "SVD of ({n}, {m})");
            assert_eq!(svd.rank(None), n.min(m));
            let norm = spectral_norm(&a).expect("finite");
            assert!((norm / svd.s[0] - 1.0).abs() < 1e-13, "norm of ({n}, {m})");
            if n >= m {
                let Qr { q, r } = thin_qr(&a).expect("n ≥ m");
                assert!(distance(&q.dot(&r), &a) < 1e-13, "QR of ({n}, {m})");
                assert!(distance(&q.t().dot(&q), &Array2::eye(m)) < 1e-13);
            }
        }
    }

    /// A rotation by θ scaled by 3 beside a triangle whose norm is far above its eigenvalues.
    #[test]
    fn the_spectral_radius_is_that_of_the_eigenvalues() {
        let (sin, cos) = 0.7_f64.sin_cos();
        let a = array![
            [3.0 * cos, -3.0 * sin, 0.0, 0.0],
            [3.0 * sin, 3.0 * cos, 0.0, 0.0],
            [0.0, 0.0, -2.0, 50.0],
            [0.0, 0.0, 0.0, 1.0]
        ];
        assert!((spectral_radius(&a).expect("square") - 3.0).abs() < 1e-13);
        assert!(spectral_radius(&array![[1.0, 2.0]]).is_err());
        assert!(spectral_radius(&array![[f64::NAN]]).is_err());
    }

    #[test]
    fn eigenvectors_diagonalise() {
        for n in [1, 2, 7] {
            let a = gaussian(n, n + 1, n as u64);
            let a = a.dot(&a.t());
            let SymmetricEigen { values, vectors } = symmetric_eigen(&a).expect("symmetric");
            assert!(distance(&(&vectors * &values).dot(&vectors.t()), &a) < 1e-12);
            assert!(distance(&vectors.t().dot(&vectors), &Array2::eye(n)) < 1e-13);
            assert!(values.windows(2).into_iter().all(|pair| pair[0] >= pair[1]));
        }
    }

    #[test]
    fn division_by_a_triangle() {
        for (t, m) in [(4, 3), (1, 3), (3, 1), (1, 1)] {
            let r = thin_qr(&gaussian(6, m, 1)).expect("6 ≥ m").r;
            let b = gaussian(t, m, 2);
            let x = divide_by_upper(&b, &r).expect("a Gaussian R is invertible");
            assert!(distance(&x.dot(&r), &b) < 1e-12, "({t}, {m})");
            let b = gaussian(m, t, 3);
            let x = solve_upper(&r, &b).expect("a Gaussian R is invertible");
            assert!(distance(&r.dot(&x), &b) < 1e-12, "({m}, {t})");
        }
    }

    #[test]
    fn cholesky_solves_and_bounds_the_smallest_eigenvalue() {
        let a = gaussian(6, 9, 3);
        let k = a.dot(&a.t());
        let cholesky = Cholesky::new(&k).expect("A Aᵀ is positive definite");
        let b = gaussian(6, 2, 4);
        let x = cholesky.solve(&b).expect("shapes match");
        assert!(distance(&k.dot(&x), &b) < 1e-11);
        let halves = cholesky.forward(&b).and_then(|z| cholesky.backward(&z));
        assert!(distance(&halves.expect("shapes match"), &x) < 1e-11);
        let smallest = thin_svd(&a).expect("finite").s[5].powi(2);
        let gain = cholesky.gain();
        assert!(
            gain * smallest <= 1.0 + 1e-12 && gain > 0.0,
            "{gain} · {smallest}"
        );
    }

    #[test]
    fn bad_input_is_an_error() {
        assert!(thin_svd(&array![[1.0, f64::NAN]]).is_err());
        assert!(thin_svd(&Array2::zeros((0, 3))).is_err());
        assert!(spectral_norm(&Array2::zeros((0, 3))).is_err());
        assert!(spectral_norm(&array![[f64::INFINITY]]).is_err());
        assert!(thin_qr(&Array2::zeros((2, 3))).is_err());
        assert!(symmetric_eigen(&Array2::zeros((2, 3))).is_err());
        assert!(symmetric_eigen(&array![[f64::NAN]]).is_err());
        assert!(divide_by_upper(&array![[1.0]], &array![[0.0]]).is_err());
        assert!(solve_upper(&array![[0.0]], &array![[1.0]]).is_err());
        assert!(solve_upper(&array![[1.0]], &array![[1.0], [2.0]]).is_err());
        assert!(Cholesky::new(&array![[1.0, 2.0], [2.0, 1.0]]).is_none());
        assert!(Cholesky::new(&array![[f64::NAN]]).is_none());
    }
}
