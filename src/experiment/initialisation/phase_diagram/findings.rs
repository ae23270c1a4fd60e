//! The table and the claims of a phase diagram.

use super::figure::figure;
use super::{PhaseDiagram, Point};
use crate::error::Result;
use crate::experiment::{Claim, Claims, Findings, Measured, Study, Table};
use crate::measure::Regime;
use crate::stats::least;

/// How far a slope may be from its limit, beside three standard errors: widths are finite, and growth from a small start
/// costs logarithms of the width.
const TOLERANCE: f64 = 0.1;

/// A slope this far from 0 has a sign that is no accident.
const CLEAR: f64 = 0.2;

pub(super) fn findings(settings: &PhaseDiagram, points: &[Point]) -> Result<Findings> {
    let mut table = Table::new(PhaseDiagram::ABOUT.columns);
    for point in points {
        for w in &point.widths {
            let steps: usize = w.runs.iter().map(|run| run.steps).sum();
            table.push(vec![
                point.at.gamma.into(),
                point.at.gamma_prime.into(),
                w.width.into(),
                w.mean(|run| run.change)?.into(),
                w.mean(|run| run.kappa)?.into(),
                (steps as f64 / w.runs.len() as f64).into(),
                w.reached().into(),
                point.slope.mean.into(),
                point.at.slope().into(),
                point.at.regime().to_string().as_str().into(),
            ])?;
        }
    }
    let mut measured = Measured::default();
    let each = |of: fn(&Point) -> f64| points.iter().map(of).collect::<Vec<f64>>();
    measured.insert("gamma", each(|p| p.at.gamma));
    measured.insert("gamma_prime", each(|p| p.at.gamma_prime));
    measured.insert("slope", each(|p| p.slope.mean));
    measured.insert("predicted_slope", each(|p| p.at.slope()));
    Ok(Findings {
        measured,
        claims: claims(points),
        table,
        figure: figure(settings, points)?,
    })
}

fn claims(points: &[Point]) -> Claims {
    let mut claims = Claims::default();
    for point in points.iter().filter(|point| point.at.gamma_prime == 0.0) {
        let (gamma, regime) = (point.at.gamma, point.at.regime());
        let tolerance = TOLERANCE + 3.0 * point.slope.se;
        let slope = Claim::equals(
            &format!(
                "γ = {gamma}, γ' = 0, {regime}: slope of ln(‖ΔW‖/‖W‖) by ln m, in the limit and at these widths (0.1 and 3 s.e.)"
            ),
            point.at.slope(),
            point.slope.mean,
            tolerance,
        );
        claims.push(match point.at.slope() {
            // Half way to γ = 1/2.
            0.0 => slope.against(-0.25, "lazy training"),
            _ => slope.against(0.0, "the border between the regimes"),
        });
    }
    let off = points.iter().map(|p| (p.slope.mean - p.at.slope()).abs());
    claims.push(Claim::at_most(
        "the whole diagram: mean distance of the slopes from their limits (trend)",
        TOLERANCE,
        off.sum::<f64>() / points.len() as f64,
        0.0,
    ));
    let clear: Vec<&Point> = points
        .iter()
        .filter(|p| p.at.slope().abs() >= CLEAR)
        .collect();
    if !clear.is_empty() {
        let right = clear
            .iter()
            .filter(|p| p.at.slope() * p.slope.mean > 0.0)
            .count();
        claims.push(Claim::equals(
            "lazy where γ < 1 or γ' > γ − 1, else not: share of points, 0.2 or more from slope 0, with the right sign",
            1.0,
            right as f64 / clear.len() as f64,
            0.0,
        ));
    }
    // β₁ = β₂ = β = m^(−γ/2): mβ → ∞ for every γ < 2.
    let refuted = points.iter().filter(|p| {
        p.at.gamma_prime == 0.0 && p.at.regime() == Regime::Condensed && p.at.gamma < 2.0
    });
    if let Some(point) = refuted.max_by(|a, b| a.at.gamma.total_cmp(&b.at.gamma)) {
        claims.push(Claim::greater_than(
            &format!(
                "\"lazy if mβ → ∞\" is not enough: at γ = {} mβ grows like m^{}, and so does the relative change, with slope",
                point.at.gamma,
                1.0 - point.at.gamma / 2.0
            ),
            0.0,
            point.slope.mean,
            0.0,
        ));
    }
    let lazy: Vec<&Point> = points
        .iter()
        .filter(|p| p.at.regime() == Regime::Lazy)
        .collect();
    if !lazy.is_empty() {
        let reached = lazy
            .iter()
            .flat_map(|p| p.widths.iter().map(|w| w.reached()));
        claims.push(Claim::equals(
            "wherever training is lazy the loss falls all the same: least share of runs that reach the target",
            1.0,
            least(reached),
            0.0,
        ));
    }
    claims
}
