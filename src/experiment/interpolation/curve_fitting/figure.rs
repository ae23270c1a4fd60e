//! The picture of a curve-fitting run: four fits, the error and the norm.

use super::findings::{Landmarks, Results};
use crate::plot::{Figure, LegendPosition, Panel};
use crate::stats::{larger, largest, smaller};

pub(super) fn figure(results: &Results, landmarks: &Landmarks) -> Figure {
    let mut figure = Figure::new("Curve fitting from too few to far too many parameters");
    for (index, &parameters) in results.shown.iter().enumerate() {
        figure = figure.panel(fit(results, landmarks, index, parameters));
    }
    figure
        .panel(errors(results, landmarks))
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
fn fit(results: &Results, landmarks: &Landmarks, index: usize, parameters: usize) -> Panel {
    let n = results.n;
    let kind = match parameters {
        p if p == landmarks.sweet.0 => "sweet spot",
        p if p < landmarks.sweet.0 => "under-fitting",
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

fn errors(results: &Results, landmarks: &Landmarks) -> Panel {
    let curve = &results.curve;
    let parameters = curve.each(|p| p.parameters as f64);
    let top = curve.each(|p| p.band.1).into_iter().fold(1.0, larger);
    // Interpolants have a training error of rounding only: below the frame.
    let bottom = smaller(landmarks.sweet.1, landmarks.second.1) / 30.0;
    Panel::new("parameters P", "mean squared error")
        .title("error")
        .log_x()
        .log_y()
        .y_range(bottom, 2.0 * top)
        .line("test", &parameters, &curve.each(|p| p.test))
        .color(0)
        .band(
            &parameters,
            &curve.each(|p| p.band.0),
            &curve.each(|p| p.band.1),
        )
        .line("training", &parameters, &curve.each(|p| p.train))
        .color(2)
        .line(
            "Gaussian features",
            &parameters,
            &curve.each(|p| p.gaussian.unwrap_or(f64::NAN)),
        )
        .color(3)
        .dashed()
        .vertical(results.n as f64, "P = n")
}

fn norms(results: &Results) -> Panel {
    let curve = &results.curve;
    Panel::new("parameters P", "norm of the coefficients ‖w‖")
        .title("norm")
        .log_x()
        .log_y()
        .line(
            "",
            &curve.each(|p| p.parameters as f64),
            &curve.each(|p| p.norm),
        )
        .vertical(results.n as f64, "P = n")
}
