//! The table and the claims of an optimal-ridge run.

use super::super::{Cell, Claim, Claims, Findings, Measured, Study, Table};
use super::OptimalRidge;
use super::digits::{DigitCurve, DigitPoint};
use super::figure::figure;
use super::isotropic::{Curves, Point};
use crate::error::{Error, Result};
use crate::measure::{Estimate, largest_distance};

/// The chance that a claim about the largest of many distances fails although theory is right.
const LEVEL: f64 = 0.01;

/// Everything a run computed.
pub(super) struct Results {
    pub digits: DigitCurve,
    pub isotropic: Curves,
}

pub(super) fn findings(results: &Results) -> Result<Findings> {
    let landmarks = Landmarks::of(&results.digits)?;
    let mut claims = Claims::default();
    digit_claims(&results.digits, &landmarks, &mut claims);
    isotropic_claims(&results.isotropic, &mut claims)?;
    Ok(Findings {
        measured: measured(results, &landmarks)?,
        claims,
        table: table(results)?,
        figure: figure(results),
    })
}

/// What the claims say of the digits.
struct Landmarks<'a> {
    /// The largest error without a penalty.
    peak: &'a DigitPoint,
    /// The least one below m = n.
    valley: f64,
    tuned_max_over_min: f64,
    validated_max_over_min: f64,
    /// The larger of the two steps of the grid beside the threshold.
    spacing: f64,
}

impl<'a> Landmarks<'a> {
    fn of(curve: &'a DigitCurve) -> Result<Self> {
        let missing = || Error::shape("the curve", "widths on both sides of n", &[]);
        let by_error =
            |a: &&DigitPoint, b: &&DigitPoint| a.ridgeless.mean.total_cmp(&b.ridgeless.mean);
        let narrow = || curve.points.iter().filter(|p| p.columns < curve.n);
        let valley = narrow().min_by(by_error).ok_or_else(missing)?;
        let before = narrow().next_back().ok_or_else(missing)?.ratio;
        let after = curve
            .points
            .iter()
            .find(|p| p.columns > curve.n)
            .ok_or_else(missing)?;
        Ok(Self {
            peak: curve.points.iter().max_by(by_error).ok_or_else(missing)?,
            valley: valley.ridgeless.mean,
            tuned_max_over_min: max_over_min(&curve.each(|p| p.tuned.mean)),
            validated_max_over_min: max_over_min(&curve.each(|p| p.validated.mean)),
            spacing: (1.0 - before).max(after.ratio - 1.0),
        })
    }
}

fn max_over_min(values: &[f64]) -> f64 {
    let largest = values.iter().copied().fold(0.0, f64::max);
    largest / values.iter().copied().fold(f64::INFINITY, f64::min)
}

fn measured(results: &Results, landmarks: &Landmarks<'_>) -> Result<Measured> {
    let mut measured = Measured::default();
    measured.insert("tuned_max_over_min", landmarks.tuned_max_over_min);
    measured.insert("validated_max_over_min", landmarks.validated_max_over_min);
    measured.insert(
        "ridgeless_peak_over_valley",
        landmarks.peak.ridgeless.mean / landmarks.valley,
    );
    measured.insert("ridgeless_peak_ratio", landmarks.peak.ratio);
    measured.insert("tuned_lambdas", results.digits.each(|p| p.lambda));
    let points = results.isotropic.by_features.iter();
    measured.insert(
        "isotropic_tuned_risks",
        points.map(|p| p.ridge.risk.mean).collect::<Vec<f64>>(),
    );
    measured.insert(
        "isotropic_best_over_predicted_penalty",
        results.isotropic.best.measured.exp(),
    );
    Ok(measured)
}

fn digit_claims(curve: &DigitCurve, landmarks: &Landmarks<'_>, claims: &mut Claims) {
    claims.push(Claim::equals(
        "digits, no penalty: the test error peaks at m/n = 1 (to the grid's step)",
        1.0,
        landmarks.peak.ratio,
        landmarks.spacing,
    ));
    claims.push(Claim::greater_than(
        "digits, no penalty: the peak is more than 50 times the least error of the narrow models (m < n)",
        50.0,
        landmarks.peak.ridgeless.mean / landmarks.valley,
        0.0,
    ));
    claims.push(Claim::less_than(
        "digits, best penalty of each width: no peak, the largest error is less than 1.5 times the least",
        1.5,
        landmarks.tuned_max_over_min,
        0.0,
    ));
    claims.push(Claim::less_than(
        "digits, penalty chosen by a noisy validation set: no peak either",
        1.5,
        landmarks.validated_max_over_min,
        0.0,
    ));
    claims.push(Claim::at_most(
        "digits: the validation set costs little (trend): its mean error over all widths, over that of the best penalty",
        1.0,
        mean(&curve.each(|p| p.validated.mean)) / mean(&curve.each(|p| p.tuned.mean)),
        0.1,
    ));
    claims.push(Claim::at_most(
        "digits, best penalty: wider is not worse (trend): the largest rise above a narrower model, as a share",
        0.0,
        largest_rise(&curve.each(|p| p.tuned.mean)),
        0.15,
    ));
    let (low, high) = curve.tried;
    let outside = curve
        .points
        .iter()
        .filter(|p| p.lambda <= low || p.lambda >= high);
    claims.push(Claim::equals(
        "digits: the best penalties lie inside the range tried: widths where one is at its end",
        0.0,
        outside.count() as f64,
        0.0,
    ));
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The largest rise above an earlier value, as a share of it.
fn largest_rise(values: &[f64]) -> f64 {
    let (mut least, mut worst) = (f64::INFINITY, 0.0f64);
    for &value in values {
        worst = worst.max((value - least) / least);
        least = least.min(value);
    }
    worst
}

fn isotropic_claims(curves: &Curves, claims: &mut Claims) -> Result<()> {
    let points: Vec<&Point> = curves
        .by_features
        .iter()
        .chain(&curves.by_examples)
        .collect();
    // In these settings the limit is off by less than 2/n of itself at finite n.
    let excess = |point: &&Point| {
        let ridge = &point.ridge;
        let slack = 2.0 / point.n as f64 * ridge.predicted;
        ((ridge.risk.mean - ridge.predicted).abs() - slack).max(0.0) / ridge.risk.se
    };
    let draws = points.first().map(|point| point.ridge.risk.draws);
    let z = |tests: usize| largest_distance(tests, LEVEL, draws);
    claims.push(Claim::equals(
        &format!(
            "isotropic: the risk at λ* is σ²γ m(−λ*), up to a share 2/n: largest distance beyond that at {} ratios in \
             standard errors (by chance above this tolerance once in 100 runs)",
            points.len()
        ),
        0.0,
        points.iter().map(excess).fold(0.0, f64::max),
        z(points.len())?,
    ));
    let best = &curves.best;
    claims.push(Claim::equals(
        "isotropic, p = n: the simulated risk is least at λ* = σ²p/(n r²): ln(λ/λ*), within 3 s.e. and the error of the \
         parabola that finds it",
        0.0,
        best.measured,
        3.0 * best.se + best.bias.abs(),
    ));
    let risks = |points: &[Point], of: fn(&Point) -> Estimate| points.iter().map(of).collect();
    let rising: Vec<Estimate> = risks(&curves.by_features, |p| p.ridge.risk);
    let falling: Vec<Estimate> = risks(&curves.by_examples, |p| p.ridge.risk);
    claims.push(Claim::at_most(
        "isotropic, tuned: more features than before never help, so no peak at p = n: largest fall from one p to the next \
         in standard errors",
        0.0,
        largest_step(&rising, -1.0),
        z(rising.len() - 1)?,
    ));
    claims.push(Claim::at_most(
        "isotropic, tuned: more examples never hurt (p fixed): largest rise from one n to the next in standard errors",
        0.0,
        largest_step(&falling, 1.0),
        z(falling.len() - 1)?,
    ));
    let ridgeless = |ratio: f64| {
        let far = |point: &&Point| (point.ridge.gamma - ratio).abs();
        let found = curves
            .by_examples
            .iter()
            .min_by(|a, b| far(a).total_cmp(&far(b)));
        found.map_or(f64::NAN, |point| point.ridgeless.risk.mean)
    };
    claims.push(Claim::greater_than(
        "isotropic, no penalty: twice the examples can hurt: the risk at n = p against that at n = p/2",
        ridgeless(2.0),
        ridgeless(1.0),
        0.0,
    ));
    Ok(())
}

/// The largest step from one estimate to the next in the direction `sign`, in standard errors of the difference.
fn largest_step(estimates: &[Estimate], sign: f64) -> f64 {
    let steps = estimates
        .windows(2)
        .map(|pair| sign * (pair[1].mean - pair[0].mean) / pair[1].se.hypot(pair[0].se));
    steps.fold(f64::NEG_INFINITY, f64::max)
}

fn table(results: &Results) -> Result<Table> {
    let mut table = Table::new(OptimalRidge::ABOUT.columns);
    for p in &results.digits.points {
        table.push(vec![
            "digits".into(),
            results.digits.n.into(),
            p.columns.into(),
            p.ratio.into(),
            p.ridgeless.mean.into(),
            p.ridgeless.se.into(),
            p.tuned.mean.into(),
            p.tuned.se.into(),
            Cell::Empty,
            p.validated.mean.into(),
            p.validated.se.into(),
            p.lambda.into(),
            p.lambda_validated.into(),
        ])?;
    }
    let isotropic = [
        ("isotropic_p", &results.isotropic.by_features),
        ("isotropic_n", &results.isotropic.by_examples),
    ];
    for (name, points) in isotropic {
        for point in points {
            let (ridge, ridgeless) = (&point.ridge, &point.ridgeless);
            table.push(vec![
                name.into(),
                point.n.into(),
                ridge.p.into(),
                ridge.gamma.into(),
                ridgeless.risk.mean.into(),
                ridgeless.risk.se.into(),
                ridge.risk.mean.into(),
                ridge.risk.se.into(),
                ridge.predicted.into(),
                Cell::Empty,
                Cell::Empty,
                (ridge.lambda * point.n as f64).into(),
                Cell::Empty,
            ])?;
        }
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rises_and_steps() {
        assert_eq!(max_over_min(&[2.0, 1.0, 4.0]), 4.0);
        assert_eq!(largest_rise(&[4.0, 2.0, 3.0, 1.0]), 0.5);
        let e = |mean| Estimate {
            mean,
            se: 3.0,
            draws: 10,
        };
        let at = |mean| Estimate { se: 4.0, ..e(mean) };
        assert_eq!(largest_step(&[e(0.0), at(10.0), e(-5.0)], 1.0), 2.0);
        assert_eq!(largest_step(&[e(0.0), at(10.0), e(-5.0)], -1.0), 3.0);
    }
}
