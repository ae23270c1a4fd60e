//! What the method does: where it goes round, where each start ends, which side noise takes it to.

use std::ops::ControlFlow;

use super::portrait::Portrait;
use super::settings::LimitCycles;
use crate::error::Result;
use crate::experiment::{Context, row};
use crate::game::{Attractors, Cycle, End, Grid, Noisy, PlaySettings, basins, play};
use crate::optimise::{Iterate, Status, Trajectory, Unconstrained, Unseen};
use crate::rng::stream;
use crate::stats::{binomial_p_value, larger, least, smaller};

row! {
    /// One step.
    #[derive(Clone, Copy)]
    pub(super) struct Step {
        /// step α
        alpha: f64;
        /// mean of ‖z‖ over the cycle that the method ends on
        radius: Option<f64>;
        /// the same of the cycle of V − α(c − ½)JV, which its iterates follow
        followed: Option<f64>;
        /// the same of the cycle of the flow
        flow: Option<f64>;
        /// share of noisy runs that end on the cycle, started outside the repelling one
        share: Option<f64>;
        /// the same by the law
        share_law: Option<f64>;
        /// by the law for runs that start farther in, by what it leaves out
        share_low: Option<f64>;
        /// by the law for runs that start farther out, by as much
        share_high: Option<f64>;
        /// runs
        runs: usize;
    }
}

impl Step {
    /// How surprising the share is if the law holds up to what it leaves out.
    pub(super) fn p_value(&self) -> Result<Option<f64>> {
        let (Some(share), Some(low), Some(high)) = (self.share, self.share_low, self.share_high)
        else {
            return Ok(None);
        };
        let count = (share * self.runs as f64).round() as u64;
        let nearest = share.clamp(low, high);
        binomial_p_value(nearest, count, self.runs as u64).map(Some)
    }
}

/// The run that is drawn.
pub(super) struct Run {
    /// z before each step and after the last.
    pub(super) path: Vec<[f64; 2]>,
    /// The last z.
    pub(super) end: Vec<f64>,
    /// ‖V‖ there.
    pub(super) field_norm: f64,
    /// Least ‖V‖ over its last tenth.
    pub(super) least: f64,
}

/// Turns over which a radius is averaged.
const TURNS: usize = 100;

/// A run has left the repelling cycle when it is so many deviations away: it comes back with probability below Φ(−8).
const LEFT: f64 = 8.0;

impl LimitCycles {
    /// The mean of ‖z‖ over whole turns of the method, after it has come to the cycle; none where it does not turn.
    pub(super) fn radius(
        &self,
        alpha: f64,
        portrait: &Portrait,
        cycle: &Cycle,
    ) -> Result<Option<f64>> {
        let centre = portrait.point;
        let rate = (cycle.multiplier.ln() / cycle.period).abs();
        let settled = (30.0 / rate / alpha).ceil() as usize;
        let steps = settled + ((TURNS + 1) as f64 * cycle.period / alpha).ceil() as usize;
        let settings = PlaySettings {
            steps,
            ..PlaySettings::default()
        };
        // Sums of ‖z‖ over steps, from the first crossing of the ray to the last; a step that crosses counts by its parts.
        let (mut last, mut open): (Option<(f64, f64)>, Option<f64>) = (None, None);
        let (mut sum, mut count) = (0.0, 0.0);
        let mut closed: Option<(f64, f64)> = None;
        let mut seen = |at: &Iterate<'_>| {
            if at.step < settled {
                return ControlFlow::Continue(());
            }
            let (x, y) = (at.x[0] - centre[0], at.x[1] - centre[1]);
            let radius = at.x[0].hypot(at.x[1]);
            if let Some((before, previous)) = last {
                let crosses = x > 0.0 && (before < 0.0) != (y < 0.0);
                let part = before / (before - y);
                let own = 0.5 * (previous + radius);
                if open.is_some() {
                    if crosses {
                        closed = Some((sum + part * own, count + part));
                    }
                    sum += own;
                    count += 1.0;
                } else if crosses {
                    open = Some(part);
                    sum = (1.0 - part) * own;
                    count = 1.0 - part;
                }
            }
            last = Some((y, radius));
            ControlFlow::Continue(())
        };
        let start = [centre[0] + cycle.crossing, centre[1]];
        let (game, player) = (self.chosen(), self.player(alpha));
        let mut rng = stream(0, "unused", 0);
        play(
            &game,
            &player,
            &Unconstrained,
            &start,
            &settings,
            &mut rng,
            &mut seen,
        )?;
        Ok(closed.map(|(sum, count)| sum / count))
    }

    /// A run from `start` until it is at rest.
    pub(super) fn run_from(&self, start: &[f64], portrait: &Portrait) -> Result<Run> {
        let steps = (portrait.time() / self.alpha).ceil();
        let steps = smaller(steps, 1e6) as usize;
        let settings = PlaySettings {
            steps,
            ..PlaySettings::default()
        };
        let mut seen = Trajectory::every(1).with_points();
        let (game, player) = (self.chosen(), self.player(self.alpha));
        let mut rng = stream(0, "unused", 0);
        let played = play(
            &game,
            &player,
            &Unconstrained,
            start,
            &settings,
            &mut rng,
            &mut seen,
        )?;
        let tail = &seen.values[seen.values.len() - seen.values.len() / 10 - 1..];
        Ok(Run {
            least: least(tail),
            path: seen
                .points()
                .rows()
                .into_iter()
                .map(|z| [z[0], z[1]])
                .collect(),
            end: played.z,
            field_norm: played.field_norm,
        })
    }

    /// The square of starts.
    pub(super) fn grid(&self) -> Grid {
        Grid::square([0.0; 2], 1.5, self.side)
    }

    /// Where each start ends, without noise.
    pub(super) fn ends(&self, portrait: &Portrait) -> Result<Vec<End>> {
        let settings = PlaySettings {
            steps: smaller((portrait.time() / self.alpha).ceil(), 2e5) as usize,
            ..PlaySettings::default()
        };
        let known = Attractors {
            points: &[portrait.point],
            cycles: portrait.attracting.as_slice(),
            near: portrait.near(),
        };
        let (game, player, grid) = (self.chosen(), self.player(self.alpha), self.grid());
        basins(&game, &player, &Unconstrained, &grid, &settings, known, 0)
    }

    /// How far outside of the repelling cycle noisy runs start: there, with the longest steps, three in four end outside.
    pub(super) fn distance(&self, wall: &Cycle) -> f64 {
        let longest = self.steps.iter().fold(0.0, |most, a| larger(most, *a));
        0.6745 * wall.width * self.noise * longest.sqrt()
    }

    /// How many of the noisy runs from `distance` outside of the repelling cycle end outside.
    pub(super) fn noisy(
        &self,
        alpha: f64,
        wall: &Cycle,
        point: [f64; 2],
        distance: f64,
        seed: u64,
        context: &Context,
    ) -> Result<usize> {
        let field = Noisy::gaussian(self.chosen(), self.noise)?;
        let player = self.player(alpha);
        let rate = wall.multiplier.ln() / wall.period;
        let start = [point[0] + wall.crossing + distance, point[1]];
        let spread = wall.width * self.noise * alpha.sqrt();
        // A turn at a time, until it is clear; at most as long as it takes the last one in a million to leave.
        let settings = PlaySettings {
            steps: (wall.period / alpha).ceil() as usize,
            ..PlaySettings::default()
        };
        let most = ((LEFT * 1e6_f64).ln() / rate / wall.period).ceil() as usize;
        let label = format!("noisy, α = {alpha}");
        let out = context.draws("noisy runs", self.seeds, seed, |draw| {
            let mut rng = draw.rng(&label);
            let mut z = start.to_vec();
            for _ in 0..most {
                let played = play(
                    &field,
                    &player,
                    &Unconstrained,
                    &z,
                    &settings,
                    &mut rng,
                    &mut Unseen,
                )?;
                if let Status::Diverged { .. } = played.status {
                    return Ok(true);
                }
                z = played.z;
                // After whole turns it is near the ray, where the deviation is known.
                if wall.distance(&z) > LEFT * spread {
                    break;
                }
            }
            Ok(!wall.holds(&z))
        })?;
        Ok(out.into_iter().filter(|out| *out).count())
    }
}
