//! Runs from the saddle: how they grow, when they leave, where they end.

use std::ops::ControlFlow;

use super::problem::{KINDS, Noisy};
use super::settings::SaddleEscape;
use crate::error::Result;
use crate::experiment::{Context, Draw, row};
use crate::measure::EscapeLaw;
use crate::optimise::problem::Saddle;
use crate::optimise::{
    Iterate, Observer, Optimiser, Schedule, SolveSettings, Unconstrained, solve, solve_stochastic,
};
use crate::stats::{Estimate, binomial_p_value, larger, quantile};

/// Shares ζ still at the saddle at which times are read.
pub(super) const SHARES: [f64; 4] = [0.9, 0.5, 0.1, 0.01];

/// Vanishing steps are taken no longer than this.
pub(super) const MOST: usize = 20_000;

row! {
    /// One number at one step of many runs.
    pub(super) struct Point {
        /// mean square: of y; still there: share of runs with |y| below 10 σ so far
        what: &'static str;
        /// gaussian; sphere; examples: one of four drawn
        noise: &'static str;
        /// α, of vanishing steps the first one
        step: f64;
        /// κ in α_k = α/(k+1)^κ; 0 is constant
        kappa: f64;
        /// steps taken
        k: usize;
        /// over runs
        measured: Estimate, and se "its standard error";
        /// by theory: at most
        high: f64;
        /// by theory: at least
        low: f64;
    }
}

impl Point {
    /// How far a mean square is outside what theory allows, in standard errors.
    pub(super) fn distance(&self) -> f64 {
        let m = self.measured.mean;
        // One drawn example has one square: no spread, and rounding beside it.
        match larger(m - self.high, self.low - m) {
            outside if outside <= 1e-12 * self.high => 0.0,
            outside => outside / self.measured.se,
        }
    }

    /// How likely a share this far outside what theory allows, or farther, is.
    pub(super) fn p_value(&self) -> Result<f64> {
        let (share, draws) = (self.measured.mean, self.measured.draws as u64);
        let count = (share * draws as f64).round() as u64;
        match (share > self.high, share < self.low) {
            (true, _) => binomial_p_value(self.high, count, draws),
            (_, true) => binomial_p_value(self.low, count, draws),
            _ => Ok(1.0),
        }
    }
}

/// Many runs with one schedule until they leave.
pub(super) struct Escapes {
    pub(super) step: f64,
    pub(super) kappa: f64,
    pub(super) law: EscapeLaw,
    /// When each left, increasing; `MOST` or the law's end where it did not.
    pub(super) times: Vec<f64>,
}

impl Escapes {
    /// The empirical quantile of the time at which ζ of the runs are still there, and that of the law.
    pub(super) fn quantile(&self, zeta: f64, radius: f64) -> Result<Option<(f64, f64)>> {
        let law = self.law.quantile(zeta, radius)?;
        let time = quantile(&self.times, 1.0 - zeta)?;
        Ok(law.map(|law| (time, law)))
    }

    /// Of the runs there when a share `zeta` is: how many, and how many of them are there `further` steps later.
    pub(super) fn thinned(&self, zeta: f64, further: f64) -> Result<(u64, u64)> {
        let first = quantile(&self.times, 1.0 - zeta)?.floor();
        let there = |k: f64| (self.times.len() - self.times.partition_point(|t| *t <= k)) as u64;
        Ok((there(first), there(first + further)))
    }

    /// The share of the runs still there after k steps.
    pub(super) fn share(&self, k: usize) -> f64 {
        let left = self.times.partition_point(|t| *t <= k as f64);
        1.0 - left as f64 / self.times.len() as f64
    }
}

impl SaddleEscape {
    fn settings(step: f64, kappa: f64, steps: usize) -> SolveSettings {
        let schedule = match kappa {
            0.0 => Schedule::Constant,
            exponent => Schedule::Power {
                scale: 1.0,
                exponent,
            },
        };
        SolveSettings {
            rule: Optimiser::sgd(),
            rate: step,
            schedule,
            steps,
            ..SolveSettings::default()
        }
    }

    /// The law of the linearised saddle whose curvature is `part` of −1: below the radius R that of y⁴/4 takes away no more
    /// than R² of it.
    fn law(&self, step: f64, kappa: f64, steps: usize, part: f64) -> Result<EscapeLaw> {
        let sizes: Vec<f64> = (0..steps)
            .map(|k| part * step * (k as f64 + 1.0).powf(-kappa))
            .collect();
        EscapeLaw::new(&sizes, self.noise / part)
    }

    /// Runs of this schedule with Gaussian noise.
    pub(super) fn escapes(
        &self,
        step: f64,
        kappa: f64,
        seed: u64,
        context: &Context,
    ) -> Result<(Escapes, Vec<Point>)> {
        let radius = self.radius();
        let mut law = self.law(step, kappa, MOST, 1.0)?;
        // Long enough that all but a tenth of the last share has left.
        let end = law
            .quantile(1e-3, radius)?
            .map_or(MOST, |k| (k.ceil() as usize + 1).min(MOST));
        law = self.law(step, kappa, end, 1.0)?;
        let settings = Self::settings(step, kappa, end);
        let label = format!("saddle, step {step}, exponent {kappa}");
        let mut times = context.draws("runs from the saddle", self.runs, seed, |draw| {
            let mut left = end as f64 + 1.0;
            self.one_run(KINDS[0], &settings, draw, &label, &mut |at: &Iterate<
                '_,
            >| {
                if at.x[1].abs() >= radius {
                    left = at.step as f64;
                    return ControlFlow::Break(());
                }
                ControlFlow::Continue(())
            })?;
            Ok(left)
        })?;
        times.sort_unstable_by(f64::total_cmp);
        let found = Escapes {
            step,
            kappa,
            law,
            times,
        };
        let slower = self.law(step, kappa, end, 1.0 - radius * radius)?;
        let mut points = Vec::new();
        for zeta in SHARES {
            let Some(k) = found.law.quantile(zeta, radius)? else {
                continue;
            };
            let k = (k.round() as usize).clamp(1, end);
            let share = found.share(k);
            let n = self.runs as f64;
            points.push(Point {
                what: "still there",
                noise: KINDS[0],
                step,
                kappa,
                k,
                measured: Estimate {
                    mean: share,
                    se: (share * (1.0 - share) / n).sqrt(),
                    draws: self.runs,
                },
                high: slower.survival(k, radius)?,
                low: found.law.survival(k, radius)? - found.law.return_bound(radius),
            });
        }
        Ok((found, points))
    }

    fn one_run(
        &self,
        kind: &str,
        settings: &SolveSettings,
        draw: Draw,
        label: &str,
        observer: &mut impl Observer,
    ) -> Result<f64> {
        let mut oracle = Noisy::new(kind, self.noise)?;
        let rng = &mut draw.rng(label);
        Ok(solve_stochastic(
            &mut oracle,
            &Unconstrained,
            &[0.0; 2],
            settings,
            observer,
            rng,
        )?
        .value)
    }

    /// The step at which the kinds of noise are compared: the middle one.
    pub(super) fn middle_step(&self) -> f64 {
        self.steps[self.steps.len() / 2]
    }

    /// The mean square of y for each kind of noise while it is below R², and the value f at the end.
    pub(super) fn growth(
        &self,
        seed: u64,
        context: &Context,
    ) -> Result<(Vec<Point>, Vec<Estimate>)> {
        let (step, radius) = (self.middle_step(), self.radius());
        let law = self.law(step, 0.0, MOST, 1.0)?;
        let until = law
            .quantile(std::f64::consts::FRAC_1_SQRT_2, radius)?
            .unwrap_or(MOST as f64);
        let mut ks: Vec<usize> = (1..=6)
            .map(|i| larger((until * f64::from(i) / 6.0).round(), 1.0) as usize)
            .collect();
        ks.dedup();
        // All have left but one in a million; then to the minimum, and there to rest.
        let out = law.quantile(1e-6, radius)?.unwrap_or(MOST as f64);
        let end = (out + ((1.0 / radius).ln() + 20.0) / step).ceil() as usize;
        let settings = Self::settings(step, 0.0, end);
        let (mut points, mut ends) = (Vec::new(), Vec::new());
        for kind in KINDS {
            let label = format!("growth, {kind}");
            let found = context.draws(
                "runs with three kinds of noise",
                self.runs / 4,
                seed,
                |draw| {
                    let mut squares = Vec::with_capacity(ks.len());
                    let value =
                        self.one_run(kind, &settings, draw, &label, &mut |at: &Iterate<'_>| {
                            if ks.contains(&at.step) {
                                squares.push(at.x[1] * at.x[1]);
                            }
                            ControlFlow::Continue(())
                        })?;
                    Ok((squares, value))
                },
            )?;
            for (place, &k) in ks.iter().enumerate() {
                let variance = law.deviation(k)?.powi(2);
                points.push(Point {
                    what: "mean square",
                    noise: kind,
                    step,
                    kappa: 0.0,
                    k,
                    measured: Estimate::of(&found, |(squares, _)| squares[place])?,
                    high: variance,
                    // y⁴/4 takes at most 3(1 + α)² V²: E y⁴ ≤ 3V², summed over what it grows by until then.
                    low: variance * (1.0 - 3.0 * (1.0 + step).powi(2) * variance),
                });
            }
            ends.push(Estimate::of(&found, |(_, value)| *value)?);
        }
        Ok((points, ends))
    }

    /// Plain descent from (1, `y`): |y_k| for each k until it has left, at most `steps`.
    pub(super) fn descent(&self, y: f64, steps: usize) -> Result<Vec<f64>> {
        let mut path = Vec::new();
        let settings = Self::settings(self.middle_step(), 0.0, steps);
        let end = self.radius();
        let mut seen = |at: &Iterate<'_>| {
            path.push(at.x[1].abs());
            match at.x[1].abs() >= end {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        };
        solve(&Saddle, &Unconstrained, &[1.0, y], &settings, &mut seen)?;
        Ok(path)
    }

    /// |y_k| of one run with Gaussian noise, for the picture.
    pub(super) fn path(&self, index: u64, seed: u64, steps: usize) -> Result<Vec<f64>> {
        let mut path = Vec::new();
        let settings = Self::settings(self.middle_step(), 0.0, steps);
        self.one_run(
            KINDS[0],
            &settings,
            Draw::new(seed, index),
            "one path",
            &mut |at: &Iterate<'_>| {
                path.push(at.x[1].abs());
                ControlFlow::Continue(())
            },
        )?;
        Ok(path)
    }
}
