//! Claims whose tolerance is what chance allows: one mean, or many distances at once.

use super::Claim;
use crate::Result;
use crate::stats::{Estimate, largest, largest_distance, least, smaller};

impl Claim {
    /// Many at once: holds if the largest of `distances`, each |mean − prediction| in standard errors, is at most the number
    /// that the largest exceeds by chance with probability `level` or less ([`largest_distance`], where each standard error
    /// comes from `draws` draws or is known). Signed distances make it one-sided, with half that probability. The words say
    /// how many they are, their law and the chance. It fails for NaN and for no distances.
    ///
    /// # Errors
    /// A level outside (0, 1); fewer than 2 draws.
    pub fn all_within(
        text: &str,
        distances: impl IntoIterator<Item = f64>,
        level: f64,
        draws: Option<usize>,
    ) -> Result<Self> {
        let distances: Vec<f64> = distances.into_iter().collect();
        let count = distances.len();
        Self::largest_within(text, largest(distances), count, level, draws)
    }

    /// [`Claim::all_within`] where the largest of `count` distances is already known.
    ///
    /// # Errors
    /// As there.
    pub fn largest_within(
        text: &str,
        largest: f64,
        count: usize,
        level: f64,
        draws: Option<usize>,
    ) -> Result<Self> {
        let limit = largest_distance(count.max(1), level, draws)?;
        let text = among(text, count, level, draws);
        Ok(Self {
            unit: " s.e.",
            ..Self::at_most(&text, limit, largest, 0.0)
        })
    }

    /// Many tests with `p_values`: holds if the smallest, times their number, is at least `level`. By Bonferroni's inequality
    /// chance alone makes it smaller in that share of runs or fewer; the words say how many tests and the chance. It fails
    /// for NaN and for no tests.
    #[must_use]
    pub fn no_surprise(text: &str, p_values: impl IntoIterator<Item = f64>, level: f64) -> Self {
        let p_values: Vec<f64> = p_values.into_iter().collect();
        let count = p_values.len();
        let smallest = match count {
            0 => f64::NAN,
            _ => smaller(least(p_values) * count as f64, 1.0),
        };
        let text = format!(
            "{text}: smallest of {count} p-values, times their number; by chance below {level} in 1 of {} runs",
            thousands((1.0 / level).round() as u64)
        );
        Self::at_least(&text, level, smallest, 0.0)
    }

    /// Holds if the mean of draws is `predicted`, up to `slack`, which is what theory leaves out at finite size, and as many
    /// standard errors as chance exceeds with probability `level` (by Student's t with draws − 1 degrees of freedom). The
    /// words say how many, and the chance.
    ///
    /// # Errors
    /// A level outside (0, 1); fewer than 2 draws.
    pub fn mean_equals(
        text: &str,
        predicted: f64,
        measured: Estimate,
        slack: f64,
        level: f64,
    ) -> Result<Self> {
        let z = largest_distance(1, level, Some(measured.draws))?;
        let beside = match slack {
            0.0 => "",
            _ => "and ",
        };
        let tolerance = slack + z * measured.se;
        Ok(Self {
            chance: Some(format!("{beside}{z:.1} s.e., {}", once_in(level))),
            ..Self::equals(text, predicted, measured.mean, tolerance)
        })
    }

    /// Holds if the mean of draws is positive beyond what chance alone exceeds with probability `level`, by Student's t.
    ///
    /// # Errors
    /// A level outside (0, ½); fewer than 2 draws.
    pub fn positive(text: &str, gain: Estimate, level: f64) -> Result<Self> {
        // One-sided, so twice the level of the two-sided quantile.
        let z = largest_distance(1, 2.0 * level, Some(gain.draws))?;
        Ok(Self {
            chance: Some(format!("above {z:.1} s.e., {}", once_in(level))),
            ..Self::greater_than(text, z * gain.se, gain.mean, 0.0)
        })
    }
}

/// The chance in words: "by chance beyond in 1 of 1,000 runs".
pub(crate) fn once_in(level: f64) -> String {
    let runs = thousands((1.0 / level).round() as u64);
    format!("by chance beyond in 1 of {runs} runs")
}

/// The words of a claim about many distances.
fn among(text: &str, count: usize, level: f64, draws: Option<usize>) -> String {
    let law = match draws {
        Some(draws) => format!("Student's t with {} degrees of freedom", draws - 1),
        None => "the normal law".to_owned(),
    };
    let which = match count {
        1 => "distance in standard errors,".to_owned(),
        _ => format!("largest of {count} distances in standard errors, each"),
    };
    format!(
        "{text}: {which} by {law}; by chance above the limit in 1 of {} runs",
        thousands((1.0 / level).round() as u64)
    )
}

/// 10000 as "10,000".
fn thousands(number: u64) -> String {
    match number {
        0..1000 => number.to_string(),
        _ => format!("{},{:03}", thousands(number / 1000), number % 1000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_distances_are_within_what_chance_allows() {
        let claim = |distances: &[f64]| {
            Claim::all_within("means", distances.iter().copied(), 0.01, Some(20)).expect("20 draws")
        };
        let good = claim(&[0.3, 2.0]);
        let limit = largest_distance(2, 0.01, Some(20)).expect("20 draws");
        assert!(good.holds() && good.predicted() == limit && good.measured() == 2.0);
        assert_eq!(
            good.text(),
            "means: largest of 2 distances in standard errors, each by Student's t with 19 degrees of freedom; by chance \
             above the limit in 1 of 100 runs"
        );
        for bad in [
            &[0.1, 4.0][..],
            &[f64::NAN, 0.1],
            &[0.1, f64::INFINITY],
            &[],
        ] {
            assert!(claim(bad).fails(), "{bad:?}");
        }
        assert!(Claim::all_within("", [0.1], 0.01, Some(1)).is_err());
    }

    #[test]
    fn a_mean_is_within_what_chance_allows() {
        let measured = |mean| Estimate {
            mean,
            se: 0.5,
            draws: 20,
        };
        let z = largest_distance(1, 0.01, Some(20)).expect("20 draws");
        let claim = |mean, slack| {
            Claim::mean_equals("mean", 1.0, measured(mean), slack, 0.01).expect("20 draws")
        };
        assert!(claim(1.0 + 0.49 * z, 0.0).holds() && claim(1.0 + 0.51 * z, 0.0).fails());
        assert!(claim(1.0 + 0.51 * z, 0.1).holds() && claim(f64::NAN, 9.0).fails());
        assert_eq!(
            claim(1.0, 0.0).words(),
            "mean [2.9 s.e., by chance beyond in 1 of 100 runs]"
        );
        assert_eq!(claim(1.0, 0.0).text(), "mean");
        let positive = |mean| Claim::positive("gain", measured(mean), 0.005).expect("20 draws");
        assert!(positive(0.51 * z).holds() && positive(0.49 * z).fails());
        assert!(positive(f64::NAN).fails());
        let one = Estimate {
            draws: 1,
            ..measured(1.0)
        };
        assert!(Claim::positive("", one, 0.01).is_err());
        assert!(Claim::mean_equals("", 1.0, one, 0.0, 0.01).is_err());
    }

    #[test]
    fn many_tests_are_surprised_by_one_small_p_value() {
        let claim = |p: &[f64]| Claim::no_surprise("shares", p.iter().copied(), 0.01);
        assert!(claim(&[0.3, 0.006]).holds() && claim(&[0.3, 0.004]).fails());
        assert!(claim(&[]).fails() && claim(&[0.5, f64::NAN]).fails());
        assert_eq!(
            claim(&[0.3, 1.0]).text(),
            "shares: smallest of 2 p-values, times their number; by chance below 0.01 in 1 of 100 runs"
        );
    }

    #[test]
    fn thousands_are_apart() {
        assert_eq!(
            thousands(7) + " " + &thousands(10_000) + " " + &thousands(1_002_030),
            "7 10,000 1,002,030"
        );
    }
}
