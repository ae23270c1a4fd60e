//! What a digits run shows: the peak without a penalty, and that none is left with the right one.

use super::digits::{DigitCurve, DigitPoint, Sample};
use crate::error::{Error, Result};
use crate::experiment::{Claim, Claims, Measured};
use crate::measure::valley_misfit;
use crate::stats::{Estimate, larger, largest, least};

/// The chance that a claim about the largest of many distances fails although theory is right.
pub(super) const LEVEL: f64 = 0.01;

/// What the claims say of the digits.
pub(super) struct Landmarks<'a> {
    curve: &'a DigitCurve,
    /// The largest error without a penalty.
    peak: &'a DigitPoint,
    /// The least one below m = n.
    valley: f64,
    /// The error at m = n without a penalty.
    threshold: f64,
    tuned: Shape,
    validated: Shape,
    /// The share of the variation of ln(error) without a penalty that the best U leaves.
    ridgeless_misfit: f64,
    /// The larger of the two steps of the grid beside the threshold.
    spacing: f64,
}

/// How a curve over widths runs.
struct Shape {
    /// Largest over least error. It says how far the curve falls, not whether it has a peak.
    max_over_min: f64,
    /// The largest rise above the least error of a narrower model, as a share of it.
    rise: f64,
    /// The largest such rise in standard errors of the difference, draw by draw.
    rise_in_se: f64,
    /// As [`Landmarks::ridgeless_misfit`].
    misfit: f64,
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
        let missing = || Error::shape("the curve", "widths on both sides of n", &[]);
        let by_error =
            |a: &&DigitPoint, b: &&DigitPoint| a.ridgeless.mean().total_cmp(&b.ridgeless.mean());
        let narrow = || curve.points.iter().filter(|p| p.columns < curve.n);
        let valley = narrow().min_by(by_error).ok_or_else(missing)?;
        let before = narrow().next_back().ok_or_else(missing)?.ratio;
        let mut wide = curve.points.iter().filter(|p| p.columns > curve.n);
        let after = wide.next().ok_or_else(missing)?.ratio;
        let threshold = curve.points.iter().find(|p| p.columns == curve.n);
        let each = |of: fn(&DigitPoint) -> &Sample| curve.points.iter().map(of).collect::<Vec<_>>();
        Ok(Self {
            curve,
            peak: curve.points.iter().max_by(by_error).ok_or_else(missing)?,
            valley: valley.ridgeless.mean(),
            threshold: threshold.ok_or_else(missing)?.ridgeless.mean(),
            tuned: Shape::of(&each(|p| &p.tuned))?,
            validated: Shape::of(&each(|p| &p.validated))?,
            ridgeless_misfit: Shape::of(&each(|p| &p.ridgeless))?.misfit,
            spacing: larger(1.0 - before, after - 1.0),
        })
    }

    pub(super) fn measure(&self, measured: &mut Measured) {
        measured.insert("tuned_max_over_min", self.tuned.max_over_min);
        measured.insert("validated_max_over_min", self.validated.max_over_min);
        let peak = self.peak.ridgeless.mean();
        measured.insert("ridgeless_peak_over_valley", peak / self.valley);
        measured.insert("ridgeless_peak_ratio", self.peak.ratio);
        measured.insert("tuned_largest_rise", self.tuned.rise);
        measured.insert("validated_largest_rise", self.validated.rise);
        measured.insert("ridgeless_valley_misfit", self.ridgeless_misfit);
        measured.insert("tuned_valley_misfit", self.tuned.misfit);
        measured.insert("tuned_lambdas", self.curve.each(|p| p.lambda));
    }

    pub(super) fn claims(&self, label_noise: f64, claims: &mut Claims) -> Result<()> {
        let curve = self.curve;
        claims.push(Claim::equals(
            "digits, no penalty: the test error peaks at m/n = 1 (to the grid's step)",
            1.0,
            self.peak.ratio,
            self.spacing,
        ));
        // A label flipped with probability η has variance 4η(1 − η). See the module's documentation.
        let noise = 4.0 * label_noise * (1.0 - label_noise);
        if noise > 0.0 {
            claims.push(Claim::at_least(
                "digits, no penalty: the peak over the least error of the narrow models (m < n) is at least what label \
                 noise alone brings at m = n, 4η(1−η)·n/2",
                noise * curve.n as f64 / 2.0 / self.valley,
                self.threshold / self.valley,
                0.0,
            ));
        }
        let draws = curve.points.first().map(|p| p.tuned.draws.len());
        claims.push(Claim::largest_within(
            "digits, best penalty of each width: no peak, wider never costs: rise above any narrower model, draw by draw",
            self.tuned.rise_in_se,
            curve.points.len() - 1,
            LEVEL,
            draws,
        )?);
        let mut trend = |claim: Claim| claims.push(claim.trend(curve.mnist));
        trend(Claim::largest_within(
            "digits, penalty chosen by a noisy validation set: no peak either (trend), in the same way",
            self.validated.rise_in_se,
            curve.points.len() - 1,
            LEVEL,
            draws,
        )?);
        trend(Claim::at_most(
            "digits: and noise hides no peak of a tenth either (trend): the largest rise of the tuned error above any narrower \
             model, as a share of it",
            0.1,
            self.tuned.rise,
            0.0,
        ));
        trend(Claim::at_most(
            "digits: the validation set costs less than a tenth (trend): its mean error over all widths, over that of the best \
             penalty",
            1.1,
            mean(&curve.each(|p| p.validated.mean())) / mean(&curve.each(|p| p.tuned.mean())),
            0.0,
        ));
        let (low, high) = curve.tried;
        let ends = |p: &&DigitPoint| p.lambda <= low || p.lambda >= high;
        trend(Claim::equals(
            "digits: the best penalties lie inside the range tried (trend): widths where one is at its end",
            0.0,
            curve.points.iter().filter(ends).count() as f64,
            0.0,
        ));
        Ok(())
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
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
