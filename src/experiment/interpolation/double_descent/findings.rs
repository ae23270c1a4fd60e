//! The numbers and the claims.

use super::curve::{Curve, Point};
use super::figure::figure;
use super::run::Results;
use crate::error::{Error, Result};
use crate::experiment::{Claim, Draft, Findings};
use crate::stats::{Estimate, larger, largest, largest_by, largest_distance, least, smaller};

/// How far the extrapolation may be off besides chance: its gap falls like 1/(m/n − 1) only in the limit.
const SHARE: f64 = 0.1;

/// The chance that a claim about chance fails although theory is right.
const LEVEL: f64 = 0.001;

/// The least m/n from which the limit can be extrapolated: at m = n the error has its peak.
const BEYOND: f64 = 1.5;
const TOO_NARROW: &str = "half of the largest width lies at the peak: set max_ratio to 3 or more";

/// Why one draw says nothing of variance.
const ONE_DRAW: &str = "one draw has no variance: set draws to 2 or more";

/// The points of the min-norm curve that the claims speak of.
struct Landmarks<'a> {
    peak: &'a Point,
    /// The least error below the threshold.
    valley: f64,
    last: &'a Point,
    /// The point at half the largest width.
    half: &'a Point,
    /// The larger of the two steps of the grid beside the threshold.
    spacing: f64,
}

impl<'a> Landmarks<'a> {
    fn of(curve: &'a Curve) -> Result<Self> {
        let expected = "a point on each side of m = n, no error of which is NaN";
        let missing = || Error::shape("the min-norm curve", expected, &[]);
        let points = || curve.points.iter();
        let last = points().next_back().ok_or_else(missing)?;
        let below = || points().filter(|p| p.ratio < 1.0);
        let before = below().next_back().ok_or_else(missing)?;
        let after = points().find(|p| p.ratio > 1.0).ok_or_else(missing)?;
        Ok(Self {
            peak: largest_by(points(), |p| p.test_mse.mean).ok_or_else(missing)?,
            valley: least(below().map(|p| p.test_mse.mean)),
            last,
            half: curve.nearest(last.ratio / 2.0).ok_or_else(missing)?,
            spacing: larger(1.0 - before.ratio, after.ratio - 1.0),
        })
    }

    /// The limit m → ∞ from two widths. The gap to it falls like 1/(m/n − 1), as the variance of
    /// least squares does beyond the threshold, so (r − 1)·MSE(r) is linear in r − 1.
    fn extrapolated(&self) -> f64 {
        self.extrapolate(self.last.test_mse.mean, self.half.test_mse.mean)
    }

    fn extrapolate(&self, last: f64, half: f64) -> f64 {
        let (wide, narrow) = (self.last.ratio - 1.0, self.half.ratio - 1.0);
        (wide * last - narrow * half) / (wide - narrow)
    }

    /// How far it is from the limit, draw by draw: the widths of a draw share its digits.
    fn beyond(&self, limits: &[f64]) -> Result<Estimate> {
        let pairs = self.last.test_mses.iter().zip(&self.half.test_mses);
        let off: Vec<f64> = pairs
            .zip(limits)
            .map(|((last, half), limit)| self.extrapolate(*last, *half) - limit)
            .collect();
        Estimate::from_values(&off)
    }
}

pub(super) fn findings(results: &Results) -> Result<Findings> {
    let marks = Landmarks::of(&results.min_norm)?;
    let (peak, valley, last) = (marks.peak, marks.valley, marks.last);
    let points = &results.min_norm.points;
    let over = |part: fn(f64) -> bool, of: fn(&Point) -> f64| {
        points.iter().filter(move |p| part(p.ratio)).map(of)
    };
    let (mnist, one_draw) = (results.mnist, results.draws == 1);
    let found = Findings::of(results.curves().flat_map(Curve::rows))
        .claim(
            Claim::equals(
                "the test error peaks where the columns equal the training digits, m/n = 1 (to \
             the grid's step)",
                1.0,
                peak.ratio,
                marks.spacing,
            )
            .headline(),
        )
        .against(0.5, "a peak at m = n/2")
        .measured_as("peak_ratio")
        .measure("peak_mse", peak.test_mse.mean)
        .measure("valley_mse", valley)
        .claim(Claim::greater_than(
            "the peak is more than 50 times the least error of the narrow models (m < n) \
             (trend)",
            50.0,
            peak.test_mse.mean / valley,
            0.0,
        ))
        .trend(mnist)
        .measured_as("peak_over_valley")
        .claim(Claim::equals(
            "every wider model (m > n) fits each training set exactly: largest training MSE",
            0.0,
            largest(over(|ratio| ratio > 1.0, |p| largest(&p.train_mses))),
            1e-20,
        ))
        .identity()
        .claim(Claim::greater_than(
            "no narrower model (m ≤ 0.9 n) does (trend): least training MSE",
            1e-3,
            least(over(|ratio| ratio <= 0.9, |p| least(&p.train_mses))),
            0.0,
        ))
        .trend(mnist)
        .claim(
            Claim::less_than(
                "the widest model tests better than every narrow one (m < n) (trend)",
                valley,
                last.test_mse.mean,
                0.0,
            )
            .headline(),
        )
        .trend(mnist)
        .measured_as("widest_mse");
    let variances: Vec<f64> = over(|ratio| ratio >= 0.25, |p| p.variance).collect();
    let found = limit_claim(found, results, &marks)?
        .claim(Claim::equals(
            "MSE = bias² + variance at every width: largest relative gap",
            0.0,
            largest(over(|_| true, Point::gap)),
            1e-12,
        ))
        .identity()
        .claim(Claim::at_most(
            "from m = n/4 on the variance is unimodal (trend): its largest move against \
             rise-then-fall, as a share",
            0.1,
            counter_move(&variances),
            0.0,
        ))
        .not_measured_if(one_draw, ONE_DRAW)
        .trend(mnist)
        .claim(Claim::largest_within(
            "bias², less what the variance leaves in it, falls with m (trend): rise over any \
             pair of widths",
            largest_significant_rise(points),
            points.len() * points.len().saturating_sub(1) / 2,
            LEVEL,
            None,
        )?)
        .not_measured_if(
            results.draws < 3,
            "the standard error of a bias needs three draws: set draws to 3 or more",
        )
        .not_measured_if(one_draw, ONE_DRAW)
        .trend(mnist);
    Ok(sgd_claims(found, results).figure(figure(results)))
}

/// The claim about the limit m → ∞. It must exclude the error at half the largest width, so that there is something to
/// extrapolate.
fn limit_claim(found: Draft, results: &Results, marks: &Landmarks<'_>) -> Result<Draft> {
    let (limit, extrapolated) = (&results.limit, marks.extrapolated());
    let (one_draw, too_narrow) = (results.draws == 1, marks.half.ratio < BEYOND);
    let tolerance = match results.draws {
        1 => f64::NAN,
        draws => {
            let off = marks.beyond(&results.limit_mses)?;
            SHARE * limit.mse + largest_distance(1, LEVEL, Some(draws))? * off.se
        }
    };
    Ok(found
        .measure_or(
            "extrapolated_mse",
            (!too_narrow).then_some(extrapolated),
            TOO_NARROW,
        )
        .measure("kernel_limit_mse", limit.mse)
        .measure_or(
            "kernel_limit_mse_se",
            (!one_draw).then_some(limit.mse_se),
            ONE_DRAW,
        )
        .claim(
            Claim::equals(
                "m → ∞ is the kernel interpolant: MSE extrapolated from m and m/2, with a gap \
             falling like 1/(m/n − 1), within a tenth and the noise of the draws",
                limit.mse,
                extrapolated,
                tolerance,
            )
            .headline(),
        )
        .against(marks.half.test_mse.mean, "the error at m/2")
        .not_measured_if(one_draw, ONE_DRAW)
        .not_measured_if(too_narrow, TOO_NARROW))
}

fn sgd_claims(mut found: Draft, results: &Results) -> Draft {
    if let Some(sgd) = &results.sgd {
        if let Some(point) = sgd.nearest(1.0) {
            found = found.measure("sgd_mse_at_threshold", point.test_mse.mean);
        }
        let diverged: Vec<f64> = sgd.diverged.iter().map(|&m| m as f64).collect();
        // The widths of the other solver, at which this one may have diverged.
        let at = |ratio: f64| {
            let columns = results.min_norm.nearest(ratio)?.columns;
            let point = sgd.points.iter().find(|p| p.columns == columns)?;
            Some(point.test_mse.mean)
        };
        let (half, full) = (at(0.5), at(1.0));
        found = found
            .measure("sgd_diverged_columns", diverged)
            .claim(Claim::at_most(
                "averaged, early-stopped SGD has no peak (trend): its MSE at m = n is no \
                 higher than at m = n/2",
                half.unwrap_or(f64::NAN),
                full.unwrap_or(f64::NAN),
                0.0,
            ))
            .not_measured_if(
                half.is_none() || full.is_none(),
                "SGD diverged at m = n/2 or m = n: set a smaller step",
            )
            .trend(results.mnist);
    }
    match &results.converged {
        Some(converged) => found
            .claim(Claim::at_most(
                "SGD run long in the widest model nears the minimum-norm solution: ‖w_SGD − \
                 w‖²/‖w‖² within (1 − γ(2 − γ)λ_min/n)^steps",
                converged.bound,
                converged.distance,
                0.0,
            ))
            .bound()
            .measured_as("sgd_squared_distance_to_min_norm"),
        None => found,
    }
}

impl Point {
    /// What bias² and variance leave of the test error, as a share of it.
    fn gap(&self) -> f64 {
        (self.test_mse.mean - self.bias2 - self.variance).abs() / self.test_mse.mean
    }
}

/// The largest rise of the corrected bias² above that of a narrower model, in units of the two
/// standard errors together; 0 if it only falls, NaN where too few draws leave no standard error.
fn largest_significant_rise(points: &[Point]) -> f64 {
    let pairs = points
        .iter()
        .enumerate()
        .flat_map(|(i, wide)| points[..i].iter().map(move |narrow| (narrow, wide)));
    let rises = pairs.map(|(narrow, wide)| {
        let (narrow, wide) = (narrow.bias2_corrected, wide.bias2_corrected);
        (wide.mean - narrow.mean) / wide.se.hypot(narrow.se)
    });
    rises.fold(0.0, larger)
}

/// How far a curve moves against rise-then-fall, relative to its value there; 0 if unimodal, NaN for an unknown value and
/// for none.
fn counter_move(values: &[f64]) -> f64 {
    let Some(top) = largest_by(0..values.len(), |&i| values[i]) else {
        return f64::NAN;
    };
    // Walking away from the maximum on either side, the curve should only fall.
    let left = largest_rise(values.iter().take(top + 1).rev().copied());
    let right = largest_rise(values.iter().skip(top).copied());
    larger(left, right)
}

/// The largest rise above an earlier value, as a share of that value; 0 for a falling curve, NaN
/// where a value is 0 or unknown and there is no share.
fn largest_rise(mut values: impl Iterator<Item = f64>) -> f64 {
    let (mut least, mut worst) = (values.next().unwrap_or(f64::NAN), 0.0f64);
    for value in values {
        let rise = (value - least) / least.abs();
        if rise.is_nan() {
            return f64::NAN;
        }
        worst = larger(worst, rise);
        least = smaller(least, value);
    }
    worst
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rises_and_counter_moves() {
        assert_eq!(largest_rise([4.0, 2.0, 3.0, 1.0].into_iter()), 0.5);
        assert_eq!(largest_rise([3.0, 2.0, 1.0].into_iter()), 0.0);
        assert_eq!(counter_move(&[1.0, 2.0, 5.0, 3.0]), 0.0);
        assert_eq!(counter_move(&[2.0, 1.0, 5.0, 4.0, 6.0, 3.0]), 1.0);
    }
}
