//! The numbers and the claims.

use super::curve::{Entry, Point, Results};
use super::figure::figure;
use crate::error::{Error, Result};
use crate::experiment::{Claim, Draft, Findings};
use crate::stats::{Estimate, larger, largest, largest_by, largest_distance, least_by};

/// A width fits its labels when it misses at most this share of them.
const FITS: f64 = 0.01;

/// A training error below this is rounding: all labels are fitted.
const ROUNDING: f64 = 1e-12;

/// The chance that a true comparison over draws fails, or a false one holds.
const LEVEL: f64 = 0.01;

/// Why there is no threshold.
const NOT_FITTED: &str = "no width fits 99 % of its labels: allow more epochs or wider networks";
const FROZEN_NOT_FITTED: &str = "no frozen width fits every label";

/// Why a curve has no rise to speak of.
const NO_RISE: &str = "in no draw do the others choose a width beyond the first as the peak";

/// What the claims speak of.
struct Landmarks<'a> {
    /// The width of the largest test error, of those that are not the widest.
    peak: &'a Point,
    /// The least test error among narrower widths.
    valley: &'a Point,
    last: &'a Point,
    /// The narrowest width that fits its labels, if any does.
    threshold: Option<&'a Point>,
    variance_peak: &'a Point,
    frozen_peak: &'a Entry,
    /// The narrowest frozen network whose last layer fits every label, if any does.
    frozen_threshold: Option<&'a Entry>,
    /// The larger step of the frozen grid beside it.
    frozen_step: f64,
    /// Means of [`LeftOut`] over the draws.
    rise: Estimate,
    fall: Estimate,
    gain: Estimate,
}

/// Places on the curve of mean test errors: (valley, peak) with the largest rise in logarithm.
fn largest_rise(means: &[f64]) -> (usize, usize) {
    let (mut best, mut least) = ((0, 0), 0);
    for at in 0..means.len() {
        if means[at] < means[least] {
            least = at;
        }
        if means[at] / means[least] > means[best.1] / means[best.0] {
            best = (least, at);
        }
    }
    best
}

/// What one draw says at widths that the other draws chose, so that no draw is compared at a place it
/// helped to choose.
struct LeftOut {
    /// ln(peak/valley) of the squared test error.
    rise: f64,
    /// ln(peak/widest) of the squared test error.
    fall: f64,
    /// Share of wrong answers of the best width below the peak, less that of the widest.
    gain: f64,
}

/// `None` where an error is unknown.
fn left_out(points: &[Point], draw: usize) -> Option<LeftOut> {
    let others = |values: &[f64]| values.iter().sum::<f64>() - values[draw];
    let mses: Vec<f64> = points.iter().map(|p| others(&p.last().test_mses)).collect();
    let (valley, peak) = largest_rise(&mses);
    let wrong = |at: &usize| others(&points[*at].last().test_errors);
    let best = least_by(0..peak.max(1), wrong)?;
    let last = points.len() - 1;
    let log = |at: usize| points[at].last().test_mses[draw].ln();
    let own = |at: usize| points[at].last().test_errors[draw];
    Some(LeftOut {
        rise: log(peak) - log(valley),
        fall: log(peak) - log(last),
        gain: own(best) - own(last),
    })
}

impl<'a> Landmarks<'a> {
    fn of(results: &'a Results) -> Result<Self> {
        let points = &results.points;
        let expected = "three widths, no error of which is NaN";
        let missing = || Error::shape("the curve", expected, &[points.len()]);
        let means: Vec<f64> = points.iter().map(|p| p.last().test_mse.mean).collect();
        let (valley, peak) = largest_rise(&means);
        let frozen = &results.frozen;
        let at = frozen.iter().position(|p| p.train_mse < ROUNDING);
        let beside = at.map_or(0..0, |at| at.saturating_sub(1)..(at + 2).min(frozen.len()));
        let steps = frozen[beside].windows(2);
        let draws = points.first().map_or(0, |p| p.last().test_mses.len());
        let compared: Option<Vec<LeftOut>> =
            (0..draws).map(|draw| left_out(points, draw)).collect();
        let compared = compared.ok_or_else(missing)?;
        let over = |of: fn(&LeftOut) -> f64| Estimate::of(&compared, of);
        Ok(Self {
            peak: points.get(peak).ok_or_else(missing)?,
            valley: points.get(valley).ok_or_else(missing)?,
            last: points.last().ok_or_else(missing)?,
            threshold: points.iter().find(|p| p.last().train_error.mean <= FITS),
            variance_peak: largest_by(points, |p| p.parts.variance).ok_or_else(missing)?,
            frozen_peak: largest_by(frozen, |p| p.test_mse).ok_or_else(missing)?,
            frozen_threshold: at.map(|at| &frozen[at]),
            frozen_step: steps
                .map(|two| two[1].ratio - two[0].ratio)
                .fold(0.0, larger),
            rise: over(|own| own.rise)?,
            fall: over(|own| own.fall)?,
            gain: over(|own| own.gain)?,
        })
    }
}

pub(super) fn findings(results: &Results) -> Result<Findings> {
    let marks = Landmarks::of(results)?;
    let (peak, valley, last) = (marks.peak.last(), marks.valley.last(), marks.last.last());
    let rows = results.points.iter().flat_map(Point::rows);
    let found = Findings::of(rows.chain(results.frozen.iter().cloned()))
        .measure_or(
            "threshold_ratio",
            marks.threshold.map(|p| p.ratio),
            NOT_FITTED,
        )
        .measure("peak_ratio", marks.peak.ratio)
        .measure("peak_width", marks.peak.width as f64)
        .measure("peak_test_mse", peak.test_mse.mean)
        .measure("valley_test_mse", valley.test_mse.mean)
        .measure(
            "peak_over_valley",
            peak.test_mse.mean / valley.test_mse.mean,
        )
        .measure("widest_test_mse", last.test_mse.mean)
        .measure("valley_test_error", valley.test_error.mean)
        .measure("peak_test_error", peak.test_error.mean)
        .measure("widest_test_error", last.test_error.mean)
        .measure("variance_peak_ratio", marks.variance_peak.ratio)
        .measure("frozen_peak_ratio", marks.frozen_peak.ratio)
        .measure_or(
            "frozen_threshold_ratio",
            marks.frozen_threshold.map(|p| p.ratio),
            FROZEN_NOT_FITTED,
        )
        .measure("frozen_peak_test_mse", marks.frozen_peak.test_mse)
        .measure("diverged_runs", results.diverged as f64);
    let found = threshold_claims(found, results, &marks)?;
    let found = descent_claims(found, results, &marks)?;
    Ok(found.figure(figure(results)))
}

/// Where labels begin to be fitted, and what stands there.
fn threshold_claims(found: Draft, results: &Results, marks: &Landmarks<'_>) -> Result<Draft> {
    let mnist = results.mnist;
    let frozen = marks.frozen_threshold.map(|p| p.ratio);
    let threshold = marks.threshold.map(|p| p.ratio);
    let [at_frozen, at] = [frozen, threshold].map(|ratio| ratio.unwrap_or(f64::NAN));
    let [widest, peak] = [marks.last, marks.peak].map(|p| p.ratio);
    Ok(found
        .claim(Claim::equals(
            "frozen hidden layer: the test error peaks at the first width that fits every \
             label: P/(n k) (to the grid's step)",
            at_frozen,
            marks.frozen_peak.ratio,
            marks.frozen_step,
        ))
        .not_measured_if(frozen.is_none(), FROZEN_NOT_FITTED)
        // Units that no training digit switches on do not count: the threshold lies beyond P = n k by their share.
        .claim(Claim::at_least(
            "frozen hidden layer: labels are fitted with no fewer parameters than numbers: P/(n k)",
            1.0,
            at_frozen,
            0.0,
        ))
        .not_measured_if(frozen.is_none(), FROZEN_NOT_FITTED)
        .claims(noise_left(results, marks.rise.draws)?)
        .claim(Claim::at_least(
            "99 % of the noisy labels are fitted only with at least as many parameters as \
             numbers: P/(n k) there (trend)",
            1.0,
            at,
            0.0,
        ))
        .not_measured_if(threshold.is_none(), NOT_FITTED)
        .trend(mnist)
        .claim(Claim::equals(
            "the test error peaks where the labels begin to be fitted (trend): octaves between \
             the two numbers of parameters",
            0.0,
            octaves(peak, at),
            1.0,
        ))
        .against(
            octaves(widest, at),
            "an error that rises to the widest network",
        )
        .not_measured_if(threshold.is_none(), NOT_FITTED)
        .trend(mnist)
        .claim(Claim::equals(
            "what peaks is the variance over draws (trend): octaves between its peak and \
             that of the test error",
            0.0,
            octaves(marks.variance_peak.ratio, peak),
            1.0,
        ))
        .against(
            octaves(widest, peak),
            "a variance that rises to the widest network",
        )
        .trend(mnist))
}

fn octaves(a: f64, b: f64) -> f64 {
    (a / b).log2()
}

/// That networks with fewer parameters than numbers leave label noise in their training error, if there are any.
fn noise_left(results: &Results, draws: usize) -> Result<Option<Claim>> {
    let narrow = results.points.iter().filter(|p| p.ratio < 1.0);
    // What is missing of the floor, and what would be missing if all labels were fitted.
    let (missing, all): (Vec<f64>, Vec<f64>) = narrow
        .map(|p| {
            let train = &p.last().train_mse;
            let floor = (1.0 - p.ratio) * results.noise_mse;
            ((floor - train.mean) / train.se, floor / train.se)
        })
        .unzip();
    if missing.is_empty() {
        return Ok(None);
    }
    let claim = Claim::all_within(
        "fewer parameters than numbers: of the label noise at least the share 1 − P/(n k) is \
         left in the training error, as in a linear model (trend); what is missing",
        missing,
        LEVEL,
        Some(draws),
    )?;
    let claim = claim.against(largest(all), "labels that are fitted all the same");
    Ok(Some(claim.trend(results.mnist)))
}

/// The rise to the peak, the fall beyond, and what stopping early makes of them.
fn descent_claims(found: Draft, results: &Results, marks: &Landmarks<'_>) -> Result<Draft> {
    let (mnist, points) = (results.mnist, &results.points);
    let Landmarks {
        rise, fall, gain, ..
    } = marks;
    // One-sided, so twice the level of the two-sided quantile.
    let sure = largest_distance(1, 2.0 * LEVEL, Some(rise.draws))?;
    let gaps = points
        .iter()
        .map(|p| (p.last().test_mse.mean - p.parts.mse).abs() / p.parts.mse);
    let early = points.iter().map(|p| p.stages[0].test_mse.mean);
    let early: Vec<f64> = early.collect();
    let (low, high) = largest_rise(&early);
    let end = marks.peak.last().test_mse.mean / marks.valley.last().test_mse.mean;
    Ok(found
        .claim(Claim::greater_than(
            "the test error rises to the peak (trend): ln(peak/valley) in standard errors, at \
             widths chosen by the other draws",
            sure,
            rise.mean / rise.se,
            0.0,
        ))
        // A curve that only falls has its peak at the first width, in every draw: ln 1 = 0, without any spread.
        .not_measured_if(rise.mean == 0.0 && rise.se == 0.0, NO_RISE)
        .trend(mnist)
        .claim(Claim::greater_than(
            "beyond the peak the test error falls a second time (trend): ln(peak/widest) in standard errors, at widths chosen by the other draws",
            sure,
            fall.mean / fall.se,
            0.0,
        ))
        .trend(mnist)
        .claim(Claim::greater_than(
            "the widest network gives fewer wrong answers than the best width below the peak \
             (trend): difference in standard errors, at widths chosen by the other draws",
            sure,
            gain.mean / gain.se,
            0.0,
        ))
        .trend(mnist)
        .claim(Claim::equals(
            "bias² + variance over draws is the test error measured in training: largest \
             relative gap (single precision)",
            0.0,
            largest(gaps),
            1e-5,
        ))
        .identity()
        .claim(Claim::less_than(
            "stopped after a thirtieth of the epochs, networks have less of a peak (trend): \
             ln(peak/valley) beside that at the end",
            end.ln() / 2.0,
            (early[high] / early[low]).ln(),
            0.0,
        ))
        .trend(mnist))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_rise_is_by_ratio_and_to_the_right() {
        assert_eq!(largest_rise(&[4.0, 2.0, 5.0, 1.0, 1.5]), (1, 2));
        assert_eq!(largest_rise(&[3.0, 2.0, 1.0]), (0, 0));
        assert_eq!(largest_rise(&[1.0, 1.5, 0.1, 0.4]), (2, 3));
    }
}
