//! The picture of a curve-fitting run: four fits, the error and the norm.

use super::curve::{Landmarks, Point, Results};
use crate::plot::{Figure, LegendPosition, Panel};
use crate::stats::{larger, largest, smaller};

pub(super) fn figure(results: &Results, marks: &Landmarks<'_>) -> Figure {
    let mut figure = Figure::new("Curve fitting from too few to far too many parameters");
    for (index, &parameters) in results.shown.iter().enumerate() {
        figure = figure.panel(fit(results, marks, index, parameters));
    }
    figure
        .panel(errors(results, marks))
        .panel(norms(results))
        .columns(3)
        .panel_size(350.0, 230.0)
        .caption(&format!(
            "n = {} training points. Fits are those of the first repeat; some leave their frame. Errors are medians \
             over {} repeats, the band from 10 % to 90 % of them.",
            results.n,
            results.repeats.len()
        ))
}

/// One fit of the first repeat.
fn fit(results: &Results, marks: &Landmarks<'_>, index: usize, parameters: usize) -> Panel {
    let n = results.n;
    let kind = match parameters {
        p if p == marks.sweet.parameters => "sweet spot",
        p if p < marks.sweet.parameters => "under-fitting",
        p if p <= 2 * n => "over-fitting",
        _ => "far over-parameterised",
    };
    let reach = largest(results.target.iter().map(|y| y.abs()));
    let mut panel = Panel::new("x", "y")
        .title(&format!("{kind}: P = {parameters}"))
        .y_range(-1.25 * reach, 1.25 * reach)
        .line("target", &results.grid, &results.target)
        .color(6)
        .width(1.0)
        .opacity(0.5);
    if let Some(repeat) = results.repeats.first() {
        panel = panel
            .line("fit", &results.grid, &repeat.shown[index])
            .color(0)
            .points("training points", &repeat.x.to_vec(), &repeat.y.to_vec())
            .color(1);
    }
    panel.legend(if index == 0 {
        LegendPosition::Auto
    } else {
        LegendPosition::None
    })
}

fn errors(results: &Results, marks: &Landmarks<'_>) -> Panel {
    let points = &results.points;
    let top = points.iter().map(|p| p.test_mse_high).fold(1.0, larger);
    // Interpolants have a training error of rounding only: below the frame.
    let bottom = smaller(marks.sweet.test_mse, marks.second.test_mse) / 30.0;
    Panel::new("parameters P", "mean squared error")
        .title("error")
        .log_x()
        .log_y()
        .y_range(bottom, 2.0 * top)
        .line_of("test", points, parameters, |p| p.test_mse)
        .color(0)
        .band_of(points, parameters, |p| (p.test_mse_low, p.test_mse_high))
        .line_of("training", points, parameters, |p| p.train_mse)
        .color(2)
        .line_of("Gaussian features", points, parameters, |p| {
            p.gaussian_mse.unwrap_or(f64::NAN)
        })
        .color(3)
        .dashed()
        .vertical(results.n as f64, "P = n")
}

fn norms(results: &Results) -> Panel {
    Panel::new("parameters P", "norm of the coefficients ‖w‖")
        .title("norm")
        .log_x()
        .log_y()
        .line_of("", &results.points, parameters, |p| p.norm)
        .vertical(results.n as f64, "P = n")
}

fn parameters(point: &Point) -> f64 {
    point.parameters as f64
}
