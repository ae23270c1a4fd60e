//! The same picture a pixel further: as far as W₁ sees, and as far as ℓ₂ does.

use ndarray::Axis;

use super::settings::OtherThreats;
use super::victims::Victims;
use crate::attack::{Motion, transport_distance};
use crate::error::Result;
use crate::experiment::Context;
use crate::stats::least;

/// One picture, shifted.
pub(super) struct Shift {
    /// W₁ to itself.
    pub transport: f64,
    /// |W₁ − what the potential proves to be needed|.
    pub unproved: f64,
    /// ℓ₂ to itself, over its own length.
    pub relative: f64,
    /// ℓ₂ to itself, over that to the nearest test picture of the other class.
    pub beside_other: f64,
}

/// The directions in which a picture is shifted: the first that loses no grey.
const WAYS: [(f64, f64); 4] = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)];

/// Every test picture, but those that lose grey whichever way they go.
pub(super) fn shifts(
    settings: &OtherThreats,
    victims: &Victims,
    context: &Context,
) -> Result<Vec<Shift>> {
    let found = context.each("shifts", 0..settings.test, |row| one(victims, row))?;
    Ok(found.into_iter().flatten().collect())
}

fn one(victims: &Victims, row: usize) -> Result<Option<Shift>> {
    let x = victims.test.x.row(row);
    let mass = x.sum();
    for (right, down) in WAYS {
        let motion = Motion {
            right,
            down,
            ..Motion::default()
        };
        let picture = x.to_owned().insert_axis(Axis(0));
        let moved = motion.of(&picture, victims.picture(), 0.0)?;
        let moved = moved.row(0);
        if (moved.sum() - mass).abs() > 1e-12 * mass || mass == 0.0 {
            continue;
        }
        let transport = transport_distance(&x, &moved, victims.shape)?;
        let pairs = transport.potential.iter().zip(moved.iter().zip(&x));
        let proved = pairs.map(|(phi, (b, a))| phi * (b - a)).sum::<f64>() / mass;
        let length = |v: f64| v.sqrt();
        let own = length(moved.iter().zip(&x).map(|(b, a)| (b - a).powi(2)).sum());
        let y = victims.test.y[[row, 0]];
        let rows = victims.test.x.rows().into_iter().zip(&victims.test.y);
        let others = rows.filter(|(_, label)| **label != y);
        let other =
            least(others.map(|(other, _)| {
                length(other.iter().zip(&x).map(|(b, a)| (b - a).powi(2)).sum())
            }));
        return Ok(Some(Shift {
            transport: transport.distance,
            unproved: (transport.distance - proved).abs(),
            relative: own / length(x.iter().map(|v| v * v).sum()),
            beside_other: own / other,
        }));
    }
    Ok(None)
}
