//! Risk and norm at every width, beside their limits.

use crate::error::{Error, Result};
use crate::experiment::problems::digit_features::widths_around_threshold;
use crate::experiment::{Context, row, settings};
use crate::measure::{
    IsotropicProblem, RidgelessScores, isotropic_risk_variance, ridgeless_curve, vertex,
};
use crate::stats::{Estimate, larger, largest_by, least_by, smaller};

/// How many exact standard errors a mean over draws may be off. A normal mean is beyond once in 1.7 million runs.
pub(super) const ERRORS: f64 = 5.0;

/// What the skewness of 100 draws of an F law with 30 and 31 degrees of freedom makes of that chance.
pub(super) const SKEWED: f64 = 1e-5;

/// The standard errors come from draws: closer to p = n their own variance is infinite.
const NEAREST: usize = 8;
/// How far around the predicted minimum widths are added, in ln(γ − 1).
const REACH: f64 = 0.8;

settings! {
    /// Settings of `ridgeless_asymptotics`.
    pub struct RidgelessAsymptotics {
        /// Training examples a draw.
        n: usize = 200, quick 60, in 30..=1000;
        /// Signal over noise r²/σ².
        snr: f64 = 5.0, in 0.01..=100.0;
        /// Standard deviation σ of the noise in the labels.
        noise: f64 = 1.0, in 0.001..=1000.0;
        /// The largest γ = p/n.
        max_gamma: f64 = 5.0, in 2.0..=20.0;
        /// About how many widths, densest around γ = 1.
        points: usize = 24, quick 16, in 8..=500;
        /// Independent training sets a width.
        draws: usize = 100, in 10..=100_000;
    }
}

row! {
    /// One width.
    pub(super) struct Point {
        /// features
        p: usize;
        /// γ = p/n
        gamma: f64;
        /// limit of the excess risk; inf at γ = 1
        predicted: f64, unit "label²";
        /// exact mean of the excess risk for this n and p
        finite: f64, unit "label²";
        /// excess risk, mean over draws
        measured: Estimate, unit "label²", and se "standard error of measured";
        /// limit of the squared norm of the weights
        norm_predicted: f64, unit "label²";
        /// exact mean of the squared norm for this n and p
        norm_finite: f64, unit "label²";
        /// squared norm of the weights, mean over draws
        norm_measured: Estimate, unit "label²", and norm_se "standard error of norm_measured";
    } beside {
        /// Where each part lies in its law.
        scores: RidgelessScores;
    }
}

/// Everything a run computed.
pub(super) struct Results {
    pub n: usize,
    pub problem: IsotropicProblem,
    /// The widths around the minimum beyond γ = 1.
    window: Vec<usize>,
    pub points: Vec<Point>,
}

/// The minimum beyond γ = 1, from a parabola through the points around it.
pub(super) struct Minimum {
    /// √SNR/(√SNR − 1).
    pub predicted: f64,
    pub measured: f64,
    /// Five standard errors, and how far the parabola through exact means lies from `predicted`.
    pub tolerance: f64,
}

impl RidgelessAsymptotics {
    pub(super) fn results(&self, seed: u64, context: &Context) -> Result<Results> {
        let noise = self.noise * self.noise;
        let problem = IsotropicProblem {
            signal: self.snr * noise,
            noise,
        };
        let window = self.window(&problem);
        let widths = self.widths(&window);
        context.progress.start(widths.len(), "widths");
        // One after the other: the draws of a width are parallel.
        let points = widths.iter().map(|&p| {
            let point = ridgeless_curve(&problem, self.n, &[p], self.draws, seed)?[0];
            context.progress.step();
            Ok(Point {
                p,
                gamma: point.gamma,
                predicted: point.predicted,
                finite: point.finite,
                measured: point.risk,
                norm_predicted: point.norm_predicted,
                norm_finite: problem.finite_norm2(self.n, p)?,
                norm_measured: point.norm2,
                scores: point.scores,
            })
        });
        Ok(Results {
            n: self.n,
            problem,
            points: points.collect::<Result<_>>()?,
            window,
        })
    }

    /// Widths around the predicted minimum, evenly spaced in ln(γ − 1); none if there is none in reach, or if it lies
    /// so close to γ = 1 that fewer than two widths fit between: a parabola through one side alone says nothing.
    fn window(&self, problem: &IsotropicProblem) -> Vec<usize> {
        let Some(minimum) = problem.local_minimum().filter(|g| *g <= self.max_gamma) else {
            return Vec::new();
        };
        let at = |step: i32| {
            let beyond = (minimum - 1.0) * (REACH * f64::from(step) / 5.0).exp();
            (self.n as f64 * (1.0 + beyond)).round() as usize
        };
        let mut window: Vec<usize> = (-5..=5).map(at).collect();
        window.dedup();
        window.retain(|&p| p >= self.n + NEAREST);
        let before = window
            .iter()
            .filter(|&&p| (p as f64) < minimum * self.n as f64);
        match before.count() {
            0 | 1 => Vec::new(),
            _ => window,
        }
    }

    fn widths(&self, window: &[usize]) -> Vec<usize> {
        let n = self.n;
        let mut widths = widths_around_threshold(n, self.max_gamma, self.points);
        widths.retain(|&p| p == n || p.abs_diff(n) >= NEAREST);
        widths.extend([n - NEAREST, n + NEAREST, 2 * n]);
        widths.extend(window);
        widths.sort_unstable();
        widths.dedup();
        widths
    }
}

impl Results {
    pub(super) fn minimum(&self) -> Result<Option<Minimum>> {
        let minimum = self.problem.local_minimum();
        let Some(predicted) = minimum.filter(|_| self.window.len() >= 5) else {
            return Ok(None);
        };
        let around = || self.points.iter().filter(|p| self.window.contains(&p.p));
        let each = |of: fn(&Point) -> f64| around().map(of).collect::<Vec<f64>>();
        let place = each(|point| (point.gamma - 1.0).ln());
        let fit = vertex(&place, &each(|point| point.measured.mean))?;
        let gamma = |at: f64| 1.0 + at.exp();
        // How much of the distance is that the curve is no parabola and n is finite.
        let bias = gamma(vertex(&place, &each(|point| point.finite))?.at) - predicted;
        let errors = around().map(|point| self.risk_error(point));
        let se = fit.standard_error(&errors.collect::<Result<Vec<f64>>>()?) * fit.at.exp();
        Ok(Some(Minimum {
            predicted,
            measured: gamma(fit.at),
            tolerance: ERRORS * se + bias.abs(),
        }))
    }

    pub(super) fn nearest(&self, gamma: f64) -> Result<&Point> {
        let found = least_by(&self.points, |point| (point.gamma - gamma).abs());
        found.ok_or_else(|| Error::shape("the curve", "at least one point", &[0]))
    }

    /// The point of the largest norm.
    pub(super) fn norm_peak(&self) -> Result<&Point> {
        let peak = largest_by(&self.points, |point| point.norm_measured.mean);
        let expected = "at least one point, no norm of which is NaN";
        peak.ok_or_else(|| Error::shape("the curve", expected, &[self.points.len()]))
    }

    /// The standard error of the mean risk, from its exact variance: draws estimate their own badly where tails are
    /// heavy.
    pub(super) fn risk_error(&self, point: &Point) -> Result<f64> {
        let IsotropicProblem { signal, noise } = self.problem;
        let variance = isotropic_risk_variance(self.n, point.p, signal, 0.0, noise)?;
        Ok((variance / point.measured.draws as f64).sqrt())
    }

    /// That of the mean squared norm r²A + 2rσ√(AB) cos θ + σ²B, of independent A, B and θ: the risk is r²(1−A) + σ²B,
    /// and E 4r²σ²AB cos²θ = 4r²σ² min(1, n/p)/(|n−p|−1) joins.
    pub(super) fn norm_error(&self, point: &Point) -> Result<f64> {
        let IsotropicProblem { signal, noise } = self.problem;
        let (n, p) = (self.n as f64, point.p as f64);
        let cross = 4.0 * signal * noise * smaller(n / p, 1.0) / ((n - p).abs() - 1.0);
        let variance = cross / point.norm_measured.draws as f64;
        Ok(self.risk_error(point)?.hypot(variance.sqrt()))
    }

    /// The points where risk and norm have a mean and a variance: all but p = n.
    pub(super) fn with_mean(&self) -> impl Iterator<Item = &Point> {
        self.points.iter().filter(|point| point.p != self.n)
    }

    /// The larger of the two steps of the grid beside γ = 1.
    pub(super) fn spacing(&self) -> f64 {
        let gammas = || self.with_mean().map(|point| point.gamma);
        let before = gammas().filter(|g| *g < 1.0).fold(0.0, larger);
        let after = gammas().filter(|g| *g > 1.0).fold(f64::INFINITY, smaller);
        larger(1.0 - before, after - 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_hold_the_landmarks_and_leave_the_threshold_room() {
        let settings = RidgelessAsymptotics::default();
        let window = settings.window(&IsotropicProblem::with_snr(5.0));
        let widths = settings.widths(&window);
        for p in [100, 200, 362, 400, 1000] {
            assert!(widths.contains(&p), "{p}: {widths:?}");
        }
        assert_eq!(window.len(), 11);
        assert!(widths.iter().all(|&p| p == 200 || p.abs_diff(200) >= 8));
        assert!(settings.window(&IsotropicProblem::with_snr(0.5)).is_empty());
        // SNR 100 has its minimum at γ = 1.11: n = 60 leaves no width before it, n = 200 does.
        let strong = IsotropicProblem::with_snr(100.0);
        assert!(RidgelessAsymptotics::quick().window(&strong).is_empty());
        assert!(settings.window(&strong).len() >= 5);
    }
}
