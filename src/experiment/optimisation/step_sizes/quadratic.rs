//! SGD on ½x²: constant steps hover, vanishing steps converge as fast as they vanish, 1/k only above its threshold.

use std::ops::ControlFlow;

use super::settings::{LEVEL, Point, StepSizes};
use crate::error::Result;
use crate::experiment::{Claim, Context, Draft, Draw};
use crate::measure::{one_over_k_exponent, second_moments, steady_moment};
use crate::optimise::problem::Quadratic;
use crate::optimise::{
    Exact, Iterate, NoiseLaw, Optimiser, Perturbed, Schedule, SolveSettings, Unconstrained,
    solve_stochastic,
};
use crate::stats::{Estimate, largest, least, smaller};

/// Coordinates of one run: independent runs on a line.
pub(super) const LINES: usize = 32;

/// Where exponents of the exact moments are taken: between 2¹⁸ and 2²⁰ steps.
const FAR: [usize; 2] = [1 << 18, 1 << 20];

/// A share of E x² that changes no exponent by as much as a claim allows.
const FORGOTTEN: f64 = 0.01;

/// One kind of steps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Steps {
    pub part: &'static str,
    /// κ, or 2γλ for 1/k.
    pub setting: f64,
    pub rate: f64,
    pub schedule: Schedule,
}

/// E x² after some steps: measured and exact.
pub(super) struct Moments {
    pub steps: Steps,
    pub looks: Vec<usize>,
    pub measured: Vec<Estimate>,
    pub exact: Vec<f64>,
}

impl StepSizes {
    pub(super) fn kinds(&self) -> Vec<Steps> {
        let powers = self.powers.iter().map(|&power| Steps {
            part: "quadratic",
            setting: power,
            rate: self.rate,
            schedule: Self::schedule(power),
        });
        let gains = self.gains.iter().map(|&gain| Steps {
            part: "one over k",
            setting: gain,
            rate: gain / 2.0,
            schedule: Schedule::InverseTime { scale: 1.0 },
        });
        powers.chain(gains).collect()
    }

    pub(super) fn moments(&self, seed: u64, context: &Context) -> Result<Vec<Moments>> {
        let kinds = self.kinds();
        let noise = NoiseLaw::Gaussian { sigma: self.noise };
        let looks = self.looks();
        let all = context.sweep(
            "runs on a quadratic",
            &kinds,
            self.draws,
            seed,
            |steps, draw| {
                let mut squares = Vec::new();
                run(steps, noise, (1.0, self.steps), draw, |at| {
                    if looks.contains(&at.step) {
                        squares.push(at.x.iter().map(|x| x * x).sum::<f64>() / LINES as f64);
                    }
                })?;
                Ok(squares)
            },
        )?;
        let pairs = kinds.into_iter().zip(all);
        let moments = pairs.map(|(steps, runs)| {
            let exact = self.exact(&steps, self.steps)?;
            let each = (0..looks.len()).map(|i| Estimate::of(&runs, |run| run[i]));
            Ok(Moments {
                steps,
                looks: looks.clone(),
                measured: each.collect::<Result<_>>()?,
                exact: looks.iter().map(|k| exact[*k]).collect(),
            })
        });
        moments.collect()
    }

    /// E x_k² by the recursion.
    pub(super) fn exact(&self, steps: &Steps, last: usize) -> Result<Vec<f64>> {
        let rates = (0..last).map(|k| steps.rate * steps.schedule.factor(k, last, 1));
        second_moments(1.0, self.noise, 1.0, rates)
    }

    /// The slope of ln E x² by ln k, far out.
    fn exponent(&self, steps: &Steps) -> Result<f64> {
        let exact = self.exact(steps, FAR[1])?;
        Ok((exact[FAR[1]] / exact[FAR[0]]).ln() / (FAR[1] as f64 / FAR[0] as f64).ln())
    }

    /// Which share of E x² at the first of the far steps is what is left of the start: the recursion is linear in both.
    fn start_share(&self, steps: &Steps) -> Result<f64> {
        let rates = (0..FAR[0]).map(|k| steps.rate * steps.schedule.factor(k, FAR[0], 1));
        let start = second_moments(1.0, 0.0, 1.0, rates)?[FAR[0]];
        Ok(start / self.exact(steps, FAR[0])?[FAR[0]])
    }

    pub(super) fn quadratic_claims(&self, found: Draft, moments: &[Moments]) -> Result<Draft> {
        let distances = moments.iter().flat_map(|m| {
            let pairs = m.measured.iter().zip(&m.exact);
            pairs.map(|(measured, exact)| measured.distance(*exact))
        });
        let mut found = found.claim(Claim::all_within(
            "E x² after k steps, whatever the schedule: runs against m ← (1 − α)²m + α²σ²",
            distances,
            LEVEL,
            Some(self.draws),
        )?);
        for constant in moments
            .iter()
            .filter(|m| m.steps.schedule == Schedule::Constant)
        {
            let steady = steady_moment(1.0, self.noise, self.rate)?;
            let end = constant.measured[constant.measured.len() - 1];
            // What is left of the start.
            let slack = (1.0 - self.rate).powi(2 * self.steps.min(1 << 20) as i32);
            found = found
                .claim(Claim::mean_equals(
                    "Q1: at a constant step E x² hovers at ασ²/(2 − α)",
                    steady,
                    end,
                    slack,
                    LEVEL,
                )?)
                .against(0.0, "convergence")
                .not_measured_if(
                    slack > 0.1 * steady,
                    "the start is not forgotten: set more steps or a larger rate",
                )
                .headline()
                .measured_as("hovering");
        }
        let (mut far, mut flat) = (Vec::new(), Vec::new());
        for m in moments.iter().filter(|m| m.steps.part == "quadratic") {
            let (power, rate) = (m.steps.setting, self.rate);
            // Another law while the start is not forgotten.
            if power > 0.0 && self.start_share(&m.steps)? < FORGOTTEN {
                // The next two terms of E x² = ½γσ²k^(−κ)(1 + ½γk^(−κ) + κk^(κ−1)/(2γ) + …), twice.
                let k = FAR[0] as f64;
                let next = power * rate * k.powf(-power)
                    + power * (1.0 - power) * k.powf(power - 1.0) / rate;
                far.push((self.exponent(&m.steps)? + power).abs() / next);
                flat.push(power / next);
            }
        }
        found = found
            .claim(Claim::at_most(
                "Q1, Q3: under k^(−κ) it vanishes like the step: exponent −κ; largest distance of the exact moments between 2¹⁸ and \
                 2²⁰ steps, in twice the law's next terms",
                1.0,
                largest(&far),
                0.0,
            ))
            .not_measured_if(far.is_empty(), "no power above 0 is set whose runs forget the start in 2¹⁸ steps")
            .against(least(&flat), "no vanishing");
        for (name, m) in ["gain_0", "gain_1", "gain_2", "gain_3"]
            .into_iter()
            .zip(moments.iter().filter(|m| m.steps.part == "one over k"))
        {
            let gain = m.steps.setting;
            let predicted = one_over_k_exponent(1.0, m.steps.rate)?;
            let (rival, meaning) = match gain < 1.0 {
                true => (
                    -1.0,
                    "the 1/k that the slide promises for every step O(1/k)",
                ),
                false => (-gain, "the start alone, without noise"),
            };
            found = found
                .claim(Claim::equals(
                    &format!(
                        "Q3: step γ/k with 2γλ = {gain}: exponent −min(1, 2γλ) of the exact moments between 2¹⁸ and 2²⁰ steps; \
                         nearer than half way to the other, or ¼"
                    ),
                    predicted,
                    self.exponent(&m.steps)?,
                    0.5 * smaller(0.5, (rival - predicted).abs()),
                ))
                .not_measured_if((gain - 1.0).abs() < 0.1, "at the threshold itself the law is ln k/k")
                .not_measured_if(
                    gain > 1.0 && self.start_share(&m.steps)? > FORGOTTEN,
                    "the start is not forgotten in 2¹⁸ steps: set more noise or a larger gain",
                )
                .against(rival, meaning)
                .measured_as(name);
        }
        Ok(found)
    }
}

impl Moments {
    pub(super) fn points(&self) -> impl Iterator<Item = Point> {
        let triples = self.looks.iter().zip(&self.measured).zip(&self.exact);
        triples.map(|((step, measured), exact)| Point {
            part: self.steps.part,
            setting: self.steps.setting,
            step: *step,
            measured: *measured,
            predicted: Some(*exact),
        })
    }
}

/// One run of so many lines from `start`, watched.
pub(super) fn run(
    steps: &Steps,
    noise: NoiseLaw,
    (start, count): (f64, usize),
    draw: Draw,
    mut watch: impl FnMut(&Iterate<'_>),
) -> Result<()> {
    let bowl = Quadratic::around_zero(vec![1.0; LINES])?;
    let mut seen = Perturbed::new(Exact(&bowl), noise)?;
    let settings = SolveSettings {
        rule: Optimiser::sgd(),
        rate: steps.rate,
        schedule: steps.schedule,
        steps: count,
        ..SolveSettings::default()
    };
    let mut observer = |at: &Iterate<'_>| {
        watch(at);
        ControlFlow::Continue(())
    };
    let rng = &mut draw.rng("noise");
    solve_stochastic(
        &mut seen,
        &Unconstrained,
        &[start; LINES],
        &settings,
        &mut observer,
        rng,
    )?;
    Ok(())
}
