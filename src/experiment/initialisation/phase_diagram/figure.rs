//! The picture of a phase diagram.

use ndarray::Array2;

use super::{PhaseDiagram, Point};
use crate::error::Result;
use crate::measure::Scaling;
use crate::plot::{ColorScale, Figure, Panel};
use crate::stats::{larger, largest, least, smaller};

pub(super) fn figure(settings: &PhaseDiagram, points: &[Point]) -> Result<Figure> {
    Ok(Figure::new("How far the input weights move, by the scaling of the start")
        .panel(diagram(settings, points))
        .panel(changes(points)?)
        .panel(slopes(points))
        .caption(
            "Left: slopes of the relative change by width; the black line bounds the lazy regime. Middle: thin lines have \
             the predicted slope.",
        ))
}

/// The ends of cells around grid values.
fn edges(grid: &[f64]) -> Vec<f64> {
    let (first, last) = (grid[0], grid[grid.len() - 1]);
    let inner: Vec<f64> = grid
        .windows(2)
        .map(|pair| f64::midpoint(pair[0], pair[1]))
        .collect();
    let (low, high) = match (inner.first(), inner.last()) {
        (Some(low), Some(high)) => (2.0 * first - low, 2.0 * last - high),
        _ => (first - 0.25, first + 0.25),
    };
    [vec![low], inner, vec![high]].concat()
}

fn diagram(settings: &PhaseDiagram, points: &[Point]) -> Panel {
    let (columns, rows) = (settings.gamma.len(), settings.gamma_prime.len());
    let slope = Array2::from_shape_fn((rows, columns), |(row, column)| {
        points[column * rows + row].slope.mean
    });
    let (x, y) = (edges(&settings.gamma), edges(&settings.gamma_prime));
    let (low, high) = (y[0], y[y.len() - 1]);
    let (left, right) = (x[0], x[x.len() - 1]);
    let end = smaller(right, 1.0 + larger(high, 0.0));
    let mut panel = Panel::new("γ", "γ'")
        .title("slope by width")
        .heatmap("slope", &x, &y, &slope)
        .colors(ColorScale::Diverging)
        .color_range(-1.0, 1.0)
        .x_range(left, right)
        .y_range(low, high)
        .line("", &[1.0, 1.0, end], &[low, larger(low, 0.0), end - 1.0])
        .color(6)
        .width(2.5);
    for (name, at) in [
        ("He, LeCun", Scaling::HE),
        ("NTK", Scaling::NTK_PARAMETRISED),
        ("mean field", Scaling::MEAN_FIELD),
    ] {
        let inside = (left..=right).contains(&at.gamma) && (low..=high).contains(&at.gamma_prime);
        if inside {
            panel = panel
                .points("", &[at.gamma], &[at.gamma_prime])
                .color(6)
                .note(at.gamma, at.gamma_prime, name);
        }
    }
    panel
}

fn changes(points: &[Point]) -> Result<Panel> {
    let mut panel = Panel::new("width m", "relative change ‖ΔW‖/‖W‖")
        .title("input weights, γ' nearest to 0")
        .log_x()
        .log_y();
    let nearest = least(points.iter().map(|p| p.at.gamma_prime.abs()));
    let shown = points.iter().filter(|p| p.at.gamma_prime.abs() == nearest);
    for (index, point) in shown.enumerate() {
        let m: Vec<f64> = point.widths.iter().map(|w| w.width as f64).collect();
        let change = point.widths.iter().map(|w| w.mean(|run| run.change));
        let change = change.collect::<Result<Vec<f64>>>()?;
        let middle = (m[0] * m[m.len() - 1]).sqrt();
        let level = point.law.at(middle);
        let predicted: Vec<f64> = m
            .iter()
            .map(|m| level * (m / middle).powf(point.at.slope()))
            .collect();
        panel = panel
            .line("", &m, &predicted)
            .color(index)
            .width(0.8)
            .points(&format!("γ = {}", point.at.gamma), &m, &change)
            .color(index);
    }
    Ok(panel)
}

fn slopes(points: &[Point]) -> Panel {
    let each = |of: fn(&Point) -> f64| points.iter().map(of).collect::<Vec<f64>>();
    let (predicted, measured) = (each(|p| p.at.slope()), each(|p| p.slope.mean));
    let all = || predicted.iter().chain(&measured).copied();
    let (low, high) = (least(all()), largest(all()));
    let bars = |sign: f64| -> Vec<f64> {
        let ends = points
            .iter()
            .map(|p| p.slope.mean + sign * 2.0 * p.slope.se);
        ends.collect()
    };
    Panel::new("slope in the limit", "measured slope")
        .title("all points of the diagram")
        .line("equal", &[low, high], &[low, high])
        .color(6)
        .dashed()
        .points("points", &predicted, &measured)
        .color(0)
        .error_bars(&bars(-1.0), &bars(1.0))
}
