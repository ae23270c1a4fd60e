//! What a digits run shows: the peak without a penalty, and that none is left with the right one.

use super::digits::{DigitCurve, DigitPoint, Sample};
use crate::error::{Error, Result};
use crate::measure::valley_misfit;
use crate::stats::{Estimate, larger, largest, largest_by, least, least_by};

/// What the claims say of the digits.
pub(super) struct Landmarks<'a> {
    /// The largest error without a penalty.
    pub peak: &'a DigitPoint,
    /// The least one below m = n.
    pub valley: f64,
    /// The error at m = n without a penalty.
    pub threshold: f64,
    pub tuned: Shape,
    pub validated: Shape,
    /// The share of the variation of ln(error) without a penalty that the best U leaves.
    pub ridgeless_misfit: f64,
    /// The larger of the two steps of the grid beside the threshold.
    pub spacing: f64,
}

/// How a curve over widths runs.
pub(super) struct Shape {
    /// Largest over least error. It says how far the curve falls, not whether it has a peak.
    pub max_over_min: f64,
    /// The largest rise above the least error of a narrower model, as a share of it.
    pub rise: f64,
    /// The largest such rise in standard errors of the difference, draw by draw.
    pub rise_in_se: f64,
    /// As [`Landmarks::ridgeless_misfit`].
    pub misfit: f64,
}

impl Shape {
    fn of(samples: &[&Sample]) -> Result<Self> {
        let means: Vec<f64> = samples.iter().map(|sample| sample.mean()).collect();
        let logs: Vec<f64> = means.iter().map(|mean| mean.ln()).collect();
        let largest = largest(&means);
        let least = least(&means);
        let (mut rise, mut rise_in_se) = (0.0f64, f64::NEG_INFINITY);
        let mut best = 0;
        for i in 1..samples.len() {
            if means[best] >= means[i] {
                best = i;
            }
            rise = larger(rise, means[i] / means[best] - 1.0);
            let pairs = samples[i].draws.iter().zip(&samples[best].draws);
            let differences: Vec<f64> = pairs.map(|(here, there)| here - there).collect();
            // Against itself a width that falls has the difference 0.
            let difference = Estimate::from_values(&differences)?;
            let distance = if i == best {
                0.0
            } else {
                difference.mean / difference.se
            };
            rise_in_se = larger(rise_in_se, distance);
        }
        Ok(Self {
            max_over_min: largest / least,
            rise,
            rise_in_se,
            misfit: valley_misfit(&logs),
        })
    }
}

impl<'a> Landmarks<'a> {
    pub(super) fn of(curve: &'a DigitCurve) -> Result<Self> {
        let expected = "widths on both sides of n, no error of which is NaN";
        let missing = || Error::shape("the curve", expected, &[]);
        let error = |p: &&DigitPoint| p.ridgeless.mean();
        let narrow = || curve.points.iter().filter(|p| p.columns < curve.n);
        let valley = least_by(narrow(), error).ok_or_else(missing)?;
        let before = narrow().next_back().ok_or_else(missing)?.ratio;
        let mut wide = curve.points.iter().filter(|p| p.columns > curve.n);
        let after = wide.next().ok_or_else(missing)?.ratio;
        let threshold = curve.points.iter().find(|p| p.columns == curve.n);
        let each = |of: fn(&DigitPoint) -> &Sample| curve.points.iter().map(of).collect::<Vec<_>>();
        Ok(Self {
            peak: largest_by(&curve.points, error).ok_or_else(missing)?,
            valley: valley.ridgeless.mean(),
            threshold: threshold.ok_or_else(missing)?.ridgeless.mean(),
            tuned: Shape::of(&each(|p| &p.tuned))?,
            validated: Shape::of(&each(|p| &p.validated))?,
            ridgeless_misfit: Shape::of(&each(|p| &p.ridgeless))?.misfit,
            spacing: larger(1.0 - before, after - 1.0),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fall_has_no_rise_and_a_bump_has_one() {
        let sample = |draws: [f64; 3]| Sample::new(draws.to_vec()).expect("draws");
        let (a, b, c) = (
            sample([4.0, 4.1, 3.9]),
            sample([2.0, 2.1, 1.9]),
            sample([1.0, 1.2, 0.8]),
        );
        let fall = Shape::of(&[&a, &b, &c]).expect("valid");
        assert_eq!((fall.rise, fall.rise_in_se, fall.misfit), (0.0, 0.0, 0.0));
        assert!((fall.max_over_min - 4.0).abs() < 1e-12);
        let bump = Shape::of(&[&b, &a, &c]).expect("valid");
        assert!((bump.rise - 1.0).abs() < 1e-12 && bump.misfit > 0.1);
        // The difference is 2 in each draw: no noise is left.
        assert!(bump.rise_in_se > 1e6);
    }
}
