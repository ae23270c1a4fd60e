//! How far a run strays from the flow in a window of the flow's time.

use statrs::distribution::{ChiSquared, ContinuousCDF};

use super::limit::distance;
use super::settings::{Chosen, Point, RobbinsMonro};
use crate::error::{Error, Result};
use crate::experiment::Context;
use crate::game::method::Gda;
use crate::game::{FlowSettings, Game, Noisy, PlaySettings, Time, flow, play};
use crate::optimise::{Field, Schedule, Unconstrained, Unseen};
use crate::rng::{Rng, stream};
use crate::stats::{Estimate, smaller};

/// The window, in time of the flow.
const WINDOW: f64 = 2.0;

/// Steps after which a window begins.
const FIRST: [usize; 4] = [0, 300, 3000, 30_000];

/// Windows of one game, the longest steps first.
pub(super) struct Shadow {
    pub game: Chosen,
    pub windows: Vec<Window>,
}

/// One window, always from the game's start.
pub(super) struct Window {
    /// The first step.
    pub step: f64,
    /// E‖z − Φ‖² at its end over runs.
    pub square: Estimate,
    /// tr Σ + ‖m‖²: noise carried along the path, and m, what the steps alone are off.
    pub law: f64,
    /// ‖m‖.
    pub euler: f64,
    /// Σ‖z − z̄‖² over runs, z̄ the end without noise, and tr Σ.
    around: f64,
    spread: f64,
}

impl RobbinsMonro {
    /// How many steps from `first` on fill the window, and their time.
    fn fill(&self, first: usize) -> (usize, f64) {
        let (mut k, mut time) = (0, 0.0);
        while time < WINDOW {
            time += self.step(first + k);
            k += 1;
        }
        (k, time)
    }

    fn end(
        &self,
        (game, noise): (Chosen, f64),
        (first, steps): (usize, usize),
        rng: &mut Rng,
    ) -> Result<[f64; 2]> {
        let settings = PlaySettings {
            steps,
            ..PlaySettings::default()
        };
        let method = self.template(first);
        let start = game.start();
        let field = Noisy::gaussian(game, noise)?;
        let end = play(
            &field,
            &method,
            &Unconstrained,
            &start,
            &settings,
            rng,
            &mut Unseen,
        )?;
        Ok([end.z[0], end.z[1]])
    }

    pub(super) fn shadow(&self, game: Chosen, seed: u64, context: &Context) -> Result<Shadow> {
        let noise = self.noise;
        let fills = FIRST.map(|first| (first, self.fill(first)));
        let ends = context.sweep(
            "windows",
            &fills,
            self.draws,
            seed,
            |(first, (steps, _)), draw| {
                self.end((game, noise), (*first, *steps), &mut draw.rng(game.name()))
            },
        )?;
        let mut windows = Vec::new();
        for ((first, (steps, time)), ends) in fills.into_iter().zip(ends) {
            let settings = FlowSettings::default();
            let target = flow(&game, &game.start(), time, Time::Forward, &settings)?;
            let target = target.ok_or_else(|| Error::domain("the flow", "bounded", time))?;
            let square = |z: &[f64; 2]| (z[0] - target[0]).powi(2) + (z[1] - target[1]).powi(2);
            let (path_end, spread) = self.carried(game, first, steps)?;
            let euler = square(&path_end);
            let around = ends.iter().map(|z| distance(*z, path_end).powi(2)).sum();
            windows.push(Window {
                around,
                spread,
                step: self.step(first),
                square: Estimate::of(&ends, square)?,
                law: spread + euler,
                euler: euler.sqrt(),
            });
        }
        Ok(Shadow { game, windows })
    }

    /// The end of the run without noise, and tr Σ of Σ ← (1 − αJ)Σ(1 − αJ)ᵀ + α²σ²·1 along it: exact for a linear field.
    fn carried(&self, game: Chosen, first: usize, steps: usize) -> Result<([f64; 2], f64)> {
        let (mut z, mut v) = (game.start(), [0.0; 2]);
        // Σ = (p, q; q, r).
        let (mut p, mut q, mut r) = (0.0, 0.0, 0.0);
        for k in first..first + steps {
            let alpha = self.step(k);
            let j = game.jacobian(&z)?;
            let (a, b) = (1.0 - alpha * j[[0, 0]], -alpha * j[[0, 1]]);
            let (c, d) = (-alpha * j[[1, 0]], 1.0 - alpha * j[[1, 1]]);
            let kick = (alpha * self.noise).powi(2);
            (p, q, r) = (
                a * a * p + 2.0 * a * b * q + b * b * r + kick,
                a * c * p + (a * d + b * c) * q + b * d * r,
                c * c * p + 2.0 * c * d * q + d * d * r + kick,
            );
            game.at(&z, &mut v)?;
            z = [z[0] - alpha * v[0], z[1] - alpha * v[1]];
        }
        Ok((z, p + r))
    }
}

/// Where the quadratic game's run without noise ends with steps `rate`·(1 + k/`scale`)^(−3/2).
pub(super) fn finite_sum((rate, scale): (f64, f64), steps: usize) -> Result<[f64; 2]> {
    let method = Gda {
        schedule: Schedule::Power {
            scale,
            exponent: 1.5,
        },
        ..Gda::together(rate)
    };
    let settings = PlaySettings {
        steps,
        ..PlaySettings::default()
    };
    let (game, unused) = (Chosen::QUADRATIC, &mut stream(0, "no noise", 0));
    let start = game.start();
    let end = play(
        &game,
        &method,
        &Unconstrained,
        &start,
        &settings,
        unused,
        &mut Unseen,
    )?;
    Ok([end.z[0], end.z[1]])
}

impl Shadow {
    /// Of a linear field that turns and shrinks alike in all directions Σ is a multiple of 1: 2Σ‖z − z̄‖²/tr Σ has the law χ² with two
    /// degrees of freedom a run. The chance of a sum as far out as this, on either side.
    pub(super) fn p_values(&self) -> Result<Vec<f64>> {
        let of = |window: &Window| {
            let freedom = 2.0 * window.square.draws as f64;
            let law = ChiSquared::new(freedom)
                .map_err(|_| Error::domain("the degrees of freedom", "positive", freedom))?;
            let sum = 2.0 * window.around / window.spread;
            Ok(2.0 * smaller(law.cdf(sum), law.sf(sum)))
        };
        self.windows.iter().map(of).collect()
    }

    pub(super) fn points(&self) -> impl Iterator<Item = Point> {
        self.windows.iter().map(|window| Point {
            part: "shadow",
            game: self.game.name(),
            step: window.step,
            bias: 0.0,
            measured: window.square,
            predicted: window.law,
        })
    }
}
