//! Perturbation stability.

use ndarray::Array1;

use crate::error::Result;
use crate::measure::robustness::ball_constant;
use crate::plot::{Figure, Panel};
use crate::rng::{Rng, stream};

/// Input dimensions.
const DIMENSIONS: [usize; 6] = [2, 8, 32, 128, 512, 784];

/// P/ε of a linear function whose gradient has length 1, by the input dimension, beside c_p. `stability` takes the gradient,
/// ε, the number of steps drawn and a generator, and returns a mean and its standard error.
///
/// # Errors
/// None with the dimensions chosen here.
pub fn stability_by_dimension(
    stability: impl Fn(&Array1<f64>, f64, usize, &mut Rng) -> (f64, f64),
) -> Result<Figure> {
    let epsilon = 0.5;
    let at = |p: usize| -> Result<(f64, f64, f64, f64)> {
        let gradient = Array1::from_elem(p, 1.0 / (p as f64).sqrt());
        let rng = &mut stream(1, "redraw: steps", p as u64);
        let (mean, se) = stability(&gradient, epsilon, 2000, rng);
        Ok((p as f64, ball_constant(p)?, mean / epsilon, se / epsilon))
    };
    let points = DIMENSIONS
        .iter()
        .map(|&p| at(p))
        .collect::<Result<Vec<_>>>()?;
    Ok(
        Figure::new("How far a random step goes along the gradient").panel(
            Panel::new("input dimension p", "P/ε for ‖∇h‖ = 1")
                .log_x()
                .log_y()
                .line_of("exact, c_p", &points, |p| p.0, |p| p.1)
                .points_of("yours", &points, |p| p.0, |p| p.2)
                .error_bars_of(&points, |p| (p.2 - 2.0 * p.3, p.2 + 2.0 * p.3)),
        ),
    )
}
