//! Kendall's rank correlation: do two lists of numbers put the same runs in the same order?

use crate::error::{Error, Result, check_finite};

/// sign(x): 1, −1, or 0 for 0.
pub(super) fn sign(x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x.signum() }
}

/// Checks two lists of one length, at least 2, finite.
pub(super) fn check_pairs(measure: &[f64], gap: &[f64]) -> Result<()> {
    if measure.len() < 2 {
        let expected = "(n,) with n ≥ 2, to have an order";
        return Err(Error::shape("the measures", expected, &[measure.len()]));
    }
    if measure.len() != gap.len() {
        let expected = format!("({},), one for each measure", measure.len());
        return Err(Error::shape("the gaps", expected, &[gap.len()]));
    }
    check_finite("the measures", measure)?;
    check_finite("the gaps", gap)
}

/// Checks one list: at least 2 values, finite.
fn check_values(values: &[f64]) -> Result<()> {
    if values.len() < 2 {
        let expected = "at least 2, to have an order";
        return Err(Error::domain(
            "the number of values",
            expected,
            values.len(),
        ));
    }
    check_finite("the values", values)
}

/// Kendall's τ of the runs' measures μ, `(n,)`, and gaps g, `(n,)`.
///
/// # Formula
/// τ = Σ_{i≠j} sign(μ_i − μ_j)·sign(g_i − g_j) / (n(n − 1)) over ordered pairs. A pair tied in
/// either list adds 0. τ = 1 where both lists put all runs in one order without ties, −1 where they
/// put them in opposite orders, 0 for a constant. **A larger measure with a larger gap is +1**: a
/// negative τ means that the measure falls where the gap rises.
///
/// # Errors
/// Lists of different lengths, fewer than 2 runs, numbers that are not finite.
///
/// # Reference
/// Kendall 1938, "A new measure of rank correlation", doi:10.1093/biomet/30.1-2.81; used for
/// generalisation by Jiang et al. 2020, arXiv:1912.02178.
///
/// ```
/// use dltheory::measure::kendall;
/// // Ten pairs: eight in the same order, one (3, 2) in the opposite, one tied.
/// let tau = kendall(&[1.0, 2.0, 3.0, 4.0, 5.0], &[0.1, 0.3, 0.2, 0.4, 0.4])?;
/// assert!((tau - 0.7).abs() < 1e-15);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn kendall(measure: &[f64], gap: &[f64]) -> Result<f64> {
    check_pairs(measure, gap)?;
    let n = measure.len();
    let mut sum = 0.0;
    for i in 0..n {
        for j in 0..i {
            sum += sign(measure[i] - measure[j]) * sign(gap[i] - gap[j]);
        }
    }
    Ok(2.0 * sum / (n * (n - 1)) as f64)
}

/// The share of pairs that are not tied, found by counting equal values: the τ of a list with
/// itself, 1 where no two values are equal.
///
/// # Errors
/// Fewer than 2 values, or numbers that are not finite.
pub fn untied_share(values: &[f64]) -> Result<f64> {
    check_values(values)?;
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let pairs = |n: usize| (n * (n - 1)) as f64;
    let tied: f64 = sorted.chunk_by(|a, b| a == b).map(|t| pairs(t.len())).sum();
    Ok(1.0 - tied / pairs(values.len()))
}

/// The standard deviation of τ when one list is a random order: what pure chance gives.
///
/// # Formula
/// √(2(2n + 5)/(9n(n − 1))) without ties; the mean is 0. With groups of t equal values in the
/// other list the pairs in them add nothing, and the variance falls to
/// 2\[n(n − 1)(2n + 5) − Σt(t − 1)(2t + 5)\]/(9n²(n − 1)²).
///
/// # Errors
/// Fewer than 2 values, or numbers that are not finite.
///
/// # Reference
/// Kendall 1970, "Rank correlation methods", 4th ed., ch. 4 and 5.
///
/// ```
/// use dltheory::measure::kendall_null_se;
/// let untied: Vec<f64> = (0..144).map(f64::from).collect();
/// assert!((kendall_null_se(&untied)? - 0.0562).abs() < 1e-4);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn kendall_null_se(values: &[f64]) -> Result<f64> {
    check_values(values)?;
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    // In f64: the product of three counts soon leaves the integers.
    let term = |n: usize| n as f64 * (n as f64 - 1.0) * (2.0 * n as f64 + 5.0);
    let ties: f64 = sorted.chunk_by(|a, b| a == b).map(|t| term(t.len())).sum();
    let n = values.len();
    let pairs = (n * (n - 1)) as f64;
    Ok((2.0 * (term(n) - ties) / 9.0).sqrt() / pairs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::stream;
    use crate::stats::smaller;
    use proptest::prelude::*;
    use rand::seq::SliceRandom;

    fn tau(a: &[f64], b: &[f64]) -> f64 {
        kendall(a, b).expect("valid")
    }

    #[test]
    fn identity_reversal_and_constant() {
        let up: Vec<f64> = (0..9).map(f64::from).collect();
        let down: Vec<f64> = up.iter().map(|x| -x).collect();
        assert_eq!((tau(&up, &up), tau(&up, &down)), (1.0, -1.0));
        assert_eq!((tau(&[3.0; 9], &up), tau(&up, &[3.0; 9])), (0.0, 0.0));
        // −0 and 0 are equal.
        assert_eq!(tau(&[0.0, -0.0], &[1.0, 2.0]), 0.0);
    }

    #[test]
    fn bad_input_is_an_error() {
        assert!(kendall(&[1.0], &[1.0]).is_err() && kendall(&[], &[]).is_err());
        assert!(kendall(&[1.0, 2.0], &[1.0]).is_err());
        assert!(kendall(&[1.0, f64::NAN], &[1.0, 2.0]).is_err());
        assert!(kendall(&[1.0, 2.0], &[1.0, f64::INFINITY]).is_err());
        assert!(untied_share(&[1.0]).is_err() && kendall_null_se(&[f64::NAN, 1.0]).is_err());
    }

    /// The standard deviation over 4000 random orders has relative standard error about
    /// 1/√8000 = 1.1 %; within 4.5 of these. The mean within 4.5 of its own.
    #[test]
    fn chance_has_the_predicted_spread() {
        let untied: Vec<f64> = (0..12).map(f64::from).collect();
        let tied = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 3.0, 3.0, 3.0, 4.0, 5.0].to_vec();
        for (index, gap) in [untied.clone(), tied].iter().enumerate() {
            let rng = &mut stream(1, "kendall null", index as u64);
            let mut order = untied.clone();
            let taus: Vec<f64> = (0..4000)
                .map(|_| {
                    order.shuffle(rng);
                    tau(&order, gap)
                })
                .collect();
            let predicted = kendall_null_se(gap).expect("valid");
            let mean = taus.iter().sum::<f64>() / 4000.0;
            let spread = (taus.iter().map(|t| t * t).sum::<f64>() / 4000.0).sqrt();
            assert!(
                (spread / predicted - 1.0).abs() < 0.05,
                "{spread} {predicted}"
            );
            assert!(mean.abs() < 4.5 * predicted / 4000_f64.sqrt(), "{mean}");
        }
        let formula = (2.0 * 29.0 / (9.0 * 12.0 * 11.0_f64)).sqrt();
        assert!((kendall_null_se(&untied).expect("valid") - formula).abs() < 1e-15);
        assert_eq!(kendall_null_se(&[1.0; 5]).expect("valid"), 0.0);
    }

    proptest! {
        #[test]
        fn order_is_all_that_counts(pairs in prop::collection::vec((-5_i32..5, -5_i32..5), 2..30)) {
            let a: Vec<f64> = pairs.iter().map(|p| f64::from(p.0)).collect();
            let b: Vec<f64> = pairs.iter().map(|p| f64::from(p.1)).collect();
            let stretched: Vec<f64> = a.iter().map(|x| x.exp()).collect();
            let negated: Vec<f64> = a.iter().map(|x| -x).collect();
            prop_assert_eq!(tau(&stretched, &b), tau(&a, &b));
            prop_assert_eq!(tau(&negated, &b), -tau(&a, &b));
            prop_assert_eq!(tau(&b, &a), tau(&a, &b));
            let most = smaller(untied_share(&a).expect("valid"), untied_share(&b).expect("valid"));
            prop_assert!(tau(&a, &b).abs() <= most + 1e-12);
            prop_assert!((tau(&a, &a) - untied_share(&a).expect("valid")).abs() < 1e-12);
        }
    }
}
