//! The table and the claims of an optimal-ridge run.

use super::OptimalRidge;
use super::digits::DigitCurve;
use super::figure::figure;
use super::isotropic::{Curves, Point};
use super::landmarks::{LEVEL, Landmarks};
use crate::error::Result;
use crate::experiment::{Cell, Claim, Claims, Findings, Measured, Study, Table};
use crate::stats::{Estimate, larger, largest};

/// Everything a run computed.
pub(super) struct Results {
    pub digits: DigitCurve,
    /// The share of labels flipped.
    pub label_noise: f64,
    pub isotropic: Curves,
}

pub(super) fn findings(results: &Results) -> Result<Findings> {
    let landmarks = Landmarks::of(&results.digits)?;
    let mut claims = Claims::default();
    landmarks.claims(results.label_noise, &mut claims)?;
    isotropic_claims(&results.isotropic, &mut claims)?;
    Ok(Findings {
        measured: measured(results, &landmarks),
        claims,
        table: table(results)?,
        figure: figure(results),
    })
}

fn measured(results: &Results, landmarks: &Landmarks<'_>) -> Measured {
    let mut measured = Measured::default();
    landmarks.measure(&mut measured);
    let points = results.isotropic.by_features.iter();
    measured.insert(
        "isotropic_tuned_risks",
        points.map(|p| p.ridge.risk.mean).collect::<Vec<f64>>(),
    );
    measured.insert(
        "isotropic_best_over_predicted_penalty",
        results.isotropic.best.measured.exp(),
    );
    measured
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
        larger((ridge.risk.mean - ridge.predicted).abs() - slack, 0.0) / ridge.risk.se
    };
    let draws = points.first().map(|point| point.ridge.risk.draws);
    claims.push(Claim::all_within(
        "isotropic: the risk at λ* is σ²γ m(−λ*), up to a share 2/n at every ratio",
        points.iter().map(excess),
        LEVEL,
        draws,
    )?);
    let best = &curves.best;
    claims.push(Claim::equals(
        "isotropic, p = n: the simulated risk is least at λ* = σ²p/(n r²): ln(λ/λ*), within 3 s.e. and the error of the \
         parabola that finds it",
        0.0,
        best.measured,
        3.0 * best.se + best.bias.abs(),
    ).against(2.0_f64.ln(), "twice that penalty"));
    let risks = |points: &[Point], of: fn(&Point) -> Estimate| points.iter().map(of).collect();
    let rising: Vec<Estimate> = risks(&curves.by_features, |p| p.ridge.risk);
    let falling: Vec<Estimate> = risks(&curves.by_examples, |p| p.ridge.risk);
    claims.push(Claim::largest_within(
        "isotropic, tuned: more features than before never help, so no peak at p = n: fall from one p to the next",
        largest_step(&rising, -1.0),
        rising.len() - 1,
        LEVEL,
        draws,
    )?);
    claims.push(Claim::largest_within(
        "isotropic, tuned: more examples never hurt (p fixed): rise from one n to the next",
        largest_step(&falling, 1.0),
        falling.len() - 1,
        LEVEL,
        draws,
    )?);
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
    largest(steps)
}

fn table(results: &Results) -> Result<Table> {
    let mut table = Table::new(OptimalRidge::ABOUT.columns);
    for p in &results.digits.points {
        table.push(vec![
            "digits".into(),
            results.digits.n.into(),
            p.columns.into(),
            p.ratio.into(),
            p.ridgeless.mean().into(),
            p.ridgeless.estimate.se.into(),
            p.tuned.mean().into(),
            p.tuned.estimate.se.into(),
            Cell::Empty,
            p.validated.mean().into(),
            p.validated.estimate.se.into(),
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
    fn largest_steps() {
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
