//! Means over independent draws, with the standard error that says how far to trust them.

use rayon::prelude::*;

use crate::engine;
use crate::error::{Error, Result, check_finite, within_range};
use crate::rng::{Rng, stream};

/// A mean over independent draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// Its standard error: the sample standard deviation over √draws; NaN for one draw.
    pub se: f64,
    /// The number of draws.
    pub draws: usize,
}

impl Estimate {
    /// [`from_values`](Self::from_values) of `of(row)`, for each of `rows`.
    ///
    /// # Errors
    /// As there.
    pub fn of<T>(rows: impl IntoIterator<Item = T>, of: impl Fn(T) -> f64) -> Result<Self> {
        Self::from_values(&rows.into_iter().map(of).collect::<Vec<f64>>())
    }

    /// The mean of `values` and its standard error.
    ///
    /// # Errors
    /// No values; values that are not finite, or whose sum or squared spread is beyond the range of f64.
    pub fn from_values(values: &[f64]) -> Result<Self> {
        let draws = values.len();
        check_draws(draws)?;
        check_finite("the values of the draws", values)?;
        let count = draws as f64;
        let mean = within_range("the mean over draws", values.iter().sum::<f64>() / count)?;
        let spread: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
        within_range("the squared spread of the draws", spread)?;
        let se = if draws == 1 {
            f64::NAN
        } else {
            (spread / (count - 1.0) / count).sqrt()
        };
        Ok(Self { mean, se, draws })
    }

    /// √mean, for a mean of squares, with its standard error by the delta method, se/(2√mean); NaN
    /// for a negative mean.
    #[must_use]
    pub fn root(&self) -> Self {
        let root = self.mean.sqrt();
        Self {
            mean: root,
            se: self.se / (2.0 * root),
            draws: self.draws,
        }
    }

    /// The ends of an error bar, `times` standard errors below and above the mean.
    #[must_use]
    pub fn bar(&self, times: f64) -> (f64, f64) {
        (self.mean - times * self.se, self.mean + times * self.se)
    }

    /// How many standard errors the mean lies from `predicted`: |mean − predicted|/se. 0 where both
    /// are equal, ∞ where they differ and se is 0, NaN for one draw.
    #[must_use]
    pub fn distance(&self, predicted: f64) -> f64 {
        if self.mean == predicted {
            0.0
        } else {
            (self.mean - predicted).abs() / self.se
        }
    }
}

impl std::fmt::Display for Estimate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { mean, se, draws } = self;
        write!(f, "{mean:.4} ± {se:.4} ({draws} draws)")
    }
}

/// Σ values/count; NaN if one of them is, or if there are none.
#[must_use]
pub fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for value in values {
        sum += value;
        count += 1.0;
    }
    sum / count
}

/// The median of `values`: for heavy tails, whose mean tells little.
///
/// # Errors
/// No values; values that are not finite.
pub fn median(values: &[f64]) -> Result<f64> {
    let sorted = sorted(values)?;
    let middle = sorted.len() / 2;
    Ok(if sorted.len() % 2 == 1 {
        sorted[middle]
    } else {
        f64::midpoint(sorted[middle - 1], sorted[middle])
    })
}

/// The quantile of order `share` of `values`, linear between neighbours: 0.5 gives the median.
///
/// # Errors
/// No values; values that are not finite, or two neighbours whose difference is not; a share outside \[0, 1\].
pub fn quantile(values: &[f64], share: f64) -> Result<f64> {
    if !(0.0..=1.0).contains(&share) {
        return Err(Error::domain("the order of a quantile", "0 to 1", share));
    }
    let sorted = sorted(values)?;
    let place = share * (sorted.len() - 1) as f64;
    let (low, high) = (place.floor() as usize, place.ceil() as usize);
    let step = within_range("the step between two values", sorted[high] - sorted[low])?;
    Ok(sorted[low] + (place - place.floor()) * step)
}

fn sorted(values: &[f64]) -> Result<Vec<f64>> {
    if values.is_empty() {
        let expected = "one value or more";
        return Err(Error::shape("the list of values", expected, &[0]));
    }
    check_finite("the values of the draws", values)?;
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Ok(sorted)
}

/// The most draws one call may ask for: beyond, the list of results alone is gigabytes.
const MAX_DRAWS: usize = 1 << 27;

fn check_draws(draws: usize) -> Result<()> {
    if (1..=MAX_DRAWS).contains(&draws) {
        Ok(())
    } else {
        let allowed = format!("1 to {MAX_DRAWS}");
        Err(Error::domain("the number of draws", allowed, draws))
    }
}

/// Runs `draw` once for each of `draws` streams of `seed` and `label`, in parallel; results in order.
pub(crate) fn parallel_draws<T: Send>(
    draws: usize,
    seed: u64,
    label: &str,
    draw: impl Fn(&mut Rng) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    check_draws(draws)?;
    let _single = engine::single_thread();
    (0..draws as u64)
        .into_par_iter()
        .map(|index| draw(&mut stream(seed, label, index)))
        .collect()
}

/// The mean of `draw` over parallel draws.
pub(crate) fn estimate(
    draws: usize,
    seed: u64,
    label: &str,
    draw: impl Fn(&mut Rng) -> Result<f64> + Sync,
) -> Result<Estimate> {
    Estimate::from_values(&parallel_draws(draws, seed, label, draw)?)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_mean_of_nothing_is_unknown() {
        assert!(super::mean([]).is_nan() && super::mean([1.0, f64::NAN]).is_nan());
        assert_eq!(super::mean([1.0, 2.0, 6.0]), 3.0);
    }

    use super::*;
    use rand::RngExt;

    #[test]
    fn means_errors_and_medians() {
        let e = Estimate::from_values(&[1.0, 2.0, 3.0, 6.0]).expect("values");
        // Variance (4 + 1 + 0 + 9)/3.
        assert!((e.mean - 3.0).abs() < 1e-15 && (e.se - (14.0_f64 / 12.0).sqrt()).abs() < 1e-15);
        assert!((e.distance(3.0 + 2.0 * e.se) - 2.0).abs() < 1e-12);
        assert_eq!(e.bar(2.0), (3.0 - 2.0 * e.se, 3.0 + 2.0 * e.se));
        assert_eq!(e.to_string(), "3.0000 ± 1.0801 (4 draws)");
        let one = Estimate::from_values(&[5.0]).expect("a value");
        assert!(one.se.is_nan() && one.distance(5.0) == 0.0);
        assert_eq!(median(&[3.0, 1.0, 2.0]).expect("values"), 2.0);
        assert_eq!(median(&[3.0, 1.0, 2.0, 9.0]).expect("values"), 2.5);
        assert_eq!(quantile(&[4.0, 1.0, 2.0], 0.75).expect("values"), 3.0);
        assert_eq!(quantile(&[1.0], 0.9).expect("values"), 1.0);
        assert!(quantile(&[1.0], 1.1).is_err() && quantile(&[], 0.5).is_err());
        assert!(median(&[]).is_err() && Estimate::from_values(&[]).is_err());
    }

    #[test]
    fn draws_do_not_depend_on_the_threads() {
        let run =
            || parallel_draws(50, 3, "threads", |rng| Ok(rng.random::<f64>())).expect("valid");
        let serial: Vec<f64> = (0..50).map(|i| stream(3, "threads", i).random()).collect();
        assert_eq!(run(), serial);
        assert!(estimate(0, 1, "none", |_| Ok(0.0)).is_err());
    }
}
