//! Steps of projected ascent on a block of rows.
//!
//! The loop is its own: rows go through the victim together, each keeps its own best point and leaves when it is fooled, where
//! `optimise::solve` knows one point.

use ndarray::{Array2, ArrayRef2};
use rand::Rng;

use super::{Attacked, Direction, PgdSettings, STANDARD};
use crate::attack::{Threat, Victim};
use crate::engine::widest;
use crate::error::Result;
use crate::real::Real;

/// A block of rows under attack.
pub(super) struct Rows<T> {
    /// Which of the block's rows are still under attack; `x`, `y` and `z` are theirs.
    places: Vec<usize>,
    x: Array2<T>,
    y: Array2<T>,
    z: Array2<T>,
    /// The best so far of all rows of the block.
    best: Attacked<T>,
}

impl<T: Real> Rows<T> {
    /// These rows, at x.
    pub(super) fn of(
        found: &Attacked<T>,
        x: &ArrayRef2<T>,
        y: &ArrayRef2<T>,
        rows: &[usize],
    ) -> Self {
        let [x, y] = [x, y].map(|all| chosen(all, rows));
        Self {
            places: (0..rows.len()).collect(),
            z: x.clone(),
            best: Attacked {
                inputs: chosen(&found.inputs, rows),
                values: rows.iter().map(|row| found.values[*row]).collect(),
                by_step: Array2::zeros((0, 0)),
                fooled: rows.iter().map(|row| found.fooled[*row]).collect(),
                gradient_calls: 0,
            },
            x,
            y,
        }
    }

    pub(super) fn start(&mut self, threat: &impl Threat<T>, rng: &mut impl Rng) {
        start(&self.x, &mut self.z, threat, rng);
    }

    /// All steps of one start; the best then, with the objective before each step and after the last.
    pub(super) fn climb(
        mut self,
        victim: &impl Victim<T>,
        threat: &impl Threat<T>,
        settings: &PgdSettings,
    ) -> Result<Attacked<T>> {
        let objective = settings.objective;
        let mut last = self.best.values.clone();
        let mut by_step = Array2::zeros((settings.steps + 1, last.len()));
        for step in 0..=settings.steps {
            if !self.places.is_empty() {
                let (values, outputs, gradient) = if step < settings.steps {
                    let here = victim.ascent(&self.z, &self.y, objective)?;
                    self.best.gradient_calls += self.places.len();
                    (here.values, here.outputs, Some(here.gradient))
                } else {
                    let outputs = victim.outputs(&self.z)?;
                    (objective.of_outputs(&outputs, &self.y)?.0, outputs, None)
                };
                let fooled = objective.fooled(&outputs, &self.y)?;
                for (at, &place) in self.places.iter().enumerate() {
                    last[place] = values[at].as_f64();
                    let z = self.z.row(at);
                    self.best.take(
                        place,
                        z.as_slice().expect(STANDARD),
                        last[place],
                        fooled[at],
                    );
                }
                if let Some(mut gradient) = gradient {
                    if settings.until_fooled && fooled.contains(&true) {
                        gradient = self.keep(&fooled, &gradient);
                    }
                    self.step(threat, settings, gradient);
                }
            }
            by_step
                .row_mut(step)
                .assign(&ndarray::ArrayView1::from(&last));
        }
        self.best.by_step = by_step;
        Ok(self.best)
    }

    /// Leaves fooled rows alone; the gradient of the others.
    fn keep(&mut self, fooled: &[bool], gradient: &Array2<T>) -> Array2<T> {
        let stays: Vec<usize> = (0..fooled.len()).filter(|at| !fooled[*at]).collect();
        self.places = stays.iter().map(|at| self.places[*at]).collect();
        for array in [&mut self.x, &mut self.y, &mut self.z] {
            *array = chosen(array, &stays);
        }
        chosen(gradient, &stays)
    }

    fn step(&mut self, threat: &impl Threat<T>, settings: &PgdSettings, gradient: Array2<T>) {
        step(&self.x, &mut self.z, gradient, threat, settings);
    }
}

/// z ← P(z + α·v) for each row of `z`, `(n, d)`, with the gradient there; `x`, where the rows began. Both are in row-major order.
pub(in crate::attack) fn step<T: Real>(
    x: &ArrayRef2<T>,
    z: &mut ArrayRef2<T>,
    gradient: Array2<T>,
    threat: &impl Threat<T>,
    settings: &PgdSettings,
) {
    // A victim may hand it over in another layout: that of transposed weights.
    let mut gradient = match gradient.is_standard_layout() {
        true => gradient,
        false => gradient.as_standard_layout().into_owned(),
    };
    let alpha = T::of(settings.step);
    let mut v = vec![T::zero(); x.ncols()];
    let rows = x.rows().into_iter().zip(z.rows_mut());
    for ((x, mut z), mut g) in rows.zip(gradient.rows_mut()) {
        let (x, z) = (
            x.to_slice().expect(STANDARD),
            z.as_slice_mut().expect(STANDARD),
        );
        let g = g.as_slice_mut().expect(STANDARD);
        match settings.direction {
            Direction::Gradient => v.copy_from_slice(g),
            Direction::Steepest => {
                threat.block(z, g);
                threat.steepest(g, &mut v);
            }
        }
        widest(|| {
            for (z, v) in z.iter_mut().zip(&v) {
                *z += alpha * *v;
            }
        });
        threat.project(x, z);
    }
}

/// Each row of `z` to a random allowed point around that of `x`; both are in row-major order.
pub(in crate::attack) fn start<T: Real>(
    x: &ArrayRef2<T>,
    z: &mut ArrayRef2<T>,
    threat: &impl Threat<T>,
    rng: &mut impl Rng,
) {
    for (x, mut z) in x.rows().into_iter().zip(z.rows_mut()) {
        let (x, z) = (x.to_slice(), z.as_slice_mut());
        threat.start(x.expect(STANDARD), z.expect(STANDARD), rng);
    }
}

/// Some rows, in row-major order.
fn chosen<T: Real>(all: &ArrayRef2<T>, rows: &[usize]) -> Array2<T> {
    let all = all.as_standard_layout();
    let mut some = Array2::zeros((rows.len(), all.ncols()));
    for (mut to, row) in some.rows_mut().into_iter().zip(rows) {
        to.assign(&all.row(*row));
    }
    some
}
