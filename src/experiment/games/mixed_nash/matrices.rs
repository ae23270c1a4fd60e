//! Matrix games: the value by linear programming, mirror descent beside it.

use std::ops::ControlFlow;

use ndarray::Array2;
use rand::RngExt;

use super::settings::MixedNash;
use crate::error::Result;
use crate::experiment::{Context, Draw};
use crate::game::arena::{Hill, MatrixGame};
use crate::game::method::MirrorDescent;
use crate::game::mixed::{Equilibrium, bracket, solve_matrix_game};
use crate::game::{Game, PlaySettings, play};
use crate::optimise::{Iterate, Observer, Unconstrained};
use crate::rng::stream;

/// What it costs to lose to each sign, and so the only equilibrium is not uniform.
pub(super) const STAKES: [f64; 3] = [1.0, 2.0, 3.0];

/// Points a side of the grid on which the hill is a matrix game; it has 0 and both ends.
pub(super) const GRID: usize = 21;

/// Mirror descent on one random game.
pub(super) struct Random {
    pub(super) size: usize,
    pub(super) index: usize,
    /// By linear programming.
    pub(super) solved: Equilibrium,
    /// max A − min A.
    pub(super) range: f64,
    /// What the averages guarantee, from below and from above.
    pub(super) lower: f64,
    pub(super) upper: f64,
    /// The bound on their difference.
    pub(super) bound: f64,
}

/// A step of mirror descent on stone–paper–scissors.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    /// How many iterates the averages are of.
    pub(super) steps: usize,
    /// The duality gap of the averages,
    pub(super) average: f64,
    /// of the iterate after them,
    pub(super) last: f64,
    /// and what it is bounded by.
    pub(super) bound: f64,
}

/// The whole course on stone–paper–scissors.
pub(super) struct Course {
    pub(super) seen: Vec<Seen>,
    /// KL(p*‖p) + KL(q*‖q) of each iterate.
    pub(super) divergence: Vec<f64>,
    /// The least duality gap of an iterate in the second half.
    pub(super) least_gap: f64,
}

/// The mean of the iterates, and at some steps what they guarantee.
struct Watch<'a> {
    game: &'a MatrixGame,
    equilibrium: Option<&'a Equilibrium>,
    sum: Vec<f64>,
    seen: Vec<(usize, Vec<f64>, Vec<f64>)>,
    divergence: Vec<f64>,
    gaps: Vec<f64>,
    next: f64,
    last_step: usize,
}

impl Observer for Watch<'_> {
    fn see(&mut self, iterate: &Iterate<'_>) -> ControlFlow<()> {
        let count = iterate.step;
        if count as f64 >= self.next || (count == self.last_step && count > 0) {
            let average = self.sum.iter().map(|sum| sum / count as f64).collect();
            self.seen.push((count, average, iterate.x.to_vec()));
            self.next *= 1.25;
        }
        if let Some(equilibrium) = self.equilibrium {
            let solution = equilibrium.p.iter().chain(&equilibrium.q);
            let parts = solution.zip(iterate.x).map(|(s, z)| s * (s / z).ln());
            self.divergence.push(parts.sum());
            let (p, q) = iterate.x.split_at(self.game.n_first());
            // A strategy is never refused here; NaN would tell.
            self.gaps
                .push(bracket(self.game, p, q).map_or(f64::NAN, |b| b.gap()));
        }
        for (sum, z) in self.sum.iter_mut().zip(iterate.x) {
            *sum += z;
        }
        ControlFlow::Continue(())
    }
}

impl MixedNash {
    fn watch<'a>(
        &self,
        game: &'a MatrixGame,
        solved: Option<&'a Equilibrium>,
    ) -> Result<(Watch<'a>, MirrorDescent, Vec<f64>)> {
        let (m, n) = game.a.dim();
        let start = [vec![1.0 / m as f64; m], vec![1.0 / n as f64; n]].concat();
        let method = MirrorDescent::best(m, n, game.range(), self.steps)?;
        let mut watch = Watch {
            game,
            equilibrium: solved,
            sum: vec![0.0; m + n],
            seen: Vec::new(),
            divergence: Vec::new(),
            gaps: Vec::new(),
            next: 1.0,
            last_step: self.steps,
        };
        let settings = PlaySettings {
            steps: self.steps,
            ..PlaySettings::default()
        };
        // Nothing is drawn.
        let rng = &mut stream(0, "none", 0);
        play(
            game,
            &method,
            &Unconstrained,
            &start,
            &settings,
            rng,
            &mut watch,
        )?;
        Ok((watch, method, start))
    }

    /// Random games with entries uniform in [−1, 1].
    pub(super) fn random_games(&self, seed: u64, context: &Context) -> Result<Vec<Random>> {
        let all = context.sweep(
            "matrix games",
            &self.sizes,
            self.games,
            seed,
            |&size, draw| self.random_game(size, draw),
        )?;
        Ok(all.into_iter().flatten().collect())
    }

    fn random_game(&self, size: usize, draw: Draw) -> Result<Random> {
        let mut rng = draw.rng("payoffs");
        let a = Array2::from_shape_simple_fn((size, size), || 2.0 * rng.random::<f64>() - 1.0);
        let game = MatrixGame::new(a)?;
        let (watch, method, start) = self.watch(&game, None)?;
        let (_, average, _) = &watch.seen[watch.seen.len() - 1];
        let (p, q) = average.split_at(size);
        let found = bracket(&game, p, q)?;
        Ok(Random {
            size,
            index: draw.index as usize % self.games,
            solved: solve_matrix_game(&game)?,
            range: game.range(),
            lower: found.lower,
            upper: found.upper,
            bound: method.gap_bound(&start, game.range(), self.steps),
        })
    }

    /// Stone–paper–scissors with unequal stakes.
    pub(super) fn stone_paper_scissors(&self) -> Result<Course> {
        let game = MatrixGame::stone_paper_scissors(STAKES)?;
        let solved = solve_matrix_game(&game)?;
        let (watch, method, start) = self.watch(&game, Some(&solved))?;
        let gap = |z: &[f64]| bracket(&game, &z[..3], &z[3..]).map(|b| b.gap());
        let seen = watch.seen.iter().map(|(steps, average, last)| {
            Ok(Seen {
                steps: *steps,
                average: gap(average)?,
                last: gap(last)?,
                bound: method.gap_bound(&start, game.range(), *steps),
            })
        });
        Ok(Course {
            seen: seen.collect::<Result<Vec<Seen>>>()?,
            least_gap: crate::stats::least(&watch.gaps[self.steps / 2..]),
            divergence: watch.divergence,
        })
    }
}

/// The hill where both may choose among the points of a grid.
pub(super) fn hill_on_a_grid() -> Result<Equilibrium> {
    let place = |i: usize| -2.0 + 4.0 * i as f64 / (GRID - 1) as f64;
    let payoff = |(i, j)| Hill.payoff(&[place(i), place(j)]);
    solve_matrix_game(&MatrixGame::new(Array2::from_shape_fn(
        (GRID, GRID),
        payoff,
    ))?)
}
