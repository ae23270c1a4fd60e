//! Descent in the plane: along the shortest vector of the hull, and along one gradient.

use ndarray::Array2;
use rand::RngExt;

use super::kinks::{both_ends, in_plane};
use super::settings::Danskin;
use crate::attack::Plane;
use crate::error::Result;
use crate::experiment::Context;
use crate::stats::binomial_p_value;

/// A shortest vector no longer than this is 0: there is no way down.
const FLAT: f64 = 1e-9;

/// A run in the plane: its points, from (1, 0) on.
pub(super) struct Path {
    pub(super) points: Vec<[f64; 2]>,
}

impl Path {
    /// Normalised steps from (1, 0), with starts of the ascents by `starts`; along the first of the best gradients, or along the
    /// shortest vector of the hull.
    pub(super) fn new(
        step: f64,
        steps: usize,
        hull: bool,
        mut starts: impl FnMut() -> Array2<f64>,
    ) -> Result<Self> {
        let mut points = vec![[1.0, 0.0]];
        let mut x = points[0];
        for _ in 0..steps {
            let set = in_plane(x, &starts())?;
            let g = match hull {
                true => set.least_norm()?.point,
                false => set.gradients.row(0).to_owned(),
            };
            let length = g.dot(&g).sqrt();
            if length > FLAT {
                x = [x[0] - step * g[0] / length, x[1] - step * g[1] / length];
            }
            points.push(x);
        }
        Ok(Self { points })
    }

    /// f along the path.
    pub(super) fn values(&self) -> Vec<f64> {
        self.points.iter().map(|x| Plane::worst(*x)).collect()
    }

    /// f at its end.
    pub(super) fn end(&self) -> f64 {
        Plane::worst(self.points[self.points.len() - 1])
    }
}

/// What theory says of the run along the axis, x ← |x − step|: f at the end, and how many steps it takes before it rests at 0.
pub(super) fn along_the_axis(step: f64, steps: usize) -> (f64, usize) {
    let (mut x, mut moves) = (1.0_f64, 0);
    for _ in 0..steps {
        // Twice x is the length of the shortest vector.
        if 2.0 * x <= FLAT {
            break;
        }
        x = (x - step).abs();
        moves += 1;
    }
    (x * x + 1.0, moves)
}

/// A lower bound of f after steps along single gradients: of (2x₁, ±2(1 + |x₂|)) the first coordinate is at most a share
/// x₁/√(x₁² + 1), so x₁ ≥ a_k with a ← a(1 − step/√(a² + 1)), and f ≥ 1 + a².
pub(super) fn at_best(step: f64, steps: usize) -> f64 {
    let a = (0..steps).fold(1.0, |a: f64, _| a * (1.0 - step / (a * a + 1.0).sqrt()));
    1.0 + a * a
}

/// Runs with K attacks from random starts.
pub(super) struct Runs {
    pub(super) attacks: usize,
    /// f at the ends.
    pub(super) ends: Vec<f64>,
    /// The runs that ended as with all maximisers.
    pub(super) reached: u64,
    /// How likely that is: at each step both ends of [0, 1] are found by K starts, 1 − 2^(1−K).
    pub(super) chance: f64,
}

impl Runs {
    pub(super) fn p_value(&self) -> Result<f64> {
        binomial_p_value(self.chance, self.reached, self.ends.len() as u64)
    }

    pub(super) fn share(&self) -> f64 {
        self.reached as f64 / self.ends.len() as f64
    }
}

impl Danskin {
    /// The numbers of attacks that are compared.
    fn numbers(&self) -> Vec<usize> {
        let mut all = vec![1, 2, 3, 4, 5, 7, 10, self.attacks];
        all.sort_unstable();
        all.dedup();
        all
    }

    pub(super) fn plane_runs(&self, seed: u64, context: &Context) -> Result<Vec<Runs>> {
        let numbers = self.numbers();
        let (goal, moves) = along_the_axis(self.step, self.steps);
        let ends = context.sweep(
            "runs in the plane",
            &numbers,
            self.runs,
            seed,
            |&k, draw| {
                let rng = &mut draw.rng("starts");
                let starts = || Array2::from_shape_simple_fn((k, 1), || rng.random::<f64>());
                Ok(Path::new(self.step, self.steps, true, starts)?.end())
            },
        )?;
        let runs = numbers.into_iter().zip(ends).map(|(attacks, ends)| {
            let both = 1.0 - 0.5_f64.powi(attacks as i32 - 1);
            Runs {
                attacks,
                reached: ends.iter().filter(|f| (**f - goal).abs() <= FLAT).count() as u64,
                ends,
                chance: both.powi(moves as i32),
            }
        });
        Ok(runs.collect())
    }

    /// With all maximisers: along the hull's shortest vector, and along one gradient.
    pub(super) fn both_paths(&self) -> Result<[Path; 2]> {
        let path = |hull| Path::new(self.step, self.steps, hull, both_ends);
        Ok([path(true)?, path(false)?])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_steps_of_a_tenth_reach_the_minimum() {
        let (end, moves) = along_the_axis(0.1, 10);
        assert!((end - 1.0).abs() < 1e-15 && moves == 10);
        assert_eq!(along_the_axis(0.5, 7).1, 2);
        let path = |hull| Path::new(0.1, 10, hull, both_ends).expect("valid");
        assert!((path(true).end() - 1.0).abs() < 1e-12);
        let one = path(false);
        assert!((one.values()[1] - 2.01).abs() < 1e-12);
        assert!(one.end() >= at_best(0.1, 10) && at_best(0.1, 10) > 1.1);
    }
}
