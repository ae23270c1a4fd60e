//! Gaps and gradients by steps.

use super::methods::{Method, TABLE};
use super::problems::{Task, on_shelf};
use super::settings::{AdaptiveRates, Point};
use crate::error::Result;
use crate::experiment::Context;
use crate::optimise::problem::{Known, WorstCase};
use crate::optimise::{Curved, Oracle};
use crate::stats::{Estimate, PowerLaw};

/// One method on one problem.
pub(super) struct Rate {
    pub kind: &'static str,
    pub method: Method,
    pub steps: Vec<usize>,
    pub values: Vec<Estimate>,
    pub printed: Option<f64>,
}

impl Rate {
    /// The exponent of k; infinitely negative where some value is 0, which no power reaches.
    pub(super) fn law(&self) -> Result<Estimate> {
        // Below this differences of f are rounding.
        let sound = self.values.iter().all(|v| v.mean > 1e-13);
        let rows = self.steps.iter().zip(&self.values);
        match sound {
            true => Ok(PowerLaw::of(rows, |r| *r.0 as f64, |r| *r.1)?.slope()),
            false => Ok(Estimate {
                mean: f64::NEG_INFINITY,
                se: 0.0,
                draws: self.values[0].draws,
            }),
        }
    }

    pub(super) fn points(&self) -> impl Iterator<Item = Point> {
        let pairs = self.steps.iter().zip(&self.values);
        pairs.map(|(step, value)| Point {
            kind: self.kind,
            method: self.method.name(),
            step: *step,
            value: *value,
            printed: self.printed,
        })
    }
}

fn exact(mean: f64) -> Estimate {
    Estimate {
        mean,
        se: 0.0,
        draws: 1,
    }
}

/// ‖∇f‖² at x.
fn squared_gradient(problem: &impl Known, x: &[f64]) -> f64 {
    let mut g = vec![0.0; x.len()];
    match problem.value_and_gradient(x, &mut g) {
        Ok(_) => g.iter().map(|g| g * g).sum(),
        Err(_) => f64::NAN,
    }
}

impl AdaptiveRates {
    /// f − f* after k steps, without noise.
    pub(super) fn gaps<P: Known + Curved + Sync>(
        &self,
        kind: &'static str,
        methods: &[Method],
        problem: &P,
        context: &Context,
    ) -> Result<Vec<Rate>> {
        let looks = self.looks();
        context.each("methods", methods, |&method| {
            // The method of second order solves a system a step: a quarter of the steps.
            let last = match method {
                Method::ExtraNewton => self.steps / 4,
                _ => self.steps,
            };
            let mut values = Vec::new();
            method.go(&Task::from_zero(problem), last, |step, x| {
                if looks.contains(&step) {
                    let value = problem.value(x).unwrap_or(f64::NAN);
                    values.push(exact(value - problem.minimum()));
                }
            })?;
            Ok(Rate {
                kind,
                method,
                steps: looks.iter().copied().filter(|k| *k <= last).collect(),
                values,
                printed: method.printed(true, false),
            })
        })
    }

    /// The least ‖∇f‖² so far, without noise, on the shelf.
    pub(super) fn gradients(&self, context: &Context) -> Result<Vec<Rate>> {
        let (shelf, looks) = (self.shelf()?, self.looks());
        context.each("methods", TABLE, |method| {
            let task = on_shelf(&shelf);
            let (mut least, mut values) = (f64::INFINITY, Vec::new());
            method.go(&task, self.steps, |step, x| {
                least = crate::stats::smaller(least, squared_gradient(&shelf, x));
                if looks.contains(&step) {
                    values.push(exact(least));
                }
            })?;
            Ok(Rate {
                kind: "not convex",
                method,
                steps: looks.clone(),
                values,
                printed: method.printed(false, false),
            })
        })
    }

    /// f − f* at the end of runs with noise, each with the learning rate for its number of steps.
    pub(super) fn noisy_gaps<P: Known + Curved + Sync>(
        &self,
        problem: &P,
        seed: u64,
        context: &Context,
    ) -> Result<Vec<Rate>> {
        let task = Task::from_zero(problem);
        let end = |method: Method, steps: usize, rng: &mut crate::rng::Rng| {
            let x = method.go_noisy(&task, self.noise, steps, rng, |_| ())?;
            Ok(problem.value(&x)? - problem.minimum())
        };
        self.noisy("convex with noise", true, seed, context, end)
    }

    /// The mean of ‖∇f‖² over the steps of runs with noise, on the shelf.
    pub(super) fn noisy_gradients(&self, seed: u64, context: &Context) -> Result<Vec<Rate>> {
        let shelf = self.shelf()?;
        let task = on_shelf(&shelf);
        let end = |method: Method, steps: usize, rng: &mut crate::rng::Rng| {
            let mut sum = 0.0;
            method.go_noisy(&task, self.noise, steps, rng, |x| {
                sum += squared_gradient(&shelf, x)
            })?;
            Ok(sum / (steps + 1) as f64)
        };
        self.noisy("not convex with noise", false, seed, context, end)
    }

    fn noisy(
        &self,
        kind: &'static str,
        convex: bool,
        seed: u64,
        context: &Context,
        end: impl Fn(Method, usize, &mut crate::rng::Rng) -> Result<f64> + Sync,
    ) -> Result<Vec<Rate>> {
        let steps = self.late_looks();
        let places: Vec<(Method, usize)> = TABLE
            .iter()
            .flat_map(|m| steps.iter().map(|k| (*m, *k)))
            .collect();
        let label = kind;
        let all = context.sweep(
            "runs with noise",
            &places,
            self.draws,
            seed,
            |&(method, k), draw| end(method, k, &mut draw.rng(label)),
        )?;
        let mut values = all.iter().map(|runs| Estimate::from_values(runs));
        let rates = TABLE.iter().map(|&method| {
            Ok(Rate {
                kind,
                method,
                steps: steps.clone(),
                values: values.by_ref().take(steps.len()).collect::<Result<_>>()?,
                printed: method.printed(convex, true),
            })
        });
        rates.collect()
    }

    /// Nesterov's chain: of fixed length, and of length 2k + 1 for each k, then in units of L‖x*‖².
    pub(super) fn chains(&self, context: &Context) -> Result<[Vec<Rate>; 2]> {
        let methods = [Method::Descent, Method::Nesterov];
        let long = WorstCase::new(2 * self.steps + 1, 1.0)?;
        let mut fixed = self.gaps("chain of fixed length", &methods, &long, context)?;
        fixed.iter_mut().for_each(|rate| rate.printed = None);
        let tied = context.each("chains", methods, |method| {
            let values = self.looks().into_iter().map(|k| {
                let chain = WorstCase::new(2 * k + 1, 1.0)?;
                let mut gap = f64::NAN;
                method.go(&Task::from_zero(&chain), k, |step, x| {
                    if step == k {
                        gap = chain.value(x).unwrap_or(f64::NAN) - chain.minimum();
                    }
                })?;
                Ok(exact(gap / chain.squared_distance()))
            });
            Ok(Rate {
                kind: "chain of 2k + 1",
                method,
                values: values.collect::<Result<_>>()?,
                steps: self.looks(),
                printed: method.printed(true, false),
            })
        })?;
        Ok([fixed, tied])
    }
}
