//! Runs with a bias: where they end.

use std::ops::ControlFlow;

use super::limit::{Limit, limit};
use super::settings::{Chosen, Point, RobbinsMonro};
use crate::error::Result;
use crate::experiment::Context;
use crate::game::{Noisy, PlaySettings, play};
use crate::optimise::{Iterate, Unconstrained};
use crate::stats::Estimate;

/// The last of a run is looked at for this time of the flow, a turn, this often.
const LAST: (f64, usize) = (7.0, 20);

/// Shares of the set bias that are tried.
const SHARES: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];

/// Points of a path that are kept.
const KEPT: usize = 1200;

/// What became of the runs at one bias.
pub(super) struct Ends {
    pub bias: f64,
    /// Where the biased flow ends.
    pub limit: Limit,
    /// The mean distance of that from where the flow without bias ends.
    pub gap: f64,
    /// Over runs, means over the last turn: the distance from the limit without bias, that from the limit with it, and the
    /// first less the second.
    pub from_unbiased: Estimate,
    pub from_biased: Estimate,
    pub gain: Estimate,
    /// Over runs: how far the mean place of the last turn is from the limit without bias, along the way to the limit with it;
    /// mean square distance from the latter.
    pub along: Option<Estimate>,
    pub square: Estimate,
    /// The first run: places, and the flow's time so far.
    pub path: Vec<Seen>,
    last_step: f64,
}

/// What one run leaves.
struct Run {
    from_unbiased: f64,
    from_biased: f64,
    mean: [f64; 2],
    square: f64,
    path: Vec<Seen>,
}

/// A place on the way.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    pub time: f64,
    pub z: [f64; 2],
}

impl RobbinsMonro {
    pub(super) fn chosen(&self) -> Chosen {
        Chosen::of(self.game)
    }

    pub(super) fn ends(&self, seed: u64, context: &Context) -> Result<Vec<Ends>> {
        let game = self.chosen();
        let biases = SHARES.map(|share| share * self.bias);
        let limits = biases.map(|bias| limit(&game.biased(bias), game.start()));
        let limits = limits.into_iter().collect::<Result<Vec<Limit>>>()?;
        let jobs: Vec<(f64, &Limit)> = biases.into_iter().zip(&limits).collect();
        let runs = context.sweep(
            "biased runs",
            &jobs,
            self.draws,
            seed,
            |(bias, own), draw| {
                let rng = &mut draw.rng("bias");
                self.one_run(
                    game,
                    *bias,
                    (&limits[0], own),
                    draw.index.is_multiple_of(self.draws as u64),
                    rng,
                )
            },
        )?;
        let unbiased = limits[0].point();
        let mut found = Vec::new();
        let gaps: Vec<f64> = limits.iter().map(|own| own.gap(&limits[0])).collect();
        for (((bias, own), runs), gap) in biases.into_iter().zip(limits).zip(runs).zip(gaps) {
            let along = match (unbiased, own.point()) {
                (Some(from), Some(to)) if gap > 0.0 => Some(Estimate::of(&runs, |run| {
                    let way = [0, 1].map(|i| (to[i] - from[i]) / gap);
                    (run.mean[0] - from[0]) * way[0] + (run.mean[1] - from[1]) * way[1]
                })?),
                _ => None,
            };
            found.push(Ends {
                bias,
                limit: own,
                gap,
                from_unbiased: Estimate::of(&runs, |run| run.from_unbiased)?,
                from_biased: Estimate::of(&runs, |run| run.from_biased)?,
                gain: Estimate::of(&runs, |run| run.from_unbiased - run.from_biased)?,
                square: Estimate::of(&runs, |run| run.square)?,
                along,
                path: runs
                    .into_iter()
                    .next()
                    .map(|run| run.path)
                    .unwrap_or_default(),
                last_step: self.step(self.steps),
            });
        }
        Ok(found)
    }

    fn one_run(
        &self,
        game: Chosen,
        bias: f64,
        (unbiased, biased): (&Limit, &Limit),
        keeps: bool,
        rng: &mut crate::rng::Rng,
    ) -> Result<Run> {
        let (mut time, mut begin) = (0.0, self.steps);
        while begin > 0 && time < LAST.0 {
            begin -= 1;
            time += self.step(begin);
        }
        let every = ((self.steps - begin) / LAST.1).max(1);
        let thin = (self.steps / KEPT).max(1);
        let (mut path, mut last, mut clock) = (Vec::new(), Vec::new(), 0.0);
        let mut watch = |at: &Iterate<'_>| {
            let z = [at.x[0], at.x[1]];
            if keeps {
                if at.step < KEPT || at.step.is_multiple_of(thin) {
                    path.push(Seen { time: clock, z });
                }
                clock += self.step(at.step);
            }
            if at.step >= begin && (at.step - begin).is_multiple_of(every) {
                last.push(z);
            }
            ControlFlow::Continue(())
        };
        let settings = PlaySettings {
            steps: self.steps,
            ..PlaySettings::default()
        };
        let field = Noisy::gaussian(game.biased(bias), self.noise)?;
        let (method, start) = (self.template(0), game.start());
        play(
            &field,
            &method,
            &Unconstrained,
            &start,
            &settings,
            rng,
            &mut watch,
        )?;
        let count = last.len() as f64;
        let mean = |of: &dyn Fn([f64; 2]) -> f64| last.iter().map(|z| of(*z)).sum::<f64>() / count;
        Ok(Run {
            from_unbiased: mean(&|z| unbiased.distance(z)),
            from_biased: mean(&|z| biased.distance(z)),
            mean: [mean(&|z| z[0]), mean(&|z| z[1])],
            square: mean(&|z| biased.distance(z).powi(2)),
            path,
        })
    }
}

impl Ends {
    pub(super) fn point(&self, game: &'static str) -> Point {
        Point {
            part: "end",
            game,
            step: self.last_step,
            bias: self.bias,
            measured: self.from_unbiased,
            predicted: self.gap,
        }
    }
}
