//! How many random signs the least-squares hyperplane gets right: an exact mean.

use statrs::function::beta::beta_reg;
use statrs::function::gamma::ln_gamma;

use crate::error::{Error, Result, check_count};
use crate::stats::{larger, smaller};

/// The most points: beyond, ln Γ leaves too few digits.
const MAX_POINTS: usize = 1 << 26;

/// Steps of the trapezoidal rule.
const STEPS: usize = 2000;

/// E (1/n) Σ_i σ_i sign(f_i) for the least-squares fit f of random signs σ on n Gaussian points in R^d:
/// the learned complexity of [`SignInterpolator`](crate::measure::SignInterpolator) in the mean over inputs.
///
/// # Formula
/// f = Pσ with P the projection on a uniformly random d-dimensional subspace of Rⁿ. With
/// p = P_ii ~ Beta(d/2, (n−d)/2) and c² ~ Beta(½, (n−2)/2) independent, f_i and σ_i have the same sign but for
/// half of the cases c² > p/((1−p)(n−1)), so the mean is P(c² ≤ p/((1−p)(n−1))). 1 for n ≤ d; for large n and d,
/// 2Φ(√(d/(n−d))) − 1: at n = 2d it is 0.683.
///
/// # Errors
/// n or d is 0; n above 2²⁶.
///
/// ```
/// use dltheory::measure::least_squares_sign_agreement;
/// assert_eq!(least_squares_sign_agreement(10, 10)?, 1.0);
/// assert!((least_squares_sign_agreement(2000, 1000)? - 0.6827).abs() < 1e-3);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn least_squares_sign_agreement(n: usize, d: usize) -> Result<f64> {
    check_count("the number of points n", n)?;
    check_count("the dimension d", d)?;
    if n <= d {
        return Ok(1.0);
    }
    if n > MAX_POINTS {
        let allowed = format!("at most {MAX_POINTS}");
        return Err(Error::domain("the number of points n", allowed, n));
    }
    let (n, d) = (n as f64, d as f64);
    // p = sin²θ has the density 2 sin^{d−1}θ cos^{n−d−1}θ / B(d/2, (n−d)/2) in θ.
    let ln_beta = ln_gamma(d / 2.0) + ln_gamma((n - d) / 2.0) - ln_gamma(n / 2.0);
    // θ has about this mean and, whatever d, this standard deviation: for many points nearly all of it is in a small part
    // of [0, π/2].
    let (centre, spread) = ((d / n).sqrt().asin(), 0.5 / (n / 2.0 + 1.0).sqrt());
    let first = larger(centre - 12.0 * spread, 0.0);
    let last = smaller(centre + 12.0 * spread, std::f64::consts::FRAC_PI_2);
    let step = (last - first) / STEPS as f64;
    let value = |i: usize| {
        let (sin, cos) = (first + step * i as f64).sin_cos();
        let reach = (sin / cos).powi(2) / (n - 1.0);
        let within = match reach {
            all if all >= 1.0 || n == 2.0 => f64::from(u8::from(all >= 1.0)),
            reach => beta_reg(0.5, (n - 2.0) / 2.0, reach),
        };
        let ln_density = (d - 1.0) * sin.ln() + (n - d - 1.0) * cos.ln() - ln_beta;
        2.0 * ln_density.exp() * within
    };
    // At θ = 0 nothing is within reach; at π/2 everything, and cos is 0 but for rounding.
    let end = if n - d == 1.0 { (-ln_beta).exp() } else { 0.0 };
    Ok(step * ((1..STEPS).map(value).sum::<f64>() + end))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One dimension: Σ|x_i|σ_i decides, and the mean is 2/(π√n) for large n. Half as many dimensions as points: Φ.
    #[test]
    fn many_points_meet_their_limits() {
        for n in [10_000, 1_000_000, 1 << 26] {
            let one = least_squares_sign_agreement(n, 1).expect("valid");
            let limit = std::f64::consts::FRAC_2_PI / (n as f64).sqrt();
            assert!((one / limit - 1.0).abs() < 1e-3, "{n}: {one} {limit}");
            let half = least_squares_sign_agreement(n, n / 2).expect("valid");
            assert!((half - 0.682_689_5).abs() < 1e-4, "{n}: {half}");
        }
        assert!(least_squares_sign_agreement((1 << 26) + 1, 3).is_err());
    }
    use crate::data::synthetic::gaussian;
    use crate::measure::{SignInterpolator, learned_complexity};
    use crate::rng::stream;
    use crate::stats::Estimate;

    #[test]
    fn sampled_fits_agree() {
        for (n, d) in [(3, 2), (6, 3), (20, 5), (21, 20), (40, 1)] {
            let all: Vec<f64> = (0..1500)
                .map(|index| {
                    let x = gaussian(n, d, &mut stream(1, "agreement", index)).expect("valid");
                    learned_complexity(&SignInterpolator, &x, 1, index)
                        .expect("valid")
                        .mean
                })
                .collect();
            let measured = Estimate::from_values(&all).expect("values");
            let predicted = least_squares_sign_agreement(n, d).expect("valid");
            assert!(
                measured.distance(predicted) < 4.0,
                "n = {n}, d = {d}: {measured} {predicted}"
            );
        }
    }

    #[test]
    fn two_points_on_a_line_and_bad_input() {
        // n = 2, d = 1: the better aligned point is right, the other too if σ is in its quadrant: ½.
        let half = least_squares_sign_agreement(2, 1).expect("valid");
        assert!((half - 0.5).abs() < 1e-3, "{half}");
        assert!(least_squares_sign_agreement(0, 1).is_err());
        assert!(least_squares_sign_agreement(1, 0).is_err());
    }
}
