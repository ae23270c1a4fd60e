//! What is seen on the way: iterates, values, gradients.

use std::ops::ControlFlow;

use ndarray::Array2;

use super::Clipped;
use crate::real::norm;

/// One point on the way, before the step from it.
#[derive(Clone, Copy, Debug)]
pub struct Iterate<'a> {
    /// k: the steps taken so far.
    pub step: usize,
    /// x_k, `(p,)`.
    pub x: &'a [f64],
    /// f(x_k), or its estimate.
    pub value: f64,
    /// Its gradient or an estimate of it, after clipping, `(p,)`; empty after the last step of a run through noise, where
    /// none is drawn.
    pub gradient: &'a [f64],
    /// What clipping did, if there is any.
    pub clipped: Option<Clipped>,
    /// The learning rate of the step that follows; of the last step, and NaN before the first, for a method of
    /// [`accelerated`](super::accelerated), which finds its rate on the way.
    pub rate: f64,
}

/// Whoever watches a method, and may stop it.
pub trait Observer {
    /// Whether it looks at all: what is computed only for it is left out where it does not.
    const LOOKS: bool = true;

    /// Looks at a point; `Break` ends the run there.
    fn see(&mut self, iterate: &Iterate<'_>) -> ControlFlow<()>;
}

impl<F: FnMut(&Iterate<'_>) -> ControlFlow<()>> Observer for F {
    fn see(&mut self, iterate: &Iterate<'_>) -> ControlFlow<()> {
        self(iterate)
    }
}

/// Nobody watches.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unseen;

impl Observer for Unseen {
    const LOOKS: bool = false;

    fn see(&mut self, _: &Iterate<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// A record of every so many points.
///
/// ```
/// use dltheory::optimise::Trajectory;
/// let every_tenth_with_its_place = Trajectory::every(10).with_points();
/// assert!(every_tenth_with_its_place.values.is_empty());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Trajectory {
    every: usize,
    keeps_points: bool,
    points: Vec<f64>,
    /// The steps taken before each recorded point.
    pub steps: Vec<usize>,
    /// f there.
    pub values: Vec<f64>,
    /// ‖∇f‖ there, after clipping; NaN where none was drawn.
    pub gradient_norms: Vec<f64>,
    /// The learning rates there.
    pub rates: Vec<f64>,
}

impl Trajectory {
    /// Records the first point and then every `every`-th; each one for 0 or 1.
    #[must_use]
    pub fn every(every: usize) -> Self {
        Self {
            every,
            ..Self::default()
        }
    }

    /// Keeps the points x_k too.
    #[must_use]
    pub fn with_points(self) -> Self {
        Self {
            keeps_points: true,
            ..self
        }
    }

    /// The points kept, one a row, `(records, p)`; no columns if none were.
    #[must_use]
    pub fn points(&self) -> Array2<f64> {
        let rows = self.steps.len();
        let columns = self.points.len().checked_div(rows).unwrap_or(0);
        Array2::from_shape_vec((rows, columns), self.points.clone())
            .expect("every record keeps the same number of coordinates, or none does")
    }
}

impl Observer for Trajectory {
    fn see(&mut self, iterate: &Iterate<'_>) -> ControlFlow<()> {
        if iterate.step.is_multiple_of(self.every.max(1)) {
            self.steps.push(iterate.step);
            self.values.push(iterate.value);
            self.gradient_norms.push(match iterate.gradient {
                [] => f64::NAN,
                gradient => norm([gradient]),
            });
            self.rates.push(iterate.rate);
            if self.keeps_points {
                self.points.extend_from_slice(iterate.x);
            }
        }
        ControlFlow::Continue(())
    }
}
