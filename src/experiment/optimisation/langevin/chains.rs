//! Independent chains and their exact law.

use super::settings::{LangevinDynamics, Well};
use crate::error::Result;
use crate::experiment::{Context, row};
use crate::measure::{ChainLaw, LineDensity, langevin_variance};
use crate::optimise::problem::Quadratic;
use crate::optimise::{
    Exact, Langevin, Optimiser, Oracle, SolveSettings, Status, Unconstrained, Unseen,
    solve_stochastic,
};
use crate::stats::{Estimate, binomial_p_value, larger, smaller};

/// Bins of the histogram.
pub(super) const BINS: usize = 16;

/// Points of the Gibbs density: many more than it needs.
const FINE: usize = 2001;

row! {
    /// One number of many chains.
    pub(super) struct Point {
        /// mean square: of x on the parabola; bin: share of chains in it, on the double well; better well: share of chains left of the barrier
        what: &'static str;
        /// α
        step: f64;
        /// τ
        temperature: f64;
        /// K
        steps: usize;
        /// the bin's lower end
        low: f64;
        /// the bin's upper end
        high: f64;
        /// over chains, after K steps
        measured: Estimate, and se "its standard error";
        /// exactly, for this chain after K steps
        law: f64;
        /// for the Gibbs density
        gibbs: f64;
    }
}

impl Point {
    /// |mean square − law| in standard errors.
    pub(super) fn distance(&self) -> f64 {
        self.measured.distance(self.law)
    }

    /// How likely a share this far from the law, or farther, is.
    pub(super) fn p_value(&self) -> Result<f64> {
        let draws = self.measured.draws as u64;
        let count = (self.measured.mean * draws as f64).round() as u64;
        // A sum may round beyond its range.
        binomial_p_value(larger(smaller(self.law, 1.0), 0.0), count, draws)
    }
}

/// Where chains ended: those that diverged are counted apart.
pub(super) struct Ends {
    pub(super) places: Vec<f64>,
    pub(super) diverged: usize,
}

impl LangevinDynamics {
    fn ends(
        &self,
        label: &str,
        oracle: &(impl Oracle + Sync),
        (start, step, temperature, steps): (f64, f64, f64, usize),
        seed: u64,
        context: &Context,
    ) -> Result<Ends> {
        let settings = SolveSettings {
            rule: Optimiser::sgd(),
            rate: step,
            steps,
            ..SolveSettings::default()
        };
        let all = context.draws("chains", self.chains, seed, |draw| {
            let mut chain = Langevin::new(Exact(oracle), temperature, &settings)?;
            let rng = &mut draw.rng(label);
            let end = solve_stochastic(
                &mut chain,
                &Unconstrained,
                &[start],
                &settings,
                &mut Unseen,
                rng,
            )?;
            Ok(match end.status {
                Status::Diverged { .. } => None,
                _ => Some(end.x[0]),
            })
        })?;
        let places: Vec<f64> = all.iter().flatten().copied().collect();
        Ok(Ends {
            diverged: all.len() - places.len(),
            places,
        })
    }

    /// Chains on ½x² from 0, long enough to forget it: five times 1/α, and no less than 20 steps.
    pub(super) fn parabola(&self, seed: u64, context: &Context) -> Result<Vec<Point>> {
        let parabola = Quadratic::around_zero(vec![1.0])?;
        let mut points = Vec::new();
        for &step in &self.parabola_steps {
            let steps = ((5.0 / step).ceil() as usize).max(20);
            let tau = self.temperature;
            let label = format!("parabola, step {step}");
            let ends = self.ends(&label, &parabola, (0.0, step, tau, steps), seed, context)?;
            points.push(Point {
                what: "mean square",
                step,
                temperature: tau,
                steps,
                low: f64::NEG_INFINITY,
                high: f64::INFINITY,
                measured: Estimate::of(&ends.places, |x| x * x)?,
                law: langevin_variance(step, tau, steps)?,
                gibbs: tau,
            });
        }
        Ok(points)
    }

    /// Chains on the double well from its worse minimum.
    pub(super) fn well_ends(&self, temperature: f64, seed: u64, context: &Context) -> Result<Ends> {
        let start = self.well().critical_points()[2];
        let label = format!("double well, temperature {temperature}");
        self.ends(
            &label,
            &self.well(),
            (start, self.step, temperature, self.steps()),
            seed,
            context,
        )
    }

    /// The exact law of these chains.
    pub(super) fn well_law(&self, temperature: f64) -> Result<ChainLaw> {
        let well = self.well();
        let start = well.critical_points()[2];
        let line = well.line(temperature);
        ChainLaw::after(
            self.steps(),
            start,
            |x| well.slope(x),
            self.step,
            temperature,
            line,
        )
    }

    /// Shares of `ends` in equal bins between the law's quantiles of 1 and 99 %, and beyond them.
    pub(super) fn histogram(&self, ends: &Ends, law: &ChainLaw) -> Result<Vec<Point>> {
        let well = self.well();
        let tau = self.temperature;
        let line = well.line(tau);
        let gibbs = gibbs(well, tau)?;
        let (low, high) = (quantile(law, 0.01, line)?, quantile(law, 0.99, line)?);
        let inner = BINS - 2;
        let mut edges = vec![line.0];
        edges.extend((0..=inner).map(|i| low + (high - low) * i as f64 / inner as f64));
        edges.push(line.1);
        let n = ends.places.len();
        let mut points = Vec::new();
        for pair in edges.windows(2) {
            let inside = ends
                .places
                .iter()
                .filter(|x| **x > pair[0] && **x <= pair[1])
                .count();
            points.push(Point {
                what: "bin",
                step: self.step,
                temperature: tau,
                steps: self.steps(),
                low: pair[0],
                high: pair[1],
                measured: share(inside, n),
                law: law.share_below(pair[1])? - law.share_below(pair[0])?,
                gibbs: mass(&gibbs, pair[0], pair[1]),
            });
        }
        Ok(points)
    }

    /// The share of `ends` left of the barrier.
    pub(super) fn better_well(
        &self,
        temperature: f64,
        ends: &Ends,
        law: &ChainLaw,
    ) -> Result<Point> {
        let well = self.well();
        let (line, barrier) = (well.line(temperature), well.critical_points()[1]);
        let inside = ends.places.iter().filter(|x| **x <= barrier).count();
        Ok(Point {
            what: "better well",
            step: self.step,
            temperature,
            steps: self.steps(),
            low: line.0,
            high: barrier,
            measured: share(inside, ends.places.len()),
            law: law.share_below(barrier)?,
            gibbs: mass(&gibbs(well, temperature)?, line.0, barrier),
        })
    }
}

/// The Gibbs density of the well.
pub(super) fn gibbs(well: Well, temperature: f64) -> Result<LineDensity> {
    LineDensity::gibbs(|x| well.value(x), temperature, well.line(temperature), FINE)
}

fn share(inside: usize, n: usize) -> Estimate {
    let (share, n_draws) = (inside as f64 / n as f64, n as f64);
    Estimate {
        mean: share,
        se: (share * (1.0 - share) / n_draws).sqrt(),
        draws: n,
    }
}

/// ∫ from `low` to `high` of a density that is straight between its points.
fn mass(of: &LineDensity, low: f64, high: f64) -> f64 {
    let at = |x: f64, i: usize| {
        let part = (x - of.points[i]) / (of.points[i + 1] - of.points[i]);
        of.density[i] + part * (of.density[i + 1] - of.density[i])
    };
    let mut sum = 0.0;
    for i in 0..of.points.len() - 1 {
        let (a, b) = (larger(of.points[i], low), smaller(of.points[i + 1], high));
        if a < b {
            sum += (b - a) * f64::midpoint(at(a, i), at(b, i));
        }
    }
    sum
}

/// Where the law's share is `wanted`, by bisection.
fn quantile(law: &ChainLaw, wanted: f64, (mut low, mut high): (f64, f64)) -> Result<f64> {
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        match law.share_below(middle)? < wanted {
            true => low = middle,
            false => high = middle,
        }
    }
    Ok(f64::midpoint(low, high))
}
