//! How many examples make a finite class learnable, and how many it really takes.

use statrs::distribution::{Binomial, Discrete, DiscreteCDF};

use crate::error::{Error, Result, check_count};

/// The number of examples n₀ from which on the hypothesis of least training error is, with probability at least 1 − δ, less
/// than ε worse than the best of `hypotheses`: for every distribution of examples, so the class is PAC-learnable.
///
/// # Formula
/// n₀ = ⌈2 ln(m/δ)/ε²⌉. A hypothesis that is ε worse than the best beats it on n examples with probability at most e^(−nε²/2)
/// (Hoeffding 1963, doi:10.1080/01621459.1963.10500830, for differences of losses in \[−1, 1\]), and there are fewer than m.
///
/// # Errors
/// No hypotheses; ε or δ outside (0, 1); more than 10⁹ examples.
///
/// ```
/// use dltheory::measure::pac_examples;
/// assert_eq!(pac_examples(200, 0.1, 0.05)?, 1659);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn pac_examples(hypotheses: usize, epsilon: f64, delta: f64) -> Result<usize> {
    check_count("the number of hypotheses m", hypotheses)?;
    check_share("the accuracy ε", epsilon)?;
    check_share("the failure probability δ", delta)?;
    let n = 2.0 * (hypotheses as f64 / delta).ln() / epsilon.powi(2);
    if n > 1e9 {
        return Err(Error::domain("the examples n", "at most 10⁹", n));
    }
    Ok(n.ceil() as usize)
}

/// One slightly better hypothesis among m − 1 coins: the labels are fair coins, hypotheses guess independently of each
/// other, one of them with error ½ − ε, the rest with error ½.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OneBetter {
    /// m, at least 2.
    pub hypotheses: usize,
    /// ε in (0, ½].
    pub epsilon: f64,
}

impl OneBetter {
    /// The probability that after n examples a coin has no more training errors than the better hypothesis, exactly:
    /// 1 − Σ_k P(X = k) P(Y > k)^(m−1), X ~ Binomial(n, ½ − ε), Y ~ Binomial(n, ½).
    ///
    /// # Errors
    /// m below 2, ε outside (0, ½\], n = 0 or above 10⁶.
    pub fn failure(&self, n: usize) -> Result<f64> {
        let [better, coin] = self.laws(n)?;
        let others = (self.hypotheses - 1) as f64;
        // Summed as Σ_k P(X = k) (1 − P(Y > k)^(m−1)), which keeps small probabilities.
        let fails = |k: u64| -(others * (-coin.cdf(k)).ln_1p()).exp_m1();
        Ok((0..=n as u64).map(|k| better.pmf(k) * fails(k)).sum())
    }

    /// The least n with [`failure`](Self::failure) ≤ δ, by bisection up to `high`, where it must be.
    ///
    /// # Errors
    /// As there; more than δ at `high`.
    pub fn enough(&self, delta: f64, mut high: usize) -> Result<usize> {
        if self.failure(high)? > delta {
            return Err(Error::domain("the examples n", "enough", high));
        }
        let mut low = 0;
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            match self.failure(middle)? <= delta {
                true => high = middle,
                false => low = middle,
            }
        }
        Ok(high)
    }

    fn laws(&self, n: usize) -> Result<[Binomial; 2]> {
        if self.hypotheses < 2 {
            let what = "the number of hypotheses m";
            return Err(Error::domain(what, "at least 2", self.hypotheses));
        }
        if !(self.epsilon > 0.0 && self.epsilon <= 0.5) {
            let expected = "above 0 and at most 1/2";
            return Err(Error::domain("the accuracy ε", expected, self.epsilon));
        }
        check_count("the examples n", n)?;
        if n > 1_000_000 {
            return Err(Error::domain("the examples n", "at most 10⁶", n));
        }
        let law = |p: f64| {
            Binomial::new(p, n as u64).map_err(|_| Error::domain("the error", "from 0 to 1", p))
        };
        Ok([law(0.5 - self.epsilon)?, law(0.5)?])
    }
}

fn check_share(what: &str, share: f64) -> Result<()> {
    match share > 0.0 && share < 1.0 {
        true => Ok(()),
        false => Err(Error::domain(what, "above 0 and below 1", share)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_example_by_hand() {
        // It fails unless the better one is right and the coin wrong: 1 − (½ + ε)/2.
        let problem = OneBetter {
            hypotheses: 2,
            epsilon: 0.3,
        };
        assert!((problem.failure(1).expect("valid") - 0.6).abs() < 1e-12);
        // Never wrong: it fails if one of three coins is never wrong either.
        let sure = OneBetter {
            hypotheses: 4,
            epsilon: 0.5,
        };
        let exact = 1.0 - (1.0 - 0.5_f64.powi(5)).powi(3);
        assert!((sure.failure(5).expect("valid") - exact).abs() < 1e-12);
    }

    #[test]
    fn the_bound_is_enough() {
        for (m, epsilon, delta) in [(2, 0.3, 0.1), (50, 0.1, 0.05), (1000, 0.2, 0.01)] {
            let problem = OneBetter {
                hypotheses: m,
                epsilon,
            };
            let n = pac_examples(m, epsilon, delta).expect("valid");
            let enough = problem.enough(delta, n).expect("the bound");
            let failure = |n| problem.failure(n).expect("valid");
            assert!(enough <= n && failure(enough) <= delta && failure(enough - 1) > delta);
        }
    }

    #[test]
    fn bad_input_is_an_error() {
        assert!(pac_examples(0, 0.1, 0.1).is_err() && pac_examples(2, 0.0, 0.1).is_err());
        assert!(pac_examples(2, 1e-6, 0.1).is_err() && pac_examples(2, 0.1, f64::NAN).is_err());
        assert!(
            OneBetter {
                hypotheses: 1,
                epsilon: 0.1
            }
            .failure(3)
            .is_err()
        );
        assert!(
            OneBetter {
                hypotheses: 2,
                epsilon: 0.6
            }
            .failure(3)
            .is_err()
        );
    }
}
