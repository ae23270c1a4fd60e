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
use crate::stats::Estimate;

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
    /// The first run: every hundredth step, x and the mean so far.
    pub path: Vec<[f64; 3]>,
}

impl StepSizes {
    pub(super) fn well(&self, seed: u64, context: &Context) -> Result<Well> {
        let every = (self.well_steps / 400).max(1);
        let runs = context.draws("runs on the double well", RUNS, seed, |draw| {
            let (mut sum, mut values, mut path) = (0.0, 0.0, Vec::new());
            let mut watch = |at: &Iterate<'_>| {
                if at.step > 0 {
                    sum += at.x[0];
                    values += at.value;
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
            ))
        })?;
        Ok(Well {
            place: Estimate::of(&runs, |run| run.0)?,
            at_mean: Estimate::of(&runs, |run| run.1)?,
            mean_f: Estimate::of(&runs, |run| run.2)?,
            loss: Estimate::of(&runs, |run| run.1 - run.2)?,
            path: runs.into_iter().next().map(|run| run.3).unwrap_or_default(),
        })
    }

    pub(super) fn well_claims(found: Draft, well: &Well) -> Result<Draft> {
        Ok(found
            .claim(Claim::mean_equals(
                "Q3: averaging where f is not convex: on ¼(x² − 1)² the mean of a run that changes wells goes to 0, the top between them",
                0.0,
                well.place,
                0.0,
                LEVEL,
            )?)
            .against(1.0, "a minimum")
            .claim(Claim::positive(
                "averaging where f is not convex: f at the mean of the run is above the mean of f over the run, against Jensen's inequality for convex f",
                well.loss,
                LEVEL,
            )?)
            .headline()
            .measured_as("loss_by_averaging")
            .measure("f_at_mean", well.at_mean.mean)
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
