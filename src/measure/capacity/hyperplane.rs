//! How many random labellings a hyperplane can fit: Cover's function-counting theorem.

use crate::error::{Error, Result, check_count};

/// The most points: the sum takes that many steps, about a second.
const MAX_POINTS: usize = 1 << 26;

/// The probability that random signs on n points in general position in R^d can be separated by a
/// hyperplane through the origin.
///
/// # Formula
/// C(n, d)/2ⁿ with C(n, d) = 2 Σ_{k<d} C(n−1, k): that is P(Binomial(n−1, ½) ≤ d − 1). 1 for
/// n ≤ d, exactly ½ at n = 2d, → 0 beyond. The same for every set of points in general position. For a
/// hyperplane with a free offset use d + 1.
///
/// Summed outwards from the largest term of the smaller tail, on a log scale; relative error about n·ε.
///
/// # Errors
/// n or d is 0; n above 2²⁶.
///
/// # Reference
/// Cover 1965, "Geometrical and statistical properties of systems of linear inequalities",
/// doi:10.1109/PGEC.1965.264137.
///
/// ```
/// use dltheory::measure::cover_probability;
/// assert_eq!(cover_probability(10, 10)?, 1.0);
/// assert!((cover_probability(200, 100)? - 0.5).abs() < 1e-12);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn cover_probability(n: usize, d: usize) -> Result<f64> {
    Ok(ln_cover_probability(n, d)?.exp())
}

/// ln of [`cover_probability`], finite where the probability itself underflows.
///
/// # Errors
/// As [`cover_probability`].
pub fn ln_cover_probability(n: usize, d: usize) -> Result<f64> {
    check_count("the number of points n", n)?;
    check_count("the dimension d", d)?;
    if n > MAX_POINTS {
        return Err(Error::domain(
            "the number of points n",
            format!("at most {MAX_POINTS}"),
            n,
        ));
    }
    if n <= d {
        return Ok(0.0);
    }
    let trials = n - 1;
    // Below the middle the sum itself; above, one minus the other tail, which is the smaller.
    if 2 * d <= n {
        return Ok(ln_lower_tail(trials, d - 1));
    }
    Ok((-ln_lower_tail(trials, trials - d).exp()).ln_1p())
}

/// ln P(Binomial(trials, ½) ≤ last), for `last` at or below the middle.
fn ln_lower_tail(trials: usize, last: usize) -> f64 {
    // Relative to the last, largest term: t_{k−1}/t_k = k/(trials−k+1).
    let (mut sum, mut term) = (1.0, 1.0);
    for k in (1..=last).rev() {
        term *= k as f64 / (trials - k + 1) as f64;
        sum += term;
        if term < 1e-18 * sum {
            break;
        }
    }
    ln_choose_half(trials, last) + f64::ln(sum)
}

/// ln \[C(n, k)/2ⁿ\]: −n ln 2 plus the logarithms of C(n, j)/C(n, j−1) for j ≤ k, in a
/// compensated sum.
fn ln_choose_half(n: usize, k: usize) -> f64 {
    let mut sum = -(n as f64) * std::f64::consts::LN_2;
    let mut lost = 0.0;
    for j in 1..=k {
        let term = ((n - j + 1) as f64 / j as f64).ln() - lost;
        let next = sum + term;
        lost = (next - sum) - term;
        sum = next;
    }
    sum
}

/// ln of the number of separable sign patterns, C(n, d) = 2 Σ_{k<d} C(n−1, k).
///
/// # Errors
/// As [`cover_probability`].
pub fn ln_cover_count(n: usize, d: usize) -> Result<f64> {
    Ok(ln_cover_probability(n, d)? + n as f64 * std::f64::consts::LN_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sum itself, in integers.
    fn counted(n: u32, d: u32) -> u128 {
        let choose =
            |n: u32, k: u32| (0..k).fold(1_u128, |c, j| c * u128::from(n - j) / u128::from(j + 1));
        2 * (0..d.min(n)).map(|k| choose(n - 1, k)).sum::<u128>()
    }

    #[test]
    fn the_count_matches_integers() {
        for n in 1..=60 {
            for d in 1..=60 {
                let want = (counted(n, d) as f64).ln();
                let got = ln_cover_count(n as usize, d as usize).expect("valid");
                assert!((got - want).abs() < 1e-12, "n = {n}, d = {d}: {got} {want}");
            }
        }
    }

    #[test]
    fn one_half_at_twice_the_dimension() {
        for d in [1, 2, 7, 100, 5000, 500_000] {
            let half = cover_probability(2 * d, d).expect("valid");
            assert!((half - 0.5).abs() < 1e-9, "d = {d}: {half}");
        }
        assert_eq!(cover_probability(3, 9).expect("valid"), 1.0);
        assert_eq!(cover_probability(20_000, 2).expect("valid"), 0.0);
        let log = ln_cover_probability(20_000, 2).expect("valid");
        // 2(1 + 19,999)/2^20000.
        assert!((log - (40_000.0_f64.ln() - 20_000.0 * std::f64::consts::LN_2)).abs() < 1e-9);
        // Symmetry: both tails together are everything.
        let (low, high) = (
            cover_probability(101, 40).expect("valid"),
            cover_probability(101, 61).expect("valid"),
        );
        assert!((low + high - 1.0).abs() < 1e-13);
    }

    #[test]
    fn bad_input_is_an_error() {
        assert!(cover_probability(0, 1).is_err() && cover_probability(1, 0).is_err());
        assert!(cover_probability(usize::MAX, 3).is_err());
    }
}
