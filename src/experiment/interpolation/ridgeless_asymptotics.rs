//! Ridgeless least squares where n and p grow together: the limits beside simulation.

mod curve;
mod figure;

use crate::error::Result;
use crate::experiment::{About, Claim, Context, Draft, Findings, Study, once_in};
use crate::stats::least_by;
use curve::{ERRORS, Minimum, Results, SKEWED};
use figure::figure;

pub use curve::RidgelessAsymptotics;

/// The chance that a claim about the largest of many normal scores fails although theory is right.
const LEVEL: f64 = 1e-4;

impl Study for RidgelessAsymptotics {
    const ABOUT: About = About {
        id: "ridgeless_asymptotics",
        title: "Ridgeless least squares in high dimensions: risk and norm beside their limits",
        what: "Fits linear targets with p isotropic Gaussian features by the minimum-norm solution, for \
               many ratios γ = p/n. Compares the excess risk and the squared norm of the weights \
               with their limits as n and p grow together and with the exact means for \
               this n, and finds the minimum beyond γ = 1.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Double descent curve in practice (I)\", linear regression; after \
                Hastie, Montanari, Rosset & Tibshirani 2022, arXiv:1903.08560",
        columns: curve::Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        findings(&self.results(seed, context)?)
    }
}

fn findings(results: &Results) -> Result<Findings> {
    let minimum = results.minimum()?;
    let peak = results.norm_peak()?;
    let mut found = Findings::of(&results.points)
        .measure("norm_peak_gamma", peak.gamma)
        .measure("norm_peak", peak.norm_measured.mean)
        .measure("null_risk", results.problem.signal);
    if let Some(minimum) = &minimum {
        let point = results.nearest(minimum.predicted)?;
        found = found
            .measure("minimum_gamma", minimum.measured)
            .measure("minimum_risk", point.measured.mean);
    }
    let found = found
        .measure("risk_at_half", results.nearest(0.5)?.measured.mean)
        .measure("risk_at_two", results.nearest(2.0)?.measured.mean);
    let found = laws(found, results)?;
    let found = limits(found, results)?.claim(
        Claim::equals(
            "the norm peaks at γ = 1 (to the grid's step)",
            1.0,
            peak.gamma,
            results.spacing(),
        )
        .headline(),
    );
    let found = risk_beyond_one(found, results, minimum.as_ref())?;
    Ok(found.figure(figure(results)?))
}

/// Every part of every fit beside its law.
fn laws(found: Draft, results: &Results) -> Result<Draft> {
    let scores = || results.points.iter().map(|point| point.scores);
    Ok(found
        .claim(Claim::all_within(
            "bias and variance of every fit against their laws for this n, r²·Beta((p−n)/2, \
             n/2) and σ²·χ²_m/χ²_ν, m = min(n, p), ν = |n−p| + 1, of mean r²(1−n/p) and \
             σ²m/(|n−p|−1); mean normal scores",
            scores().flat_map(|s| s.bias.into_iter().chain([s.noise])),
            LEVEL,
            None,
        )?)
        .claim(Claim::all_within(
            "what else the squared norm holds, the angle between the signal kept and the \
             noise fitted: uniform in m dimensions; mean normal scores",
            scores().filter_map(|s| s.angle),
            LEVEL,
            None,
        )?))
}

/// What chance allows a mean over draws, in words.
fn chance() -> String {
    format!("{ERRORS} exact s.e. ({})", once_in(SKEWED))
}

/// Risk and norm at γ = 1/2 and 2 beside their limits.
fn limits(mut found: Draft, results: &Results) -> Result<Draft> {
    for (gamma, text, norm_text) in [
        (
            0.5,
            "the limit σ²γ/(1−γ) at γ = 1/2, within 1/(n−p−1) of it",
            "the limit r² + σ²γ/(1−γ) of the squared norm at γ = 1/2, within 1/(n−p−1) of it",
        ),
        (
            2.0,
            "the limit r²(1−1/γ) + σ²/(γ−1) at γ = 2, within 1/(p−n−1) of it",
            "the limit r²/γ + σ²/(γ−1) of the squared norm at γ = 2, within 1/(p−n−1) of it",
        ),
    ] {
        let point = results.nearest(gamma)?;
        // Finite n has |p − n| − 1 where the limit has |p − n|.
        let share = 1.0 / (point.p.abs_diff(results.n) - 1) as f64;
        let close = |text: &str, limit: f64, mean: f64, error: f64| {
            let text = format!("{text} and {}", chance());
            Claim::equals(&text, limit, mean, share * limit + ERRORS * error)
        };
        let (risk, norm) = (point.measured.mean, point.norm_measured.mean);
        let (risk_error, norm_error) = (results.risk_error(point)?, results.norm_error(point)?);
        found = found
            .claim(close(text, point.predicted, risk, risk_error))
            .claim(close(norm_text, point.norm_predicted, norm, norm_error));
    }
    Ok(found)
}

/// What the risk does beyond γ = 1 depends on the signal.
fn risk_beyond_one(found: Draft, results: &Results, minimum: Option<&Minimum>) -> Result<Draft> {
    let null = results.problem.signal;
    if let Some(minimum) = minimum {
        let point = results.nearest(minimum.predicted)?;
        return Ok(found
            .claim(Claim::equals(
                &format!(
                    "beyond γ = 1 the risk is least at √SNR/(√SNR − 1): vertex of a parabola in \
                     ln(γ − 1), within the parabola's own error and {}",
                    chance()
                ),
                minimum.predicted,
                minimum.measured,
                minimum.tolerance,
            ).headline())
            .claim(Claim::less_than(
                "at its least beyond γ = 1 the risk is below the null risk r², that of predicting 0",
                null,
                point.measured.mean,
                0.0,
            ).headline()));
    }
    let beyond = results.with_mean().filter(|point| point.gamma > 1.0);
    let least = least_by(beyond, |point| point.measured.mean);
    match least.filter(|_| null <= results.problem.noise) {
        Some(least) => Ok(found.claim(Claim::at_least(
            &format!(
                "with SNR ≤ 1 the risk beyond γ = 1 never falls below the null risk r², within {}",
                chance()
            ),
            null,
            least.measured.mean,
            ERRORS * results.risk_error(least)?,
        ))),
        None => Ok(found),
    }
}
