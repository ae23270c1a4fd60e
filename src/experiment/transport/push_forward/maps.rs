//! Maps of a normal number, with their branches.

use statrs::distribution::{ContinuousCDF, Normal};

use crate::error::Result;
use crate::transport::PushForward;

/// A function of one number.
type Function = fn(f64) -> f64;

/// A map h with what is known of it.
pub(super) struct Map {
    pub(super) name: &'static str,
    pub(super) words: &'static str,
    pub(super) h: Function,
    pub(super) slope: Function,
    /// Where it turns.
    turns: &'static [f64],
    /// The places between which its histogram is drawn.
    pub(super) range: (f64, f64),
    /// P(h(ω) ≤ this) is what the claims are about.
    pub(super) level: f64,
}

/// Beyond, a normal number does not come: its probability is below 10⁻²⁸.
pub(super) const END: f64 = 11.0;

pub(super) static MAPS: [Map; 5] = [
    Map {
        name: "square",
        words: "ω²",
        h: |w| w * w,
        slope: |w| 2.0 * w,
        turns: &[0.0],
        range: (0.0, 6.0),
        level: 1.0,
    },
    Map {
        name: "fold",
        words: "ω³ − 3ω",
        h: |w| w.powi(3) - 3.0 * w,
        slope: |w| 3.0 * w * w - 3.0,
        turns: &[-1.0, 1.0],
        range: (-5.0, 5.0),
        level: 0.5,
    },
    Map {
        name: "decay",
        words: "e^(−ω)",
        h: |w| (-w).exp(),
        slope: |w| -(-w).exp(),
        turns: &[],
        range: (0.0, 5.0),
        level: 1.0,
    },
    Map {
        name: "exp",
        words: "e^ω",
        h: f64::exp,
        slope: f64::exp,
        turns: &[],
        range: (0.0, 5.0),
        level: 1.0,
    },
    Map {
        name: "cube",
        words: "ω³",
        h: |w| w.powi(3),
        slope: |w| 3.0 * w * w,
        turns: &[],
        range: (-4.0, 4.0),
        level: 1.0,
    },
];

/// The standard normal density.
pub(super) fn normal(w: f64) -> f64 {
    (-0.5 * w * w).exp() / std::f64::consts::TAU.sqrt()
}

/// The standard normal distribution function.
pub(super) fn normal_cdf(w: f64) -> f64 {
    Normal::standard().cdf(w)
}

impl Map {
    pub(super) fn push(&self) -> Result<PushForward<Function, Function>> {
        let mut ends = vec![-END];
        ends.extend(self.turns);
        ends.push(END);
        PushForward::new(self.h, self.slope, &ends)
    }

    /// Whether h takes a critical value between the two: where it turns, and where the cube stands still.
    pub(super) fn is_singular(&self, from: f64, to: f64) -> bool {
        let still = self.turns.iter().chain((self.name == "cube").then_some(&0.0));
        still.map(|w| (self.h)(*w)).any(|y| from <= y && y <= to)
    }

    /// ∫ of the density with one inverse over y ≤ `level`: of the last branch that meets each y, with the sign of its slope.
    pub(super) fn one_branch_below(&self, level: f64) -> Result<f64> {
        let push = self.push()?;
        let last = |y: f64| push.preimages(y).pop();
        let Some(top) = last(level) else {
            return Ok(0.0);
        };
        let below = |w: f64| normal_cdf(w);
        Ok(match self.name {
            "decay" => -(1.0 - below(top)),
            // From its last turn on; below the least value there, the first branch is the last that meets y.
            "square" => below(top) - below(0.0),
            "fold" => below(top) - below(1.0) + below(-2.0),
            _ => below(top),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ∫ of the density with one inverse, by the trapezium rule where it has no pole.
    #[test]
    fn one_branch_is_its_integral() {
        for map in &MAPS {
            let push = map.push().unwrap();
            // From the level on to where little is left.
            let (from, to, steps) = (map.level, 60.0, 400_000);
            let width = (to - from) / f64::from(steps);
            let sum: f64 = (0..steps)
                .map(|k| push.one_branch(from + (f64::from(k) + 0.5) * width, normal) * width)
                .sum();
            let all = map.one_branch_below(60.0).unwrap() - map.one_branch_below(map.level).unwrap();
            // The fold has a critical value at 2.
            let near = if map.name == "fold" { 1e-2 } else { 1e-5 };
            assert!((sum - all).abs() < near, "{}: {sum} {all}", map.name);
        }
    }
}
