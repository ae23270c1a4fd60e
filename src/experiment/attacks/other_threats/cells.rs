//! What one threat of one size did to all test pictures.

use ndarray::{Array1, Array2, Zip};

use super::victims::Model;
use crate::experiment::row;
use crate::stats::{larger, mean};

row! {
    /// One threat of one size against one model.
    pub(super) struct Point {
        /// transport, rotation, patch or pixels
        kind: &'static str;
        /// linear or network
        model: &'static str;
        /// average way of the grey in pixels; largest angle in degrees; side of the patch; free pixels
        size: f64;
        /// share of test pictures that are told wrong
        error: f64;
        /// the same for a change of this size at random
        random_error: f64;
        /// mean Euclidean distance of the changed picture
        distance: f64;
    }
}

/// What was done to all test pictures.
pub(super) struct Cell {
    pub kind: &'static str,
    pub model: Model,
    pub size: f64,
    /// The pictures after it, `(t, d)`.
    pub inputs: Array2<f64>,
    /// −y f there, `(t,)`.
    pub values: Array1<f64>,
    /// The same for a change of this size at random.
    pub random: Array1<f64>,
    /// −y f of the clean pictures.
    pub clean: Array1<f64>,
    /// By how much the attack says that −y f rises, `(t,)`: of a linear model exactly so.
    pub promised: Option<Array1<f64>>,
    /// What a second route says the best rise is, `(t,)`.
    pub second: Option<Array1<f64>>,
    /// W₁ of the first pictures from the clean ones, over the budget.
    pub transport: Vec<f64>,
}

impl Cell {
    pub(super) fn error(&self) -> f64 {
        share_wrong(&self.values)
    }

    pub(super) fn point(&self, x: &Array2<f64>) -> Point {
        let pairs = self.inputs.rows().into_iter().zip(x.rows());
        let distance = |(z, x): (ndarray::ArrayView1<'_, f64>, ndarray::ArrayView1<'_, f64>)| {
            z.iter()
                .zip(&x)
                .map(|(z, x)| (z - x).powi(2))
                .sum::<f64>()
                .sqrt()
        };
        Point {
            kind: self.kind,
            model: self.model.name(),
            size: self.size,
            error: self.error(),
            random_error: share_wrong(&self.random),
            distance: mean(pairs.map(distance)),
        }
    }
}

/// The share of objectives that are not below 0.
pub(super) fn share_wrong(values: &Array1<f64>) -> f64 {
    mean(values.iter().map(|v| if *v < 0.0 { 0.0 } else { 1.0 }))
}

/// The largest difference between what an attack promised and what the model says, over all pictures.
pub(super) fn broken_promise(cell: &Cell) -> f64 {
    let Some(promised) = &cell.promised else {
        return f64::NAN;
    };
    let rises = &cell.values - &cell.clean;
    Zip::from(&rises)
        .and(promised)
        .fold(0.0, |most, rise, promised| {
            larger(most, (rise - promised).abs())
        })
}
