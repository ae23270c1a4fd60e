//! The mean of the iterates, where f is not convex.

use std::ops::ControlFlow;

use super::settings::{LEVEL, Point, StepSizes};
use crate::error::{Error, Result};
use crate::experiment::{Claim, Context, Draft};
use crate::optimise::problem::DoubleWell;
use crate::optimise::{
    Average, Exact, Iterate, NoiseLaw, Optimiser, Oracle, Perturbed, SolveSettings, Status,
    Unconstrained, solve_stochastic,
};
use crate::stats::{Estimate, mean};

/// The constant step, and noise that lets a run change wells some hundred times: a temperature ½ασ² of 0.1.
const RATE: f64 = 0.1;
const SIGMA: f64 = 1.414;

/// Runs from the top between the wells.
const RUNS: usize = 24;

pub(super) struct Well {
    place: Estimate,
    /// f at the mean, the mean f, and their difference.
    at_mean: Estimate,
    mean_f: Estimate,
    loss: Estimate,
    /// The mean of x², and of the number of changes from one minimum to the other.
    squares: f64,
    changes: f64,
    /// The first run: every hundredth step, x and the mean so far.
    pub path: Vec<[f64; 3]>,
}

impl StepSizes {
    pub(super) fn well(&self, seed: u64, context: &Context) -> Result<Well> {
        let every = (self.well_steps / 400).max(1);
        let runs = context.draws("runs on the double well", RUNS, seed, |draw| {
            let (mut sum, mut values, mut path) = (0.0, 0.0, Vec::new());
            let (mut squares, mut changes, mut last) = (0.0, 0.0, 0.0);
            let mut watch = |at: &Iterate<'_>| {
                if at.step > 0 {
                    sum += at.x[0];
                    values += at.value;
                    squares += at.x[0] * at.x[0];
                    // From beyond one minimum to beyond the other.
                    let side = at.x[0].signum();
                    if at.x[0].abs() >= 1.0 && side != last {
                        changes += if last == 0.0 { 0.0 } else { 1.0 };
                        last = side;
                    }
                    if at.step.is_multiple_of(every) {
                        path.push([at.step as f64, at.x[0], sum / at.step as f64]);
                    }
                }
                ControlFlow::Continue(())
            };
            let settings = SolveSettings {
                rule: Optimiser::sgd(),
                rate: RATE,
                steps: self.well_steps,
                average: Average::Tail(1.0),
                ..SolveSettings::default()
            };
            let noise = NoiseLaw::Gaussian { sigma: SIGMA };
            let mut seen = Perturbed::new(Exact(&DoubleWell), noise)?;
            let rng = &mut draw.rng("noise");
            let end = solve_stochastic(
                &mut seen,
                &Unconstrained,
                &[0.0],
                &settings,
                &mut watch,
                rng,
            )?;
            if end.status != Status::Finished {
                return Err(Error::domain(
                    "a run on the double well",
                    "bounded",
                    end.value,
                ));
            }
            let at_mean = DoubleWell.value(&end.average)?;
            Ok((
                end.average[0],
                at_mean,
                values / self.well_steps as f64,
                path,
                [squares / self.well_steps as f64, changes],
            ))
        })?;
        Ok(Well {
            place: Estimate::of(&runs, |run| run.0)?,
            at_mean: Estimate::of(&runs, |run| run.1)?,
            mean_f: Estimate::of(&runs, |run| run.2)?,
            loss: Estimate::of(&runs, |run| run.1 - run.2)?,
            squares: mean(runs.iter().map(|run| run.4[0])),
            changes: mean(runs.iter().map(|run| run.4[1])),
            path: runs.into_iter().next().map(|run| run.3).unwrap_or_default(),
        })
    }

    pub(super) fn well_claims(found: Draft, well: &Well) -> Result<Draft> {
        // Stays of random length, N changes in all: the mean of the run has the variance E x²/N, and f there is 1/4 − x̄²/2.
        let short = 0.5 * well.squares / well.changes;
        // Four times that much is what it and chance can take away.
        let few = well.changes == 0.0 || well.mean_f.mean >= 0.25 - 4.0 * short;
        let reason = "the runs change wells too seldom: set more well_steps";
        Ok(found
            .claim(Claim::mean_equals(
                "Q3: averaging where f is not convex: on ¼(x² − 1)² the mean of a run that changes wells goes to 0, the top between them",
                0.0,
                well.place,
                0.0,
                LEVEL,
            )?)
            .against(1.0, "a minimum")
            .claim(Claim::mean_equals(
                "averaging where f is not convex: f at the mean of the run is ¼, that of the top, but for ½E x²/N after N changes of well",
                0.25 - short,
                well.at_mean,
                short,
                LEVEL,
            )?)
            .against(well.mean_f.mean, "no worse than the run")
            .not_measured_if(few, reason)
            .measured_as("f_at_mean")
            .claim(Claim::positive(
                "averaging where f is not convex: f at the mean of the run is above the mean of f over the run, against Jensen's inequality for convex f",
                well.loss,
                LEVEL,
            )?)
            .not_measured_if(few, reason)
            .headline()
            .measured_as("loss_by_averaging")
            .measure("changes_of_well", well.changes)
            .measure("mean_f", well.mean_f.mean))
    }
}

impl Well {
    pub(super) fn points(&self, steps: usize) -> [Point; 2] {
        [(0.0, self.at_mean), (1.0, self.mean_f)].map(|(setting, measured)| Point {
            part: "double well",
            setting,
            step: steps,
            measured,
            predicted: None,
        })
    }
}
