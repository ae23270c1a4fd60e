//! The thresholds on a line: a poor class whose complexity is known exactly.

use ndarray::Array2;

use crate::error::{Error, Result, check_count, check_size};

/// The most points: the count takes n⁴/8 steps.
const MAX_POINTS: usize = 128;

/// The values of all thresholds h(x) = ±sign(x − t) at n points in increasing order, `(2n, n)`: row k has −1 at the
/// first k points and +1 at the others; row n + k is its negative.
///
/// # Errors
/// n is 0, or the array would not fit in memory.
pub fn threshold_patterns(n: usize) -> Result<Array2<f64>> {
    check_count("the number of points n", n)?;
    check_size("the thresholds' values", n.saturating_mul(2), n)?;
    Ok(Array2::from_shape_fn((2 * n, n), |(row, i)| {
        let plus = i >= row % n;
        if plus == (row < n) { 1.0 } else { -1.0 }
    }))
}

/// The Rademacher complexity of the thresholds h(x) = ±sign(x − t) on any n different points of a line,
/// exactly.
///
/// # Formula
/// With S_k = σ_1 + … + σ_k it is (1/n) E max_k |S_n − 2S_k|. For each end S_n = s the maximum is at most m where the walk
/// stays between (s − m)/2 and (s + m)/2; such walks are counted step by step, and E max = Σ_{m≥1} P(max ≥ m).
///
/// # Errors
/// n is 0 or above 128.
///
/// ```
/// use dltheory::measure::threshold_complexity;
/// // Two points: four patterns, all of them thresholds.
/// assert!((threshold_complexity(2)? - 1.0).abs() < 1e-15);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn threshold_complexity(n: usize) -> Result<f64> {
    if !(1..=MAX_POINTS).contains(&n) {
        let allowed = format!("1 to {MAX_POINTS}");
        return Err(Error::domain("the number of points n", allowed, n));
    }
    let below: Vec<f64> = (0..n).map(|most| share_of_walks(n, most)).collect();
    // E max = Σ_{m=1}^{n} 1 − P(max ≤ m − 1).
    Ok(below.iter().map(|share| 1.0 - share).sum::<f64>() / n as f64)
}

/// P(max_k |S_n − 2S_k| ≤ most) for k = 0 … n.
fn share_of_walks(n: usize, most: usize) -> f64 {
    let (n, most) = (n as i64, most as i64);
    let mut total = 0.0;
    for end in (-most..=most).filter(|end| (end + n) % 2 == 0) {
        let inside = |place: i64| (end - 2 * place).abs() <= most;
        // Index 0 stands for −n − 1, which no walk reaches.
        let mut shares = vec![0.0_f64; 2 * n as usize + 3];
        let at = |place: i64| (place + n + 1) as usize;
        shares[at(0)] = 1.0;
        for _ in 0..n {
            let mut next = vec![0.0; shares.len()];
            for place in (-n..=n).filter(|place| inside(*place)) {
                next[at(place)] = 0.5 * (shares[at(place - 1)] + shares[at(place + 1)]);
            }
            shares = next;
        }
        total += shares[at(end)];
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::exact_finite_class_complexity;

    #[test]
    fn counting_walks_matches_enumeration() {
        for n in 1..=12 {
            let patterns = threshold_patterns(n).expect("valid");
            let enumerated = exact_finite_class_complexity(&patterns).expect("small");
            let counted = threshold_complexity(n).expect("valid");
            assert!(
                (counted - enumerated).abs() < 1e-12,
                "n = {n}: {counted} {enumerated}"
            );
        }
    }

    #[test]
    fn it_falls_as_one_over_root_n() {
        let at = |n| threshold_complexity(n).expect("valid") * f64::sqrt(n as f64);
        assert!((at(128) / at(64) - 1.0).abs() < 0.03);
        assert!(threshold_complexity(0).is_err() && threshold_complexity(129).is_err());
        assert!(threshold_patterns(0).is_err());
    }
}
