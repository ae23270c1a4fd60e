//! What there is to end at: the point and the cycles, of the flow and of what a method follows.

use super::problem::Agreed;
use super::settings::LimitCycles;
use crate::error::Result;
use crate::game::{
    Critical, Cycle, FlowSettings, Time, Walk, critical_points, cycles, flow, planar_eigenvalues,
};
use crate::optimise::{Cuboid, Field};
use crate::real::norm;
use crate::stats::{largest, least, smaller};

/// How far from the point cycles are looked for.
const REACH: f64 = 2.0;

/// The point all turns around, and the two cycles next to it.
pub(super) struct Portrait {
    /// The critical point.
    pub(super) point: [f64; 2],
    /// The largest real part of the eigenvalues beside it: below 0 it attracts.
    pub(super) rate: f64,
    /// The cycle that repels.
    pub(super) repelling: Option<Cycle>,
    /// The outermost one that attracts.
    pub(super) attracting: Option<Cycle>,
}

impl LimitCycles {
    /// The critical points in the square ‖z‖∞ ≤ 1.5.
    pub(super) fn critical(&self) -> Result<Vec<Critical>> {
        let square = Cuboid {
            low: vec![-1.5; 2],
            high: vec![1.5; 2],
        };
        critical_points(&self.chosen(), &square, 9)
    }

    /// Of what the method follows with steps α, or of the flow for α = 0. Both vanish at the same points.
    pub(super) fn portrait(&self, point: [f64; 2], alpha: f64) -> Result<Portrait> {
        let field = self.followed(alpha);
        let found = cycles(&field, point, (0.02, REACH), 60, &FlowSettings::default())?;
        let (attracting, repelling): (Vec<Cycle>, Vec<Cycle>) =
            found.into_iter().partition(Cycle::attracts);
        let j = crate::game::Game::jacobian(&field.game, &point)?;
        // −(J − lead J²).
        let flows = field.lead * j.dot(&j) - &j;
        let rows = [
            [flows[(0, 0)], flows[(0, 1)]],
            [flows[(1, 0)], flows[(1, 1)]],
        ];
        Ok(Portrait {
            point,
            rate: planar_eigenvalues(rows)[0].0,
            repelling: repelling.into_iter().next(),
            attracting: attracting.into_iter().last(),
        })
    }

    /// How fast the flow comes nearer to the point, or leaves it: ln of the factor over half a turn by that time, from 10⁻⁵
    /// away, where the eigenvalues `re ± im·i` are not real.
    pub(super) fn measured_rate(&self, point: [f64; 2], im: f64) -> Result<Option<f64>> {
        if im == 0.0 {
            return Ok(None);
        }
        let (time, beside) = (std::f64::consts::PI / im, 1e-5);
        let settings = FlowSettings {
            tolerance: 1e-14,
            ..FlowSettings::default()
        };
        let start = [point[0] + beside, point[1]];
        let end = flow(&self.chosen(), &start, time, Time::Forward, &settings)?;
        Ok(end.map(|z| ((z[0] - point[0]).hypot(z[1] - point[1]) / beside).ln() / time))
    }
}

impl Portrait {
    /// A third of the least distance from the repelling cycle to what attracts: so near to one is near to no other.
    pub(super) fn near(&self) -> f64 {
        let gap = self.repelling.as_ref().map(|wall| self.gap(wall) / 3.0);
        smaller(gap.unwrap_or(0.1), 0.1)
    }

    /// The least distance from the repelling cycle to what attracts.
    pub(super) fn gap(&self, wall: &Cycle) -> f64 {
        let outer = self
            .attracting
            .iter()
            .map(|cycle| least(wall.path.iter().map(|z| cycle.distance(z))));
        let gaps = outer.chain([wall.distance(&self.point)]);
        least(gaps)
    }

    /// Whether what starts at z ends on the cycle; none where nothing attracts.
    pub(super) fn to_cycle(&self, z: &[f64]) -> Option<bool> {
        match (&self.repelling, &self.attracting) {
            (Some(wall), Some(_)) => Some(!wall.holds(z)),
            (None, Some(_)) if self.rate > 0.0 => Some(true),
            (None, None) if self.rate < 0.0 => Some(false),
            _ => None,
        }
    }

    /// How long what starts at a fixed share of the way takes until it is at rest: 25 over the slowest rate.
    pub(super) fn time(&self) -> f64 {
        let rate = |cycle: &Cycle| (cycle.multiplier.ln() / cycle.period).abs();
        let rates = self.repelling.iter().chain(&self.attracting).map(rate);
        25.0 / least(rates.chain([self.rate.abs()]))
    }
}

/// How far from the cycle the flow begins, within and without, and how far from it it is after so much time: the nearer start,
/// the farther end.
pub(super) fn approach(
    field: &impl Field,
    portrait: &Portrait,
    cycle: &Cycle,
) -> Result<(f64, f64)> {
    let inner = match &portrait.repelling {
        Some(wall) => 0.5 * (wall.crossing + cycle.crossing),
        None => 0.5 * cycle.crossing,
    };
    let settings = FlowSettings::default();
    let rate = (cycle.multiplier.ln() / cycle.period).abs();
    let time = 20.0 / rate + 20.0 * cycle.period;
    let (mut starts, mut ends) = (Vec::new(), Vec::new());
    for r in [inner, 1.1 * cycle.crossing] {
        let start = [portrait.point[0] + r, portrait.point[1]];
        starts.push(cycle.distance(&start));
        let end = flow(field, &start, time, Time::Forward, &settings)?;
        ends.push(end.map_or(f64::INFINITY, |z| cycle.distance(&z)));
    }
    Ok((least(starts), largest(ends)))
}

/// Who makes ½‖V‖² small together: f at the start, f at the end, least ‖∇f‖ on the way.
pub(super) struct Descent {
    pub(super) first: f64,
    pub(super) last: f64,
    pub(super) least: f64,
}

/// From the point z along −∇½‖V‖² for so long.
pub(super) fn agree<G: crate::game::Game>(game: G, z: &[f64], time: f64) -> Result<Descent> {
    let agreed = Agreed(game);
    let value = |z: &[f64]| -> Result<f64> {
        let mut v = vec![0.0; z.len()];
        agreed.0.at(z, &mut v)?;
        Ok(0.5 * norm([&v[..]]).powi(2))
    };
    let mut walk = Walk::new(&agreed, z, Time::Forward, &FlowSettings::default())?;
    let mut slopes = vec![norm([&walk.speed[..]])];
    while walk.t < time && walk.step(time - walk.t)? {
        slopes.push(norm([&walk.speed[..]]));
    }
    Ok(Descent {
        first: value(z)?,
        last: value(&walk.z)?,
        least: least(slopes),
    })
}
