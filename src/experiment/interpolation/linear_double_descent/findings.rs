//! The numbers and the claims.

use super::curve::Width;
use super::figure::figure;
use super::landmarks::Landmarks;
use super::run::Curves;
use super::settings::LinearDoubleDescent;
use crate::error::{Error, Result};
use crate::experiment::{Claim, Draft, Findings};
use crate::stats::{largest_distance, least_by};

/// The chance that a claim about the largest of many distances fails although theory is right.
const LEVEL: f64 = 1e-4;

pub(super) fn findings(settings: &LinearDoubleDescent, curves: &Curves) -> Result<Findings> {
    let main = Landmarks::of(curves.main(), settings.n)?;
    let prescient = Landmarks::of(&curves.prescient, settings.n)?;
    let found = Findings::of(curves.points())
        .measure("peak_p", main.peak.p)
        .measure("best_p", main.best.p)
        .measure("best_risk", main.best.risk.mean)
        .measure("widest_risk", main.widest.risk.mean)
        .measure("widths_tested", main.testable.len())
        .measure("largest_distance", main.largest_distance())
        .measure("share_within_3_se", main.share_within_3())
        .measure("prescient_best_p", prescient.best.p)
        .measure("prescient_best_risk", prescient.best.risk.mean)
        .measure("null_risk", settings.null_risk());
    let found = main_claims(found, settings.n, curves.main(), &main)?;
    let found = match curves.flat {
        Some(_) => found.claim(Claim::all_within(
            "the formula also holds for β_j² ∝ 1/j², largest first, at the same widths",
            prescient.distances(),
            LEVEL,
            None,
        )?),
        None => found,
    };
    let found = prescient_claims(found, &prescient, &curves.random)?;
    Ok(found.figure(figure(settings, curves)))
}

/// The formula beside simulation for the decay asked for.
fn main_claims(found: Draft, n: usize, curve: &[Width], marks: &Landmarks<'_>) -> Result<Draft> {
    let single = largest_distance(1, LEVEL, None)?;
    let at = |p: usize, text: &str| {
        let width = curve
            .iter()
            .find(|width| width.p == p && width.testable())?;
        let text = format!("{text}; within {single:.1} s.e.");
        let (exact, risk) = (width.exact, width.risk.mean);
        Some(Claim::equals(&text, exact, risk, single * width.se))
    };
    let (narrow, widest) = (marks.narrow, marks.widest);
    let spread = widest.se.hypot(narrow.se);
    let difference = || {
        Claim::equals(
            &format!(
                "all features against the best narrow model, p = {}: difference of their risks, \
                 within {single:.1} s.e.",
                narrow.p
            ),
            widest.exact - narrow.exact,
            widest.risk.mean - narrow.risk.mean,
            single * spread,
        )
    };
    Ok(found
        .claim(Claim::all_within(
            "simulation meets the exact formula at all widths with |p − n| ≥ 4, where its \
             variance is finite",
            marks.distances(),
            LEVEL,
            None,
        )?)
        .claims(at(
            (n / 4).max(1),
            "p = n/4: ‖β_Tᶜ‖²(1 + p/(n−p−1)), ‖β_Tᶜ‖² with the noise",
        ))
        .claims(at(
            3 * n / 2,
            "p = 3n/2: ‖β_T‖²(1 − n/p) + ‖β_Tᶜ‖²(1 + n/(p−n−1))",
        ))
        .claim(Claim::equals(
            "the simulated risk peaks where the exact one is infinite, n − 1 ≤ p ≤ n + 1: its p",
            n as f64,
            marks.peak.p as f64,
            1.0,
        ))
        .claims(spread.is_finite().then(difference)))
}

/// What choosing the largest coefficients first changes.
fn prescient_claims(found: Draft, marks: &Landmarks<'_>, random: &[Width]) -> Result<Draft> {
    let single = largest_distance(1, LEVEL, None)?;
    let (best, narrow, widest) = (marks.best, marks.narrow, marks.widest);
    let others = marks.testable.iter().filter(|width| width.p != best.p);
    let least = least_by(others, |width| width.risk.mean);
    let unbeaten = least.map(|least| {
        Claim::at_most(
            &format!(
                "prescient order: no other width beats the one the formula names, p = {}; its risk \
                 against the least other, within {single:.1} s.e.",
                best.p
            ),
            least.risk.mean,
            best.risk.mean,
            single * least.se.hypot(best.se),
        )
    });
    let few_suffice = || {
        Claim::less_than(
            &format!(
                "prescient order: the first {} features alone predict better than all together",
                narrow.p
            ),
            widest.risk.mean,
            narrow.risk.mean,
            0.0,
        )
    };
    let excess = |known: &&Width| {
        let missing = || Error::domain("a width", "one of the curve", known.p);
        let blind = random.iter().find(|width| width.p == known.p);
        let blind = blind.ok_or_else(missing)?.risk;
        Ok((known.risk.mean - blind.mean) / known.se.hypot(blind.se))
    };
    // The same features, and so the same risk, once all are seen.
    let some = marks.testable.iter().filter(|width| width.p < widest.p);
    Ok(found
        .claims(unbeaten)
        .claims((narrow.exact < widest.exact && narrow.testable()).then(few_suffice))
        .claim(Claim::all_within(
            "knowing which features matter never hurts: excess of the prescient over a random \
             order",
            some.map(excess).collect::<Result<Vec<f64>>>()?,
            LEVEL,
            None,
        )?))
}
