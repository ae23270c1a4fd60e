//! The table and the claims of a run.

use super::NetworkDoubleDescent;
use super::curve::{Frozen, FrozenPoint, Network, Point};
use super::figure::figure;
use crate::error::{Error, Result};
use crate::experiment::{Cell, Claim, Claims, Findings, Measured, Study, Table};
use crate::stats::{Estimate, larger, largest, largest_distance};

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

/// Everything a run computed.
pub(super) struct Results {
    /// Whether trends known from MNIST may be claimed.
    pub mnist: bool,
    pub network: Network,
    pub frozen: Frozen,
    /// The mean square that label noise adds to an entry of the targets.
    pub noise_mse: f64,
}

pub(super) fn findings(results: &Results) -> Result<Findings> {
    let landmarks = Landmarks::of(results)?;
    Ok(Findings {
        measured: landmarks.measured(results),
        claims: claims(results, &landmarks)?,
        table: table(results)?,
        figure: figure(results),
    })
}

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
    frozen_peak: &'a FrozenPoint,
    /// The narrowest frozen network whose last layer fits every label, if any does.
    frozen_threshold: Option<&'a FrozenPoint>,
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

fn left_out(points: &[Point], draw: usize) -> LeftOut {
    let others = |values: &[f64]| values.iter().sum::<f64>() - values[draw];
    let mses: Vec<f64> = points.iter().map(|p| others(&p.last().test_mses)).collect();
    let (valley, peak) = largest_rise(&mses);
    let wrong = |at: &usize| others(&points[*at].last().test_errors);
    let best = (0..peak.max(1)).min_by(|a, b| wrong(a).total_cmp(&wrong(b)));
    let last = points.len() - 1;
    let log = |at: usize| points[at].last().test_mses[draw].ln();
    let own = |at: usize| points[at].last().test_errors[draw];
    LeftOut {
        rise: log(peak) - log(valley),
        fall: log(peak) - log(last),
        gain: own(best.unwrap_or(0)) - own(last),
    }
}

impl<'a> Landmarks<'a> {
    fn of(results: &'a Results) -> Result<Self> {
        let points = &results.network.points;
        let missing = || Error::shape("the curve", "three widths", &[points.len()]);
        let means = results.network.each(|p| p.last().test_mse.mean);
        let (valley, peak) = largest_rise(&means);
        let by_variance = |a: &&Point, b: &&Point| a.parts.variance.total_cmp(&b.parts.variance);
        let frozen = &results.frozen.points;
        let by_error = |a: &&FrozenPoint, b: &&FrozenPoint| a.test_mse.total_cmp(&b.test_mse);
        let at = frozen.iter().position(|p| p.train_mse < ROUNDING);
        let beside = at.map_or(0..0, |at| at.saturating_sub(1)..(at + 2).min(frozen.len()));
        let steps = frozen[beside].windows(2);
        let draws = points.first().map_or(0, |p| p.last().test_mses.len());
        let compared: Vec<LeftOut> = (0..draws).map(|draw| left_out(points, draw)).collect();
        let over = |of: fn(&LeftOut) -> f64| {
            Estimate::from_values(&compared.iter().map(of).collect::<Vec<f64>>())
        };
        Ok(Self {
            peak: points.get(peak).ok_or_else(missing)?,
            valley: points.get(valley).ok_or_else(missing)?,
            last: points.last().ok_or_else(missing)?,
            threshold: points.iter().find(|p| p.last().train_error.mean <= FITS),
            variance_peak: points.iter().max_by(by_variance).ok_or_else(missing)?,
            frozen_peak: frozen.iter().max_by(by_error).ok_or_else(missing)?,
            frozen_threshold: at.map(|at| &frozen[at]),
            frozen_step: steps
                .map(|two| two[1].ratio - two[0].ratio)
                .fold(0.0, larger),
            rise: over(|own| own.rise)?,
            fall: over(|own| own.fall)?,
            gain: over(|own| own.gain)?,
        })
    }

    fn measured(&self, results: &Results) -> Measured {
        let mut measured = Measured::default();
        let at = |p: &Point| p.last().test_mse.mean;
        match self.threshold {
            Some(p) => measured.insert("threshold_ratio", p.ratio),
            None => measured.insert_not_measured("threshold_ratio", NOT_FITTED),
        }
        measured.insert("peak_ratio", self.peak.ratio);
        measured.insert("peak_width", self.peak.width as f64);
        measured.insert("peak_test_mse", at(self.peak));
        measured.insert("valley_test_mse", at(self.valley));
        measured.insert("peak_over_valley", at(self.peak) / at(self.valley));
        measured.insert("widest_test_mse", at(self.last));
        measured.insert("valley_test_error", self.valley.last().test_error.mean);
        measured.insert("peak_test_error", self.peak.last().test_error.mean);
        measured.insert("widest_test_error", self.last.last().test_error.mean);
        measured.insert("variance_peak_ratio", self.variance_peak.ratio);
        measured.insert("frozen_peak_ratio", self.frozen_peak.ratio);
        match self.frozen_threshold {
            Some(p) => measured.insert("frozen_threshold_ratio", p.ratio),
            None => measured.insert_not_measured("frozen_threshold_ratio", FROZEN_NOT_FITTED),
        }
        measured.insert("frozen_peak_test_mse", self.frozen_peak.test_mse);
        measured.insert("diverged_runs", results.network.diverged as f64);
        measured
    }
}

/// How far a mean is above 0, in its standard errors.
fn in_se(estimate: &Estimate) -> f64 {
    estimate.mean / estimate.se
}

fn claims(results: &Results, landmarks: &Landmarks<'_>) -> Result<Claims> {
    let points = &results.network.points;
    let draws = landmarks.rise.draws;
    // One-sided, so twice the level of the two-sided quantile.
    let sure = largest_distance(1, 2.0 * LEVEL, Some(draws))?;
    let mut claims = Claims::default();
    let mnist = results.mnist;
    let frozen = landmarks.frozen_threshold.map(|p| p.ratio);
    claims.push(
        Claim::equals(
            "frozen hidden layer: the test error peaks at the first width that fits every label: P/(n k) (to the grid's step)",
            frozen.unwrap_or(f64::NAN),
            landmarks.frozen_peak.ratio,
            landmarks.frozen_step,
        )
        .not_measured_if(frozen.is_none(), FROZEN_NOT_FITTED),
    );
    // Units that no training digit switches on do not count: the threshold lies beyond P = n k by their share.
    claims.push(
        Claim::at_least(
            "which takes at least as many parameters as numbers: P/(n k)",
            1.0,
            frozen.unwrap_or(f64::NAN),
            0.0,
        )
        .not_measured_if(frozen.is_none(), FROZEN_NOT_FITTED),
    );
    let narrow = points.iter().filter(|p| p.ratio < 1.0);
    // What is missing of the floor, and what would be missing if all labels were fitted.
    let (missing, all): (Vec<f64>, Vec<f64>) = narrow
        .map(|p| {
            let train = &p.last().train_mse;
            let floor = (1.0 - p.ratio) * results.noise_mse;
            ((floor - train.mean) / train.se, floor / train.se)
        })
        .unzip();
    if !missing.is_empty() {
        claims.push(
            Claim::all_within(
                "fewer parameters than numbers: of the label noise at least the share 1 − P/(n k) is left in the training \
                 error, as in a linear model (trend); what is missing",
                missing,
                LEVEL,
                Some(draws),
            )?
            .against(largest(all), "labels that are fitted all the same")
            .trend(mnist),
        );
    }
    let octaves = |a: f64, b: f64| (a / b).log2();
    let threshold = landmarks.threshold.map_or(f64::NAN, |p| p.ratio);
    let fitted = |claim: Claim| {
        let never = landmarks.threshold.is_none();
        claim.not_measured_if(never, NOT_FITTED).trend(mnist)
    };
    claims.push(fitted(Claim::at_least(
        "99 % of the noisy labels are fitted only with at least as many parameters as numbers: P/(n k) there (trend)",
        1.0,
        threshold,
        0.0,
    )));
    let widest = points.last().map_or(f64::NAN, |p| p.ratio);
    let peak = Claim::equals(
        "the test error peaks where the labels begin to be fitted (trend): octaves between the two numbers of parameters",
        0.0,
        octaves(landmarks.peak.ratio, threshold),
        1.0,
    );
    claims.push(fitted(peak.against(
        octaves(widest, threshold),
        "an error that rises to the widest network",
    )));
    let mut trend = |claim: Claim| claims.push(claim.trend(mnist));
    let variance = Claim::equals(
        "it is the variance over draws that peaks (trend): octaves between its peak and that of the test error",
        0.0,
        octaves(landmarks.variance_peak.ratio, landmarks.peak.ratio),
        1.0,
    );
    trend(variance.against(
        octaves(widest, landmarks.peak.ratio),
        "a variance that rises to the widest network",
    ));
    let rises = Claim::greater_than(
        "the test error rises to the peak (trend): ln(peak/valley) in standard errors, at widths chosen by the other draws",
        sure,
        in_se(&landmarks.rise),
        0.0,
    );
    // A curve that only falls has its peak at the first width, in every draw: ln 1 = 0, without any spread.
    let flat = landmarks.rise.mean == 0.0 && landmarks.rise.se == 0.0;
    trend(rises.not_measured_if(flat, NO_RISE));
    trend(Claim::greater_than(
        "and falls a second time (trend): ln(peak/widest) in standard errors",
        sure,
        in_se(&landmarks.fall),
        0.0,
    ));
    trend(Claim::greater_than(
        "the widest network gives fewer wrong answers than the best width below the peak (trend): difference in standard \
         errors, likewise",
        sure,
        in_se(&landmarks.gain),
        0.0,
    ));
    let broken = points
        .iter()
        .map(|p| (p.last().test_mse.mean - p.parts.mse).abs() / p.parts.mse);
    claims.push(Claim::equals(
        "bias² + variance over draws is the test error measured in training: largest relative gap (single precision)",
        0.0,
        largest(broken),
        1e-5,
    ).identity());
    let early: Vec<f64> = results.network.each(|p| p.stages[0].test_mse.mean);
    let (low, high) = largest_rise(&early);
    let earlier = Claim::less_than(
        "stopped after a thirtieth of the epochs, networks have less of a peak (trend): ln(peak/valley) beside that at the end",
        (landmarks.peak.last().test_mse.mean / landmarks.valley.last().test_mse.mean).ln() / 2.0,
        (early[high] / early[low]).ln(),
        0.0,
    );
    claims.push(earlier.trend(mnist));
    Ok(claims)
}

fn table(results: &Results) -> Result<Table> {
    let mut table = Table::new(NetworkDoubleDescent::ABOUT.columns);
    for p in &results.network.points {
        for (index, stage) in p.stages.iter().enumerate() {
            let end = index + 1 == p.stages.len();
            table.push(vec![
                "network".into(),
                p.width.into(),
                p.parameters.into(),
                p.ratio.into(),
                stage.epochs.into(),
                stage.train_mse.mean.into(),
                stage.train_error.mean.into(),
                stage.test_mse.mean.into(),
                stage.test_mse.se.into(),
                stage.test_error.mean.into(),
                stage.test_error.se.into(),
                end.then_some(p.parts.bias2_corrected).into(),
                end.then_some(p.parts.variance).into(),
            ])?;
        }
    }
    for p in &results.frozen.points {
        let mut row = vec![
            "frozen".into(),
            p.width.into(),
            p.parameters.into(),
            p.ratio.into(),
            Cell::Empty,
            p.train_mse.into(),
            Cell::Empty,
            p.test_mse.into(),
        ];
        row.resize(NetworkDoubleDescent::ABOUT.columns.len(), Cell::Empty);
        table.push(row)?;
    }
    Ok(table)
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
