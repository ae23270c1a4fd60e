//! Exponents: in one dimension, in two, and beyond, each with what finite n adds.

use super::settings::Point;
use crate::error::Result;
use crate::stats::{Estimate, PowerLaw, exact_power_law};
use crate::transport::line_law::expected_between_samples;
use crate::transport::torus_law::finite_size_term;

/// The exponent of W₁ on the interval, and how far the exact law's over the same sizes is from −½.
pub(super) fn line_slope(points: &[&Point]) -> Result<(PowerLaw, f64)> {
    let law = PowerLaw::of(points, |p| p.n as f64, |p| p.w1)?;
    let sizes: Vec<f64> = points.iter().map(|p| p.n as f64).collect();
    let exact = points.iter().map(|p| expected_between_samples(p.n));
    let exact = exact_power_law(&sizes, &exact.collect::<Result<Vec<f64>>>()?)?;
    Ok((law, (exact.exponent + 0.5).abs()))
}

/// The slope of y by ln n, with its standard error.
pub(super) fn log_slope(points: &[&Point], y: impl Fn(&Point) -> Estimate) -> Estimate {
    let logs: Vec<f64> = points.iter().map(|p| (p.n as f64).ln()).collect();
    let middle = logs.iter().sum::<f64>() / logs.len() as f64;
    let spread: f64 = logs.iter().map(|log| (log - middle).powi(2)).sum();
    let (mut mean, mut variance) = (0.0, 0.0);
    for (point, log) in points.iter().zip(&logs) {
        let (weight, y) = ((log - middle) / spread, y(point));
        mean += weight * y.mean;
        variance += (weight * y.se).powi(2);
    }
    Estimate {
        mean,
        se: variance.sqrt(),
        draws: points[0].w1.draws,
    }
}

/// n · W₂².
pub(super) fn scaled_square(point: &Point) -> Estimate {
    let n = point.n as f64;
    Estimate {
        mean: n * point.w2_square.mean,
        se: n * point.w2_square.se,
        ..point.w2_square
    }
}

/// n · (E W₁)².
pub(super) fn scaled_first_square(point: &Point) -> Estimate {
    let n = point.n as f64;
    Estimate {
        mean: n * point.w1.mean.powi(2),
        se: 2.0 * n * point.w1.mean * point.w1.se,
        ..point.w1
    }
}

/// One dimension p ≥ 3.
pub(super) struct Rate {
    pub(super) dimension: usize,
    /// The exponent of W₁ as it is measured.
    pub(super) raw: PowerLaw,
    /// The exponent of W₁ over (1 + what finite n adds to W₂², in parts of it)^½.
    pub(super) corrected: PowerLaw,
    /// The exponent of W₂² less what finite n adds to it.
    pub(super) square: PowerLaw,
    /// A bound of what is left out of that exponent: the square of what finite n adds, over the range of ln n.
    pub(super) left_out: f64,
    /// e in W₂² = e n^(−2/p) + what finite n adds.
    pub(super) constant: f64,
}

/// The exponents in d ≥ 3 dimensions.
pub(super) fn rate(points: &[&Point]) -> Result<Rate> {
    let dimension = points[0].dimension;
    let d = dimension as f64;
    let term = finite_size_term(dimension)?;
    let n = |point: &Point| point.n as f64;
    let less = |point: &Point| Estimate {
        mean: point.w2_square.mean - term / n(point),
        ..point.w2_square
    };
    let constants = points.iter().map(|p| less(p).mean * n(p).powf(2.0 / d));
    let constant = crate::stats::mean(constants);
    let added = |point: &Point| term / constant * n(point).powf(2.0 / d - 1.0);
    let corrected = |point: &Point| {
        let factor = (1.0 + added(point)).sqrt();
        Estimate {
            mean: point.w1.mean / factor,
            se: point.w1.se / factor,
            ..point.w1
        }
    };
    let (first, last) = (points[0], points[points.len() - 1]);
    Ok(Rate {
        dimension,
        raw: PowerLaw::of(points, |p| n(p), |p| p.w1)?,
        corrected: PowerLaw::of(points, |p| n(p), |p| corrected(p))?,
        square: PowerLaw::of(points, |p| n(p), |p| less(p))?,
        left_out: added(first).powi(2) / (n(last) / n(first)).ln(),
        constant,
    })
}
