//! Runs of the two rules, and the rows of the table.

use std::ops::ControlFlow;

use super::settings::{AdamNonconvergence, Rule};
use super::theory::cycle_drift;
use crate::error::Result;
use crate::experiment::row;
use crate::optimise::problem::{AdamTrap, Order};
use crate::optimise::{
    Adam, Cuboid, Iterate, Optimiser, Schedule, SolveSettings, Unconstrained, Unseen,
    solve_stochastic,
};
use crate::rng::{Rng, stream};
use crate::stats::larger;

/// Points of a curve that are kept of a run.
const KEPT: f64 = 60.0;

/// One run.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub rule: Rule,
    pub beta2: f64,
    pub drift: f64,
    pub end: f64,
    pub late_mean: f64,
    pub late_regret: f64,
    pub regret: f64,
    /// t, x_t and R_t/t, about evenly spaced in ln t.
    pub curve: Vec<[f64; 3]>,
}

row! {
    /// One run.
    pub(super) struct Point {
        /// the rule: Adam or AMSGrad, without momentum
        rule: &'static str;
        /// the losses come in a cycle of three, or each anew
        order: &'static str;
        /// β₂, the memory of the squares
        beta2: f64;
        /// where the run ends, in [-1, 1]; the best point is -1
        end: f64;
        /// mean place over the second half
        late_mean: f64;
        /// regret a step over the second half
        late_regret: f64;
        /// regret in all
        regret: f64;
        /// way of Adam in one cycle at a constant rate, in units of it, by theory
        drift: f64;
    }
}

impl Point {
    pub(super) fn of(run: &Run, order: &'static str) -> Self {
        Self {
            rule: run.rule.name(),
            order,
            beta2: run.beta2,
            end: run.end,
            late_mean: run.late_mean,
            late_regret: run.late_regret,
            regret: run.regret,
            drift: run.drift,
        }
    }
}

fn adam(rule: Rule, beta2: f64) -> Optimiser {
    Optimiser::Adam(Adam {
        beta1: 0.0,
        beta2,
        amsgrad: rule == Rule::AmsGrad,
        // Nothing is near 0 here.
        epsilon: 1e-15,
        ..Adam::default()
    })
}

impl Run {
    pub(super) fn of(
        settings: &AdamNonconvergence,
        rule: Rule,
        beta2: f64,
        order: Order,
        rng: &mut Rng,
    ) -> Result<Self> {
        let mut trap = AdamTrap::new(settings.c, order)?;
        let steps = settings.steps;
        // Whole cycles.
        let half = steps / 6 * 3;
        let last = half + (steps - half) / 3 * 3;
        let (mut regret, mut late, mut places) = (0.0, 0.0, 0.0);
        let (mut curve, mut next) = (Vec::new(), 1.0);
        let mut watch = |at: &Iterate<'_>| {
            // The last look is no loss that is met.
            if at.step == steps {
                return ControlFlow::Continue(());
            }
            let (x, t) = (at.x[0], (at.step + 1) as f64);
            // What the best point would have lost is the sum of −g.
            regret += at.value + at.gradient[0];
            if (half..last).contains(&at.step) {
                late += at.value + at.gradient[0];
                places += x;
            }
            if t >= next {
                curve.push([t, x, regret / t]);
                next = larger(next * (steps as f64).powf(1.0 / KEPT), t + 1.0);
            }
            ControlFlow::Continue(())
        };
        let solver = SolveSettings {
            rule: adam(rule, beta2),
            rate: settings.rate,
            schedule: Schedule::InverseSqrt { scale: 1.0 },
            steps,
            ..SolveSettings::default()
        };
        let set = Cuboid {
            low: vec![-1.0],
            high: vec![1.0],
        };
        let end = solve_stochastic(&mut trap, &set, &[settings.start], &solver, &mut watch, rng)?;
        let count = (last - half) as f64;
        Ok(Self {
            rule,
            beta2,
            drift: cycle_drift(settings.c, beta2),
            end: end.x[0],
            late_mean: places / count,
            late_regret: late / count,
            regret,
            curve,
        })
    }
}

/// The way of Adam in one cycle at a constant rate, by steps of the solver on the line, in units of the rate.
pub(super) fn moved_per_cycle(c: f64, beta2: f64) -> Result<f64> {
    // After so many cycles v is periodic to the last bits: β₂^(3·cycles) < 10⁻¹⁸.
    let cycles = (42.0 / (-3.0 * beta2.ln())).ceil() as usize + 2;
    let place = |steps: usize| {
        let settings = SolveSettings {
            rule: adam(Rule::Adam, beta2),
            rate: 1.0,
            steps,
            ..SolveSettings::default()
        };
        let mut trap = AdamTrap::new(c, Order::Cycle)?;
        let rng = &mut stream(0, "no chance in a cycle", 0);
        let end = solve_stochastic(
            &mut trap,
            &Unconstrained,
            &[0.0],
            &settings,
            &mut Unseen,
            rng,
        )?;
        Ok::<f64, crate::Error>(end.x[0])
    };
    Ok(place(3 * cycles + 3)? - place(3 * cycles)?)
}
