//! Five methods through noise.

use std::ops::ControlFlow;

use super::limits::forsaken_solution;
use super::settings::{Point, StochasticExtragradient};
use crate::error::Result;
use crate::experiment::Context;
use crate::game::arena::{ConstrainedBilinear, Forsaken, Quadratic};
use crate::game::{
    BcSegPlus, EgPlus, Game, Method, Noisy, PlaySettings, Seg, StochasticField, play,
};
use crate::optimise::{Iterate, Prox, Schedule, Status, Unconstrained};
use crate::rng::Rng;
use crate::stats::{Estimate, quantile};

/// Steps after which α has fallen to a half.
pub(super) const SCALE: f64 = 100.0;

/// The methods, in the order of the table.
pub(super) const METHODS: [&str; 5] = [
    "eg_plus",
    "seg_printed",
    "seg_admissible",
    "seg_plus",
    "bc_seg_plus",
];

/// Where runs begin on the forsaken game: outside of both cycles.
pub(super) const FORSAKEN_START: [f64; 2] = [1.0, -0.8];

/// What is farther away has left.
const AWAY: f64 = 1e6;

/// Where a run ended, and its squared distances from the solution on the way.
pub(super) struct Run {
    pub(super) end: [f64; 2],
    pub(super) squares: Vec<f64>,
    pub(super) diverged: bool,
}

/// All runs of one method on one game.
pub(super) struct Runs {
    pub(super) game: &'static str,
    pub(super) method: &'static str,
    pub(super) solution: [f64; 2],
    pub(super) runs: Vec<Run>,
}

impl Runs {
    /// How many left.
    pub(super) fn diverged(&self) -> usize {
        self.runs.iter().filter(|run| run.diverged).count()
    }

    /// Distances of the ends from the solution.
    pub(super) fn distances(&self) -> Vec<f64> {
        let [x, y] = self.solution;
        let ends = self.runs.iter().map(|run| run.end);
        ends.map(|end| (end[0] - x).hypot(end[1] - y)).collect()
    }

    /// [`final_distance`](Self::final_distance), unless runs left.
    pub(super) fn settled_distance(&self) -> Result<Option<f64>> {
        match self.diverged() {
            0 => self.final_distance().map(Some),
            _ => Ok(None),
        }
    }

    /// √ of the mean square of the distances.
    pub(super) fn final_distance(&self) -> Result<f64> {
        Ok(Estimate::of(self.distances(), |d| d * d)?.mean.sqrt())
    }

    pub(super) fn points(
        &self,
        marks: &[usize],
        exact: impl Fn(usize) -> Option<f64>,
    ) -> Result<Vec<Point>> {
        let at = |(index, step): (usize, &usize)| {
            let squares: Vec<f64> = self
                .runs
                .iter()
                .filter_map(|run| run.squares.get(index).copied())
                .collect();
            Ok(Point {
                game: self.game,
                method: self.method,
                step: *step,
                square: Estimate::from_values(&squares)?,
                near: quantile(&squares, 0.1)?.sqrt(),
                far: quantile(&squares, 0.9)?.sqrt(),
                exact: exact(index),
            })
        };
        // Marks that every run came to.
        let seen = self
            .runs
            .iter()
            .map(|run| run.squares.len())
            .min()
            .unwrap_or(0);
        marks.iter().enumerate().take(seen).map(at).collect()
    }
}

impl StochasticExtragradient {
    /// Steps at which distances are taken: evenly spaced in ln k, and the last.
    pub(super) fn marks(&self) -> Vec<usize> {
        let place = |i: i32| 10.0_f64.powf(0.1 * f64::from(i)).round() as usize;
        let mut marks: Vec<usize> = (0..80).map(place).filter(|k| *k < self.steps).collect();
        marks.push(self.steps);
        marks.dedup();
        marks
    }

    /// The methods named, on the game that is set.
    pub(super) fn play_game(&self, seed: u64, context: &Context) -> Result<Vec<Runs>> {
        match self.game {
            "quadratic" => self.play_quadratic(self.rho, "quadratic", &METHODS, seed, context),
            "constrained_bilinear" => {
                let game = ConstrainedBilinear::default();
                let set = ConstrainedBilinear::region();
                self.play_all(
                    "constrained_bilinear",
                    game,
                    &set,
                    [0.0, 0.0],
                    &METHODS,
                    seed,
                    context,
                )
            }
            _ => {
                let start = FORSAKEN_START;
                let game = Forsaken::default();
                self.play_all(
                    "forsaken",
                    game,
                    &Unconstrained,
                    start,
                    &METHODS,
                    seed,
                    context,
                )
            }
        }
    }

    /// How far from the solution the same method ends without noise, in the box or on the forsaken game.
    pub(super) fn without_noise(&self, method: &str) -> Result<f64> {
        let rng = &mut crate::rng::stream(0, "no noise", 0);
        let (run, [x, y]) = match self.game {
            "constrained_bilinear" => {
                let game = ConstrainedBilinear::default();
                let set = ConstrainedBilinear::region();
                let solution = [game.at; 2];
                let run = self.run_of(method, &game, &set, [0.0, 0.0], solution, rng)?;
                (run, solution)
            }
            _ => {
                let (game, solution) = (Forsaken::default(), forsaken_solution()?);
                let all = &Unconstrained;
                let run = self.run_of(method, &game, all, FORSAKEN_START, solution, rng)?;
                (run, solution)
            }
        };
        Ok((run.end[0] - x).hypot(run.end[1] - y))
    }

    /// On a quadratic game.
    pub(super) fn play_quadratic(
        &self,
        rho: f64,
        name: &'static str,
        methods: &[&'static str],
        seed: u64,
        context: &Context,
    ) -> Result<Vec<Runs>> {
        let game = Quadratic::weak_minty(1.0, rho)?;
        self.play_all(
            name,
            game,
            &Unconstrained,
            [1.0, 1.0],
            methods,
            seed,
            context,
        )
    }

    #[expect(clippy::too_many_arguments, reason = "one place that hands them on")]
    fn play_all<G: Game + Sync + Copy>(
        &self,
        game: &'static str,
        field: G,
        prox: &(impl Prox + Sync),
        start: [f64; 2],
        methods: &[&'static str],
        seed: u64,
        context: &Context,
    ) -> Result<Vec<Runs>> {
        let noisy = Noisy::gaussian(field, self.noise)?;
        // Of the forsaken game none is known in closed form.
        let [x, y] = match field.solutions().first() {
            Some(known) => [known[0], known[1]],
            None => forsaken_solution()?,
        };
        let all = context.paired("runs", methods, self.seeds, seed, |method, draw| {
            self.run_of(method, &noisy, prox, start, [x, y], &mut draw.rng(game))
        })?;
        let each = methods.iter().zip(all).map(|(method, runs)| Runs {
            game,
            method,
            solution: [x, y],
            runs,
        });
        Ok(each.collect())
    }

    fn run_of<F: StochasticField>(
        &self,
        method: &str,
        field: &F,
        prox: &impl Prox,
        start: [f64; 2],
        solution: [f64; 2],
        rng: &mut Rng,
    ) -> Result<Run> {
        let &Self { gamma, alpha, .. } = self;
        let falling = Schedule::InverseTime { scale: SCALE };
        let power = |exponent| Schedule::Power {
            scale: SCALE,
            exponent,
        };
        let seg = |explore, update| Seg {
            gamma,
            beta: 1.0,
            explore,
            alpha,
            update,
        };
        let plus = |schedule| EgPlus {
            gamma,
            alpha,
            schedule,
        };
        let bc = BcSegPlus {
            gamma,
            alpha,
            schedule: falling,
        };
        let third = 1.0 / 3.0;
        match method {
            "eg_plus" => self.play(&plus(Schedule::Constant), field, prox, start, solution, rng),
            "seg_printed" => self.play(&seg(falling, falling), field, prox, start, solution, rng),
            "seg_admissible" => {
                let seg = seg(power(third), power(2.0 * third));
                self.play(&seg, field, prox, start, solution, rng)
            }
            "seg_plus" => self.play(&plus(falling), field, prox, start, solution, rng),
            _ => self.play(&bc, field, prox, start, solution, rng),
        }
    }

    fn play<F: StochasticField>(
        &self,
        method: &impl Method,
        field: &F,
        prox: &impl Prox,
        start: [f64; 2],
        [x, y]: [f64; 2],
        rng: &mut Rng,
    ) -> Result<Run> {
        let settings = PlaySettings {
            steps: self.steps,
            stop: None,
            limit: AWAY,
        };
        let marks = self.marks();
        let mut squares = Vec::with_capacity(marks.len());
        let mut look = |seen: &Iterate<'_>| {
            if marks.get(squares.len()) == Some(&seen.step) {
                squares.push((seen.x[0] - x).powi(2) + (seen.x[1] - y).powi(2));
            }
            ControlFlow::Continue(())
        };
        let played = play(field, method, prox, &start, &settings, rng, &mut look)?;
        Ok(Run {
            end: [played.z[0], played.z[1]],
            squares,
            diverged: matches!(played.status, Status::Diverged { .. }),
        })
    }
}
