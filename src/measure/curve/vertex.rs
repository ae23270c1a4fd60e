//! Where a noisy curve has its minimum or maximum: the vertex of the parabola that fits it best.

use ndarray::{Array2, ArrayView1};

use crate::error::{Error, Result, check_finite};
use crate::fit::min_norm;

/// The vertex of a least-squares parabola.
#[derive(Clone, Debug, PartialEq)]
pub struct Vertex {
    /// Its abscissa.
    pub at: f64,
    /// The derivative of `at` by each ordinate: how errors of the ordinates propagate.
    pub gradient: Vec<f64>,
}

impl Vertex {
    /// The standard error of `at` where the ordinates have independent standard errors `se`: √Σ(g_j se_j)². NaN if
    /// there are more or fewer of them than ordinates.
    #[must_use]
    pub fn standard_error(&self, se: &[f64]) -> f64 {
        if se.len() != self.gradient.len() {
            return f64::NAN;
        }
        let parts = self.gradient.iter().zip(se).map(|(g, e)| (g * e).powi(2));
        parts.sum::<f64>().sqrt()
    }

    /// First-order shift of `at` when the ordinates change by `change`: Σ g_j change_j. NaN if there are more or fewer
    /// of them than ordinates.
    #[must_use]
    pub fn shift(&self, change: &[f64]) -> f64 {
        if change.len() != self.gradient.len() {
            return f64::NAN;
        }
        self.gradient.iter().zip(change).map(|(g, c)| g * c).sum()
    }
}

/// Fits y ≈ a + b(x − x̄) + c(x − x̄)² and returns the vertex x̄ − b/(2c).
///
/// # Formula
/// b and c are linear in y, b = B·y and c = C·y; so ∂at/∂y_j = −B_j/(2c) + bC_j/(2c²). Where the curve is no parabola
/// the vertex is biased: fit the same abscissae of the expected curve to learn by how much.
///
/// # Errors
/// Fewer than 3 different abscissae, lists of different lengths, numbers that are not finite or whose squares are not, or
/// points on a straight line.
///
/// ```
/// use dltheory::measure::vertex;
/// let x = [0.0, 1.0, 2.0, 4.0];
/// let y = x.map(|x: f64| 3.0 + (x - 1.5).powi(2));
/// assert!((vertex(&x, &y)?.at - 1.5).abs() < 1e-12);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn vertex(x: &[f64], y: &[f64]) -> Result<Vertex> {
    if x.len() != y.len() || x.len() < 3 {
        let got = [x.len(), y.len()];
        return Err(Error::shape(
            "the points",
            "the same number, at least 3",
            &got,
        ));
    }
    check_finite("the abscissae", x)?;
    check_finite("the ordinates", y)?;
    let centre = x.iter().sum::<f64>() / x.len() as f64;
    let powers = Array2::from_shape_fn((x.len(), 3), |(i, k)| (x[i] - centre).powi(k as i32));
    check_finite("the squared distances of the abscissae", &powers)?;
    // The pseudo-inverse of the powers, (3, points): the fit to each unit vector.
    let inverse = min_norm(&powers, &Array2::eye(x.len()), None)?;
    if inverse.rank < 3 {
        return Err(Error::domain(
            "the abscissae",
            "3 different ones",
            inverse.rank,
        ));
    }
    let weights = inverse.weights;
    let (slopes, bends) = (weights.row(1), weights.row(2));
    let on = |row: &ArrayView1<'_, f64>| row.iter().zip(y).map(|(w, y)| w * y).sum::<f64>();
    let (b, c) = (on(&slopes), on(&bends));
    // On a straight line the bend is what rounding leaves of a sum that cancels.
    let summands: f64 = bends.iter().zip(y).map(|(w, y)| (w * y).abs()).sum();
    if c.abs() <= 1e3 * f64::EPSILON * summands {
        return Err(Error::domain("the bend of the points", "not 0", c));
    }
    let at = centre - b / (2.0 * c);
    if !at.is_finite() {
        return Err(Error::domain("the curve", "bent", "a straight line"));
    }
    let pairs = slopes.iter().zip(&bends);
    let gradient: Vec<f64> = pairs
        .map(|(slope, bend)| -slope / (2.0 * c) + b * bend / (2.0 * c * c))
        .collect();
    check_finite("the derivatives of the vertex", &gradient)?;
    Ok(Vertex { at, gradient })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gradient_is_that_of_finite_differences() {
        let x = [0.1, 0.7, 1.1, 2.0, 2.2];
        let y = [2.0, 1.1, 0.9, 1.4, 1.9];
        let fit = vertex(&x, &y).expect("a bent curve");
        for j in 0..5 {
            let at = |step: f64| {
                let mut moved = y;
                moved[j] += step;
                vertex(&x, &moved).expect("a bent curve").at
            };
            let difference = (at(1e-6) - at(-1e-6)) / 2e-6;
            assert!((fit.gradient[j] - difference).abs() < 1e-7);
        }
        let se = [0.1, 0.0, 0.0, 0.0, 0.2];
        let both = (0.1 * fit.gradient[0]).hypot(0.2 * fit.gradient[4]);
        assert!((fit.standard_error(&se) - both).abs() < 1e-15);
        let shift = fit.shift(&[1.0, 0.0, 0.0, 0.0, -1.0]);
        assert!((shift - fit.gradient[0] + fit.gradient[4]).abs() < 1e-15);
    }

    #[test]
    fn bad_input_is_an_error() {
        assert!(vertex(&[0.0, 1.0], &[0.0, 1.0]).is_err());
        assert!(vertex(&[0.0, 1.0, 1.0], &[0.0, 1.0, 2.0]).is_err());
        assert!(vertex(&[0.0, 1.0, 2.0], &[0.0, 1.0]).is_err());
        assert!(vertex(&[0.0, 1.0, 2.0], &[0.0, f64::NAN, 2.0]).is_err());
        assert!(vertex(&[0.0, 1.0, 2.0], &[1.0, 1.0, 1.0]).is_err());
    }
}
