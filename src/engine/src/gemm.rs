//! `cblas_dgemm` and `cblas_sgemm`: what ndarray's `dot` ends in, answered by the better engine.
//!
//! ndarray has one door to a BLAS, these two symbols. A program links this crate before OpenBLAS,
//! so they are found here; OpenBLAS is reached behind them by its Fortran names. Were they ever
//! found in OpenBLAS first, products would be right, and as fast as its kernel.
#![allow(unsafe_code)]
#![allow(clippy::too_many_arguments, reason = "CBLAS has fourteen")]

use std::ffi::{c_char, c_int};

use cblas_sys::{CBLAS_LAYOUT, CBLAS_TRANSPOSE, CblasNoTrans, CblasRowMajor};
use faer::linalg::matmul::matmul;
use faer::traits::ComplexField;
use faer::{Accum, MatMut, MatRef, Par};
use ndarray::{Array2, ArrayRef2};

use crate::{Engine, Work, threads};

/// From this many multiplications on, a product is made in parts: 256³.
const IN_PARTS: usize = 1 << 24;
/// About this many multiplications a part, where there are more than two: 320³.
const PART: usize = 1 << 25;
/// Parts begin at multiples of so many rows or columns of C, which the sides of the engines'
/// register tiles divide.
const BLOCK: usize = 48;

/// C ← α A B, added to C or in its place, by `leaf` in parts.
///
/// The parts depend on the shapes and on nothing else, so a product has the same bits on any number
/// of threads; more than one thread only takes the parts side by side.
fn product<T: ComplexField + Send + Sync>(
    (a, b): (MatRef<'_, T>, MatRef<'_, T>),
    c: MatMut<'_, T>,
    leaf: &(impl Fn(MatRef<'_, T>, MatRef<'_, T>, MatMut<'_, T>) + Sync),
) {
    let work = c.nrows() * c.ncols() * a.ncols();
    let parts = match work {
        ..IN_PARTS => 1,
        _ => (work / PART).max(2).next_power_of_two(),
    };
    halve((a, b), c, parts, threads() > 1, leaf);
}

fn halve<T: ComplexField + Send + Sync>(
    (a, b): (MatRef<'_, T>, MatRef<'_, T>),
    c: MatMut<'_, T>,
    parts: usize,
    together: bool,
    leaf: &(impl Fn(MatRef<'_, T>, MatRef<'_, T>, MatMut<'_, T>) + Sync),
) {
    let (m, n) = (c.nrows(), c.ncols());
    let at = (m.max(n) / 2).next_multiple_of(BLOCK);
    if parts < 2 || at >= m.max(n) {
        return leaf(a, b, c);
    }
    let half = |a, b, c| halve((a, b), c, parts / 2, together, leaf);
    let ((a1, a2), (b1, b2), (c1, c2)) = if m >= n {
        (a.split_at_row(at), (b, b), c.split_at_row_mut(at))
    } else {
        ((a, a), b.split_at_col(at), c.split_at_col_mut(at))
    };
    if together {
        rayon::join(|| half(a1, b1, c1), || half(a2, b2, c2));
    } else {
        half(a1, b1, c1);
        half(a2, b2, c2);
    }
}

fn strides(by_rows: bool, leading: c_int) -> (isize, isize) {
    match by_rows {
        true => (leading as isize, 1),
        false => (1, leading as isize),
    }
}

macro_rules! gemm {
    ($name:ident, $fortran:ident, $with:ident, $number:ty) => {
        unsafe extern "C" {
            fn $fortran(
                transpose_a: *const c_char,
                transpose_b: *const c_char,
                m: *const c_int,
                n: *const c_int,
                k: *const c_int,
                alpha: *const $number,
                a: *const $number,
                lda: *const c_int,
                b: *const $number,
                ldb: *const c_int,
                beta: *const $number,
                c: *mut $number,
                ldc: *const c_int,
            );
        }

        /// C ← α op(A) op(B) + β C, as CBLAS defines it, by the better engine.
        ///
        /// # Safety
        /// As in CBLAS: op(A) is `(m, k)`, op(B) `(k, n)` and C `(m, n)`, each with its leading
        /// dimension; C overlaps neither factor.
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $name(
            layout: CBLAS_LAYOUT,
            transpose_a: CBLAS_TRANSPOSE,
            transpose_b: CBLAS_TRANSPOSE,
            m: c_int,
            n: c_int,
            k: c_int,
            alpha: $number,
            a: *const $number,
            lda: c_int,
            b: *const $number,
            ldb: c_int,
            beta: $number,
            c: *mut $number,
            ldc: c_int,
        ) {
            let engine = Engine::best(Work::Product);
            // SAFETY: the caller's promise.
            unsafe {
                $with(
                    engine,
                    layout,
                    transpose_a,
                    transpose_b,
                    m,
                    n,
                    k,
                    alpha,
                    a,
                    lda,
                    b,
                    ldb,
                    beta,
                    c,
                    ldc,
                );
            }
        }

        /// The same by a given engine.
        ///
        /// # Safety
        /// The same.
        unsafe fn $with(
            engine: Engine,
            layout: CBLAS_LAYOUT,
            transpose_a: CBLAS_TRANSPOSE,
            transpose_b: CBLAS_TRANSPOSE,
            m: c_int,
            n: c_int,
            k: c_int,
            alpha: $number,
            a: *const $number,
            lda: c_int,
            b: *const $number,
            ldb: c_int,
            beta: $number,
            c: *mut $number,
            ldc: c_int,
        ) {
            let by_rows = matches!(layout, CblasRowMajor);
            let [plain_a, plain_b] = [transpose_a, transpose_b].map(|t| matches!(t, CblasNoTrans));
            let [rows, columns, terms] = [m, n, k].map(|side| usize::try_from(side).unwrap_or(0));
            let (row, column) = strides(by_rows == plain_a, lda);
            // SAFETY: the caller promises this shape in this memory.
            let a = unsafe { MatRef::from_raw_parts(a, rows, terms, row, column) };
            let (row, column) = strides(by_rows == plain_b, ldb);
            // SAFETY: as above.
            let b = unsafe { MatRef::from_raw_parts(b, terms, columns, row, column) };
            let (row, column) = strides(by_rows, ldc);
            // SAFETY: as above, and nobody else reads or writes C.
            let mut c = unsafe { MatMut::from_raw_parts_mut(c, rows, columns, row, column) };
            if engine == Engine::OpenBlas {
                let [ta, tb] = [plain_a, plain_b].map(|plain| if plain { b'N' } else { b'T' });
                let (ta, tb) = (ta as c_char, tb as c_char);
                let leaf =
                    |a: MatRef<'_, $number>, b: MatRef<'_, $number>, c: MatMut<'_, $number>| {
                        let (m, n) = (c.nrows() as c_int, c.ncols() as c_int);
                        let (a, b, c) = (a.as_ptr(), b.as_ptr(), c.as_ptr_mut());
                        // SAFETY: a part of what the caller promised, with the same strides. By rows,
                        // C = A B is Cᵀ = Bᵀ Aᵀ by columns.
                        unsafe {
                            if by_rows {
                                $fortran(
                                    &tb, &ta, &n, &m, &k, &alpha, b, &ldb, a, &lda, &beta, c, &ldc,
                                );
                            } else {
                                $fortran(
                                    &ta, &tb, &m, &n, &k, &alpha, a, &lda, b, &ldb, &beta, c, &ldc,
                                );
                            }
                        }
                    };
                return product((a, b), c, &leaf);
            }
            // faer adds or replaces; any other β is a scaling first.
            if beta != 0.0 && beta != 1.0 {
                let columns = c.as_mut().col_iter_mut();
                columns.for_each(|column| column.iter_mut().for_each(|x| *x *= beta));
            }
            let accumulate = if beta == 0.0 {
                Accum::Replace
            } else {
                Accum::Add
            };
            product((a, b), c, &|a, b, c| {
                matmul(c, accumulate, a, b, alpha, Par::Seq)
            });
        }

        impl Number for $number {
            fn product(engine: Engine, a: &ArrayRef2<Self>, b: &ArrayRef2<Self>) -> Array2<Self> {
                let (a, b) = (a.as_standard_layout(), b.as_standard_layout());
                let mut c = Array2::zeros((a.nrows(), b.ncols()));
                let [m, n, k] = [a.nrows(), b.ncols(), a.ncols()].map(|side| side as c_int);
                // SAFETY: three arrays by rows, of these shapes, the last just made.
                unsafe {
                    $with(
                        engine,
                        CblasRowMajor,
                        CblasNoTrans,
                        CblasNoTrans,
                        m,
                        n,
                        k,
                        1.0,
                        a.as_ptr(),
                        k.max(1),
                        b.as_ptr(),
                        n.max(1),
                        0.0,
                        c.as_mut_ptr(),
                        n.max(1),
                    );
                }
                c
            }
        }
    };
}

gemm!(cblas_dgemm, dgemm_, dgemm_with, f64);
gemm!(cblas_sgemm, sgemm_, sgemm_with, f32);

/// `f64` or `f32`.
pub trait Number: Sized {
    #[doc(hidden)]
    fn product(engine: Engine, a: &ArrayRef2<Self>, b: &ArrayRef2<Self>) -> Array2<Self>;
}

impl Engine {
    /// A B for `a`, `(m, k)`, and `b`, `(k, n)`, by this engine: to compare one with another.
    /// Everything else says `a.dot(&b)`.
    ///
    /// # Panics
    /// The shapes do not fit.
    #[must_use]
    pub fn product<T: Number>(self, a: &ArrayRef2<T>, b: &ArrayRef2<T>) -> Array2<T> {
        let fits = a.ncols() == b.nrows() && a.len().max(b.len()) <= c_int::MAX as usize;
        assert!(fits, "A has shape {:?} and B {:?}", a.shape(), b.shape());
        T::product(self, a, b)
    }
}
