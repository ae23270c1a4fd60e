//! How far the weights of two-layer networks move, at every scaling of the start with the width.

mod figure;
mod points;

use crate::error::Result;
use crate::experiment::{About, Claim, Context, Draft, Findings, Study};
use crate::measure::{Regime, Scaling};
use crate::stats::{largest_by, least, mean, smaller};
use figure::figure;
pub use points::PhaseDiagram;
use points::{AtWidth, Point};

/// How far an exponent may be from its limit beside chance, since widths are finite, and growth from a small start costs
/// logarithms of the width: nearer to it than to any other multiple of ¼.
const NEARER: f64 = 0.125;

/// The chance that a slope is farther from its limit than that and what chance allows.
const LEVEL: f64 = 0.001;

/// A slope this far from 0 has a sign that is no accident.
const CLEAR: f64 = 0.2;

impl Study for PhaseDiagram {
    const ABOUT: About = About {
        id: "phase_diagram",
        title: "Lazy or not: the phase diagram of two-layer networks",
        what: "Trains two-layer ReLU networks of several widths m from starts at points (γ, γ') of the phase diagram and \
               measures by how much the input weights change, relative to their start. The slope of that change by the \
               width, in logarithms, is negative where training is lazy, 0 on the boundary, positive where neurons \
               condense; theory predicts its value everywhere.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Summary on initialization\" (phase \
                diagram), \"Lazy training: a consequence of overparametrization or scaling?\"; after Luo, Xu, Ma & Zhang \
                2021, arXiv:2007.07497",
        columns: AtWidth::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let points = self.points(seed, context)?;
        let slopes = points.iter().filter(|p| p.at.gamma_prime == 0.0);
        let each = |of: fn(&Point) -> f64| points.iter().map(of).collect::<Vec<f64>>();
        let found = Findings::of(points.iter().flat_map(|point| &point.widths))
            .measure("gamma", each(|p| p.at.gamma))
            .measure("gamma_prime", each(|p| p.at.gamma_prime))
            .measure("slope", each(|p| p.slope.mean))
            .measure("predicted_slope", each(|p| p.at.slope()))
            .claims(slopes.map(slope).collect::<Result<Vec<Claim>>>()?);
        Ok(whole(found, &points).figure(figure(self, &points)))
    }
}

/// Another slope that a point's must be told from, and what it would mean.
fn rival(at: &Scaling) -> (f64, &'static str) {
    match at.slope() {
        // Half way to γ = 1/2.
        0.0 => (-0.25, "lazy training"),
        _ => (0.0, "the border between the regimes"),
    }
}

/// [`NEARER`], or half way to the rival where that is less.
fn nearer(at: &Scaling) -> f64 {
    smaller(NEARER, (at.slope() - rival(at).0).abs() / 2.0)
}

/// The slope at one point with γ' = 0.
fn slope(point: &Point) -> Result<Claim> {
    let (gamma, regime) = (point.at.gamma, point.at.regime());
    let slope = Claim::mean_equals(
        &format!(
            "γ = {gamma}, γ' = 0, {regime}: slope of ln(‖ΔW‖/‖W‖) by ln m, nearer to its limit than \
             to its rival and to other multiples of ¼"
        ),
        point.at.slope(),
        point.slope,
        nearer(&point.at),
        LEVEL,
    )?;
    let (value, meaning) = rival(&point.at);
    Ok(slope.against(value, meaning))
}

/// The claims about all points together.
fn whole(found: Draft, points: &[Point]) -> Draft {
    let off = points.iter().map(|p| (p.slope.mean - p.at.slope()).abs());
    let clear = points.iter().filter(|p| p.at.slope().abs() >= CLEAR);
    let right = clear
        .clone()
        .filter(|p| p.at.slope() * p.slope.mean > 0.0)
        .count();
    let clear = clear.count();
    // β₁ = β₂ = β = m^(−γ/2): mβ → ∞ for every γ < 2.
    let refuted = points.iter().filter(|p| {
        p.at.gamma_prime == 0.0 && p.at.regime() == Regime::Condensed && p.at.gamma < 2.0
    });
    let refuted = largest_by(refuted, |p| p.at.gamma);
    let lazy = points.iter().filter(|p| p.at.regime() == Regime::Lazy);
    let reached: Vec<f64> = lazy.flat_map(|p| &p.widths).map(|w| w.reached).collect();
    found
        .claim(Claim::at_most(
            "the whole diagram: slopes nearer to their limits than to others (trend): mean distance",
            mean(points.iter().map(|p| nearer(&p.at))),
            off.sum::<f64>() / points.len() as f64,
            0.0,
        ).headline())
        .claims((clear > 0).then(|| {
            Claim::equals(
                "lazy where γ < 1 or γ' > γ − 1, else not: share of points, 0.2 or more from slope \
                 0, with the right sign",
                1.0,
                right as f64 / clear as f64,
                0.0,
            ).headline()
        }))
        .claims(refuted.map(|point| {
            let gamma = point.at.gamma;
            Claim::greater_than(
                &format!(
                    "\"lazy if mβ → ∞\" is not enough: at γ = {gamma} mβ grows like m^{}, and so \
                     does the relative change, with slope",
                    1.0 - gamma / 2.0
                ),
                0.0,
                point.slope.mean,
                0.0,
            ).headline()
        }))
        .claims((!reached.is_empty()).then(|| {
            Claim::equals(
                "wherever training is lazy the loss falls all the same: least share of runs that \
                 reach the target",
                1.0,
                least(&reached),
                0.0,
            )
        }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_point_is_told_from_its_rival() {
        for step in 0..=12 {
            let gamma = 0.25 * f64::from(step);
            for gamma_prime in [-0.5, 0.0, 0.5] {
                let at = Scaling { gamma, gamma_prime };
                let (near, away) = (nearer(&at), (at.slope() - rival(&at).0).abs());
                assert!(near > 0.0 && 2.0 * near <= away, "{at:?}: {near}");
            }
        }
    }
}
