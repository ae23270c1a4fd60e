//! The table, the claims and the picture of a double-descent run.

use super::curve::{Curve, Point};
use super::{Converged, DoubleDescent};
use crate::error::{Error, Result};
use crate::experiment::{Cell, Claim, Claims, Findings, Measured, Study, Table};
use crate::measure::BiasVariance;
use crate::plot::{Figure, Panel};
use crate::stats::{Estimate, larger, largest, largest_distance, least, smaller};

/// Everything a run computed.
pub(super) struct Results {
    /// Whether trends known from MNIST may be claimed.
    pub mnist: bool,
    pub draws: usize,
    pub min_norm: Curve,
    pub sgd: Option<Curve>,
    /// The decomposition of the kernel interpolant's error.
    pub limit: BiasVariance,
    /// That error in each draw.
    pub limit_mses: Vec<f64>,
    pub converged: Option<Converged>,
}

pub(super) fn findings(results: &Results) -> Result<Findings> {
    let landmarks = Landmarks::of(&results.min_norm)?;
    Ok(Findings {
        measured: measured(results, &landmarks),
        claims: claims(results, &landmarks)?,
        table: table(results)?,
        figure: figure(results),
    })
}

/// How far the extrapolation may be off besides chance: its gap falls like 1/(m/n − 1) only in the limit.
const SHARE: f64 = 0.1;

/// The chance that the claim about it fails although theory is right.
const LEVEL: f64 = 0.001;

/// The least m/n from which it can be extrapolated: at m = n the error has its peak.
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
        let missing = || Error::shape("the min-norm curve", "a point on each side of m = n", &[]);
        let by_error = |a: &&Point, b: &&Point| a.parts.mse.total_cmp(&b.parts.mse);
        let peak = curve.points.iter().max_by(by_error).ok_or_else(missing)?;
        let last = curve.points.last().ok_or_else(missing)?;
        let half = curve.nearest(last.ratio / 2.0).ok_or_else(missing)?;
        let mut below = curve.points.iter().filter(|p| p.ratio < 1.0);
        let valley = least(below.clone().map(|p| p.parts.mse));
        let before = below.next_back().ok_or_else(missing)?.ratio;
        let after = curve
            .points
            .iter()
            .find(|p| p.ratio > 1.0)
            .ok_or_else(missing)?
            .ratio;
        Ok(Self {
            peak,
            valley,
            last,
            half,
            spacing: larger(1.0 - before, after - 1.0),
        })
    }

    /// The limit m → ∞ from two widths. The gap to it falls like 1/(m/n − 1), as the variance of
    /// least squares does beyond the threshold, so (r − 1)·MSE(r) is linear in r − 1.
    fn extrapolated(&self) -> f64 {
        self.extrapolate(self.last.parts.mse, self.half.parts.mse)
    }

    fn extrapolate(&self, last: f64, half: f64) -> f64 {
        let (wide, narrow) = (self.last.ratio - 1.0, self.half.ratio - 1.0);
        (wide * last - narrow * half) / (wide - narrow)
    }

    /// How far it is from the limit, draw by draw: the widths of a draw share its digits.
    fn beyond(&self, limits: &[f64]) -> Result<Estimate> {
        let pairs = self.last.mses.iter().zip(&self.half.mses);
        let each = pairs.zip(limits);
        let off: Vec<f64> = each
            .map(|((last, half), limit)| self.extrapolate(*last, *half) - limit)
            .collect();
        Estimate::from_values(&off)
    }
}

fn measured(results: &Results, landmarks: &Landmarks<'_>) -> Measured {
    let mut measured = Measured::default();
    measured.insert("peak_ratio", landmarks.peak.ratio);
    measured.insert("peak_mse", landmarks.peak.parts.mse);
    measured.insert("valley_mse", landmarks.valley);
    measured.insert(
        "peak_over_valley",
        landmarks.peak.parts.mse / landmarks.valley,
    );
    measured.insert("widest_mse", landmarks.last.parts.mse);
    if landmarks.half.ratio < BEYOND {
        measured.insert_not_measured("extrapolated_mse", TOO_NARROW);
    } else {
        measured.insert("extrapolated_mse", landmarks.extrapolated());
    }
    measured.insert("kernel_limit_mse", results.limit.mse);
    if results.draws == 1 {
        measured.insert_not_measured("kernel_limit_mse_se", ONE_DRAW);
    } else {
        measured.insert("kernel_limit_mse_se", results.limit.mse_se);
    }
    if let Some(sgd) = &results.sgd {
        if let Some(point) = sgd.nearest(1.0) {
            measured.insert("sgd_mse_at_threshold", point.parts.mse);
        }
        let diverged: Vec<f64> = sgd.diverged.iter().map(|&m| m as f64).collect();
        measured.insert("sgd_diverged_columns", diverged);
    }
    if let Some(converged) = &results.converged {
        measured.insert("sgd_squared_distance_to_min_norm", converged.distance);
    }
    measured
}

/// The claim about the limit m → ∞. It must exclude the error at half the largest width, so that there is something to
/// extrapolate.
fn limit_claim(results: &Results, landmarks: &Landmarks<'_>) -> Result<Claim> {
    let limit = &results.limit;
    let tolerance = match results.draws {
        1 => f64::NAN,
        draws => {
            let off = landmarks.beyond(&results.limit_mses)?;
            SHARE * limit.mse + largest_distance(1, LEVEL, Some(draws))? * off.se
        }
    };
    let claim = Claim::equals(
        "m → ∞ is the kernel interpolant: MSE extrapolated from m and m/2, with a gap falling like 1/(m/n − 1), within a \
         tenth and the noise of the draws",
        limit.mse,
        landmarks.extrapolated(),
        tolerance,
    );
    Ok(claim
        .against(landmarks.half.parts.mse, "the error at m/2")
        .not_measured_if(results.draws == 1, ONE_DRAW)
        .not_measured_if(landmarks.half.ratio < BEYOND, TOO_NARROW))
}

fn claims(results: &Results, landmarks: &Landmarks<'_>) -> Result<Claims> {
    let points = &results.min_norm.points;
    let over = |part: &dyn Fn(&&Point) -> bool, of: &dyn Fn(&Point) -> f64| -> Vec<f64> {
        points.iter().filter(part).map(of).collect()
    };
    let (mnist, one_draw) = (results.mnist, results.draws == 1);
    let pairs = points.len() * points.len().saturating_sub(1) / 2;
    let mut claims = Claims::default();
    let peak = Claim::equals(
        "the test error peaks where the columns equal the training digits, m/n = 1 (to the grid's step)",
        1.0,
        landmarks.peak.ratio,
        landmarks.spacing,
    );
    claims.push(peak.against(0.5, "a peak at m = n/2"));
    claims.push(
        Claim::greater_than(
            "the peak is more than 50 times the least error of the narrow models (m < n) (trend)",
            50.0,
            landmarks.peak.parts.mse / landmarks.valley,
            0.0,
        )
        .trend(mnist),
    );
    claims.push(
        Claim::equals(
            "every wider model (m > n) fits each training set exactly: largest training MSE",
            0.0,
            largest(over(&|p| p.ratio > 1.0, &|p| p.train_mse_range.1)),
            1e-20,
        )
        .identity(),
    );
    let narrow = over(&|p| p.ratio <= 0.9, &|p| p.train_mse_range.0);
    claims.push(
        Claim::greater_than(
            "no narrower model (m ≤ 0.9 n) does (trend): least training MSE",
            1e-3,
            least(narrow),
            0.0,
        )
        .trend(mnist),
    );
    claims.push(
        Claim::less_than(
            "the widest model tests better than every narrow one (m < n) (trend)",
            landmarks.valley,
            landmarks.last.parts.mse,
            0.0,
        )
        .trend(mnist),
    );
    claims.push(limit_claim(results, landmarks)?);
    let broken = over(&|_| true, &|p| {
        (p.parts.mse - p.parts.bias2 - p.parts.variance).abs() / p.parts.mse
    });
    claims.push(
        Claim::equals(
            "MSE = bias² + variance at every width: largest relative gap",
            0.0,
            largest(broken),
            1e-12,
        )
        .identity(),
    );
    let variance = over(&|p| p.ratio >= 0.25, &|p| p.parts.variance);
    claims.push(
        Claim::at_most(
            "from m = n/4 on the variance is unimodal (trend): its largest move against rise-then-fall, as a share",
            0.1,
            counter_move(&variance),
            0.0,
        )
        .not_measured_if(one_draw, ONE_DRAW)
        .trend(mnist),
    );
    claims.push(
        Claim::largest_within(
            "bias², less what the variance leaves in it, falls with m (trend): rise over any pair of widths",
            largest_significant_rise(points),
            pairs,
            LEVEL,
            None,
        )?
        .not_measured_if(
            results.draws < 3,
            "the standard error of a bias needs three draws: set draws to 3 or more",
        )
        .not_measured_if(one_draw, ONE_DRAW)
        .trend(mnist),
    );
    if let Some(sgd) = &results.sgd {
        // The widths of the other solver, at which this one may have diverged.
        let at = |ratio: f64| {
            let columns = results.min_norm.nearest(ratio)?.columns;
            sgd.points.iter().find(|p| p.columns == columns)
        };
        let (half, full) = (at(0.5), at(1.0));
        let mse = |p: Option<&Point>| p.map_or(f64::NAN, |p| p.parts.mse);
        claims.push(
            Claim::at_most(
                "averaged, early-stopped SGD has no peak (trend): its MSE at m = n is no higher than at m = n/2",
                mse(half),
                mse(full),
                0.0,
            )
            .not_measured_if(
                half.is_none() || full.is_none(),
                "SGD diverged at m = n/2 or m = n: set a smaller step",
            )
            .trend(mnist),
        );
    }
    if let Some(converged) = &results.converged {
        claims.push(Claim::at_most(
            "SGD run long in the widest model nears the minimum-norm solution: ‖w_SGD − w‖²/‖w‖² within (1 − γ(2 − γ)λ_min/n)^steps",
            converged.bound,
            converged.distance,
            0.0,
        ).bound());
    }
    Ok(claims)
}

/// The corrected bias², where it is more than twice its standard error; NaN elsewhere.
fn known_bias2(point: &Point) -> f64 {
    let BiasVariance {
        bias2_corrected,
        bias2_se,
        ..
    } = point.parts;
    if bias2_corrected > 2.0 * bias2_se {
        bias2_corrected
    } else {
        f64::NAN
    }
}

/// How far a curve moves against rise-then-fall, relative to its value there; 0 if unimodal.
fn counter_move(values: &[f64]) -> f64 {
    let top = (0..values.len())
        .max_by(|&a, &b| values[a].total_cmp(&values[b]))
        .unwrap_or(0);
    // Walking away from the maximum on either side, the curve should only fall.
    let left = largest_rise(values.iter().take(top + 1).rev().copied());
    let right = largest_rise(values.iter().skip(top).copied());
    if left > right || left.is_nan() {
        left
    } else {
        right
    }
}

/// The largest rise above an earlier value, as a share of that value; 0 for a falling curve, NaN
/// where a value is 0 or unknown and there is no share.
fn largest_rise(mut values: impl Iterator<Item = f64>) -> f64 {
    let (mut least, mut worst) = (values.next().unwrap_or(0.0), 0.0f64);
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

/// The largest rise of the corrected bias² above that of a narrower model, in units of the two
/// standard errors together; 0 if it only falls, NaN where too few draws leave no standard error.
fn largest_significant_rise(points: &[Point]) -> f64 {
    let mut worst = 0.0f64;
    for (i, wide) in points.iter().enumerate() {
        for narrow in &points[..i] {
            let rise = wide.parts.bias2_corrected - narrow.parts.bias2_corrected;
            let rise = rise / wide.parts.bias2_se.hypot(narrow.parts.bias2_se);
            if rise.is_nan() {
                return f64::NAN;
            }
            worst = larger(worst, rise);
        }
    }
    worst
}

fn table(results: &Results) -> Result<Table> {
    let mut table = Table::new(DoubleDescent::ABOUT.columns);
    for curve in std::iter::once(&results.min_norm).chain(&results.sgd) {
        for p in &curve.points {
            let parts = &p.parts;
            table.push(vec![
                curve.solver.into(),
                p.columns.into(),
                p.ratio.into(),
                parts.mse.into(),
                parts.mse_se.into(),
                p.band.0.into(),
                p.band.1.into(),
                parts.bias2.into(),
                parts.bias2_corrected.into(),
                parts.bias2_se.into(),
                parts.variance.into(),
                p.train_mse.into(),
                p.norm.into(),
                p.test_error.into(),
            ])?;
        }
        for &columns in &curve.diverged {
            let mut row = vec![Cell::Empty; DoubleDescent::ABOUT.columns.len()];
            row[0] = curve.solver.into();
            row[1] = columns.into();
            table.push(row)?;
        }
    }
    Ok(table)
}

fn figure(results: &Results) -> Figure {
    let top = results
        .min_norm
        .each(|p| larger(p.band.1, p.parts.mse))
        .into_iter()
        .fold(1.0, larger);
    let bottom = std::iter::once(&results.min_norm)
        .chain(&results.sgd)
        .flat_map(|curve| curve.each(|p| smaller(p.parts.variance, p.parts.bias2)))
        .filter(|&height| height > 0.0)
        .fold(0.1, smaller);
    let panel = |curve: &Curve, title: &str| {
        let ratio = curve.each(|p| p.ratio);
        Panel::new(
            "feature columns / training digits, m/n",
            "test error (label²)",
        )
        .title(title)
        .log_x()
        .log_y()
        .y_range(bottom / 1.5, top * 1.5)
        .line("test MSE", &ratio, &curve.each(|p| p.parts.mse))
        .band(&ratio, &curve.each(|p| p.band.0), &curve.each(|p| p.band.1))
        .line("bias² (corrected)", &ratio, &curve.each(known_bias2))
        .line("variance", &ratio, &curve.each(|p| p.parts.variance))
        .horizontal(results.limit.mse, "MSE of the kernel limit m → ∞")
        .dotted()
        .vertical(1.0, "interpolation threshold m = n")
    };
    let mut figure = Figure::new("Double descent of random Fourier features on real digits")
        .panel(panel(&results.min_norm, "minimum norm"));
    if let Some(sgd) = &results.sgd {
        figure = figure.panel(panel(sgd, "averaged SGD, stopped early"));
    }
    figure.shared_legend = true;
    figure.caption(
        "Bands: 10 % to 90 % of the draws. The line of bias² is broken where it is below \
         two of its standard errors.",
    )
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
