//! Classifiers that guess by coins, drawn.

use rand::RngExt;

use crate::error::{Error, Result, check_count};
use crate::stats::{larger, parallel_draws};

/// Classifiers that guess by fair coins, on n examples: the true error of each is ½.
#[derive(Clone, Debug, PartialEq)]
pub struct CoinClassifiers {
    /// Of each training set, how far the first classifier's training error lies from ½.
    pub first: Vec<f64>,
    /// Of each training set, how far that of the farthest of all classifiers lies from ½.
    pub farthest: Vec<f64>,
}

impl CoinClassifiers {
    /// The shares of training sets on which the first and the farthest classifier lie beyond `gap`.
    #[must_use]
    pub fn beyond(&self, gap: f64) -> (f64, f64) {
        let share = |distances: &[f64]| {
            let beyond = distances.iter().filter(|far| **far > gap).count();
            beyond as f64 / distances.len().max(1) as f64
        };
        (share(&self.first), share(&self.farthest))
    }
}

/// Draws `functions` coin classifiers on n examples, `draws` times.
///
/// # Errors
/// A count is 0; more than 10⁹ coins in one draw.
pub fn coin_classifiers(
    functions: usize,
    n: usize,
    draws: usize,
    seed: u64,
) -> Result<CoinClassifiers> {
    check_count("the number of functions m", functions)?;
    check_count("the number of examples n", n)?;
    if functions.saturating_mul(n) > 1_000_000_000 {
        let got = format!("{functions} × {n}");
        return Err(Error::domain("functions × examples", "at most 10⁹", got));
    }
    let all = parallel_draws(draws, seed, "coin classifiers", |rng| {
        let mut distance = || {
            let mut wrong = 0;
            for start in (0..n).step_by(64) {
                let coins = rng.random::<u64>();
                let kept = (n - start).min(64);
                wrong += (coins >> (64 - kept)).count_ones();
            }
            (f64::from(wrong) / n as f64 - 0.5).abs()
        };
        let first = distance();
        Ok((
            first,
            (1..functions).fold(first, |most, _| larger(most, distance())),
        ))
    })?;
    let (first, farthest) = all.into_iter().unzip();
    Ok(CoinClassifiers { first, farthest })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::coin_probability;

    #[test]
    fn draws_match_the_exact_probability() {
        let draws = 4000;
        for (m, n, gap) in [(1, 30, 0.1), (20, 100, 0.1), (5, 64, 0.14), (3, 65, 0.05)] {
            let found = coin_classifiers(m, n, draws, 1).expect("valid").beyond(gap);
            for (share, functions) in [(found.0, 1), (found.1, m)] {
                let p = coin_probability(functions, n, gap).expect("valid");
                let se = (p * (1.0 - p) / draws as f64).sqrt();
                assert!((share - p).abs() < 4.0 * se + 1e-12, "{m} {n}: {share} {p}");
            }
        }
        // Two coins: beyond 0.4 only 0 or 2 wrong.
        assert!((coin_probability(1, 2, 0.4).expect("valid") - 0.5).abs() < 1e-12);
    }

    #[test]
    fn bad_input_is_an_error() {
        assert!(coin_classifiers(0, 1, 1, 1).is_err() && coin_classifiers(1, 0, 1, 1).is_err());
        assert!(coin_classifiers(1, 1, 0, 1).is_err());
        assert!(coin_classifiers(usize::MAX, 2, 1, 1).is_err());
    }
}
