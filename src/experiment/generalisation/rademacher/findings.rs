//! The table and the claims of a Rademacher run.

use super::Rademacher;
use super::balls::{BallCheck, BallCurve, ENUMERATED, ORTHONORMAL};
use super::figure::figure;
use super::finite::FiniteClass;
use super::line::Line;
use crate::error::Result;
use crate::experiment::{Claim, Claims, Findings, Measured, Study, Table};
use crate::measure::{Complexity, generalisation_gap, is_vacuous};
use crate::stats::{Estimate, largest, largest_distance, power_law};

/// The chance that one claim fails although theory is right: a run has some eight that can, so that it fails by chance less
/// than once in 100.
const LEVEL: f64 = 0.001;

/// Everything a run computed.
pub(super) struct Results {
    pub balls: Vec<BallCurve>,
    pub checks: Vec<BallCheck>,
    pub finite: Vec<FiniteClass>,
    pub line: Line,
}

pub(super) fn findings(settings: &Rademacher, results: &Results) -> Result<Findings> {
    let line = &results.line;
    let mut claims = Claims::default();
    for curve in &results.balls {
        ball_claims(settings, curve, &mut claims)?;
    }
    for check in &results.checks {
        check_claims(settings, check, &mut claims)?;
    }
    finite_claims(&results.finite, &mut claims)?;
    line_claims(settings, line, &mut claims)?;
    Ok(Findings {
        measured: measured(settings, results, line)?,
        claims,
        table: table(results, line)?,
        figure: figure(results, line),
    })
}

/// The slope of ln R by ln n by least squares, and its standard error.
fn slope(curve: &BallCurve) -> Result<(f64, f64)> {
    let sizes: Vec<f64> = curve.points.iter().map(|point| point.n as f64).collect();
    let measured: Vec<Estimate> = curve.points.iter().map(|point| point.measured).collect();
    let law = power_law(&sizes, &measured)?;
    Ok((law.exponent, law.se))
}

fn ball_claims(settings: &Rademacher, curve: &BallCurve, claims: &mut Claims) -> Result<()> {
    let (name, points) = (ball_name(curve.name), &curve.points);
    let draws = Some(settings.sets);
    claims.push(Claim::all_within(
        &format!(
            "{name}: the mean over inputs is {} at every n",
            match curve.name {
                "l2" => "(B/√n)·√2 Γ((d+1)/2)/Γ(d/2)",
                _ => "(B/√n) E max_j |Z_j|",
            }
        ),
        points.iter().map(|p| p.measured.distance(p.exact)),
        LEVEL,
        draws,
    )?);
    claims.push(Claim::largest_within(
        &format!(
            "{name}: every estimate lies between the bounds of its own inputs: how far outside"
        ),
        largest(points.iter().map(|p| p.outside)),
        points.len() * settings.sets,
        LEVEL,
        Some(settings.draws),
    )?);
    let (slope, se) = slope(curve)?;
    claims.push(Claim::equals(
        &format!("{name}: the complexity falls as 1/√n: slope of ln R by ln n"),
        -0.5,
        slope,
        largest_distance(1, LEVEL, draws)? * se,
    ));
    Ok(())
}

fn ball_name(name: &str) -> &'static str {
    match name {
        "l2" => "ℓ2 ball",
        _ => "ℓ1 ball",
    }
}

fn check_claims(settings: &Rademacher, check: &BallCheck, claims: &mut Claims) -> Result<()> {
    let name = ball_name(check.name);
    let (exact, sampled) = &check.enumerated;
    claims.push(Claim::equals(
        &format!(
            "{name}, {ENUMERATED} inputs: Monte Carlo against all {} sign patterns",
            1 << ENUMERATED
        ),
        *exact,
        sampled.mean,
        largest_distance(1, LEVEL, None)? * sampled.se,
    ));
    if let Some(orthonormal) = &check.orthonormal {
        let radius = settings.radius;
        claims.push(
            Claim::equals(
                &format!("{name}, {ORTHONORMAL} orthonormal inputs: exactly B/√n"),
                radius / (ORTHONORMAL as f64).sqrt(),
                orthonormal.mean,
                1e-12 * radius,
            )
            .identity(),
        );
    }
    Ok(())
}

fn finite_claims(classes: &[FiniteClass], claims: &mut Claims) -> Result<()> {
    let n = classes.first().map_or(0, |class| class.n);
    let excess = classes.iter().map(|class| class.exact - class.massart);
    claims.push(Claim::at_most(
        &format!("finite classes on {n} inputs: √(2 ln m/n) is never below the exact value: largest excess"),
        0.0,
        largest(excess),
        1e-12,
    ).bound());
    let last = classes.last().map_or(f64::NAN, |class| class.exact);
    claims.push(
        Claim::equals(
            &format!("all 2^{n} patterns follow any signs: complexity 1"),
            1.0,
            last,
            1e-12,
        )
        .identity(),
    );
    let distances = classes.iter().map(|c| c.measured.distance(c.exact));
    claims.push(Claim::all_within(
        "finite classes: Monte Carlo against all sign patterns",
        distances,
        LEVEL,
        None,
    )?);
    Ok(())
}

/// The bound on the gap of a class of ±1 functions with this complexity, for the 0–1 loss.
fn gap_bound(settings: &Rademacher, complexity: f64) -> Result<f64> {
    let loss = complexity / 2.0;
    generalisation_gap(
        loss,
        Complexity::Expected,
        settings.line_n,
        settings.delta,
        1.0,
    )
}

/// The share of training sets on which some threshold's gap exceeds the bound.
fn share_broken(line: &Line, bound: f64) -> f64 {
    line.gaps.iter().filter(|gap| **gap > bound).count() as f64 / line.gaps.len() as f64
}

fn line_claims(settings: &Rademacher, line: &Line, claims: &mut Claims) -> Result<()> {
    let z = largest_distance(1, LEVEL, None)?;
    let (exact, sampled) = &line.poor;
    claims.push(Claim::equals(
        "poor class, thresholds on a line: the complexity by counting walks",
        *exact,
        sampled.mean,
        z * sampled.se,
    ));
    claims.push(
        Claim::equals(
            "rich class, nearest neighbours: every pattern of signs is fitted",
            1.0,
            line.rich.mean,
            0.0,
        )
        .identity(),
    );
    let (eta, n) = (settings.label_noise, line.n as f64);
    let twice = 2.0 * eta * (1.0 - eta);
    claims.push(Claim::equals(
        "the rich class memorises: test error 2η(1−η) + (1−4η(1−η))/(2(n+1)) at training error 0",
        twice + (1.0 - 2.0 * twice) / (2.0 * (n + 1.0)),
        line.rich_test.mean,
        z * line.rich_test.se,
    ));
    claims.push(Claim::at_most(
        "the poor class cannot: the mean over training sets of its largest gap (test − training error) is at most the \
         complexity R",
        *exact,
        line.gap.mean,
        0.0,
    ).bound());
    let (bound, delta) = (gap_bound(settings, *exact)?, settings.delta);
    claims.push(Claim::at_most(
        "with probability 1 − δ no threshold's gap exceeds R + √(ln(1/δ)/(2n)): share of training sets where one does",
        delta,
        share_broken(line, bound),
        z * (delta * (1.0 - delta) / line.gaps.len() as f64).sqrt(),
    ).bound());
    claims.push(Claim::at_least(
        "for the rich class the same bound says nothing: it is at least 1",
        1.0,
        gap_bound(settings, line.rich.mean)?,
        0.0,
    ));
    Ok(())
}

fn measured(settings: &Rademacher, results: &Results, line: &Line) -> Result<Measured> {
    let mut measured = Measured::default();
    for curve in &results.balls {
        let (slope_name, last_name) = match curve.name {
            "l2" => ("l2_slope", "l2_complexity"),
            _ => ("l1_slope", "l1_complexity"),
        };
        measured.insert(slope_name, slope(curve)?.0);
        if let Some(point) = curve.points.last() {
            measured.insert(last_name, point.measured.mean);
        }
    }
    let bound = gap_bound(settings, line.poor.0)?;
    measured.insert("poor_complexity", line.poor.0);
    measured.insert("rich_complexity", line.rich.mean);
    measured.insert("poor_training_error", line.poor_train.mean);
    measured.insert("poor_test_error", line.poor_test.mean);
    measured.insert("rich_test_error", line.rich_test.mean);
    measured.insert("largest_gap_of_thresholds", line.gap.mean);
    measured.insert("bound_on_that_gap", bound);
    measured.insert("share_above_bound", share_broken(line, bound));
    measured.insert(
        "bound_is_vacuous",
        f64::from(u8::from(is_vacuous(bound, 1.0))),
    );
    Ok(measured)
}

fn table(results: &Results, line: &Line) -> Result<Table> {
    let mut table = Table::new(Rademacher::ABOUT.columns);
    for curve in &results.balls {
        for p in &curve.points {
            table.push(vec![
                curve.name.into(),
                p.n.into(),
                None::<f64>.into(),
                p.measured.mean.into(),
                p.measured.se.into(),
                p.exact.into(),
                p.lower.into(),
                p.upper.into(),
            ])?;
        }
    }
    let mut class = |name: &str,
                     n: usize,
                     functions: Option<usize>,
                     sampled: &Estimate,
                     exact: f64,
                     upper: Option<f64>| {
        table.push(vec![
            name.into(),
            n.into(),
            functions.into(),
            sampled.mean.into(),
            sampled.se.into(),
            exact.into(),
            None::<f64>.into(),
            upper.into(),
        ])
    };
    for c in &results.finite {
        class(
            "finite",
            c.n,
            Some(c.functions),
            &c.measured,
            c.exact,
            Some(c.massart),
        )?;
    }
    let (n, count) = (line.n, 2 * line.n);
    let massart = (2.0 * (count as f64).ln() / n as f64).sqrt();
    class(
        "thresholds",
        n,
        Some(count),
        &line.poor.1,
        line.poor.0,
        Some(massart),
    )?;
    class("nearest", n, None, &line.rich, 1.0, None)?;
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::super::balls::BallPoint;
    use super::*;

    #[test]
    fn an_exact_power_law_has_its_slope() {
        let point = |n: usize| BallPoint {
            n,
            measured: Estimate {
                mean: 3.0 / (n as f64).sqrt(),
                se: 0.3 / (n as f64).sqrt(),
                draws: 9,
            },
            exact: 0.0,
            lower: 0.0,
            upper: 0.0,
            outside: 0.0,
        };
        let curve = BallCurve {
            name: "l2",
            points: [4, 16, 64].map(point).into(),
        };
        let (slope, se) = slope(&curve).expect("a power law");
        // Weights ∓1/(2 ln 16)·…: se = 0.1·√2/ln 16.
        assert!((slope + 0.5).abs() < 1e-12);
        assert!(
            (se - 0.1 * 2.0_f64.sqrt() / 16.0_f64.ln()).abs() < 1e-12,
            "{se}"
        );
    }
}
