//! What pure chance gives for sums over pairs of runs, and for the difference of two τ.

use super::kendall::{check_pairs, sign};
use crate::error::Result;
use crate::stats::larger;

/// The variance of Σ_{pairs} c_ab sign(v_a − v_b) for numbers v in random order.
///
/// With s_ab the signs, E s_ab² = 1 and two signs that share a run have covariance ⅓; ties make both smaller.
pub(super) struct Chance {
    /// Σ_b c_ab of every run a.
    runs: Vec<f64>,
    squares: f64,
}

impl Chance {
    pub(super) fn new(n: usize) -> Self {
        Self {
            runs: vec![0.0; n],
            squares: 0.0,
        }
    }

    /// Adds the pair (a, b) with its c_ab.
    pub(super) fn add(&mut self, a: usize, b: usize, c: f64) {
        self.runs[a] += c;
        self.runs[b] -= c;
        self.squares += c * c;
    }

    /// The standard deviation for v without ties.
    pub(super) fn se(&self) -> f64 {
        self.se_of_ties(1.0, 1.0 / 3.0)
    }

    /// The same for E s_ab² = `square` and E s_ab s_ac = `shared`.
    fn se_of_ties(&self, square: f64, shared: f64) -> f64 {
        let runs: f64 = self.runs.iter().map(|sum| sum * sum).sum();
        let variance = (square - 2.0 * shared) * self.squares + shared * runs;
        // A difference of equal terms may round below 0.
        larger(variance, 0.0).sqrt()
    }
}

/// The standard deviation of τ(μ, g) − τ(ν, g) where the gaps g are in random order: two measures `first` μ and
/// `second` ν of the same runs, `(n,)` each, and their gaps, `(n,)`. The mean is 0.
///
/// The two τ are no independent numbers, since they share the gaps: measures that agree have a small difference,
/// and measures that are opposite one of twice the size.
///
/// # Formula
/// The difference is Σ_{pairs} c_ab s_ab with s_ab = sign(g_a − g_b) and
/// c_ab = 2\[sign(μ_a − μ_b) − sign(ν_a − ν_b)\]/(n(n − 1)). Its variance is (v − 2w)Σ_{pairs} c_ab² + wΣ_a(Σ_b c_ab)²,
/// with v = E s_ab² = 1 − p₂ and w = E s_ab s_ac = (1 − p₃)/3, where p₂ and p₃ are the shares of pairs and of triples of
/// gaps that are equal.
///
/// # Errors
/// Lists of different lengths, fewer than 2 runs, numbers that are not finite.
///
/// # Reference
/// The variance of a linear combination of concordances: Kendall 1970, "Rank correlation methods", 4th ed., ch. 5.
///
/// ```
/// use dltheory::measure::{kendall_difference_null_se, kendall_null_se};
/// let up: Vec<f64> = (0..20).map(f64::from).collect();
/// let down: Vec<f64> = up.iter().map(|x| -x).collect();
/// assert_eq!(kendall_difference_null_se(&up, &up, &up)?, 0.0);
/// // τ(up, g) = −τ(down, g): the difference is twice the one.
/// let opposite = kendall_difference_null_se(&up, &down, &up)?;
/// assert!((opposite - 2.0 * kendall_null_se(&up)?).abs() < 1e-14);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn kendall_difference_null_se(first: &[f64], second: &[f64], gap: &[f64]) -> Result<f64> {
    check_pairs(first, gap)?;
    check_pairs(second, gap)?;
    let n = gap.len();
    let count = n as f64;
    let mut chance = Chance::new(n);
    for a in 0..n {
        for b in 0..a {
            let signs = sign(first[a] - first[b]) - sign(second[a] - second[b]);
            chance.add(a, b, 2.0 * signs / (count * (count - 1.0)));
        }
    }
    let mut sorted = gap.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (mut pairs, mut triples) = (0.0, 0.0);
    for tied in sorted.chunk_by(|a, b| a == b) {
        let t = tied.len() as f64;
        pairs += t * (t - 1.0);
        triples += t * (t - 1.0) * (t - 2.0);
    }
    let square = 1.0 - pairs / (count * (count - 1.0));
    // Two runs have no triple.
    let all_triples = larger(count * (count - 1.0) * (count - 2.0), 1.0);
    Ok(chance.se_of_ties(square, (1.0 - triples / all_triples) / 3.0))
}

#[cfg(test)]
mod tests {
    use super::super::{kendall, kendall_null_se};
    use super::*;
    use crate::rng::stream;
    use rand::seq::SliceRandom;

    const MEASURE: [f64; 10] = [3.0, 1.0, 4.0, 1.5, 9.0, 2.0, 6.0, 5.0, 3.5, 8.0];
    const OTHER: [f64; 10] = [2.0, 7.0, 1.0, 8.0, 2.0, 8.0, 1.0, 8.5, 2.0, 8.0];

    fn se(first: &[f64], second: &[f64], gap: &[f64]) -> f64 {
        kendall_difference_null_se(first, second, gap).expect("valid")
    }

    /// The spread of 4000 draws has relative standard error about 1.1 %; within 4.5 of these.
    #[test]
    fn shuffled_gaps_have_the_predicted_spread() {
        let untied: Vec<f64> = (0..10).map(f64::from).collect();
        let tied = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 3.0, 3.0, 3.0].to_vec();
        for (index, mut gap) in [untied, tied].into_iter().enumerate() {
            let predicted = se(&MEASURE, &OTHER, &gap);
            let rng = &mut stream(1, "difference of two τ", index as u64);
            let squares = (0..4000).map(|_| {
                gap.shuffle(rng);
                let tau = |measure: &[f64]| kendall(measure, &gap).expect("valid");
                (tau(&MEASURE) - tau(&OTHER)).powi(2)
            });
            let spread = (squares.sum::<f64>() / 4000.0).sqrt();
            assert!(
                (spread / predicted - 1.0).abs() < 0.05,
                "{spread} {predicted}"
            );
        }
    }

    /// Against a constant, whose τ is 0, it is the spread of one τ: the closed formula, with ties and without.
    #[test]
    fn a_constant_leaves_one_tau() {
        let untied: Vec<f64> = (0..10).map(f64::from).collect();
        for gap in [&untied, &OTHER.to_vec()] {
            let one = kendall_null_se(gap).expect("valid");
            assert!((se(&MEASURE, &[7.0; 10], gap) - one).abs() < 1e-14);
        }
        assert_eq!(se(&MEASURE, &OTHER, &[1.0; 10]), 0.0);
        // Two runs: τ is ±1.
        assert_eq!(se(&[1.0, 2.0], &[5.0, 5.0], &[0.0, 1.0]), 1.0);
    }

    #[test]
    fn bad_input_is_an_error() {
        let call = kendall_difference_null_se;
        assert!(call(&[1.0], &[1.0], &[1.0]).is_err());
        assert!(call(&[1.0, 2.0], &[1.0, 2.0, 3.0], &[1.0, 2.0]).is_err());
        assert!(call(&[1.0, 2.0, 3.0], &[1.0, 2.0], &[1.0, 2.0]).is_err());
        assert!(call(&[1.0, f64::NAN], &[1.0, 2.0], &[1.0, 2.0]).is_err());
        assert!(call(&[1.0, 2.0], &[1.0, f64::INFINITY], &[1.0, 2.0]).is_err());
    }
}
