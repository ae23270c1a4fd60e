//! Random features.

use ndarray::Array2;

use super::fits;
use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::plot::{Figure, Panel};
use crate::rng::{Rng, stream};
use crate::stats::{Estimate, root_mean_square};

/// Columns m at which features are drawn.
const COLUMNS: [usize; 6] = [8, 32, 128, 512, 2048, 8192];
/// Draws of each.
const DRAWS: u64 = 10;

/// How far the products of random Fourier features lie from the Gaussian kernel of bandwidth 2, by their number m, on 10 inputs
/// of 3 dimensions. `features` takes x `(n, d)`, m, σ and a generator, and returns `(n, m)`.
///
/// # Errors
/// Features of another shape, or not finite.
pub fn kernel_error(
    features: impl Fn(&Array2<f64>, usize, f64, &mut Rng) -> Array2<f64>,
) -> Result<Figure> {
    let sigma = 2.0;
    let x = gaussian(10, 3, &mut stream(1, "redraw: inputs", 0))?;
    let kernel = Array2::from_shape_fn((10, 10), |(i, j)| {
        let off = &x.row(i) - &x.row(j);
        (-off.dot(&off) / (2.0 * sigma * sigma)).exp()
    });
    let spread = kernel
        .mapv(|k| (1.0 - k * k).powi(2))
        .mean()
        .unwrap_or(f64::NAN);
    let at = |m: usize| -> Result<(f64, Estimate)> {
        let squares = (0..DRAWS).map(|draw| {
            let phi = features(&x, m, sigma, &mut stream(1, "redraw: features", draw));
            fits("your features", &[10, m], phi.shape())?;
            let off = phi.dot(&phi.t()) - &kernel;
            Ok(off.mapv(|e| e * e).mean().unwrap_or(f64::NAN))
        });
        Ok((
            m as f64,
            root_mean_square(&squares.collect::<Result<Vec<f64>>>()?)?,
        ))
    };
    let points = COLUMNS.iter().map(|&m| at(m)).collect::<Result<Vec<_>>>()?;
    Ok(Figure::new("The kernel approached by your features").panel(
        Panel::new("columns m", "error of φ·φ' (r.m.s.)")
            .log_x()
            .log_y()
            .line_of("exact, c/√m", &points, |p| p.0, |p| (spread / p.0).sqrt())
            .points_of("yours", &points, |p| p.0, |p| p.1.mean)
            .error_bars_of(&points, |p| p.1.bar(2.0)),
    ))
}
