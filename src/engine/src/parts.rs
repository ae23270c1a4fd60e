//! What factorisations return.

use ndarray::{Array1, Array2, ArrayRef2, Axis, ShapeBuilder};

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

/// The eigenvalues and eigenvectors of a symmetric matrix, A = Q diag(λ) Qᵀ.
#[derive(Clone, Debug)]
pub struct SymmetricEigen {
    /// The eigenvalues λ, `(n,)`, decreasing.
    pub values: Array1<f64>,
    /// The eigenvectors as columns of Q, `(n, n)`, in the same order.
    pub vectors: Array2<f64>,
}

/// Which triangle of a matrix counts; the other is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Triangle {
    /// On and below the diagonal.
    Lower,
    /// On and above the diagonal.
    Upper,
}

/// A column-major copy: LAPACK's own layout, and fast to read column by column.
#[must_use]
pub fn column_major(a: &ArrayRef2<f64>) -> Array2<f64> {
    let mut copy = Array2::zeros(a.raw_dim().f());
    copy.assign(a);
    copy
}

/// `(n, m)` from its columns one after the other.
pub(crate) fn from_columns(n: usize, m: usize, columns: Vec<f64>) -> Array2<f64> {
    Array2::from_shape_vec((n, m).f(), columns).expect("an engine returns n·m numbers")
}

impl SymmetricEigen {
    /// Engines return increasing eigenvalues; here the largest come first.
    pub(crate) fn from_increasing(mut values: Array1<f64>, mut vectors: Array2<f64>) -> Self {
        values.invert_axis(Axis(0));
        vectors.invert_axis(Axis(1));
        Self {
            values: values.as_standard_layout().into_owned(),
            vectors: vectors.as_standard_layout().into_owned(),
        }
    }
}
