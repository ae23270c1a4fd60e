//! Polynomial features: Legendre's polynomials.

use ndarray::{Array2, ArrayRef1};

use crate::error::{Error, Result, check_size};

/// The first `columns` Legendre polynomials at every input, `(n, columns)`: column j is P_j, of degree j.
///
/// # Formula
/// P_0 = 1, P_1 = x, (j+1) P_{j+1} = (2j+1) x P_j − j P_{j−1}. For x uniform in \[−1, 1\] they are uncorrelated, with
/// E P_j² = 1/(2j+1): among interpolants, a small norm prefers low degrees.
///
/// Takes inputs `x`, `(n,)`, in \[−1, 1\]; there |P_j| ≤ 1. The columns are nested, so they serve
/// [`min_norm_path()`](crate::fit::min_norm_path()).
///
/// # Errors
/// No inputs or columns, or more than 2³⁰ numbers in all; an input outside \[−1, 1\] or NaN.
///
/// # Reference
/// DLMF, §18.9, <https://dlmf.nist.gov/18.9>.
///
/// ```
/// use dltheory::model::legendre_features;
/// use ndarray::array;
/// let features = legendre_features(&array![0.5], 4)?;
/// assert_eq!(features, array![[1.0, 0.5, -0.125, -0.4375]]);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn legendre_features(x: &ArrayRef1<f64>, columns: usize) -> Result<Array2<f64>> {
    check_size("the features of the inputs", x.len(), columns)?;
    if let Some(outside) = x.iter().find(|value| value.is_nan() || value.abs() > 1.0) {
        return Err(Error::domain("an input", "from -1 to 1", outside));
    }
    let mut features = Array2::ones((x.len(), columns));
    for (mut row, &x) in features.rows_mut().into_iter().zip(x) {
        if columns > 1 {
            row[1] = x;
        }
        for j in 1..columns.saturating_sub(1) {
            let degree = j as f64;
            row[j + 1] = ((2.0 * degree + 1.0) * x * row[j] - degree * row[j - 1]) / (degree + 1.0);
        }
    }
    Ok(features)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, array};

    /// Simpson's rule on [−1, 1] is exact enough for degree 6 at 2001 points.
    #[test]
    fn orthogonal_with_norm_one_over_two_j_plus_one() {
        let steps = 2000;
        let x = Array1::linspace(-1.0, 1.0, steps + 1);
        let weights = Array1::from_shape_fn(steps + 1, |i| match i {
            0 => 1.0,
            i if i == steps => 1.0,
            i if i % 2 == 1 => 4.0,
            _ => 2.0,
        }) / (6.0 * steps as f64 / 2.0);
        let p = legendre_features(&x, 7).expect("valid");
        let gram = (&p.t() * &weights).dot(&p);
        for ((i, j), value) in gram.indexed_iter() {
            let want = if i == j {
                1.0 / (2.0 * i as f64 + 1.0)
            } else {
                0.0
            };
            assert!((value - want).abs() < 1e-9, "{i}, {j}: {value}");
        }
    }

    #[test]
    fn ends_bounds_and_bad_input() {
        let p = legendre_features(&array![1.0, -1.0, 0.3], 300).expect("valid");
        assert!(p.row(0).iter().all(|value| (value - 1.0).abs() < 1e-12));
        assert!((p[[1, 7]] + 1.0).abs() < 1e-12 && p.iter().all(|v| v.abs() <= 1.0 + 1e-12));
        assert_eq!(
            legendre_features(&array![0.3], 1).expect("valid"),
            array![[1.0]]
        );
        for bad in [1.1, f64::NAN, f64::INFINITY] {
            assert!(legendre_features(&array![bad], 3).is_err());
        }
        assert!(legendre_features(&array![], 3).is_err());
        assert!(legendre_features(&array![0.1], 0).is_err());
    }
}
