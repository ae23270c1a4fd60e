//! L and ρ of games over a region, bracketed.

use super::settings::{Point, run};
use crate::error::{Error, Result};
use crate::experiment::{Claim, Draft};
use crate::game::Game;
use crate::game::arena::{Forsaken, GlobalForsaken, Polar};
use crate::game::method::CurvatureEgPlus;
use crate::game::weak_minty::{Bracket, Search, lipschitz, weak_minty};
use crate::optimise::{Cuboid, Set, Status, Unseen};
use crate::real::norm;

/// The half side of the square on which the forsaken game is judged, and of that of the polar game.
pub(super) const SIDES: (f64, f64) = (1.5, 1.1);

/// a of the polar games.
const PUSHES: [f64; 3] = [1.0, 0.75, 1.0 / 3.0];

/// Where a search for the least ratio that goes downhill from here ends in a local minimum.
const TRAP: [f64; 2] = [-1.0, -0.1];

/// L and ρ of one game.
pub(super) struct Constants {
    name: &'static str,
    l: Bracket,
    /// Closed form.
    exact_l: Option<f64>,
    rho: Bracket,
    exact_rho: Option<f64>,
}

/// Those of all games, and what is known of the forsaken one's landscape.
pub(super) struct Landscape {
    pub all: Vec<Constants>,
    /// The solution of the forsaken game.
    pub star: [f64; 2],
    /// Where downhill from [`TRAP`] ends, and the ratio there.
    pub trap: ([f64; 2], f64),
}

fn square(half: f64) -> Cuboid {
    Cuboid {
        low: vec![-half; 2],
        high: vec![half; 2],
    }
}

/// max |φ‴| over |u| ≤ `to` for φ‴ = cu³ − au: at the end, or where it is flat.
fn bend(a: f64, c: f64, to: f64) -> f64 {
    let end = (c * to.powi(3) - a * to).abs();
    let inside = 2.0 * a / 3.0 * (a / (3.0 * c)).sqrt();
    if end > inside { end } else { inside }
}

/// ⟨V(z), z − z*⟩/‖V(z)‖².
pub(super) fn ratio(game: &impl Game, star: [f64; 2], z: [f64; 2]) -> Result<f64> {
    let mut v = [0.0; 2];
    game.at(&z, &mut v)?;
    let push = v[0] * (z[0] - star[0]) + v[1] * (z[1] - star[1]);
    Ok(push / norm([&v[..]]).powi(2))
}

pub(super) fn forsaken_star() -> Result<[f64; 2]> {
    let game = Forsaken::default();
    let method = CurvatureEgPlus::of(&game);
    let end = run(
        &game,
        &method,
        [0.1, 0.4],
        100_000,
        Some(1e-13),
        &mut Unseen,
    )?;
    match end.status {
        Status::Reached => Ok([end.z[0], end.z[1]]),
        _ => Err(Error::domain(
            "‖V‖ at the solution",
            "at most 10⁻¹³",
            end.field_norm,
        )),
    }
}

fn of(
    name: &'static str,
    (game, star): (&impl Game, [f64; 2]),
    (region, bend): (&impl Set, f64),
    [exact_l, exact_rho]: [Option<f64>; 2],
) -> Result<Constants> {
    let search = Search {
        tolerance: 2e-6,
        ..Search::default()
    };
    Ok(Constants {
        name,
        l: lipschitz(game, region, bend, &search)?,
        exact_l,
        rho: weak_minty(game, &star, region, bend, &search)?,
        exact_rho,
    })
}

pub(super) fn landscape() -> Result<Landscape> {
    let star = forsaken_star()?;
    let game = Forsaken::default();
    let l = (0.5 * (993_841.0 + 1089.0 * 801_761.0_f64.sqrt())).sqrt() / 80.0;
    let region = square(SIDES.0);
    let field = (&region, bend(12.0, 20.0, SIDES.0));
    let mut all = vec![of("forsaken", (&game, star), field, [Some(l), None])?];
    let l = (0.5 * (74_125_591.0 + 9409.0 * 59_721_901.0_f64.sqrt())).sqrt() / 2835.0;
    let wide = square(4.0 / 3.0);
    let field = (&wide, bend(8.0, 80.0 / 7.0, 4.0 / 3.0));
    let names = ["polar, a = 1", "polar, a = 3/4", "polar, a = 1/3"];
    all.push(of(
        "global forsaken",
        (&GlobalForsaken, [0.0; 2]),
        field,
        [Some(l), None],
    )?);
    let region = square(SIDES.1);
    let r = SIDES.1 * std::f64::consts::SQRT_2;
    for (name, a) in names.into_iter().zip(PUSHES) {
        // V = az·s(r²) + b·(a rotation), s = t² − 25t/16 + 9/16: ‖D²(z·s)‖ ≤ 6r|s'| + 4r³s″.
        let bend = a * (6.0 * r * (2.0 * r * r - 25.0 / 16.0) + 8.0 * r.powi(3));
        // Least push, −49/1024 at r² = 25/32.
        let push = -49.0 / 1024.0 * a;
        let exact = push / (1.0 + push * push);
        let game = (&Polar { a, b: 1.0 }, [0.0; 2]);
        all.push(of(name, game, (&region, bend), [None, Some(exact)])?);
    }
    Ok(Landscape {
        all,
        star,
        trap: downhill(&game, star, TRAP)?,
    })
}

/// A local minimum of the ratio, by steps along the axes that halve where none leads down.
fn downhill(game: &impl Game, star: [f64; 2], start: [f64; 2]) -> Result<([f64; 2], f64)> {
    let (mut z, mut step) = (start, 0.01);
    let mut here = ratio(game, star, z)?;
    while step > 1e-9 {
        let mut moved = false;
        for (axis, sign) in [(0, 1.0), (0, -1.0), (1, 1.0), (1, -1.0)] {
            let mut next = z;
            next[axis] += sign * step;
            let there = ratio(game, star, next)?;
            if there < here {
                (z, here, moved) = (next, there, true);
            }
        }
        if !moved {
            step *= 0.5;
        }
    }
    Ok((z, here))
}

impl Constants {
    fn points(&self) -> [Point; 2] {
        let point = |part, measured, predicted| Point {
            part,
            what: self.name,
            rho_l: None,
            alpha: None,
            measured,
            predicted,
        };
        [
            point("constant L", self.l.middle(), self.exact_l),
            point("constant ρ", self.rho.middle(), self.exact_rho),
        ]
    }

    /// The least and the largest that ρ + 1/2L may be.
    fn room(&self) -> [f64; 2] {
        [
            self.rho.low + 0.5 / self.l.high,
            self.rho.high + 0.5 / self.l.low,
        ]
    }
}

impl Landscape {
    /// L of the forsaken game.
    pub(super) fn forsaken_lipschitz(&self) -> f64 {
        self.all[0].l.middle()
    }

    /// Where the forsaken game's ratio is least.
    pub(super) fn least(&self) -> [f64; 2] {
        self.all[0].rho.at
    }

    pub(super) fn points(&self) -> impl Iterator<Item = Point> {
        self.all.iter().flat_map(Constants::points)
    }

    pub(super) fn claims(&self, mut found: Draft) -> Draft {
        for game in &self.all {
            for (what, bracket, exact) in [
                ("L", &game.l, game.exact_l),
                ("ρ", &game.rho, game.exact_rho),
            ] {
                let Some(exact) = exact else { continue };
                let text = format!(
                    "{}: {what} by a search that brackets it, the closed form; within half the bracket",
                    game.name
                );
                // Beside the bracket's half width what rounding may add.
                let tolerance = bracket.half_width() + 1e-9;
                found = found.claim(Claim::equals(&text, exact, bracket.middle(), tolerance));
            }
        }
        let [forsaken, global, polar, inside, _] = &self.all[..] else {
            return found;
        };
        let reach = |text: &str, outside: bool, game: &Constants| match outside {
            true => Claim::less_than(text, 0.0, game.room()[1], 0.0),
            false => Claim::greater_than(text, 0.0, game.room()[0], 0.0),
        };
        found
            .claim(reach(
                "forsaken: ρ is below −1/2L, no theorem promises that EG+ converges: ρ + 1/2L at most",
                true,
                forsaken,
            ))
            .headline()
            .measure("forsaken_lipschitz", forsaken.l.middle())
            .measure("forsaken_rho", forsaken.rho.middle())
            .claim(Claim::less_than(
                "forsaken: ρ is below −0.478, where a search downhill from (−1, −0.1) ends: the bracket's upper end",
                self.trap.1,
                forsaken.rho.high,
                0.0,
            ))
            .measure("forsaken_local_minimum", self.trap.1)
            .claim(reach(
                "global forsaken: ρ is above −1/2L, EG+ converges from everywhere: ρ + 1/2L at least",
                false,
                global,
            ))
            .measure("global_forsaken_lipschitz", global.l.middle())
            .measure("global_forsaken_rho", global.rho.middle())
            .claim(reach(
                "polar game, a = 1: ρ is below −1/2L: ρ + 1/2L at most",
                true,
                polar,
            ))
            .measure("polar_limit", -0.5 / polar.l.middle())
            .claim(reach(
                "polar game, a = 3/4: ρ is just above −1/2L: ρ + 1/2L at least",
                false,
                inside,
            ))
            .measured_as("polar_room")
    }
}
