//! Where the flow ends, and how far a point is from there.

use crate::error::{Error, Result};
use crate::game::{FlowSettings, Time, Walk};
use crate::optimise::Field;
use crate::stats::{largest, least};

/// After this time the flow is taken to be where it ends.
const SETTLED: f64 = 300.0;

/// For how long it is then watched, and how often: more than one turn.
const WATCHED: (f64, usize) = (8.0, 1600);

/// Smaller than this a limit is a point.
const POINT: f64 = 1e-6;

/// A point, or a cycle as a chain of points.
pub(super) struct Limit {
    pub chain: Vec<[f64; 2]>,
}

/// Where ż = −V(z) ends from `start`.
pub(super) fn limit(field: &impl Field, start: [f64; 2]) -> Result<Limit> {
    let settings = FlowSettings {
        tolerance: 1e-10,
        ..FlowSettings::default()
    };
    let mut walk = Walk::new(field, &start, Time::Forward, &settings)?;
    let (time, count) = WATCHED;
    let mut chain = Vec::new();
    for index in 0..=count {
        let until = SETTLED + time * index as f64 / count as f64;
        if !walk.until(until)? {
            return Err(Error::domain("the flow", "bounded", walk.t));
        }
        chain.push([walk.z[0], walk.z[1]]);
    }
    let mut limit = Limit { chain };
    if limit.point().is_some() {
        limit.chain.truncate(1);
    }
    Ok(limit)
}

impl Limit {
    /// The point, if it is one.
    pub(super) fn point(&self) -> Option<[f64; 2]> {
        let first = self.chain[0];
        let apart = self.chain.iter().map(|z| distance(*z, first));
        (largest(apart.collect::<Vec<f64>>()) < POINT).then_some(first)
    }

    /// How far z is from it.
    pub(super) fn distance(&self, z: [f64; 2]) -> f64 {
        if let [point] = self.chain[..] {
            return distance(z, point);
        }
        let links = self
            .chain
            .windows(2)
            .map(|link| to_link(z, link[0], link[1]));
        least(links.collect::<Vec<f64>>())
    }

    /// The mean distance of its points from another limit.
    pub(super) fn gap(&self, other: &Self) -> f64 {
        let sum: f64 = self.chain.iter().map(|z| other.distance(*z)).sum();
        sum / self.chain.len() as f64
    }
}

pub(super) fn distance(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// From z to the straight piece between a and b.
fn to_link(z: [f64; 2], a: [f64; 2], b: [f64; 2]) -> f64 {
    let along = [b[0] - a[0], b[1] - a[1]];
    let square = along[0] * along[0] + along[1] * along[1];
    let share = ((z[0] - a[0]) * along[0] + (z[1] - a[1]) * along[1]) / square;
    let share = share.clamp(0.0, 1.0);
    distance(z, [a[0] + share * along[0], a[1] + share * along[1]])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::arena::{Polar, Quadratic};

    #[test]
    fn limits_are_points_and_cycles() {
        let point = limit(&Quadratic { a: 1.0, b: 0.3 }, [1.0, 0.5]).expect("bounded");
        assert!(point.point().is_some() && point.distance([0.3, 0.4]) - 0.5 < 1e-9);
        let cycle = limit(&Polar::default(), [0.8, 0.0]).expect("bounded");
        assert!(cycle.point().is_none());
        assert!((cycle.distance([0.3, 0.4]) - 0.5).abs() < 1e-5);
        assert!((cycle.gap(&point) - 1.0).abs() < 1e-6);
    }
}
