//! A few directions of large variance: the bound that counts them, and the one that splits them off.

use ndarray::Array1;

use super::points::{Point, Quantity, UniformConvergence, points};
use crate::error::{Error, Result};
use crate::experiment::{Claim, Context, Draft};
use crate::measure::{
    InterpolationPoint, InterpolationSettings, interpolation_point, spectral_risk, split_bound,
};
use crate::stats::{Estimate, larger, largest, largest_by};

/// The chance that one claim fails although theory is right.
const LEVEL: f64 = 0.001;

/// One strength of the spikes.
pub(super) struct Spiked {
    /// Tr Σ₁/Tr Σ₂.
    ratio: f64,
    found: InterpolationPoint,
    /// Of the bound without splitting, the part that stays after it.
    kept: f64,
    /// First-order theory of the risk and of ‖ŵ‖².
    risk: f64,
    norm2: f64,
    /// What that theory leaves out, of both.
    left_out: f64,
}

impl UniformConvergence {
    pub(super) fn spiked(&self, seed: u64, context: &Context) -> Result<Vec<Spiked>> {
        if self.spike_n + 8 > self.spike_dims {
            let expected = format!("at least spike_n + 8 = {}", self.spike_n + 8);
            return Err(Error::domain("spike_dims", expected, self.spike_dims));
        }
        context.each(
            "strengths of spikes",
            self.spike_ratios.iter().enumerate(),
            |(i, &ratio)| self.of_strength(ratio, seed ^ ((i as u64) << 32)),
        )
    }

    /// The rows of the table.
    pub(super) fn spiked_points(&self, found: &[Spiked]) -> Vec<Point> {
        let (n, p) = (self.spike_n, self.spike_dims + self.spikes);
        let row = |one: &Spiked| {
            points("spiked", n, p, one.quantities(n, self.spike_dims)).map({
                let ratio = one.ratio;
                move |point| Point {
                    spikes: Some(ratio),
                    ..point
                }
            })
        };
        found.iter().flat_map(row).collect()
    }

    fn of_strength(&self, ratio: f64, seed: u64) -> Result<Spiked> {
        let (n, p, k, sigma) = (self.spike_n, self.spike_dims, self.spikes, self.noise);
        let variance = ratio * p as f64 / k as f64;
        let mut eigenvalues = Array1::ones(k + p);
        eigenvalues
            .iter_mut()
            .take(k)
            .for_each(|value| *value = variance);
        // The labels' signal is in the spikes, of the power (βσ)² together.
        let mut beta = Array1::zeros(k + p);
        let each = self.signal * sigma / (k as f64 * variance).sqrt();
        beta.iter_mut().take(k).for_each(|value| *value = each);
        let settings = InterpolationSettings {
            n,
            noise: sigma,
            inflation: 1.0,
            draws: self.spike_draws,
            seed,
        };
        let theory = spectral_risk(&eigenvalues, &beta, n, 0.0, sigma)?;
        let learned = eigenvalues.mapv(|value| value / (value + theory.kappa));
        let signal = (&beta * &beta * &learned).sum();
        let (trace, rest) = (eigenvalues.sum(), p as f64);
        Ok(Spiked {
            ratio,
            found: interpolation_point(&eigenvalues, &beta, &settings)?,
            kept: split_bound(1.0, rest, k, n)? * n as f64 / trace,
            risk: theory.risk,
            // tr (XXᵀ)⁻¹ is 1/κ, to first order.
            norm2: sigma * sigma / theory.kappa + signal,
            left_out: 2.0 * ((k as f64 + 1.0) / n as f64).powi(2) + 2.0 / (p - n) as f64,
        })
    }
}

impl Spiked {
    /// Each quantity by name, as measured and as predicted.
    fn quantities(&self, n: usize, p: usize) -> Vec<Quantity> {
        let plain = self.norm2 / n as f64 * p as f64 * (1.0 + self.ratio);
        let split = Estimate {
            mean: self.found.bound.mean * self.kept,
            se: self.found.bound.se * self.kept,
            ..self.found.bound
        };
        vec![
            ("risk", self.found.risk, self.risk),
            ("bound", self.found.bound, plain),
            ("split", split, plain * self.kept),
        ]
    }

    /// The larger of both distances from theory in standard errors, beyond what theory leaves out.
    fn distance(&self) -> f64 {
        let beyond = |found: &Estimate, predicted: f64| {
            ((found.mean - predicted).abs() - self.left_out * predicted) / found.se
        };
        larger(
            beyond(&self.found.risk, self.risk),
            beyond(&self.found.norm2, self.norm2),
        )
    }

    fn reached(&self) -> f64 {
        self.found.risk.mean / (self.found.bound.mean * self.kept)
    }
}

pub(super) fn claims(
    found: Draft,
    settings: &UniformConvergence,
    points: &[Spiked],
) -> Result<Draft> {
    let strongest = largest_by(points, |point| point.ratio);
    let strongest = strongest.expect("one strength at least");
    let k = settings.spikes;
    Ok(found
        .measure("spiked_risk", strongest.found.risk.mean)
        .measure("spiked_bound", strongest.found.bound.mean)
        .measure("spiked_split_bound", strongest.found.bound.mean * strongest.kept)
        .measure("spiked_split_over_risk", points.iter().map(|p| 1.0 / p.reached()).collect::<Vec<f64>>())
        .claim(Claim::all_within(
            &format!(
                "{k} directions of large variance: test error and ‖ŵ‖² of the minimum norm, eigenframework, whose \
                 terms of second order are not counted, whichever is farther"
            ),
            points.iter().map(Spiked::distance),
            LEVEL,
            Some(settings.spike_draws),
        )?)
        .claim(Claim::at_most(
            "split off, they leave B² Tr(Σ₂)/n (1 − √((k+2)/n))⁻², B = ‖ŵ‖: a bound of the test error at every strength: \
             largest share of it",
            1.0,
            largest(points.iter().map(Spiked::reached)),
            0.0,
        ))
        .bound()
        .claim(Claim::greater_than(
            &format!(
                "where they have {} times the variance of the rest, B² Tr(Σ)/n is larger: as a multiple of it",
                strongest.ratio
            ),
            1.0,
            1.0 / strongest.kept,
            0.0,
        ))
        // Weaker ones are not worth it.
        .not_measured_if(strongest.ratio < 4.0, "the spikes are weak"))
}
