//! The table of a run on uniform convergence.

use super::claims::{Exact, claims};
use super::figure::figure;
use super::{Results, UniformConvergence};
use crate::error::Result;
use crate::experiment::{Findings, Measured, Study, Table};
use crate::stats::Estimate;

pub(super) fn findings(settings: &UniformConvergence, results: &Results) -> Result<Findings> {
    Ok(Findings {
        measured: measured(settings, results),
        claims: claims(settings, results)?,
        table: table(settings, results)?,
        figure: figure(settings, results)?,
    })
}

fn measured(settings: &UniformConvergence, results: &Results) -> Measured {
    let mut measured = Measured::default();
    if let Some(point) = results.dims.last() {
        let tight = point.found.bound.mean / settings.inflation.powi(2);
        measured.insert("isotropic_risk", point.found.risk.mean);
        measured.insert("isotropic_bound_at_least_norm", tight);
        measured.insert("isotropic_two_sided", point.found.two_sided.mean);
    }
    if let Some(point) = results.junk.last() {
        measured.insert("junk_risk", point.found.risk.mean);
        measured.insert("junk_worst", point.found.worst.mean);
        measured.insert("junk_bound", point.found.bound.mean);
        measured.insert("junk_two_sided", point.found.two_sided.mean);
    }
    if let Some(point) = results.flips.last() {
        measured.insert("classifier_test_error", point.found.test.mean);
        measured.insert("classifier_flipped_error", point.found.flipped.mean);
    }
    measured
}

fn table(settings: &UniformConvergence, results: &Results) -> Result<Table> {
    let mut table = Table::new(UniformConvergence::ABOUT.columns);
    let mut push =
        |part: &str, n: usize, p: usize, quantity: &str, found: &Estimate, predicted: f64| {
            table.push(vec![
                part.into(),
                n.into(),
                p.into(),
                quantity.into(),
                found.mean.into(),
                found.se.into(),
                predicted.into(),
            ])
        };
    for point in &results.dims {
        let (p, found, exact) = (point.p, &point.found, Exact::new(settings, point.p)?);
        push("isotropic", settings.n, p, "risk", &found.risk, exact.risk)?;
        if let Some(worst) = &found.worst {
            push("isotropic", settings.n, p, "worst", worst, exact.worst)?;
        }
        push(
            "isotropic",
            settings.n,
            p,
            "bound",
            &found.bound,
            exact.bound,
        )?;
        push(
            "isotropic",
            settings.n,
            p,
            "two_sided",
            &found.two_sided,
            exact.two_sided,
        )?;
    }
    for point in &results.junk {
        let (n, p) = (point.n, 1 + settings.junk * point.n);
        let (found, theory) = (&point.found, &point.theory);
        push("junk", n, p, "risk", &found.risk, theory.risk)?;
        push("junk", n, p, "worst", &found.worst, theory.worst)?;
        push("junk", n, p, "bound", &found.bound, theory.bound)?;
        push(
            "junk",
            n,
            p,
            "two_sided",
            &found.two_sided,
            theory.two_sided,
        )?;
    }
    let largest = results.flips.last().map_or(0, |point| point.n);
    for point in &results.flips {
        let (n, p, found) = (point.n, 1 + settings.flip_dims * largest, &point.found);
        push("classifier", n, p, "train", &found.train, point.theory[0])?;
        push("classifier", n, p, "test", &found.test, point.theory[1])?;
        push(
            "classifier",
            n,
            p,
            "flipped",
            &found.flipped,
            point.theory[2],
        )?;
    }
    Ok(table)
}
