//! The table, the claims and the picture of a ridgeless run.

use super::RidgelessAsymptotics;
use crate::error::{Error, Result};
use crate::experiment::{Claim, Claims, Findings, Measured, Study, Table};
use crate::measure::{IsotropicProblem, RidgelessPoint, isotropic_risk_variance, vertex};
use crate::plot::{Figure, Panel};
use crate::stats::{Estimate, larger, smaller};

/// The chance that a claim about the largest of many normal scores fails although theory is right.
const LEVEL: f64 = 1e-4;

/// How many exact standard errors a mean over draws may be off. A normal mean is beyond once in 1.7 million runs; the
/// skewness of 100 draws of an F law with 30 and 31 degrees of freedom makes that once in 10⁵.
const ERRORS: f64 = 5.0;

/// Everything a run computed.
pub(super) struct Results {
    pub n: usize,
    pub problem: IsotropicProblem,
    /// The widths around the minimum beyond γ = 1.
    pub window: Vec<usize>,
    pub points: Vec<RidgelessPoint>,
}

/// The minimum beyond γ = 1, from a parabola through the points around it.
struct Minimum {
    /// √SNR/(√SNR − 1).
    predicted: f64,
    measured: f64,
    /// Five standard errors, and how far the parabola through exact means lies from `predicted`.
    tolerance: f64,
}

pub(super) fn findings(results: &Results) -> Result<Findings> {
    let minimum = results.minimum()?;
    Ok(Findings {
        measured: measured(results, minimum.as_ref())?,
        claims: claims(results, minimum.as_ref())?,
        table: table(results)?,
        figure: figure(results)?,
    })
}

impl Results {
    fn minimum(&self) -> Result<Option<Minimum>> {
        let Some(predicted) = self
            .problem
            .local_minimum()
            .filter(|_| self.window.len() >= 5)
        else {
            return Ok(None);
        };
        let around: Vec<&RidgelessPoint> = self
            .points
            .iter()
            .filter(|point| self.window.contains(&point.p))
            .collect();
        let each = |of: &dyn Fn(&RidgelessPoint) -> f64| -> Vec<f64> {
            around.iter().map(|point| of(point)).collect()
        };
        let place = each(&|point| (point.gamma - 1.0).ln());
        let fit = vertex(&place, &each(&|point| point.risk.mean))?;
        let gamma = |at: f64| 1.0 + at.exp();
        // How much of the distance is that the curve is no parabola and n is finite.
        let bias = gamma(vertex(&place, &each(&|point| point.finite))?.at) - predicted;
        let errors = around.iter().map(|point| self.risk_error(point));
        let se = fit.standard_error(&errors.collect::<Result<Vec<f64>>>()?) * fit.at.exp();
        Ok(Some(Minimum {
            predicted,
            measured: gamma(fit.at),
            tolerance: ERRORS * se + bias.abs(),
        }))
    }

    fn nearest(&self, gamma: f64) -> Result<&RidgelessPoint> {
        let far = |point: &&RidgelessPoint| (point.gamma - gamma).abs();
        let found = self.points.iter().min_by(|a, b| far(a).total_cmp(&far(b)));
        found.ok_or_else(|| Error::shape("the curve", "at least one point", &[0]))
    }

    fn norm_finite(&self, point: &RidgelessPoint) -> Result<f64> {
        self.problem.finite_norm2(self.n, point.p)
    }

    /// The standard error of the mean risk, from its exact variance: draws estimate their own badly where tails are
    /// heavy.
    fn risk_error(&self, point: &RidgelessPoint) -> Result<f64> {
        let IsotropicProblem { signal, noise } = self.problem;
        let variance = isotropic_risk_variance(self.n, point.p, signal, 0.0, noise)?;
        Ok((variance / point.risk.draws as f64).sqrt())
    }

    /// That of the mean squared norm r²A + 2rσ√(AB) cos θ + σ²B, of independent A, B and θ: the risk is r²(1−A) + σ²B,
    /// and E 4r²σ²AB cos²θ = 4r²σ² min(1, n/p)/(|n−p|−1) joins.
    fn norm_error(&self, point: &RidgelessPoint) -> Result<f64> {
        let IsotropicProblem { signal, noise } = self.problem;
        let (n, p) = (self.n as f64, point.p as f64);
        let cross = 4.0 * signal * noise * smaller(n / p, 1.0) / ((n - p).abs() - 1.0);
        let variance = cross / point.norm2.draws as f64;
        Ok(self.risk_error(point)?.hypot(variance.sqrt()))
    }

    /// The points where risk and norm have a mean and a variance: all but p = n.
    fn with_mean(&self) -> impl Iterator<Item = &RidgelessPoint> {
        self.points.iter().filter(|point| point.p != self.n)
    }

    /// The γ of the largest norm.
    fn norm_peak(&self) -> Result<&RidgelessPoint> {
        let peak = self
            .points
            .iter()
            .max_by(|a, b| a.norm2.mean.total_cmp(&b.norm2.mean));
        peak.ok_or_else(|| Error::shape("the curve", "at least one point", &[0]))
    }
}

fn measured(results: &Results, minimum: Option<&Minimum>) -> Result<Measured> {
    let mut measured = Measured::default();
    let peak = results.norm_peak()?;
    measured.insert("norm_peak_gamma", peak.gamma);
    measured.insert("norm_peak", peak.norm2.mean);
    measured.insert("null_risk", results.problem.signal);
    if let Some(minimum) = minimum {
        let point = results.nearest(minimum.predicted)?;
        measured.insert("minimum_gamma", minimum.measured);
        measured.insert("minimum_risk", point.risk.mean);
    }
    measured.insert("risk_at_half", results.nearest(0.5)?.risk.mean);
    measured.insert("risk_at_two", results.nearest(2.0)?.risk.mean);
    Ok(measured)
}

fn claims(results: &Results, minimum: Option<&Minimum>) -> Result<Claims> {
    let mut claims = Claims::default();
    let scores = || results.points.iter().map(|point| point.scores);
    let parts = scores().flat_map(|s| s.bias.into_iter().chain([s.noise]));
    let angles = scores().filter_map(|s| s.angle);
    for (text, scores) in [
        (
            "bias and variance of every fit against their laws for this n, r²·Beta((p−n)/2, n/2) and σ²·χ²_m/χ²_ν, \
             m = min(n, p), ν = |n−p| + 1, of mean r²(1−n/p) and σ²m/(|n−p|−1)",
            parts.collect::<Vec<f64>>(),
        ),
        (
            "what else the squared norm holds, the angle between the signal kept and the noise fitted: uniform in m \
             dimensions",
            angles.collect(),
        ),
    ] {
        let text = format!("{text}; mean normal scores");
        claims.push(Claim::all_within(&text, scores, LEVEL, None)?);
    }
    for (gamma, text, norm_text) in [
        (
            0.5,
            "the limit σ²γ/(1−γ) at γ = 1/2, within 1/(n−p−1) of it and 5 s.e.",
            "the limit r² + σ²γ/(1−γ) of the squared norm at γ = 1/2, likewise",
        ),
        (
            2.0,
            "the limit r²(1−1/γ) + σ²/(γ−1) at γ = 2, within 1/(p−n−1) of it and 5 s.e.",
            "the limit r²/γ + σ²/(γ−1) of the squared norm at γ = 2, likewise",
        ),
    ] {
        let point = results.nearest(gamma)?;
        // Finite n has |p − n| − 1 where the limit has |p − n|.
        let share = 1.0 / (point.p.abs_diff(results.n) - 1) as f64;
        let close = |text: &str, limit: f64, mean: f64, error: f64| {
            Claim::equals(text, limit, mean, share * limit + ERRORS * error)
        };
        let error = results.risk_error(point)?;
        claims.push(close(text, point.predicted, point.risk.mean, error));
        let error = results.norm_error(point)?;
        let limit = point.norm_predicted;
        claims.push(close(norm_text, limit, point.norm2.mean, error));
    }
    let (peak, spacing) = (results.norm_peak()?, results.spacing());
    claims.push(Claim::equals(
        "the norm peaks at γ = 1 (to the grid's step)",
        1.0,
        peak.gamma,
        spacing,
    ));
    risk_beyond_one(results, minimum, &mut claims)?;
    Ok(claims)
}

/// What the risk does beyond γ = 1 depends on the signal.
fn risk_beyond_one(
    results: &Results,
    minimum: Option<&Minimum>,
    claims: &mut Claims,
) -> Result<()> {
    let null = results.problem.signal;
    if let Some(minimum) = minimum {
        claims.push(Claim::equals(
            "beyond γ = 1 the risk is least at √SNR/(√SNR − 1): vertex of a parabola in ln(γ − 1), within 5 s.e. and the \
             parabola's own error",
            minimum.predicted,
            minimum.measured,
            minimum.tolerance,
        ));
        let point = results.nearest(minimum.predicted)?;
        claims.push(Claim::less_than(
            "there it is below the null risk r², that of predicting 0",
            null,
            point.risk.mean,
            0.0,
        ));
    } else if results.problem.signal <= results.problem.noise {
        let beyond = results.with_mean().filter(|point| point.gamma > 1.0);
        let least = beyond.min_by(|a, b| a.risk.mean.total_cmp(&b.risk.mean));
        if let Some(least) = least {
            claims.push(Claim::at_least(
                "with SNR ≤ 1 the risk beyond γ = 1 never falls below the null risk r², within 5 s.e.",
                null,
                least.risk.mean,
                ERRORS * results.risk_error(least)?,
            ));
        }
    }
    Ok(())
}

impl Results {
    /// The larger of the two steps of the grid beside γ = 1.
    fn spacing(&self) -> f64 {
        let gammas = || self.with_mean().map(|point| point.gamma);
        let before = gammas().filter(|g| *g < 1.0).fold(0.0, larger);
        let after = gammas().filter(|g| *g > 1.0).fold(f64::INFINITY, smaller);
        larger(1.0 - before, after - 1.0)
    }
}

fn table(results: &Results) -> Result<Table> {
    let mut table = Table::new(RidgelessAsymptotics::ABOUT.columns);
    for point in &results.points {
        table.push(vec![
            point.p.into(),
            point.gamma.into(),
            point.predicted.into(),
            point.finite.into(),
            point.risk.mean.into(),
            point.risk.se.into(),
            point.norm_predicted.into(),
            results.norm_finite(point)?.into(),
            point.norm2.mean.into(),
            point.norm2.se.into(),
        ])?;
    }
    Ok(table)
}

fn figure(results: &Results) -> Result<Figure> {
    let problem = &results.problem;
    let last = results.points.last().map_or(2.0, |point| point.gamma);
    let first = results.points.first().map_or(0.1, |point| point.gamma);
    // The limit as a smooth line with a gap at its pole, γ = 1.
    let steps = 200;
    let share = |i: i32| f64::from(i) / f64::from(steps);
    let smooth: Vec<f64> = (0..steps)
        .map(|i| first.powf(1.0 - share(i)))
        .chain([1.0])
        .chain((1..=steps).map(|i| last.powf(share(i))))
        .collect();
    let limit = |of: &dyn Fn(f64) -> Result<f64>| -> Result<Vec<f64>> {
        smooth.iter().map(|&gamma| of(gamma)).collect()
    };
    let gamma: Vec<f64> = results.points.iter().map(|point| point.gamma).collect();
    let panel = |title: &str, label: &str, curve: &[f64], estimates: Vec<Estimate>| {
        let each = |of: &dyn Fn(&Estimate) -> f64| estimates.iter().map(of).collect::<Vec<f64>>();
        let top = each(&|e| e.mean + 3.0 * e.se).into_iter().fold(0.0, larger);
        let bottom = each(&|e| e.mean).into_iter().fold(top, smaller);
        Panel::new("γ = p/n", label)
            .title(title)
            .log_x()
            .log_y()
            .y_range(bottom / 1.5, 1.5 * top)
            .line("limit", &smooth, curve)
            .points("measured, ± 3 s.e.", &gamma, &each(&|e| e.mean))
            .size(4.5)
            .error_bars(
                &each(&|e| e.mean - 3.0 * e.se),
                &each(&|e| e.mean + 3.0 * e.se),
            )
    };
    let mut risk = panel(
        "risk",
        "excess risk ‖ŵ − β‖²",
        &limit(&|gamma| problem.ridgeless_risk(gamma))?,
        results.points.iter().map(|point| point.risk).collect(),
    )
    .vertical(1.0, "γ = 1");
    if let Some(minimum) = problem.local_minimum() {
        risk = risk.vertical(minimum, "√SNR/(√SNR − 1)");
    }
    let norm = panel(
        "norm",
        "squared norm ‖ŵ‖²",
        &limit(&|gamma| problem.ridgeless_norm2(gamma))?,
        results.points.iter().map(|point| point.norm2).collect(),
    );
    Ok(Figure::new("Ridgeless least squares: risk and norm where n and p grow together")
        .panel(risk.horizontal(problem.signal, "null risk r²"))
        .panel(norm.vertical(1.0, "γ = 1").horizontal(problem.signal, "r²"))
        .caption(&format!(
            "n = {}, SNR = {}. At γ = 1 the mean is infinite: what is measured there grows with the draws.",
            results.n,
            crate::display::format_number(problem.signal / problem.noise)
        )))
}
