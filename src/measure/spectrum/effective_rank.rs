//! How many directions are left for noise to hide in: the effective ranks of benign overfitting.

use ndarray::ArrayRef1;

use crate::error::{Error, Result, check_count, check_eigenvalues};

/// The split of a spectrum into k directions that are learned and a tail that absorbs the noise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BenignSplit {
    /// k*, the least k with r_k ≥ b·n.
    pub k: usize,
    /// r_k = Σ_{i>k} λ_i / λ_{k+1}.
    pub r: f64,
    /// R_k = (Σ_{i>k} λ_i)² / Σ_{i>k} λ_i².
    pub big_r: f64,
    /// k*/n + n/R_k: up to constants, the excess risk over σ² of the minimum-norm interpolant.
    pub bound: f64,
}

/// The two effective ranks of the tail after the first `k` of `eigenvalues`, r_k and R_k; r_k ≤ R_k ≤ r_k².
/// Both are p − k for a flat tail of p − k directions.
///
/// # Errors
/// Eigenvalues that are not decreasing, negative or not finite; no positive one after the first k.
///
/// # Reference
/// Bartlett, Long, Lugosi & Tsigler 2020, "Benign overfitting in linear regression", arXiv:1906.11300, Definition 3.
///
/// ```
/// use dltheory::measure::effective_ranks;
/// let (r, big_r) = effective_ranks(&ndarray::array![9.0, 1.0, 1.0, 1.0], 1)?;
/// assert_eq!((r, big_r), (3.0, 3.0));
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn effective_ranks(eigenvalues: &ArrayRef1<f64>, k: usize) -> Result<(f64, f64)> {
    check_spectrum(eigenvalues)?;
    let tail = || eigenvalues.iter().skip(k).copied();
    let first = tail().next().filter(|value| *value > 0.0);
    let first = first
        .ok_or_else(|| Error::domain("the number of directions left out k", "below the rank", k))?;
    // In units of the first, so that squares do not underflow.
    let sum: f64 = tail().map(|value| value / first).sum();
    let squares: f64 = tail().map(|value| (value / first).powi(2)).sum();
    Ok((sum, sum * sum / squares))
}

/// Finds k* = min{k: r_k ≥ b·n}; `None` where no tail is that wide, and overfitting is not benign.
///
/// Takes decreasing `eigenvalues`, `(p,)`, n, and the constant `b`, which theory leaves open (1 here is usual).
///
/// # Formula
/// With k* < n/c: excess risk ≤ c'σ²(k*/n + n/R_{k*}), and it cannot be smaller than a constant times the same.
/// Overfitting is benign where k*/n → 0 and n/R_{k*} → 0.
///
/// # Errors
/// As [`effective_ranks`]; n is 0; b is not a positive number.
///
/// # Reference
/// Bartlett, Long, Lugosi & Tsigler 2020, arXiv:1906.11300, Theorem 4.
pub fn benign_split(eigenvalues: &ArrayRef1<f64>, n: usize, b: f64) -> Result<Option<BenignSplit>> {
    check_spectrum(eigenvalues)?;
    check_count("the number of examples n", n)?;
    if !(b.is_finite() && b > 0.0) {
        return Err(Error::domain("the constant b", "a positive number", b));
    }
    // Σ_{i>k} λ_i for every k, from the small end on.
    let mut tails: Vec<f64> = Vec::with_capacity(eigenvalues.len());
    let mut sum = 0.0;
    for value in eigenvalues.iter().rev() {
        sum += value;
        tails.push(sum);
    }
    tails.reverse();
    let wide = |k: &usize| {
        let first = eigenvalues[*k];
        first > 0.0 && tails[*k] >= b * n as f64 * first
    };
    let Some(k) = (0..eigenvalues.len()).find(wide) else {
        return Ok(None);
    };
    let (r, big_r) = effective_ranks(eigenvalues, k)?;
    let n = n as f64;
    let bound = k as f64 / n + n / big_r;
    Ok(Some(BenignSplit { k, r, big_r, bound }))
}

fn check_spectrum(eigenvalues: &ArrayRef1<f64>) -> Result<()> {
    check_eigenvalues(eigenvalues)?;
    let values: Vec<f64> = eigenvalues.to_vec();
    match values.windows(2).find(|pair| pair[1] > pair[0]) {
        None => Ok(()),
        Some(pair) => {
            let got = format!("{} before {}", pair[0], pair[1]);
            Err(Error::domain("the list of eigenvalues", "decreasing", got))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Spectrum;
    use ndarray::{Array1, array};
    use proptest::prelude::*;

    #[test]
    fn a_spike_and_a_flat_tail_are_benign_and_a_power_law_is_not() {
        let spiked: Array1<f64> = (0..10_010)
            .map(|i| if i < 10 { 1e3 } else { 1.0 })
            .collect();
        let split = benign_split(&spiked, 100, 1.0).expect("valid");
        let split = split.expect("a wide tail");
        assert_eq!((split.k, split.r, split.big_r), (10, 1e4, 1e4));
        assert!((split.bound - (0.1 + 0.01)).abs() < 1e-15);
        // r_k ≈ (k + 1)/(α − 1) for i^−α: wide enough only from k ≈ n on, so that k*/n stays.
        let power = Spectrum::Power(2.0).eigenvalues(100_000).expect("valid");
        let split = benign_split(&power, 100, 1.0)
            .expect("valid")
            .expect("wide");
        assert!((split.k as f64 - 100.0).abs() < 5.0 && split.bound > 1.0);
        let short = Spectrum::Exponential(1.0).eigenvalues(50).expect("valid");
        assert!(benign_split(&short, 10, 1.0).expect("valid").is_none());
    }

    #[test]
    fn bad_input_is_an_error() {
        assert!(effective_ranks(&array![1.0, 2.0], 0).is_err());
        assert!(effective_ranks(&array![1.0, 0.0], 1).is_err());
        assert!(effective_ranks(&array![1.0], 1).is_err());
        assert!(benign_split(&array![1.0], 0, 1.0).is_err());
        assert!(benign_split(&array![1.0], 1, f64::NAN).is_err());
        assert!(benign_split(&array![f64::NAN], 1, 1.0).is_err());
    }

    proptest! {
        #[test]
        fn ranks_keep_their_order(values in prop::collection::vec(1e-3..1e3_f64, 1..20), k in 0_usize..20) {
            let mut values = values;
            values.sort_by(|a, b| b.total_cmp(a));
            let k = k.min(values.len() - 1);
            let (r, big_r) = effective_ranks(&Array1::from(values), k).expect("valid");
            prop_assert!(r >= 1.0 && r <= big_r * (1.0 + 1e-12) && big_r <= r * r * (1.0 + 1e-12));
        }
    }
}
