//! The picture.

use super::curve::{Curve, Point};
use super::run::Results;
use crate::plot::{Figure, Panel};
use crate::stats::{larger, smaller};

pub(super) fn figure(results: &Results) -> Figure {
    let tops = results.min_norm.points.iter();
    let top = tops
        .map(|p| larger(p.test_mse_high, p.test_mse.mean))
        .fold(1.0, larger);
    let bottom = results
        .curves()
        .flat_map(|curve| &curve.points)
        .map(|p| smaller(p.variance, p.bias2))
        .filter(|&height| height > 0.0)
        .fold(0.1, smaller);
    let ratio = |p: &Point| p.ratio;
    let panel = |curve: &Curve, title: &str| {
        let points = &curve.points;
        Panel::new(
            "feature columns / training digits, m/n",
            "test error (label²)",
        )
        .title(title)
        .log_x()
        .log_y()
        .y_range(bottom / 1.5, top * 1.5)
        .line_of("test MSE", points, ratio, |p| p.test_mse.mean)
        .band_of(points, ratio, |p| (p.test_mse_low, p.test_mse_high))
        .line_of("bias² (corrected)", points, ratio, known_bias2)
        .line_of("variance", points, ratio, |p| p.variance)
        .horizontal(results.limit.mse, "MSE of the kernel limit m → ∞")
        .dotted()
        .vertical(1.0, "interpolation threshold m = n")
    };
    let mut figure = Figure::new("Double descent of random Fourier features on real digits");
    for (curve, title) in results
        .curves()
        .zip(["minimum norm", "averaged SGD, stopped early"])
    {
        figure = figure.panel(panel(curve, title));
    }
    figure.shared_legend().caption(
        "Bands: 10 % to 90 % of the draws. The line of bias² is broken where it is below \
         two of its standard errors.",
    )
}

/// The corrected bias², where it is more than twice its standard error; NaN elsewhere.
fn known_bias2(point: &Point) -> f64 {
    let bias2 = point.bias2_corrected;
    match bias2.mean > 2.0 * bias2.se {
        true => bias2.mean,
        false => f64::NAN,
    }
}
