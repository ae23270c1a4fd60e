//! Every method of the slide's table, with the learning rate its theory asks for.

use std::ops::ControlFlow;

use super::problems::Task;
use crate::error::Result;
use crate::optimise::problem::Known;
use crate::optimise::{
    Accelerated, AcceleratedSettings, AdaGrad, Adam, Average, Ball, Curved, Exact, ExtraNewton,
    Iterate, Momentum, NoiseLaw, Norm, Optimiser, Perturbed, Schedule, SolveSettings,
    Unconstrained, solve, solve_accelerated, solve_accelerated_stochastic, solve_extra_newton,
    solve_stochastic,
};
use crate::rng::Rng;

/// A column of the table; and the method of second order that it lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Descent,
    Nesterov,
    AdaGrad,
    AcceleGrad,
    UniXGrad,
    Adam,
    AmsGrad,
    ExtraNewton,
}

/// The methods of the table.
pub(super) const TABLE: [Method; 7] = [
    Method::Descent,
    Method::Nesterov,
    Method::AdaGrad,
    Method::AcceleGrad,
    Method::UniXGrad,
    Method::Adam,
    Method::AmsGrad,
];

impl Method {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Descent => "gradient descent",
            Self::Nesterov => "Nesterov",
            Self::AdaGrad => "AdaGrad",
            Self::AcceleGrad => "AcceleGrad",
            Self::UniXGrad => "UniXGrad",
            Self::Adam => "Adam",
            Self::AmsGrad => "AMSGrad",
            Self::ExtraNewton => "Extra-Newton",
        }
    }

    /// The exponent in the table; none for "?"; of Extra-Newton, which the table lacks, that of its theorem.
    pub(super) fn printed(self, convex: bool, noise: bool) -> Option<f64> {
        let fast = matches!(self, Self::Nesterov | Self::AcceleGrad | Self::UniXGrad);
        let universal = matches!(self, Self::AcceleGrad | Self::UniXGrad);
        match (convex, noise) {
            (true, false) if self == Self::ExtraNewton => Some(-3.0),
            _ if self == Self::ExtraNewton => None,
            (false, _) if universal => None,
            (_, true) => Some(-0.5),
            (true, false) if fast => Some(-2.0),
            (_, false) => Some(-1.0),
        }
    }

    /// The rule and the rate of a method of one sequence: 1/L without noise, D/(σ_all √K) where that is less; of a rule that
    /// scales every entry by itself the widest entry.
    fn settings<P: Known>(self, task: &Task<'_, P>, sigma: f64, steps: usize) -> SolveSettings {
        let (rule, rate, schedule) = match self {
            Self::AdaGrad => (
                Optimiser::AdaGrad(AdaGrad::default()),
                task.widest,
                Schedule::Constant,
            ),
            Self::Adam | Self::AmsGrad => {
                let rate = task.widest;
                let adam = Adam {
                    amsgrad: self == Self::AmsGrad,
                    ..Adam::default()
                };
                // Without noise the theorem has a constant rate, and steps of at most 1/L times the gradient: η/ε = 1/L.
                let (epsilon, schedule) = match sigma > 0.0 {
                    true => (adam.epsilon, Schedule::InverseSqrt { scale: 1.0 }),
                    false => (rate * task.problem.smoothness(), Schedule::Constant),
                };
                (Optimiser::Adam(Adam { epsilon, ..adam }), rate, schedule)
            }
            // Where f is not convex and seen through noise: the momentum must not grow, or ‖∇f‖² falls like k^(−1/4) alone.
            Self::Nesterov => {
                let momentum = Momentum {
                    nesterov: true,
                    ..Momentum::default()
                };
                let rate = (1.0 - momentum.beta) * task.rate(sigma, steps, 0.5);
                (Optimiser::Sgd(momentum), rate, Schedule::Constant)
            }
            _ => (
                Optimiser::sgd(),
                task.rate(sigma, steps, 0.5),
                Schedule::Constant,
            ),
        };
        SolveSettings {
            rule,
            rate,
            schedule,
            steps,
            ..SolveSettings::default()
        }
    }

    fn accelerated<P: Known>(
        self,
        task: &Task<'_, P>,
        sigma: f64,
        steps: usize,
    ) -> Option<Accelerated> {
        let all = sigma * (task.start.len() as f64).sqrt();
        match self {
            Self::Nesterov if task.convex || sigma == 0.0 => Some(Accelerated::Nesterov {
                rate: task.rate(sigma, steps, 1.5),
            }),
            Self::AcceleGrad => Some(Accelerated::AcceleGrad {
                diameter: task.distance,
                gradients: all,
            }),
            Self::UniXGrad => Some(Accelerated::UniXGrad {
                diameter: task.distance,
            }),
            _ => None,
        }
    }

    /// Goes without noise, watched after every step.
    pub(super) fn go<P: Known + Curved>(
        self,
        task: &Task<'_, P>,
        steps: usize,
        mut watch: impl FnMut(usize, &[f64]),
    ) -> Result<()> {
        let mut observer = |at: &Iterate<'_>| {
            watch(at.step, at.x);
            ControlFlow::Continue(())
        };
        if self == Self::ExtraNewton {
            let settings = ExtraNewton {
                steps,
                ..ExtraNewton::default()
            };
            return solve_extra_newton(task.problem, &task.start, &settings, &mut observer)
                .map(drop);
        }
        match self.accelerated(task, 0.0, steps) {
            Some(method) => {
                let settings = AcceleratedSettings::new(method, steps);
                solve_accelerated(
                    task.problem,
                    &task.set(),
                    &task.start,
                    &settings,
                    &mut observer,
                )
            }
            None => {
                let settings = self.settings(task, 0.0, steps);
                solve(
                    task.problem,
                    &Unconstrained,
                    &task.start,
                    &settings,
                    &mut observer,
                )
            }
        }
        .map(drop)
    }

    /// Goes with noise, watched after every step; the point its theorem is about for convex f: the mean of the iterates, or its own.
    pub(super) fn go_noisy<P: Known>(
        self,
        task: &Task<'_, P>,
        sigma: f64,
        steps: usize,
        rng: &mut Rng,
        mut watch: impl FnMut(&[f64]),
    ) -> Result<Vec<f64>> {
        let mut observer = |at: &Iterate<'_>| {
            watch(at.x);
            ControlFlow::Continue(())
        };
        let mut seen = Perturbed::new(Exact(task.problem), NoiseLaw::Gaussian { sigma })?;
        let solution = match self.accelerated(task, sigma, steps) {
            Some(method) => {
                let settings = AcceleratedSettings::new(method, steps);
                let set = task.set();
                solve_accelerated_stochastic(
                    &mut seen,
                    &set,
                    &task.start,
                    &settings,
                    &mut observer,
                    rng,
                )?
            }
            None => {
                let settings = SolveSettings {
                    average: Average::Tail(1.0),
                    ..self.settings(task, sigma, steps)
                };
                solve_stochastic(
                    &mut seen,
                    &Unconstrained,
                    &task.start,
                    &settings,
                    &mut observer,
                    rng,
                )?
            }
        };
        Ok(solution.average)
    }
}

impl<P: Known> Task<'_, P> {
    /// min(1/L, D/(σ_all·K^power)).
    fn rate(&self, sigma: f64, steps: usize, power: f64) -> f64 {
        let all = sigma * (self.start.len() as f64).sqrt();
        let noisy = self.distance / (all * (steps as f64).powf(power));
        crate::stats::smaller(1.0 / self.problem.smoothness(), noisy)
    }

    /// What methods of several sequences are kept in.
    fn set(&self) -> Ball {
        Ball {
            norm: Norm::L2,
            radius: self.radius,
            centre: self.start.clone(),
        }
    }
}
