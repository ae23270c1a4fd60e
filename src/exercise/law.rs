//! Whether what was drawn follows its law. Each tolerance here is one that a right answer misses
//! with probability below 10⁻⁸, so that all checks of all exercises fail one with less than 10⁻⁶.

use super::{Outcome, Trial, Trouble};
use dltheory_workbench::Value;

/// Standard errors that a mean of many draws is allowed: a normal number is farther off with
/// probability 2·10⁻⁹.
pub(crate) const ERRORS: f64 = 6.0;
/// The same for the largest of some hundred means: 3·10⁻¹² each.
pub(crate) const ERRORS_OF_MANY: f64 = 7.0;
/// −ln of the probability in the bounds below.
const RARE: f64 = 19.0;

/// The largest distance between the share of `draws` up to x and the law's, `cdf`, for all x;
/// allowed is √((ln 2 + 19)/2n), which Dvoretzky, Kiefer, Wolfowitz and Massart give for every
/// law (Massart 1990, doi:10.1214/aop/1176990746).
pub(crate) fn follows(what: &str, mut draws: Vec<f64>, cdf: impl Fn(f64) -> f64) -> Outcome {
    draws.sort_by(f64::total_cmp);
    let n = draws.len() as f64;
    let what = format!("{what}: distance from its law");
    let bound = ((2.0_f64.ln() + RARE) / (2.0 * n)).sqrt();
    if draws.is_empty() || draws.iter().any(|draw| draw.is_nan()) {
        return Outcome::at_most(&what, bound, f64::NAN);
    }
    let mut most = 0.0_f64;
    for (i, draw) in draws.iter().enumerate() {
        // Of equal draws only the ends of their step count.
        let last = draws.get(i + 1).is_none_or(|next| next > draw);
        let first = i == 0 || draws[i - 1] < *draw;
        let below = cdf(draw.next_down());
        if last {
            most = most.max(((i + 1) as f64 / n - cdf(*draw)).abs());
        }
        if first {
            most = most.max((i as f64 / n - below).abs());
        }
    }
    Outcome::at_most(&what, bound, most)
}

/// The mean square of n standard normal numbers is 1 within 2√(19/n) + 38/n, by the bound of
/// Laurent and Massart (2000, doi:10.1214/aos/1015957395).
pub(crate) fn mean_square(what: &str, expected: f64, got: f64, n: usize) -> Outcome {
    let share = RARE / n as f64;
    Outcome::close(what, expected, got, 2.0 * share.sqrt() + 2.0 * share)
}

/// Whether an answer comes from the generator that was passed: the same one gives the same
/// numbers, another one others.
pub(crate) fn from_its_generator<R: PartialEq>(
    trial: &mut Trial,
    answer: impl Fn(&mut Trial, Value) -> Result<R, Trouble>,
) -> Result<Outcome, Trouble> {
    let (seed, other) = (trial.seed(), trial.seed());
    let first = answer(trial, seed.clone())?;
    let second = answer(trial, other)?;
    let again = answer(trial, seed)?;
    let (anew, same) = (first != second, first == again);
    let got = |as_asked: bool| if as_asked { "so" } else { "not so" };
    Ok(
        Outcome::holds("another generator", anew, "other numbers", got(anew)).and(Outcome::holds(
            "a generator in the same state",
            same,
            "the same numbers",
            got(same),
        )),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::stream;
    use rand::RngExt;

    #[test]
    fn a_law_is_told_from_its_neighbours() {
        let mut rng = stream(1, "law", 0);
        let draws: Vec<f64> = (0..2000).map(|_| rng.random()).collect();
        let law = |power: f64| {
            move |x: f64| match x <= 0.0 {
                true => 0.0,
                false => x.min(1.0).powf(power),
            }
        };
        assert!(follows("x", draws.clone(), law(1.0)).passed());
        assert!(!follows("x", draws.clone(), law(1.5)).passed());
        assert!(!follows("x", vec![0.5; 2000], law(1.0)).passed());
        assert!(!follows("x", vec![f64::NAN; 2000], law(1.0)).passed());
        // Coins: the law has steps.
        let coins: Vec<f64> = draws.iter().map(|x| x.round()).collect();
        let coin = |p: f64| {
            move |x: f64| match x {
                _ if x < 0.0 => 0.0,
                _ if x < 1.0 => p,
                _ => 1.0,
            }
        };
        assert!(follows("x", coins.clone(), coin(0.5)).passed());
        assert!(!follows("x", coins, coin(0.4)).passed());
    }
}
