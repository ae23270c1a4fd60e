//! Histograms of mapped numbers, beside the formula.

use super::maps::{Map, normal, normal_cdf};
use super::settings::{Bin, PushForwardDensity};
use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::rng::Rng;

/// One map, sampled.
pub(super) struct Sampled {
    pub(super) map: &'static Map,
    pub(super) bins: Vec<Bin>,
    /// Samples at or below the map's level.
    pub(super) below: u64,
    /// Samples in all.
    pub(super) samples: u64,
    /// P(h(ω) ≤ level), over all branches.
    pub(super) predicted: f64,
    /// The same with one inverse.
    pub(super) one_branch: f64,
    /// The largest difference of a bin's probability and the integral of the density over it, where that has a bound.
    pub(super) off: f64,
}

/// Maps normal numbers and counts them.
pub(super) fn sample(
    settings: &PushForwardDensity,
    map: &'static Map,
    rng: &mut Rng,
) -> Result<Sampled> {
    let push = map.push()?;
    let (low, high) = map.range;
    let width = (high - low) / settings.bins as f64;
    let edge = |bin: usize| low + width * bin as f64;
    let mut counts = vec![0_u64; settings.bins];
    let mut below = 0;
    // Piece by piece: memory does not grow with the samples.
    let mut left = settings.samples;
    while left > 0 {
        let piece = left.min(10_000);
        for w in &gaussian(piece, 1, rng)? {
            let y = (map.h)(*w);
            below += u64::from(y <= map.level);
            let place = ((y - low) / width).floor();
            if place >= 0.0 && place < settings.bins as f64 {
                counts[place as usize] += 1;
            }
        }
        left -= piece;
    }
    let samples = settings.samples as f64;
    let mut off = 0.0;
    let mut bins = Vec::new();
    for (bin, count) in counts.into_iter().enumerate() {
        let (from, to) = (edge(bin), edge(bin + 1));
        let exact = push.cdf(to, normal_cdf) - push.cdf(from, normal_cdf);
        let singular = map.is_singular(from - width, to + width);
        if !singular {
            let integral = simpson(from, to, |y| push.density(y, normal));
            off = crate::stats::larger(off, (integral - exact).abs());
        }
        bins.push(Bin {
            map: map.name,
            from,
            to,
            share: count as f64 / samples,
            all_branches: exact,
            one_branch: map.one_branch_below(to)? - map.one_branch_below(from)?,
            count,
            singular,
        });
    }
    Ok(Sampled {
        map,
        bins,
        below,
        samples: settings.samples as u64,
        predicted: push.cdf(map.level, normal_cdf),
        one_branch: map.one_branch_below(map.level)?,
        off,
    })
}

/// Simpson's rule with 64 intervals.
fn simpson(from: f64, to: f64, f: impl Fn(f64) -> f64) -> f64 {
    let count = 64;
    let width = (to - from) / f64::from(count);
    let value = |k: i32| {
        let weight = match k {
            0 => 1.0,
            k if k == count => 1.0,
            k if k % 2 == 1 => 4.0,
            _ => 2.0,
        };
        weight * f(from + width * f64::from(k))
    };
    (0..=count).map(value).sum::<f64>() * width / 3.0
}
