//! Squared Euclidean distances between all pairs of rows, without the usual cancellation.
//!
//! ‖x‖² + ‖x'‖² − 2x·x' is one matrix product, but close points lose all their digits in it: two
//! equal rows come out √ε apart. That ruins a kernel with a cusp (Laplace) and the order of
//! neighbours. So few coordinates are subtracted directly, and so is every pair whose distance
//! is small beside its norms.

use ndarray::parallel::prelude::*;
use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, Axis};

use crate::error::{Error, Result, check_finite, check_size};

/// Up to this many coordinates a direct subtraction is as fast as a matrix product.
const DIRECT_DIM: usize = 16;
/// Below this share of ‖x‖² + ‖x'‖² the product has lost more than three digits.
const CANCELLED: f64 = 1e-3;

/// ‖a_i − b_j‖², `(n, m)`, for rows a, `(n, d)`, and b, `(m, d)`.
///
/// Relative error a few ε·10³ at worst; exactly 0 for equal rows.
///
/// # Errors
/// No rows, no columns, another d, more than 2³⁰ pairs, or numbers that are not finite or whose squares overflow.
///
/// ```
/// use dltheory::model::squared_distances;
/// use ndarray::array;
/// let d2 = squared_distances(&array![[0.0, 0.0], [1e8, 1.0]], &array![[1e8, 2.0]])?;
/// assert_eq!(d2, array![[1e16 + 4.0], [1.0]]);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn squared_distances(a: &ArrayRef2<f64>, b: &ArrayRef2<f64>) -> Result<Array2<f64>> {
    check_pair(a, b)?;
    let (a2, b2) = (
        squared_norms("the first inputs", a)?,
        squared_norms("the second inputs", b)?,
    );
    if a.ncols() <= DIRECT_DIM {
        let mut distances = Array2::zeros((a.nrows(), b.nrows()));
        for (mut out, x) in distances.rows_mut().into_iter().zip(a.rows()) {
            for (value, y) in out.iter_mut().zip(b.rows()) {
                *value = difference(x, y);
            }
        }
        return Ok(distances);
    }
    let mut distances = a.dot(&b.t());
    distances
        .axis_iter_mut(Axis(0))
        .into_par_iter()
        .enumerate()
        .for_each(|(i, mut row)| {
            for (j, value) in row.iter_mut().enumerate() {
                let scale = a2[i] + b2[j];
                let by_product = scale - 2.0 * *value;
                *value = if by_product < CANCELLED * scale {
                    difference(a.row(i), b.row(j))
                } else {
                    by_product
                };
            }
        });
    Ok(distances)
}

/// Checks that two sets of inputs `(n, d)` and `(m, d)` are finite, not empty, share d, and have no more pairs than
/// memory can hold.
pub(crate) fn check_pair(a: &ArrayRef2<f64>, b: &ArrayRef2<f64>) -> Result<()> {
    for (what, x) in [("the first inputs", a), ("the second inputs", b)] {
        if x.is_empty() {
            return Err(Error::shape(what, "at least (1, 1)", x.shape()));
        }
        check_finite(what, x)?;
    }
    if a.ncols() != b.ncols() {
        let expected = format!("(m, {}) as the first inputs", a.ncols());
        return Err(Error::shape("the second inputs", expected, b.shape()));
    }
    check_size("the matrix of all pairs", a.nrows(), b.nrows())
}

/// ‖x_i‖² for each row, `(n,)`; an error where a square overflows.
pub(crate) fn squared_norms(what: &str, x: &ArrayRef2<f64>) -> Result<Array1<f64>> {
    let norms: Array1<f64> = x.rows().into_iter().map(|row| row.dot(&row)).collect();
    // Twice, since a distance adds two of them, doubled by opposite signs.
    check_finite(&format!("4‖x‖² of {what}"), &norms.mapv(|norm| 4.0 * norm))?;
    Ok(norms)
}

fn difference(x: ArrayView1<'_, f64>, y: ArrayView1<'_, f64>) -> f64 {
    x.iter().zip(y).map(|(p, q)| (p - q) * (p - q)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::rng::stream;
    use ndarray::array;

    #[test]
    fn both_routes_agree_with_the_definition() {
        for d in [1, 3, 16, 17, 40] {
            let rng = &mut stream(1, "distance test", d as u64);
            let a = gaussian(7, d, rng).expect("not empty") + 3.0;
            let mut b = gaussian(5, d, rng).expect("not empty") + 3.0;
            b.row_mut(2).assign(&a.row(4));
            b.row_mut(3).assign(&(&a.row(1) + 1e-9));
            let d2 = squared_distances(&a, &b).expect("valid");
            for ((i, j), &value) in d2.indexed_iter() {
                let want: f64 = (0..d).map(|c| (a[[i, c]] - b[[j, c]]).powi(2)).sum();
                assert!(
                    (value - want).abs() <= 1e-11 * want,
                    "d = {d}: {value} {want}"
                );
            }
            assert_eq!(d2[[4, 2]], 0.0);
        }
    }

    #[test]
    fn bad_input_is_an_error() {
        let one = array![[1.0]];
        assert!(squared_distances(&one, &array![[1.0, 2.0]]).is_err());
        assert!(squared_distances(&one, &array![[f64::NAN]]).is_err());
        assert!(squared_distances(&array![[1e200]], &one).is_err());
        assert!(squared_distances(&Array2::zeros((0, 1)), &one).is_err());
        assert!(squared_distances(&Array2::zeros((2, 0)), &Array2::zeros((2, 0))).is_err());
    }
}
