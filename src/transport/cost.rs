//! What it costs to carry each point of one cloud to each point of another.

use ndarray::{Array2, ArrayRef2};

use crate::error::{Error, Result, check_finite, check_size};

/// ‖x_i − y_j‖, `(n, m)`, for the rows of `x`, `(n, d)`, and of `y`, `(m, d)`.
///
/// By differences, not by products: points that coincide are at distance 0 exactly.
///
/// # Errors
/// An empty cloud, clouds of different dimension, numbers that are not finite, distances beyond the range of f64.
///
/// ```
/// use dltheory::transport::distances;
/// use ndarray::array;
/// let c = distances(&array![[0.0, 0.0], [3.0, 4.0]], &array![[0.0, 0.0]])?;
/// assert_eq!(c, array![[0.0], [5.0]]);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn distances(x: &ArrayRef2<f64>, y: &ArrayRef2<f64>) -> Result<Array2<f64>> {
    powers(x, y, 1.0)
}

/// ‖x_i − y_j‖^p, `(n, m)`, p ≥ 1.
///
/// # Errors
/// As for [`distances`]; p below 1 or not finite.
pub fn powers(x: &ArrayRef2<f64>, y: &ArrayRef2<f64>, p: f64) -> Result<Array2<f64>> {
    between(x, y, p, |gap| gap)
}

/// The same on the torus R^d/Z^d: along each axis the shorter way round, so that no point is near a boundary.
///
/// # Errors
/// As for [`powers`].
pub fn torus_powers(x: &ArrayRef2<f64>, y: &ArrayRef2<f64>, p: f64) -> Result<Array2<f64>> {
    between(x, y, p, |gap| gap - gap.round())
}

fn between(
    x: &ArrayRef2<f64>,
    y: &ArrayRef2<f64>,
    p: f64,
    way: impl Fn(f64) -> f64,
) -> Result<Array2<f64>> {
    check_power(p)?;
    for (what, cloud) in [("the first cloud", x), ("the second cloud", y)] {
        check_size(what, cloud.nrows(), cloud.ncols())?;
        check_finite(what, cloud)?;
    }
    if x.ncols() != y.ncols() {
        let expected = format!("({}, {})", y.nrows(), x.ncols());
        return Err(Error::shape("the second cloud", expected, y.shape()));
    }
    check_size("the costs", x.nrows(), y.nrows())?;
    // In row-major order, so that a row is one piece of memory.
    let (x, y) = (x.as_standard_layout(), y.as_standard_layout());
    let mut cost = Array2::zeros((x.nrows(), y.nrows()));
    for (a, mut row) in x.rows().into_iter().zip(cost.rows_mut()) {
        for (b, cost) in y.rows().into_iter().zip(&mut row) {
            let square: f64 = a.iter().zip(b).map(|(a, b)| way(a - b).powi(2)).sum();
            *cost = match p {
                2.0 => square,
                1.0 => square.sqrt(),
                _ => square.powf(0.5 * p),
            };
        }
    }
    check_finite("the costs", &cost)?;
    Ok(cost)
}

/// Checks the order p of a Wasserstein distance.
pub(super) fn check_power(p: f64) -> Result<()> {
    match p.is_finite() && p >= 1.0 {
        true => Ok(()),
        false => Err(Error::domain("the order p", "a finite number ≥ 1", p)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn powers_are_powers_of_distances() {
        let (x, y) = (array![[0.0, 1.0], [2.0, -1.0]], array![[1.0, 1.0]]);
        let once = distances(&x, &y).unwrap();
        for p in [1.0, 2.0, 3.5] {
            let got = powers(&x, &y, p).unwrap();
            assert!(
                (got - once.mapv(|c| c.powf(p)))
                    .iter()
                    .all(|e| e.abs() < 1e-12)
            );
        }
    }

    #[test]
    fn on_the_torus_the_way_round_counts() {
        let c = torus_powers(&array![[0.1, 0.9]], &array![[0.9, 0.2]], 2.0).unwrap();
        assert!((c[[0, 0]] - (0.04 + 0.09)).abs() < 1e-12);
    }

    #[test]
    fn bad_clouds_are_named() {
        let x = array![[0.0, 1.0]];
        assert!(distances(&x, &array![[1.0]]).is_err());
        assert!(distances(&x, &array![[1.0, f64::NAN]]).is_err());
        assert!(distances(&x, &array![[1e200, 0.0]]).is_err());
        assert!(powers(&x, &x, 0.5).is_err() && powers(&x, &x, f64::NAN).is_err());
    }
}
