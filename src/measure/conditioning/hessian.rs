//! The Hessian of a two-layer network function: one small block a unit.

use statrs::function::erf::erf;

use crate::error::{Error, Result, check_count, check_finite, check_scale};
use crate::model::Activation;
use crate::stats::{larger, smaller};

/// ‖∇²f‖, the Hessian of f(x) = (1/√m) Σ_r v_r σ(z_r), z_r = w_r·x, by all weights w and v: from `z` and `v`, each m
/// numbers, and ‖x‖ = `length`.
///
/// # Formula
/// No unit meets another, and a unit's block acts on the direction x of w_r and on v_r alone, as (1/√m)·((A, B), (B, 0)) with
/// A = v σ''(z)‖x‖², B = σ'(z)‖x‖. Its norm is (|A| + √(A² + 4B²))/(2√m); the Hessian's is the largest.
///
/// # Errors
/// Lists of other lengths or empty; numbers that are not finite; a negative length.
///
/// # Reference
/// CMSC 828W, "Hessian Control", which trains w alone: there B = 0. Liu, Zhu & Belkin 2020, arXiv:2010.01092, for deep
/// networks.
///
/// ```
/// use dltheory::measure::conditioning::two_layer_hessian_norm;
/// use dltheory::model::Activation;
/// // f = v w x with x = 1: the Hessian ((0, 1), (1, 0)).
/// assert_eq!(two_layer_hessian_norm(&[0.3], &[0.7], 1.0, Activation::Linear)?, 1.0);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn two_layer_hessian_norm(
    z: &[f64],
    v: &[f64],
    length: f64,
    activation: Activation,
) -> Result<f64> {
    check_count("the number of units", z.len())?;
    if v.len() != z.len() {
        let expected = format!("({},)", z.len());
        return Err(Error::shape("the output weights", expected, &[v.len()]));
    }
    check_finite("the inputs of the units", z)?;
    check_finite("the output weights", v)?;
    check_scale("the length of the input", length)?;
    let norm = |(&z, &v): (&f64, &f64)| {
        let a = v * activation.second_derivative(z) * length * length;
        let b = activation.derivative(z) * length;
        0.5 * (a.abs() + a.hypot(2.0 * b))
    };
    let largest = z.iter().zip(v).map(norm).fold(0.0, larger);
    Ok(largest / (z.len() as f64).sqrt())
}

/// Steps of the quadrature over z, and over the norm.
const STEPS: [usize; 2] = [600, 600];

/// The mean of [`two_layer_hessian_norm`] over w ~ N(0, I), v ~ N(0, 1) for m = `width` units of tanh.
///
/// # Formula
/// (1/√m) ∫ (1 − F(t)^m) dt with F(t) = P((|A| + √(A² + 4B²))/2 ≤ t) = E_z 1\[t ≥ B\] P(|v| ≤ (t − B²/t)/(|σ''(z)|‖x‖²)),
/// z ~ N(0, ‖x‖²): trapezoids, to about 10⁻⁴ of it. Of m independent |v| the largest grows like √(2 ln m), hence the
/// O(√(log m)/√m).
///
/// # Errors
/// No unit; a length that is not positive and finite.
pub fn expected_two_layer_hessian_norm(width: usize, length: f64) -> Result<f64> {
    Ok(hessian_norm_moments(width, length)?[0])
}

/// The standard deviation that belongs to [`expected_two_layer_hessian_norm`]: its square is (1/m) ∫ 2t (1 − F(t)^m) dt less the square of
/// the mean. The law of a largest value is skewed, so a few draws tell less of it than this.
///
/// # Errors
/// As for [`expected_two_layer_hessian_norm`].
pub fn two_layer_hessian_norm_deviation(width: usize, length: f64) -> Result<f64> {
    let [mean, square] = hessian_norm_moments(width, length)?;
    Ok((square - mean * mean).sqrt())
}

/// The means of the norm and of its square.
fn hessian_norm_moments(width: usize, length: f64) -> Result<[f64; 2]> {
    check_count("the number of units", width)?;
    crate::error::check_positive("the length of the input", length)?;
    let [nodes, levels] = STEPS;
    // z in units of its deviation, over 8 deviations either way.
    let node = |i: usize| {
        let u = -8.0 + 16.0 * i as f64 / nodes as f64;
        let density = (-0.5 * u * u).exp() / std::f64::consts::TAU.sqrt() * 16.0 / nodes as f64;
        let z = u * length;
        let c = Activation::Tanh.second_derivative(z).abs() * length * length;
        (density, c, Activation::Tanh.derivative(z) * length)
    };
    let at: Vec<(f64, f64, f64)> = (0..=nodes).map(node).collect();
    // |σ''| ≤ 4/(3√3) for tanh; |v| above 9 has a chance of 10⁻¹⁹.
    let top = 9.0 * 0.77 * length * length + length;
    let step = top / levels as f64;
    let share = |t: f64| {
        let parts = at
            .iter()
            .filter(|(_, _, b)| t >= *b)
            .map(|&(density, c, b)| {
                let limit = (t - b * b / t) / c;
                // A unit without curvature is below t surely.
                density
                    * if limit.is_finite() {
                        erf(limit / 2_f64.sqrt())
                    } else {
                        1.0
                    }
            });
        smaller(parts.sum::<f64>(), 1.0)
    };
    let (mut first, mut second) = (0.5, 0.0);
    for k in 1..levels {
        let t = k as f64 * step;
        let above = 1.0 - share(t).powf(width as f64);
        first += above;
        second += 2.0 * t * above;
    }
    let m = width as f64;
    Ok([step * first / m.sqrt(), step * second / m])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::stats::estimate;

    /// Draws of (z, v) against the quadrature.
    #[test]
    fn the_mean_is_that_of_draws() {
        for (width, length) in [(1, 1.0), (20, 0.5), (300, 2.0)] {
            let exact = expected_two_layer_hessian_norm(width, length).expect("valid");
            let drawn = estimate(2000, 1, "hessian norms", |rng| {
                let z = gaussian(width, 1, rng)? * length;
                let v = gaussian(width, 1, rng)?;
                let flat = |a: ndarray::Array2<f64>| a.into_raw_vec_and_offset().0;
                two_layer_hessian_norm(&flat(z), &flat(v), length, Activation::Tanh)
            });
            let drawn = drawn.expect("valid");
            assert!(drawn.distance(exact) < 4.5, "{width}: {exact} {drawn:?}");
            // The deviation of an empirical one is at most some 1/√2000 · 1.5 here: the norm's kurtosis is below 9.
            let deviation = two_layer_hessian_norm_deviation(width, length).expect("valid");
            let ratio = drawn.se * 2000_f64.sqrt() / deviation;
            assert!((ratio - 1.0).abs() < 0.15, "{width}: {ratio}");
        }
    }

    #[test]
    fn bad_input_is_an_error() {
        let norm =
            |z: &[f64], v: &[f64], length| two_layer_hessian_norm(z, v, length, Activation::Tanh);
        assert!(norm(&[], &[], 1.0).is_err() && norm(&[1.0], &[1.0, 2.0], 1.0).is_err());
        assert!(norm(&[f64::NAN], &[1.0], 1.0).is_err() && norm(&[1.0], &[1.0], -1.0).is_err());
        assert!(expected_two_layer_hessian_norm(0, 1.0).is_err());
        assert!(expected_two_layer_hessian_norm(5, 0.0).is_err());
    }
}
