//! Dense factorisations: the only file that talks to LAPACK.
//!
//! Matrices are real, `(rows, columns)`, and may have any memory layout. Each function checks
//! that its input is finite and not empty, so that LAPACK never sees NaN.

use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, Axis, ShapeBuilder};
use ndarray_linalg::error::LinalgError;
use ndarray_linalg::{
    Diag, EigVals, EighInto, JobSvd, Lapack, MatrixLayout, QRInto, SVDDCInto, SolveTriangularInto,
    UPLO,
};

use crate::error::{Error, Result, check_finite};

/// A thin singular value decomposition A = U diag(s) Vᵀ.
#[derive(Clone, Debug)]
pub struct Svd {
    /// Left singular vectors, `(n, r)` with r = min(n, m).
    pub u: Array2<f64>,
    /// Singular values, `(r,)`, decreasing.
    pub s: Array1<f64>,
    /// Right singular vectors, transposed, `(r, m)`.
    pub vt: Array2<f64>,
}

impl Svd {
    /// The number of singular values above `rcond · s₁`.
    ///
    /// With `rcond = None` the cut is ε·max(n, m), as in numpy's `lstsq` and `matrix_rank`.
    #[must_use]
    pub fn rank(&self, rcond: Option<f64>) -> usize {
        let largest_side = self.u.nrows().max(self.vt.ncols());
        let cut = rcond.unwrap_or(f64::EPSILON * largest_side as f64);
        let first = self.s.first().copied().unwrap_or(0.0);
        self.s.iter().filter(|&&value| value > cut * first).count()
    }
}

/// A thin QR factorisation A = QR, for n ≥ m.
#[derive(Clone, Debug)]
pub struct Qr {
    /// Orthonormal columns, `(n, m)`, column-major.
    pub q: Array2<f64>,
    /// Upper triangular, `(m, m)`, column-major.
    pub r: Array2<f64>,
}

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

/// A column-major copy: LAPACK's own layout, and fast to read column by column.
#[must_use]
pub fn column_major(a: &ArrayRef2<f64>) -> Array2<f64> {
    let mut copy = Array2::zeros(a.raw_dim().f());
    copy.assign(a);
    copy
}

/// The thin singular value decomposition of `a`, `(n, m)`, by divide and conquer (`dgesdd`).
///
/// # Errors
/// `a` is empty or not finite, or LAPACK does not converge.
pub fn thin_svd(a: &ArrayRef2<f64>) -> Result<Svd> {
    check_matrix("the matrix", a)?;
    let (u, s, vt) = column_major(a).svddc_into(JobSvd::Some)?;
    match (u, vt) {
        (Some(u), Some(vt)) => Ok(Svd { u, s, vt }),
        _ => Err(Error::domain(
            "the singular vectors",
            "to be returned by LAPACK",
            "nothing",
        )),
    }
}

/// ‖A‖, the largest singular value of `a`, `(n, m)`.
///
/// # Errors
/// `a` is empty or not finite, or LAPACK does not converge.
pub fn spectral_norm(a: &ArrayRef2<f64>) -> Result<f64> {
    check_matrix("the matrix", a)?;
    let (_, s, _) = column_major(a).svddc_into(JobSvd::None)?;
    Ok(s[0])
}

/// The eigenvalues and eigenvectors of a symmetric matrix, A = Q diag(λ) Qᵀ.
#[derive(Clone, Debug)]
pub struct SymmetricEigen {
    /// The eigenvalues λ, `(n,)`, decreasing.
    pub values: Array1<f64>,
    /// The eigenvectors as columns of Q, `(n, n)`, in the same order.
    pub vectors: Array2<f64>,
}

/// The eigenvalues and eigenvectors of a symmetric `a`, `(n, n)`: one triangle is read.
///
/// # Errors
/// `a` is empty, not finite or not square, or LAPACK does not converge.
pub fn symmetric_eigen(a: &ArrayRef2<f64>) -> Result<SymmetricEigen> {
    check_matrix("the matrix", a)?;
    if a.nrows() != a.ncols() {
        let expected = format!("({0}, {0})", a.nrows());
        return Err(Error::shape("the matrix", expected, a.shape()));
    }
    let (mut values, mut vectors) = column_major(a).eigh_into(UPLO::Lower)?;
    values.invert_axis(Axis(0));
    vectors.invert_axis(Axis(1));
    Ok(SymmetricEigen {
        values: values.as_standard_layout().into_owned(),
        vectors: vectors.as_standard_layout().into_owned(),
    })
}

/// ρ(A), the largest absolute value of an eigenvalue of the square matrix `a`, `(m, m)`.
///
/// # Errors
/// `a` is empty, not square or not finite, or LAPACK does not converge.
pub fn spectral_radius(a: &ArrayRef2<f64>) -> Result<f64> {
    check_matrix("the matrix", a)?;
    if !a.is_square() {
        return Err(Error::shape("the matrix", "(m, m)", a.shape()));
    }
    let eigenvalues = column_major(a).eigvals()?;
    let largest = eigenvalues
        .iter()
        .fold(0.0_f64, |most, v| most.max(v.norm()));
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
    let (q, r) = column_major(a).qr_into()?;
    Ok(Qr { q, r })
}

/// X = B R⁻¹ for an upper triangular `r`, `(m, m)`, and `b`, `(t, m)`; returns `(t, m)`.
///
/// Solved as Rᵀ Xᵀ = Bᵀ by substitution, which is backward stable row by row.
///
/// # Errors
/// The shapes do not match, or a diagonal entry of `r` is zero.
pub fn divide_by_upper(b: &ArrayRef2<f64>, r: &ArrayRef2<f64>) -> Result<Array2<f64>> {
    if b.ncols() != r.nrows() || r.nrows() != r.ncols() {
        return Err(Error::shape(
            "R",
            format!("({0}, {0})", b.ncols()),
            r.shape(),
        ));
    }
    check_matrix("R", r)?;
    check_matrix("the matrix to divide", b)?;
    let lower = column_major(&r.t());
    let rhs = column_major(&b.t());
    let xt = lower.solve_triangular_into(UPLO::Lower, Diag::NonUnit, rhs)?;
    Ok(xt.reversed_axes())
}

/// X = R⁻¹ B for an upper triangular `r`, `(m, m)`, and `b`, `(m, k)`; returns `(m, k)`.
///
/// # Errors
/// The shapes do not match, or a diagonal entry of `r` is zero.
pub fn solve_upper(r: &ArrayRef2<f64>, b: &ArrayRef2<f64>) -> Result<Array2<f64>> {
    if b.nrows() != r.nrows() || r.nrows() != r.ncols() {
        return Err(Error::shape(
            "R",
            format!("({0}, {0})", b.nrows()),
            r.shape(),
        ));
    }
    check_matrix("R", r)?;
    check_matrix("the right-hand side", b)?;
    let upper = column_major(r);
    let rhs = column_major(b);
    Ok(upper.solve_triangular_into(UPLO::Upper, Diag::NonUnit, rhs)?)
}

/// A Cholesky factorisation K = L Lᵀ of a symmetric positive definite matrix.
pub struct Cholesky {
    /// L in the lower triangle, column by column; above it still K.
    factor: Vec<f64>,
    /// How LAPACK is to read it.
    layout: MatrixLayout,
}

impl Cholesky {
    /// Factorises `k`, `(n, n)`; `None` where it is not positive definite to working precision.
    /// The caller promises that `k` is symmetric: one triangle is read.
    #[must_use]
    pub fn new(k: &ArrayRef2<f64>) -> Option<Self> {
        Self::in_place(k.as_standard_layout().into_owned())
    }

    /// Factorises `k` in its own memory, which [`into_buffer`](Self::into_buffer) gives back.
    #[must_use]
    pub fn in_place(k: Array2<f64>) -> Option<Self> {
        let n = k.nrows();
        let side = i32::try_from(n).ok()?;
        if n == 0 || k.ncols() != n {
            return None;
        }
        // Kᵀ = K: rows may be read as columns.
        let (mut factor, _) = k.into_raw_vec_and_offset();
        let layout = MatrixLayout::F {
            col: side,
            lda: side,
        };
        if factor.len() != n * n || f64::cholesky(layout, UPLO::Lower, &mut factor).is_err() {
            return None;
        }
        // LAPACK lets NaN through, since NaN ≤ 0 is false.
        let sound = factor
            .iter()
            .step_by(n + 1)
            .all(|d| d.is_finite() && *d > 0.0);
        sound.then_some(Self { factor, layout })
    }

    /// Solves K X = B for `b`, `(n, k)`.
    ///
    /// # Errors
    /// `b` has another number of rows than K.
    pub fn solve(&self, b: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        self.check_rows(b)?;
        let mut solved = Array2::zeros(b.raw_dim());
        for (b, mut x) in b.columns().into_iter().zip(solved.columns_mut()) {
            let mut column = b.to_vec();
            f64::solve_cholesky(self.layout, UPLO::Lower, &self.factor, &mut column)
                .map_err(LinalgError::Lapack)?;
            x.assign(&ArrayView1::from(&column));
        }
        Ok(solved)
    }

    /// L⁻¹ B for `b`, `(n, k)`, all columns at once; returned column-major.
    ///
    /// # Errors
    /// `b` has another number of rows than K.
    pub fn forward(&self, b: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        self.substitute(self.layout, UPLO::Lower, b)
    }

    /// L⁻ᵀ B for `b`, `(n, k)`, all columns at once; returned column-major.
    ///
    /// # Errors
    /// `b` has another number of rows than K.
    pub fn backward(&self, b: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        // L column by column is Lᵀ row by row.
        let (row, lda) = (self.layout.len(), self.layout.lda());
        self.substitute(MatrixLayout::C { row, lda }, UPLO::Upper, b)
    }

    fn substitute(
        &self,
        layout: MatrixLayout,
        triangle: UPLO,
        b: &ArrayRef2<f64>,
    ) -> Result<Array2<f64>> {
        let (n, k) = b.dim();
        self.check_rows(b)?;
        let (mut x, _) = column_major(b).into_raw_vec_and_offset();
        let columns = MatrixLayout::F {
            col: i32::try_from(k).map_err(|_| Error::domain("k", "below 2³¹", k))?,
            lda: self.layout.lda(),
        };
        f64::solve_triangular(
            layout,
            columns,
            triangle,
            Diag::NonUnit,
            &self.factor,
            &mut x,
        )
        .map_err(LinalgError::Lapack)?;
        Ok(Array2::from_shape_vec((n, k).f(), x)
            .unwrap_or_else(|_| Array2::from_elem((n, k), f64::NAN)))
    }

    fn check_rows(&self, b: &ArrayRef2<f64>) -> Result<()> {
        let n = self.side();
        if b.nrows() == n {
            return Ok(());
        }
        let expected = format!("({n}, k)");
        Err(Error::shape("the right-hand side", expected, b.shape()))
    }

    /// max_i 1/L_ii², a lower bound of ‖K⁻¹‖ = 1/λ_min(K) that costs nothing.
    #[must_use]
    pub fn gain(&self) -> f64 {
        let diagonal = self.factor.iter().step_by(self.side() + 1);
        diagonal.fold(0.0, |gain: f64, d| gain.max(1.0 / (d * d)))
    }

    /// The `(n, n)` memory that holds the factor, for the next matrix of this size.
    #[must_use]
    pub fn into_buffer(self) -> Array2<f64> {
        let shape = (self.side(), self.side());
        Array2::from_shape_vec(shape, self.factor).unwrap_or_else(|_| Array2::zeros(shape))
    }

    fn side(&self) -> usize {
        self.layout.len() as usize
    }
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
