//! The exponent of a power law from measured pairs.

use crate::error::{Error, Result, within_range};

/// A straight line through (ln x, ln y).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PowerLaw {
    /// b of y = c·x^b.
    pub exponent: f64,
    /// Its standard error from the scatter about the line; NaN for two points.
    pub se: f64,
    /// c.
    pub factor: f64,
}

impl PowerLaw {
    /// c·x^b.
    #[must_use]
    pub fn at(&self, x: f64) -> f64 {
        self.factor * x.powf(self.exponent)
    }
}

/// The least-squares line through (ln `x`\[i\], ln `y`\[i\]).
///
/// The standard error is that of independent errors of one size. A power law that only holds in a limit bends, and then
/// the exponent is that of the range of `x`.
///
/// # Errors
/// Lists of different lengths; numbers that are not positive and finite; fewer than two different `x`; an exponent or a
/// factor beyond the range of f64.
///
/// ```
/// use dltheory::measure::power_law;
/// let law = power_law(&[1.0, 2.0, 4.0], &[3.0, 12.0, 48.0])?;
/// assert!((law.exponent - 2.0).abs() < 1e-12 && (law.factor - 3.0).abs() < 1e-12);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn power_law(x: &[f64], y: &[f64]) -> Result<PowerLaw> {
    if x.len() != y.len() {
        let expected = format!("({},)", x.len());
        return Err(Error::shape(
            "the values of a power law",
            expected,
            &[y.len()],
        ));
    }
    for (what, values) in [("a place of a power law", x), ("a value of a power law", y)] {
        if let Some(bad) = values.iter().find(|v| !(v.is_finite() && **v > 0.0)) {
            return Err(Error::domain(what, "a positive finite number", bad));
        }
    }
    let count = x.len() as f64;
    let logs: Vec<(f64, f64)> = x.iter().zip(y).map(|(x, y)| (x.ln(), y.ln())).collect();
    let mean_x = logs.iter().map(|pair| pair.0).sum::<f64>() / count;
    let mean_y = logs.iter().map(|pair| pair.1).sum::<f64>() / count;
    let spread: f64 = logs.iter().map(|pair| (pair.0 - mean_x).powi(2)).sum();
    let differ = x.windows(2).any(|pair| pair[0] != pair[1]);
    if !(differ && spread > 0.0) {
        let expected = "at least two different numbers";
        return Err(Error::domain(
            "the places of a power law",
            expected,
            format!("{x:?}"),
        ));
    }
    let shared: f64 = logs
        .iter()
        .map(|pair| (pair.0 - mean_x) * (pair.1 - mean_y))
        .sum();
    let exponent = within_range("the exponent of a power law", shared / spread)?;
    let residual = |pair: &(f64, f64)| pair.1 - mean_y - exponent * (pair.0 - mean_x);
    let left: f64 = logs.iter().map(|pair| residual(pair).powi(2)).sum();
    Ok(PowerLaw {
        exponent,
        se: (left / (count - 2.0) / spread).sqrt(),
        factor: within_range(
            "the factor of a power law",
            (mean_y - exponent * mean_x).exp(),
        )?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Residuals ±0.1 about slope ½ at ln x = 0, 0, 1, 1: se = √(0.04/2/1).
    #[test]
    fn slope_and_error() {
        let x = [1.0, 1.0, 1_f64.exp(), 1_f64.exp()];
        let y = [0.1_f64, -0.1, 0.6, 0.4].map(f64::exp);
        let law = power_law(&x, &y).expect("positive");
        assert!((law.exponent - 0.5).abs() < 1e-12 && (law.se - 0.02_f64.sqrt()).abs() < 1e-12);
        assert!((law.at(1_f64.exp()) - 0.5_f64.exp()).abs() < 1e-12);
        assert!(
            power_law(&[1.0, 2.0], &[1.0, 2.0])
                .expect("positive")
                .se
                .is_nan()
        );
    }

    #[test]
    fn bad_input_is_an_error() {
        assert!(power_law(&[1.0, 2.0], &[1.0]).is_err());
        assert!(power_law(&[1.0, 1.0], &[1.0, 2.0]).is_err() && power_law(&[], &[]).is_err());
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(power_law(&[1.0, bad], &[1.0, 2.0]).is_err());
            assert!(power_law(&[1.0, 2.0], &[1.0, bad]).is_err());
        }
    }
}
