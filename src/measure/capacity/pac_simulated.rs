//! Learning from finite classes, drawn: how far the hypothesis of least training error is from the best.

use rand::RngExt;

use super::OneBetter;
use crate::error::{Error, Result, check_count};
use crate::rng::Rng;

impl OneBetter {
    /// Whether one draw of n examples fails so: guesses drawn, errors counted.
    pub fn fails(&self, n: usize, rng: &mut Rng) -> bool {
        let better = 0.5 - self.epsilon;
        let least = (0..n).filter(|_| rng.random::<f64>() < better).count();
        // All coins are drawn, so that a draw uses as many numbers whatever comes.
        (1..self.hypotheses).fold(false, |failed, _| failed | (heads(n, rng) <= least))
    }
}

/// Thresholds on a line, 1 where x ≥ j/m, j = 1 … m; inputs are uniform on (0, 1), labels those of j = m/2, each wrong
/// with probability η. The error of j is η + (1 − 2η)|j/m − ½|.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// m, at least 2.
    pub hypotheses: usize,
    /// η in \[0, ½).
    pub label_noise: f64,
}

impl Thresholds {
    /// Draws n examples and returns by how much the risk of the threshold of least training error (the first of several)
    /// exceeds the least risk.
    ///
    /// # Errors
    /// Fewer than 2 hypotheses; noise outside \[0, ½); no examples.
    pub fn estimation_error(&self, n: usize, rng: &mut Rng) -> Result<f64> {
        let m = self.hypotheses;
        if m < 2 {
            let what = "the number of hypotheses m";
            return Err(Error::domain(what, "at least 2", m));
        }
        if !(0.0..0.5).contains(&self.label_noise) {
            let expected = "from 0 to below 1/2";
            return Err(Error::domain(
                "the label noise η",
                expected,
                self.label_noise,
            ));
        }
        check_count("the examples n", n)?;
        let best = m / 2;
        // By the cell (j − 1)/m ≤ x < j/m: ones, less zeros. Threshold j errs on the ones of cells up to j and on the zeros above.
        let mut balance = vec![0_i64; m];
        for _ in 0..n {
            let cell = rng.random_range(0..m);
            let one = (cell >= best) != (rng.random::<f64>() < self.label_noise);
            balance[cell] += if one { 1 } else { -1 };
        }
        let (mut errors, mut chosen) = (0, (i64::MAX, 0));
        for (cell, more) in balance.iter().enumerate() {
            errors += more;
            chosen = chosen.min((errors, cell + 1));
        }
        let away = chosen.1.abs_diff(best) as f64 / m as f64;
        Ok((1.0 - 2.0 * self.label_noise) * away)
    }
}

/// The heads among n fair coins.
fn heads(n: usize, rng: &mut Rng) -> usize {
    let words = (0..n).step_by(64);
    let heads = words.map(|start| {
        let kept = (n - start).min(64);
        (rng.random::<u64>() >> (64 - kept)).count_ones() as usize
    });
    heads.sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::stream;

    #[test]
    fn thresholds_without_noise_end_in_the_right_cell() {
        let exact = Thresholds {
            hypotheses: 4,
            label_noise: 0.0,
        };
        let error = exact.estimation_error(1000, &mut stream(1, "thresholds", 0));
        assert_eq!(error.expect("valid"), 0.0);
    }

    #[test]
    fn bad_input_is_an_error() {
        let rng = &mut stream(1, "bad", 0);
        assert!(
            Thresholds {
                hypotheses: 3,
                label_noise: 0.5
            }
            .estimation_error(9, rng)
            .is_err()
        );
    }
}
