//! LAPACK's side, through `ndarray-linalg`: each function as [`Engine`](crate::Engine) documents it.

use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2};
use ndarray_linalg::error::LinalgError;
use ndarray_linalg::{
    Diag, EigVals, EighInto, JobSvd, Lapack, MatrixLayout, QRInto, SVDDCInto, Solve, UPLO,
};

use crate::parts::{column_major, from_columns};
use crate::{Failed, Qr, Svd, SymmetricEigen, Triangle};

fn failed(work: &'static str) -> impl Fn(LinalgError) -> Failed {
    move |error| Failed::new(work, format!("LAPACK: {error}"))
}

pub(crate) fn svd(a: &ArrayRef2<f64>) -> Result<Svd, Failed> {
    let work = "singular values";
    let (u, s, vt) = column_major(a)
        .svddc_into(JobSvd::Some)
        .map_err(failed(work))?;
    let (u, vt) = (u.expect("asked for"), vt.expect("asked for"));
    Ok(Svd { u, s, vt })
}

pub(crate) fn singular_values(a: &ArrayRef2<f64>) -> Result<Array1<f64>, Failed> {
    let values = column_major(a).svddc_into(JobSvd::None);
    Ok(values.map_err(failed("singular values"))?.1)
}

pub(crate) fn qr(a: &ArrayRef2<f64>) -> Result<Qr, Failed> {
    let (q, r) = column_major(a).qr_into().map_err(failed("QR"))?;
    Ok(Qr { q, r })
}

pub(crate) fn symmetric_eigen(a: &ArrayRef2<f64>) -> Result<SymmetricEigen, Failed> {
    let eigen = column_major(a).eigh_into(UPLO::Lower);
    let (values, vectors) = eigen.map_err(failed("eigenvalues"))?;
    Ok(SymmetricEigen::from_increasing(values, vectors))
}

pub(crate) fn eigenvalues(a: &ArrayRef2<f64>) -> Result<Vec<(f64, f64)>, Failed> {
    let values = column_major(a).eigvals().map_err(failed("eigenvalues"))?;
    Ok(values.iter().map(|v| (v.re, v.im)).collect())
}

pub(crate) fn solve_triangular(
    triangle: Triangle,
    t: &ArrayRef2<f64>,
    b: &ArrayRef2<f64>,
) -> Result<Array2<f64>, Failed> {
    let work = "substitution";
    let uplo = match triangle {
        Triangle::Lower => UPLO::Lower,
        Triangle::Upper => UPLO::Upper,
    };
    let side = |length: usize| i32::try_from(length).map_err(|_| Failed::new(work, "2³¹ or more"));
    let (n, k) = (side(b.nrows())?, side(b.ncols())?);
    let copy;
    // Without a copy where the memory is plainly by columns or by rows.
    let by_columns = MatrixLayout::F { col: n, lda: n };
    let (layout, numbers) = match (t.t().to_slice(), t.as_slice()) {
        (Some(columns), _) => (by_columns, columns),
        (_, Some(rows)) => (MatrixLayout::C { row: n, lda: n }, rows),
        _ => {
            copy = column_major(t).into_raw_vec_and_offset().0;
            (by_columns, copy.as_slice())
        }
    };
    let (mut x, _) = column_major(b).into_raw_vec_and_offset();
    let columns = MatrixLayout::F { col: k, lda: n };
    f64::solve_triangular(layout, columns, uplo, Diag::NonUnit, numbers, &mut x)
        .map_err(|error| Failed::new(work, format!("LAPACK: {error}")))?;
    Ok(from_columns(b.nrows(), b.ncols(), x))
}

pub(crate) fn solve(a: &ArrayRef2<f64>, b: &ArrayRef1<f64>) -> Result<Array1<f64>, Failed> {
    a.solve(b).map_err(failed("solve"))
}

pub(crate) fn cholesky(k: &mut [f64], n: usize) -> bool {
    let Ok(side) = i32::try_from(n) else {
        return false;
    };
    let layout = MatrixLayout::F {
        col: side,
        lda: side,
    };
    f64::cholesky(layout, UPLO::Lower, k).is_ok()
}
