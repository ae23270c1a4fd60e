//! The picture of a phase diagram.

use ndarray::Array2;

use super::points::{AtWidth, PhaseDiagram, Point};
use crate::measure::Scaling;
use crate::plot::{ColorScale, Figure, Panel};
use crate::stats::{larger, largest, least, smaller};

pub(super) fn figure(settings: &PhaseDiagram, points: &[Point]) -> Figure {
    Figure::new("How far the input weights move, by the scaling of the start")
        .panel(diagram(settings, points))
        .panel(changes(points))
        .panel(slopes(points))
        .caption(
            "(a): slopes of the relative change by width; the black line bounds the lazy regime. \
             (b): thin lines have the predicted slope.",
        )
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
        ("NTK scaling", Scaling::NTK_PARAMETRISED),
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

fn changes(points: &[Point]) -> Panel {
    let panel = Panel::new("width m", "relative change ‖ΔW‖/‖W‖")
        .title("input weights, γ' nearest to 0")
        .log_x()
        .log_y();
    let nearest = least(points.iter().map(|p| p.at.gamma_prime.abs()));
    let shown = points.iter().filter(|p| p.at.gamma_prime.abs() == nearest);
    shown.enumerate().fold(panel, |panel, (index, point)| {
        let m = |w: &AtWidth| w.width as f64;
        let widths = &point.widths;
        let middle = (m(&widths[0]) * m(&widths[widths.len() - 1])).sqrt();
        let level = point.law.at(middle);
        let predicted = |w: &AtWidth| level * (m(w) / middle).powf(point.at.slope());
        panel
            .line_of("", widths, m, predicted)
            .color(index)
            .width(0.8)
            .points_of(&format!("γ = {}", point.at.gamma), widths, m, |w| w.change)
            .color(index)
    })
}

fn slopes(points: &[Point]) -> Panel {
    let all = points.iter().flat_map(|p| [p.at.slope(), p.slope.mean]);
    let ends = [least(all.clone()), largest(all)];
    Panel::new("slope in the limit", "measured slope")
        .title("all points of the diagram")
        .line("equal", &ends, &ends)
        .color(6)
        .dashed()
        .points_of("points", points, |p| p.at.slope(), |p| p.slope.mean)
        .color(0)
        .error_bars_of(points, |p| p.slope.bar(2.0))
}
