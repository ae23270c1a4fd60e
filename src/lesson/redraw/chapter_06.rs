//! The kernel of a wide first layer.

use ndarray::Array2;

use super::fits;
use crate::data::synthetic::{gaussian, unit_sphere};
use crate::error::Result;
use crate::model::two_layer_ntk;
use crate::plot::{Figure, Panel};
use crate::rng::stream;
use crate::stats::Estimate;

/// Inputs n, of as many dimensions.
const INPUTS: usize = 10;
/// Hidden units m.
const WIDTHS: [usize; 5] = [16, 64, 256, 1024, 4096];
/// First layers of each width.
const DRAWS: u64 = 100;

/// How far the kernel H(0) of m drawn ReLU units is from `kernel`, which takes inputs `(n, d)` and returns H∞, `(n, n)`: the
/// mean of ‖H(0) − H∞‖²_F, beside Σ_ij (x_i·x_j H∞_ij − H∞_ij²)/m with the library's. Another kernel ends level.
///
/// # Errors
/// A kernel of another shape, or one that is not finite.
pub fn kernel_error_by_width(kernel: impl Fn(&Array2<f64>) -> Array2<f64>) -> Result<Figure> {
    let x = unit_sphere(INPUTS, INPUTS, &mut stream(1, "redraw: inputs", 0))?;
    let inner = x.dot(&x.t());
    let exact = two_layer_ntk(&x, &x)?.first;
    let variance = (&inner * &exact - &exact * &exact).sum();
    let yours = kernel(&x);
    fits("your kernel", &[INPUTS, INPUTS], yours.shape())?;
    let at = |m: usize| -> Result<(f64, f64, Estimate)> {
        let errors = (0..DRAWS).map(|draw| {
            let rng = &mut stream(1, &format!("redraw: {m} units"), draw);
            let z = x.dot(&gaussian(m, INPUTS, rng)?.t());
            let on = z.mapv(|z| if z > 0.0 { 1.0 } else { 0.0 });
            let error = on.dot(&on.t()) * &inner / m as f64 - &yours;
            Ok((&error * &error).sum())
        });
        let error = Estimate::from_values(&errors.collect::<Result<Vec<f64>>>()?)?;
        Ok((m as f64, variance / m as f64, error))
    };
    let points = WIDTHS.iter().map(|&m| at(m)).collect::<Result<Vec<_>>>()?;
    Ok(
        Figure::new("How far the kernel of m units is from yours").panel(
            Panel::new("hidden units m", "‖H(0) − H∞‖²_F")
                .log_x()
                .log_y()
                .line_of("variance of one unit, over m", &points, |p| p.0, |p| p.1)
                .points_of("with your H∞", &points, |p| p.0, |p| p.2.mean)
                .error_bars_of(&points, |p| p.2.bar(2.0)),
        ),
    )
}
