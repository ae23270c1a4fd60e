//! Where each start ends: basins of attraction, over a grid.

use rayon::prelude::*;

use super::{Cycle, Method, PlaySettings, StochasticField, play};
use crate::error::{Error, Result, check_count, check_positive};
use crate::optimise::{Cuboid, Field, Prox, Set, Status, Unseen};
use crate::rng::stream;

/// Starts in the plane, the centres of cells of one size.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// What the cells fill.
    pub region: Cuboid,
    /// Cells along x and along y.
    pub cells: (usize, usize),
}

impl Grid {
    /// `side`² cells that fill the square with this centre.
    #[must_use]
    pub fn square(centre: [f64; 2], half: f64, side: usize) -> Self {
        Self {
            region: Cuboid {
                low: centre.map(|c| c - half).to_vec(),
                high: centre.map(|c| c + half).to_vec(),
            },
            cells: (side, side),
        }
    }

    /// The borders of the cells along an axis, 0 for x, 1 for y.
    #[must_use]
    pub fn edges(&self, axis: usize) -> Vec<f64> {
        let cells = [self.cells.0, self.cells.1][axis];
        let (low, high) = (self.region.low[axis], self.region.high[axis]);
        let place = |k: usize| low + (high - low) * k as f64 / cells as f64;
        (0..=cells).map(place).collect()
    }

    /// The centre of the cell with this number, row by row from the lowest y.
    #[must_use]
    pub fn centre(&self, index: usize) -> [f64; 2] {
        let (columns, rows) = self.cells;
        let place = |axis: usize, k: usize, cells: usize| {
            let (low, high) = (self.region.low[axis], self.region.high[axis]);
            low + (high - low) * (k as f64 + 0.5) / cells as f64
        };
        [
            place(0, index % columns, columns),
            place(1, index / columns, rows),
        ]
    }
}

/// Where a start ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End {
    /// Near the point with this number.
    Point(usize),
    /// Near the cycle with this number.
    Cycle(usize),
    /// Near none of them.
    Elsewhere,
    /// It diverged.
    Diverged,
}

/// What a start may end at.
#[derive(Clone, Copy, Debug)]
pub struct Attractors<'a> {
    /// Points.
    pub points: &'a [[f64; 2]],
    /// Cycles.
    pub cycles: &'a [Cycle],
    /// How near is near, > 0.
    pub near: f64,
}

impl Attractors<'_> {
    /// What z is near: the points first.
    #[must_use]
    pub fn end(&self, z: &[f64]) -> End {
        let point = self
            .points
            .iter()
            .position(|p| (p[0] - z[0]).hypot(p[1] - z[1]) <= self.near);
        let cycle = || self.cycles.iter().position(|c| c.distance(z) <= self.near);
        match point {
            Some(index) => End::Point(index),
            None => cycle().map_or(End::Elsewhere, End::Cycle),
        }
    }
}

/// Plays from the centre of each cell and says where it ends, row by row from the lowest y. Cells are played in parallel; one
/// with noise takes it from a stream of its own of this seed, so that the number of threads does not matter.
///
/// # Errors
/// A field that is not in the plane; a grid without cells or that fills nothing; a distance that is not positive; as [`play`].
///
/// ```
/// use dltheory::game::arena::SquareSaddle;
/// use dltheory::game::{Attractors, End, Gda, Grid, PlaySettings, basins};
/// use dltheory::optimise::Unconstrained;
/// let grid = Grid::square([0.0; 2], 1.0, 4);
/// let known = Attractors { points: &[[0.0; 2]], cycles: &[], near: 1e-3 };
/// let ends = basins(&SquareSaddle, &Gda::together(0.1), &Unconstrained, &grid, &PlaySettings::default(), known, 1)?;
/// assert_eq!(ends, [End::Point(0); 16]);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn basins<F: StochasticField + Sync>(
    field: &F,
    method: &(impl Method + Sync),
    prox: &(impl Prox + Sync),
    grid: &Grid,
    settings: &PlaySettings,
    attractors: Attractors<'_>,
    seed: u64,
) -> Result<Vec<End>> {
    let p = field.mean().dimension();
    if p != 2 {
        return Err(Error::domain("the field's dimension", "2", p));
    }
    let (columns, rows) = grid.cells;
    check_count("the number of cells along x", columns)?;
    check_count("the number of cells along y", rows)?;
    grid.region.check(2)?;
    check_positive("how near is near", attractors.near)?;
    (0..columns * rows)
        .into_par_iter()
        .map(|index| {
            let mut rng = stream(seed, "basins", index as u64);
            let start = grid.centre(index);
            let played = play(field, method, prox, &start, settings, &mut rng, &mut Unseen)?;
            Ok(match played.status {
                Status::Diverged { .. } => End::Diverged,
                _ => attractors.end(&played.z),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::arena::Polar;
    use crate::game::{Eg, FlowSettings, Gda, Noisy, cycles};
    use crate::optimise::Unconstrained;

    /// Inside ¾ to the point, outside to the cycle; far out with long steps, away.
    #[test]
    fn the_repelling_cycle_is_the_border() {
        let game = Polar::default();
        let found = cycles(&game, [0.0; 2], (0.1, 1.2), 12, &FlowSettings::default());
        let found = found.expect("planar");
        let known = Attractors {
            points: &[[0.0; 2]],
            cycles: &found[1..],
            near: 0.1,
        };
        let grid = Grid::square([0.0; 2], 1.25, 20);
        let settings = PlaySettings {
            steps: 3000,
            ..PlaySettings::default()
        };
        let all = &Unconstrained;
        let ends = basins(&game, &Eg::new(0.01), all, &grid, &settings, known, 1).expect("valid");
        for (index, end) in ends.iter().enumerate() {
            let z = grid.centre(index);
            let radius = z[0].hypot(z[1]);
            if (radius - 0.75).abs() < 0.01 {
                // A step moves the border by some α.
                continue;
            }
            let expected = match radius < 0.75 {
                true => End::Point(0),
                false => End::Cycle(0),
            };
            assert_eq!(*end, expected, "{z:?}");
        }
        let far = Grid::square([5.0; 2], 0.1, 1);
        let away = basins(&game, &Gda::together(0.5), all, &far, &settings, known, 1);
        assert_eq!(away.expect("a finding"), [End::Diverged]);
        let noisy = Noisy::gaussian(game, 0.5).expect("valid");
        let run = || basins(&noisy, &Eg::new(0.01), all, &grid, &settings, known, 1);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
        let alone = pool.expect("a thread").install(run).expect("valid");
        assert_eq!(run().expect("valid"), alone);
        let none = Grid {
            cells: (0, 1),
            ..grid
        };
        assert!(basins(&game, &Eg::new(0.01), all, &none, &settings, known, 1).is_err());
    }
}
