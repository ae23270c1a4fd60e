//! faer's side: each function as [`Engine`](crate::Engine) documents it.
//!
//! On one thread: faer's own threads wait for each other in a loop, which ties up a machine that is
//! busy with something else, and do not exist in a browser.

use faer::Spec;
use faer::linalg::cholesky::llt::factor::{
    LltParams, LltRegularization, cholesky_in_place, cholesky_in_place_scratch,
};
use faer::linalg::solvers::Solve;
use faer::linalg::triangular_solve::{
    solve_lower_triangular_in_place, solve_upper_triangular_in_place,
};
use faer::{Mat, MatMut, MatRef, Par, Side};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2};

use crate::parts::{column_major, from_columns};
use crate::{Failed, Qr, Svd, SymmetricEigen, Triangle};

/// Runs `act` on `a`, without a copy where its memory is plainly by columns or by rows.
fn viewed<T>(a: &ArrayRef2<f64>, act: impl FnOnce(MatRef<'_, f64>) -> T) -> T {
    let (n, m) = a.dim();
    if let Some(columns) = a.t().to_slice() {
        return act(MatRef::from_column_major_slice(columns, n, m));
    }
    if let Some(rows) = a.as_slice() {
        return act(MatRef::from_row_major_slice(rows, n, m));
    }
    let (columns, _) = column_major(a).into_raw_vec_and_offset();
    act(MatRef::from_column_major_slice(&columns, n, m))
}

/// The columns of a matrix, one after the other.
fn columns(a: MatRef<'_, f64>) -> Vec<f64> {
    a.col_iter().flat_map(|c| c.iter().copied()).collect()
}

fn array(a: MatRef<'_, f64>) -> Array2<f64> {
    from_columns(a.nrows(), a.ncols(), columns(a))
}

fn diagonal(s: faer::diag::DiagRef<'_, f64>) -> Array1<f64> {
    s.column_vector().iter().copied().collect()
}

/// Runs `act` on `a`, or where its largest entry is so large or small that squares leave the range of
/// f64 (LAPACK's own limits) on `a`·2⁻ᵏ of moderate size. Returns 2ᵏ too, as two factors since it may
/// itself be out of range: eigenvalues and singular values scale with it, vectors stay.
fn scaled<T>(a: &ArrayRef2<f64>, act: impl FnOnce(MatRef<'_, f64>) -> T) -> (T, Scale) {
    let largest = a.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
    if largest == 0.0 || !largest.is_finite() || (1e-138..=1e138).contains(&largest) {
        return (viewed(a, act), Scale([1.0, 1.0]));
    }
    // Powers of two: exact but for entries that underflow beside the largest.
    let half = f64::exp2((largest.log2() / 2.0).round());
    let small = a.mapv(|v| v / half / half);
    (viewed(&small, act), Scale([half, half]))
}

struct Scale([f64; 2]);

impl Scale {
    fn of(&self, value: f64) -> f64 {
        value * self.0[0] * self.0[1]
    }
}

fn no_convergence(work: &'static str) -> impl Fn(&dyn std::fmt::Debug) -> Failed {
    move |error| Failed::new(work, format!("faer does not converge ({error:?})"))
}

pub(crate) fn svd(a: &ArrayRef2<f64>) -> Result<Svd, Failed> {
    let (svd, scale) = scaled(a, |a| a.thin_svd());
    let svd = svd.map_err(|e| no_convergence("singular values")(&e))?;
    Ok(Svd {
        u: array(svd.U()),
        s: diagonal(svd.S()).mapv_into(|s| scale.of(s)),
        // V column by column is Vᵀ row by row.
        vt: array(svd.V()).reversed_axes(),
    })
}

pub(crate) fn singular_values(a: &ArrayRef2<f64>) -> Result<Array1<f64>, Failed> {
    let (values, scale) = scaled(a, |a| a.singular_values());
    let values = values.map_err(|e| no_convergence("singular values")(&e))?;
    Ok(values.into_iter().map(|s| scale.of(s)).collect())
}

pub(crate) fn qr(a: &ArrayRef2<f64>) -> Result<Qr, Failed> {
    Ok(viewed(a, |a| {
        let qr = a.qr();
        let (q, r) = (qr.compute_thin_Q(), qr.thin_R());
        let mut r = array(r);
        for ((i, j), below) in r.indexed_iter_mut() {
            if i > j {
                *below = 0.0;
            }
        }
        Qr {
            q: array(q.as_ref()),
            r,
        }
    }))
}

pub(crate) fn symmetric_eigen(a: &ArrayRef2<f64>) -> Result<SymmetricEigen, Failed> {
    let (eigen, scale) = scaled(a, |a| a.self_adjoint_eigen(Side::Lower));
    let eigen = eigen.map_err(|e| no_convergence("eigenvalues")(&e))?;
    Ok(SymmetricEigen::from_increasing(
        diagonal(eigen.S()).mapv_into(|s| scale.of(s)),
        array(eigen.U()),
    ))
}

pub(crate) fn eigenvalues(a: &ArrayRef2<f64>) -> Result<Vec<(f64, f64)>, Failed> {
    let (values, scale) = scaled(a, |a| a.eigenvalues());
    let values = values.map_err(|e| no_convergence("eigenvalues")(&e))?;
    let pairs = values.into_iter();
    Ok(pairs.map(|v| (scale.of(v.re), scale.of(v.im))).collect())
}

pub(crate) fn solve_triangular(
    triangle: Triangle,
    t: &ArrayRef2<f64>,
    b: &ArrayRef2<f64>,
) -> Result<Array2<f64>, Failed> {
    let (n, k) = b.dim();
    let (mut x, _) = column_major(b).into_raw_vec_and_offset();
    let rhs = MatMut::from_column_major_slice_mut(&mut x, n, k);
    viewed(t, |t| match triangle {
        Triangle::Lower => solve_lower_triangular_in_place(t, rhs, Par::Seq),
        Triangle::Upper => solve_upper_triangular_in_place(t, rhs, Par::Seq),
    });
    Ok(from_columns(n, k, x))
}

pub(crate) fn solve(a: &ArrayRef2<f64>, b: &ArrayRef1<f64>) -> Result<Array1<f64>, Failed> {
    let b = Mat::from_fn(b.len(), 1, |i, _| b[i]);
    viewed(a, |a| {
        let lu = a.partial_piv_lu();
        let pivots = lu.U().diagonal();
        if let Some(at) = pivots
            .column_vector()
            .iter()
            .position(|&pivot| pivot == 0.0)
        {
            return Err(Failed::new(
                "solve",
                format!("the matrix is singular: pivot {at} is zero"),
            ));
        }
        Ok(lu.solve(&b).col(0).iter().copied().collect())
    })
}

pub(crate) fn cholesky(k: &mut [f64], n: usize) -> bool {
    let params = Spec::<LltParams, f64>::default();
    let scratch = cholesky_in_place_scratch::<f64>(n, Par::Seq, params);
    let mut memory = faer::dyn_stack::MemBuffer::new(scratch);
    let stack = faer::dyn_stack::MemStack::new(&mut memory);
    let k = MatMut::from_column_major_slice_mut(k, n, n);
    cholesky_in_place(k, LltRegularization::default(), Par::Seq, stack, params).is_ok()
}
