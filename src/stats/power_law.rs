//! The exponent of a power law, with the error that its points' errors leave.

use super::Estimate;
use crate::error::{Error, Result, check_finite, within_range};

/// A straight line through ln y by ln x.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PowerLaw {
    /// The exponent: the slope of ln y by ln x.
    pub exponent: f64,
    /// Its standard error, from those of the points.
    pub se: f64,
    /// How many draws of one mean would give its standard error as surely.
    pub draws: usize,
    /// c in y = c·x^exponent.
    pub factor: f64,
}

impl PowerLaw {
    /// [`power_law`] through `(x(row), y(row))`, for each of `rows`.
    ///
    /// # Errors
    /// As there.
    pub fn of<T: Copy>(
        rows: impl IntoIterator<Item = T>,
        x: impl Fn(T) -> f64,
        y: impl Fn(T) -> Estimate,
    ) -> Result<Self> {
        let pairs = rows.into_iter().map(|row| (x(row), y(row)));
        let (x, y): (Vec<f64>, Vec<Estimate>) = pairs.unzip();
        power_law(&x, &y)
    }

    /// The exponent with its standard error.
    #[must_use]
    pub fn slope(&self) -> Estimate {
        Estimate {
            mean: self.exponent,
            se: self.se,
            draws: self.draws,
        }
    }

    /// c·x^exponent.
    #[must_use]
    pub fn at(&self, x: f64) -> f64 {
        self.factor * x.powf(self.exponent)
    }
}

/// Fits y = c·x^e to the points `x` > 0 with measured `y` > 0, by least squares in logarithms.
///
/// # Formula
/// e = Σ w_i ln y_i with w_i = (ln x_i − m)/Σ(ln x_j − m)², m the mean of ln x; its standard error is
/// √Σ(w_i se_i/y_i)² =: √Σ v_i, as the points are independent. That is as sure as one with ν = (Σ v_i)²/Σ(v_i²/(n_i − 1))
/// degrees of freedom, n_i the draws behind point i; `draws` is ν + 1, rounded down.
///
/// # Reference
/// Welch 1947, "The generalization of 'Student's' problem when several different population variances are involved",
/// doi:10.1093/biomet/34.1-2.28.
///
/// # Errors
/// Lists of different lengths or with fewer than two different x; numbers that are not positive and
/// finite; a standard error that is negative or NaN.
///
/// ```
/// use dltheory::stats::{Estimate, power_law};
/// let at = |mean| Estimate { mean, se: 0.01 * mean, draws: 9 };
/// let law = power_law(&[1.0, 4.0, 16.0], &[at(3.0), at(1.5), at(0.75)])?;
/// assert!((law.exponent + 0.5).abs() < 1e-12 && (law.factor - 3.0).abs() < 1e-12);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn power_law(x: &[f64], y: &[Estimate]) -> Result<PowerLaw> {
    if x.len() != y.len() || x.len() < 2 {
        let expected = format!("({},) with at least two points", x.len().max(2));
        return Err(Error::shape("the points", expected, &[y.len()]));
    }
    let means: Vec<f64> = y.iter().map(|y| y.mean).collect();
    for (what, values) in [("the places", x), ("the values", &means)] {
        check_finite(what, values)?;
        if let Some(bad) = values.iter().find(|v| **v <= 0.0) {
            return Err(Error::domain(what, "positive numbers", bad));
        }
    }
    if let Some(bad) = y.iter().find(|y| y.se.is_nan() || y.se < 0.0) {
        return Err(Error::domain("a standard error", "at least 0", bad.se));
    }
    let logs: Vec<f64> = x.iter().map(|x| x.ln()).collect();
    let count = logs.len() as f64;
    let middle = logs.iter().sum::<f64>() / count;
    let spread: f64 = logs.iter().map(|x| (x - middle).powi(2)).sum();
    if spread <= 1e-12 {
        return Err(Error::domain("the places", "two or more different", x[0]));
    }
    let (mut exponent, mut variance, mut height, mut unsure) = (0.0, 0.0, 0.0, 0.0);
    for (log, y) in logs.iter().zip(y) {
        let weight = (log - middle) / spread;
        exponent += weight * y.mean.ln();
        let part = (weight * y.se / y.mean).powi(2);
        variance += part;
        unsure += match part > 0.0 {
            true => part * part / (y.draws as f64 - 1.0),
            false => 0.0,
        };
        height += y.mean.ln() / count;
    }
    Ok(PowerLaw {
        exponent,
        se: within_range("the error of the exponent", variance.sqrt())?,
        // Without any spread there is nothing to weigh.
        draws: match unsure > 0.0 {
            // ν is at least the least n_i − 1, but for rounding.
            true => (variance * variance / unsure + 1e-9) as usize + 1,
            false => y.iter().map(|y| y.draws).min().unwrap_or(0),
        },
        factor: within_range("the factor", (height - exponent * middle).exp())?,
    })
}

/// As [`power_law`] through values that have no error of their own: the `se` of the exponent is 0.
///
/// # Errors
/// As for [`power_law`].
pub fn exact_power_law(x: &[f64], y: &[f64]) -> Result<PowerLaw> {
    let exact = |mean: &f64| Estimate {
        mean: *mean,
        se: 0.0,
        draws: 1,
    };
    power_law(x, &y.iter().map(exact).collect::<Vec<_>>())
}

/// √(mean square) over draws, from the `squares` of independent draws, with its standard error
/// by the delta method, se(mean square)/(2·root).
///
/// # Errors
/// No squares; squares that are negative, not finite, or all 0.
pub fn root_mean_square(squares: &[f64]) -> Result<Estimate> {
    let square = Estimate::from_values(squares)?;
    if squares.iter().any(|v| *v < 0.0) || square.mean <= 0.0 {
        let expected = "a positive number";
        return Err(Error::domain("the mean square", expected, square.mean));
    }
    Ok(square.root())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::rng::stream;

    #[test]
    fn draws_are_those_of_one_mean_that_is_as_sure() {
        let at = |se: f64, draws| Estimate {
            mean: 1.0,
            se,
            draws,
        };
        let draws = |points: &[Estimate]| power_law(&[1.0, 2.0, 4.0], points).expect("valid").draws;
        // Two equal variances with 4 degrees of freedom each have 8, whatever the middle point does: its weight is 0.
        assert_eq!(draws(&[at(0.1, 5), at(0.3, 2), at(0.1, 5)]), 9);
        // One variance alone keeps its own.
        assert_eq!(draws(&[at(0.1, 5), at(0.0, 5), at(0.0, 9)]), 5);
        assert_eq!(draws(&[at(0.0, 5), at(0.0, 3), at(0.0, 9)]), 3);
    }

    /// The stated error of the exponent is its spread over 400 repeats, within 20 %.
    #[test]
    fn the_error_is_the_spread() {
        let x = [1.0, 2.0, 8.0, 20.0];
        let mut sum = 0.0;
        for repeat in 0..400 {
            let noise = gaussian(4, 1, &mut stream(1, "power law", repeat)).expect("valid");
            let y = x
                .iter()
                .zip(&noise)
                .map(|(x, noise): (&f64, &f64)| Estimate {
                    mean: 2.0 * x.powf(-0.75) * (0.05 * noise).exp(),
                    se: 0.05 * 2.0 * x.powf(-0.75),
                    draws: 2,
                });
            let law = power_law(&x, &y.collect::<Vec<_>>()).expect("valid");
            sum += ((law.exponent + 0.75) / law.se).powi(2) / 400.0;
        }
        assert!((sum.sqrt() - 1.0).abs() < 0.2, "{sum}");
    }

    #[test]
    fn values_without_errors_give_the_same_line() {
        let law = exact_power_law(&[1.0, 2.0, 4.0], &[3.0, 12.0, 48.0]).expect("valid");
        assert!((law.exponent - 2.0).abs() < 1e-12 && law.se == 0.0);
        assert!((law.at(8.0) - 192.0).abs() < 1e-9);
        assert!(exact_power_law(&[1.0, 2.0], &[1.0, f64::INFINITY]).is_err());
    }

    #[test]
    fn bad_input_is_an_error() {
        let at = |mean, se| Estimate { mean, se, draws: 3 };
        assert!(power_law(&[1.0], &[at(1.0, 0.1)]).is_err());
        assert!(power_law(&[1.0, 1.0], &[at(1.0, 0.1), at(2.0, 0.1)]).is_err());
        assert!(power_law(&[1.0, 0.0], &[at(1.0, 0.1), at(2.0, 0.1)]).is_err());
        assert!(power_law(&[1.0, 2.0], &[at(1.0, 0.1), at(-2.0, 0.1)]).is_err());
        assert!(power_law(&[1.0, 2.0], &[at(1.0, f64::NAN), at(2.0, 0.1)]).is_err());
        assert!(root_mean_square(&[0.0, 0.0]).is_err() && root_mean_square(&[]).is_err());
        let root = root_mean_square(&[3.0, 5.0]).expect("valid");
        assert!((root.mean - 2.0).abs() < 1e-15 && (root.se - 0.25).abs() < 1e-15);
    }
}
