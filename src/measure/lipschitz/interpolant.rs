//! The Lipschitz constant of a piecewise linear interpolant.

use crate::error::{Error, Result, within_range};
use crate::stats::largest;

/// The Lipschitz constant of the piecewise linear function through the points (x_k, y_k): its steepest chord, max |y_{k+1} − y_k|/(x_{k+1} − x_k).
///
/// By the mean value theorem a chord of a differentiable f has the slope f′(ξ) at some ξ between its ends. So the interpolant's constant
/// is *at most* sup|f′|, with equality for a linear f. What is missing falls with the largest gap h like h²: a chord with midpoint c has
/// slope f′(c) + h²f‴(c)/24 + O(h⁴), and at an inner maximum of |f′|, where f″ = 0, the nearest midpoint is within h/2, so
/// that |f‴|h²/24 to |f‴|h²/6 is missing. At an end of the interval with f″ ≠ 0 it is |f″|h/2.
///
/// Takes `knots` x, increasing, `(K,)`, and `values` y, `(K,)`, with K ≥ 2.
///
/// # Errors
/// Fewer than two knots, knots that do not increase, lengths that differ, numbers that are not finite; a slope beyond the range of f64.
///
/// ```
/// use dltheory::measure::lipschitz::interpolant_lipschitz;
/// assert_eq!(interpolant_lipschitz(&[0.0, 1.0, 3.0], &[0.0, 1.0, -5.0])?, 3.0);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn interpolant_lipschitz(knots: &[f64], values: &[f64]) -> Result<f64> {
    if knots.len() < 2 {
        return Err(Error::domain(
            "the number of knots",
            "at least 2",
            knots.len(),
        ));
    }
    if values.len() != knots.len() {
        let expected = format!("({},)", knots.len());
        return Err(Error::shape("the values", expected, &[values.len()]));
    }
    if !values.iter().chain(knots).all(|v| v.is_finite()) {
        return Err(Error::domain(
            "the knots and values",
            "finite numbers",
            "others",
        ));
    }
    if knots.windows(2).any(|pair| pair[0] >= pair[1]) {
        return Err(Error::domain("the knots", "increasing numbers", "others"));
    }
    let chords = knots.windows(2).zip(values.windows(2));
    let slopes = chords.map(|(x, y)| ((y[1] - y[0]) / (x[1] - x[0])).abs());
    within_range("the steepest chord", largest(slopes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chords_of_a_sine_and_bad_input() {
        // Four gaps of a period: chords of slope ±1/(π/2).
        let knots: Vec<f64> = (0..5)
            .map(|k| f64::from(k) * std::f64::consts::FRAC_PI_2)
            .collect();
        let values: Vec<f64> = knots.iter().map(|x| x.sin()).collect();
        let steepest = interpolant_lipschitz(&knots, &values).expect("valid");
        assert!((steepest - std::f64::consts::FRAC_2_PI).abs() < 1e-15);
        for (knots, values) in [
            (&[0.0][..], &[0.0][..]),
            (&[0.0, 1.0], &[0.0]),
            (&[0.0, 0.0], &[0.0, 1.0]),
            (&[0.0, f64::NAN], &[0.0, 1.0]),
            (&[0.0, 1e-300], &[0.0, 1e300]),
        ] {
            assert!(interpolant_lipschitz(knots, values).is_err(), "{knots:?}");
        }
    }
}
