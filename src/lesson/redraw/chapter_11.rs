//! What fitting noise costs.

use ndarray::{Array1, Array2};

use super::fits;
use crate::data::synthetic::{gaussian, uniform_cube};
use crate::error::Result;
use crate::plot::{Figure, Panel};
use crate::rng::stream;
use crate::stats::Estimate;

/// Neighbours.
const NEIGHBOURS: [usize; 5] = [1, 2, 4, 8, 16];
/// Training sets of 64 points, each tested at 20.
const DRAWS: u64 = 40;

/// The excess risk of the mean of the k nearest labels where labels are pure noise of variance 1: the mean square of what it
/// predicts, 1/k. `mean` takes x `(n, d)`, labels `(n,)`, test points `(t, d)` and k, and returns `(t,)`.
///
/// # Errors
/// Predictions of another length, or not finite.
pub fn excess_by_neighbours(
    mean: impl Fn(&Array2<f64>, &Array1<f64>, &Array2<f64>, usize) -> Array1<f64>,
) -> Result<Figure> {
    let at = |k: usize| -> Result<(f64, Estimate)> {
        let excess = (0..DRAWS).map(|draw| {
            let rng = &mut stream(1, "redraw: noise", draw);
            let (x, test) = (uniform_cube(64, 2, rng)?, uniform_cube(20, 2, rng)?);
            let y = gaussian(64, 1, rng)?.column(0).to_owned();
            let predicted = mean(&x, &y, &test, k);
            fits("your predictions", &[20], predicted.shape())?;
            Ok(predicted.dot(&predicted) / 20.0)
        });
        Ok((
            k as f64,
            Estimate::from_values(&excess.collect::<Result<Vec<f64>>>()?)?,
        ))
    };
    let points = NEIGHBOURS
        .iter()
        .map(|&k| at(k))
        .collect::<Result<Vec<_>>>()?;
    Ok(
        Figure::new("What noise costs the mean of your neighbours").panel(
            Panel::new("neighbours k", "excess risk / σ²")
                .log_x()
                .log_y()
                .line_of("exact, 1/k", &points, |p| p.0, |p| 1.0 / p.0)
                .points_of("yours", &points, |p| p.0, |p| p.1.mean)
                .error_bars_of(&points, |p| p.1.bar(2.0)),
        ),
    )
}
