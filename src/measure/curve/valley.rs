//! Fits under a shape: a curve that only rises, or one that falls and then rises.

use crate::stats::least_by;

/// The non-decreasing sequence nearest to `values` in squares.
///
/// Pools neighbours that stand in the wrong order into their mean until none do.
///
/// # Reference
/// Ayer, Brunk, Ewing, Reid & Silverman 1955, doi:10.1214/aoms/1177728423.
#[must_use]
pub fn isotonic(values: &[f64]) -> Vec<f64> {
    // Blocks: mean and length.
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for &value in values {
        let mut block = (value, 1);
        while let Some(&(mean, length)) = blocks.last().filter(|(mean, _)| *mean > block.0) {
            let total = length + block.1;
            block.0 = (mean * length as f64 + block.0 * block.1 as f64) / total as f64;
            block.1 = total;
            blocks.pop();
        }
        blocks.push(block);
    }
    blocks
        .into_iter()
        .flat_map(|(mean, length)| std::iter::repeat_n(mean, length))
        .collect()
}

/// The sequence nearest to `values` in squares among those that fall up to some place and rise after it: a U.
///
/// Every place of the turn is tried. One NaN or infinite number makes all NaN.
///
/// ```
/// use dltheory::measure::valley;
/// assert_eq!(valley(&[3.0, 1.0, 2.0]), [3.0, 1.0, 2.0]);
/// // Down, up, down is no U: the last fall is levelled.
/// assert_eq!(valley(&[3.0, 1.0, 5.0, 3.0]), [3.0, 1.0, 4.0, 4.0]);
/// ```
#[must_use]
pub fn valley(values: &[f64]) -> Vec<f64> {
    if !values.iter().all(|value| value.is_finite()) {
        return vec![f64::NAN; values.len()];
    }
    let fit = |turn: usize| {
        let mirrored: Vec<f64> = values[..turn].iter().rev().copied().collect();
        let mut fit: Vec<f64> = isotonic(&mirrored).into_iter().rev().collect();
        fit.extend(isotonic(&values[turn..]));
        fit
    };
    let distance = |fit: &Vec<f64>| square_distance(fit, values);
    least_by((0..=values.len()).map(fit), distance)
        .expect("at least the fit that turns at 0, and all are of finite numbers")
}

/// The share of the variation of `values` that the nearest [`valley`] leaves: 0 for a U, at most 1.
/// NaN if the values do not vary.
///
/// # Formula
/// Σ(v − fit)² / Σ(v − v̄)².
#[must_use]
pub fn valley_misfit(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let spread: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
    square_distance(&valley(values), values) / spread
}

fn square_distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_fits() {
        assert_eq!(isotonic(&[1.0, 3.0, 2.0, 4.0]), [1.0, 2.5, 2.5, 4.0]);
        assert_eq!(isotonic(&[3.0, 2.0, 1.0]), [2.0; 3]);
        assert!(isotonic(&[]).is_empty() && valley(&[]).is_empty());
        assert_eq!(valley_misfit(&[4.0, 2.0, 1.0, 5.0]), 0.0);
        assert!((valley_misfit(&[0.0, 1.0, 0.0]) - 0.75).abs() < 1e-15);
        assert!(valley_misfit(&[1.0, 1.0]).is_nan() && valley_misfit(&[1.0, f64::NAN]).is_nan());
    }

    proptest! {
        #[test]
        fn no_other_u_is_nearer(
            values in prop::collection::vec(-5.0..5.0_f64, 1..8),
            other in prop::collection::vec(-5.0..5.0_f64, 8),
            turn in 0_usize..8,
        ) {
            let fit = valley(&values);
            let turn = turn.min(values.len());
            let mut rival = other[..values.len()].to_vec();
            rival[..turn].sort_by(|a, b| b.total_cmp(a));
            rival[turn..].sort_by(f64::total_cmp);
            prop_assert!(square_distance(&fit, &values) <= square_distance(&rival, &values) + 1e-12);
            let lowest = least_by(0..fit.len(), |&i| fit[i]).unwrap_or(0);
            prop_assert!(fit[..lowest].windows(2).all(|pair| pair[0] >= pair[1]));
            prop_assert!(fit[lowest..].windows(2).all(|pair| pair[0] <= pair[1]));
        }
    }
}
