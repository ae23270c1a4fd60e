//! Settings, the rows of the table, and how a run is asked.

use crate::error::Result;
use crate::experiment::{row, settings};
use crate::game::method::EgPlus;
use crate::game::{Game, Method, PlaySettings, Played, play};
use crate::optimise::{Observer, Unconstrained, Unseen};
use crate::real::norm;
use crate::rng::stream;

settings! {
    /// Settings of `weak_minty`.
    pub struct WeakMinty {
        /// ρ of the quadratic game, at which the weak Minty inequality is an equality; |ρ| ≤ 1/L.
        rho: f64 = -0.11, in -100.0..=100.0;
        /// L of the quadratic game.
        lipschitz: f64 = 3.0, in 0.01..=1000.0;
        /// The share α of the update of EG+ in panel (b).
        alpha: f64 = 0.25, in 0.001..=1.0;
        /// Cells of panel (a) along each side.
        cells: usize = 40, quick 20, in 4..=400;
        /// Steps on the forsaken game; EG+ takes ten times as many.
        steps: usize = 12_000, quick 4_000, in 2_000..=1_000_000;
    }
}

row! {
    /// One number of a run.
    pub(super) struct Point {
        /// factor: of EG+ with γ = 1/L on the quadratic game; constant: L or ρ of a game, the middle of its bracket; turns: the largest γ on xy
        part: &'static str;
        /// what is measured
        what: &'static str;
        /// ρL of the quadratic game
        rho_l: Option<f64>;
        /// α, the share of the update
        alpha: Option<f64>;
        /// the measured number
        measured: f64;
        /// the number by theory, where one is known
        predicted: Option<f64>;
    }
}

impl Point {
    /// |measured/predicted − 1|.
    pub(super) fn apart(&self) -> f64 {
        (self.measured / self.predicted.unwrap_or(f64::NAN) - 1.0).abs()
    }
}

impl WeakMinty {
    /// ρL.
    pub(super) fn share(&self) -> f64 {
        self.rho * self.lipschitz
    }
}

/// Plays from `start` without noise, nowhere stopped but at `stop`.
pub(super) fn run(
    game: &impl Game,
    method: &impl Method,
    start: [f64; 2],
    steps: usize,
    stop: Option<f64>,
    observer: &mut impl Observer,
) -> Result<Played> {
    let settings = PlaySettings {
        steps,
        stop,
        limit: 1e200,
    };
    let unused = &mut stream(0, "no noise", 0);
    play(
        game,
        method,
        &Unconstrained,
        &start,
        &settings,
        unused,
        observer,
    )
}

/// (‖z_K‖/‖z₀‖)^(1/K) of a method on a linear game, from step K on for K more.
pub(super) fn growth(game: &impl Game, method: &impl Method, steps: usize) -> Result<f64> {
    let first = run(game, method, [0.6, 0.8], steps, None, &mut Unseen)?;
    let middle = [first.z[0], first.z[1]];
    let size = norm([&middle[..]]);
    let unit = middle.map(|z| z / size);
    let last = run(game, method, unit, steps, None, &mut Unseen)?;
    Ok(norm([&last.z[..]]).powf(1.0 / last.steps as f64))
}

/// EG+ with γ and α.
pub(super) fn eg_plus(gamma: f64, alpha: f64) -> EgPlus {
    EgPlus::new(gamma, alpha)
}

/// Where `below` turns from true to false between the two, by bisection; the lower end where it is false from the start, the
/// upper where it is true to the end.
pub(super) fn last_true(
    [low, high]: [f64; 2],
    mut below: impl FnMut(f64) -> Result<bool>,
) -> Result<f64> {
    let (mut low, mut high) = (low, high);
    if below(high)? {
        return Ok(high);
    }
    for _ in 0..40 {
        let middle = f64::midpoint(low, high);
        match below(middle)? {
            true => low = middle,
            false => high = middle,
        }
    }
    Ok(low)
}
