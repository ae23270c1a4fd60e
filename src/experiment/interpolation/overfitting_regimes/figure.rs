//! The picture: one panel a regime.

use super::curve::{Curve, Kind, Name, Point, Regime};
use super::run::Results;
use crate::measure::overfitting::limit;
use crate::plot::{Figure, LegendPosition, Marker, Panel};

pub(super) fn figure(results: &Results) -> Figure {
    Figure::new("What fitting noise costs as n grows")
        .panel(panel(results, Regime::Benign, "benign: excess → 0"))
        .panel(labels(results))
        .panel(kernels(results))
        .panel(simplices(results))
        .panel(panel(results, Regime::Catastrophic, "catastrophic: excess → ∞"))
        .columns(3)
        .panel_size(370.0, 300.0)
        .caption(
            "Excess risk: what is lost beyond the noise σ² itself. Dots: measured, with 2 standard errors (means) or quartiles \
             (medians, in the last panel). Solid lines: predicted for each n; faint ones only join dots. Dashed, level: limits. Dotted: \
             the eigenframework, which takes a kernel's features for Gaussian numbers. A colour is one kind of method in all panels.",
        )
}

/// All curves of a regime.
fn panel(results: &Results, regime: Regime, title: &str) -> Panel {
    let chosen = results.curves.iter();
    chosen
        .filter(|curve| curve.method.regime() == regime)
        .fold(empty(title, "training examples n"), |panel, curve| {
            add(panel, &curve.method.label(), &[curve])
        })
}

/// The colour of a kind of method and the shape of its points, in all panels: what is averaged over neighbours, networks,
/// three kernels, means by distance, and least squares. Methods of one kind in one panel differ in shape.
fn style(method: Kind) -> (usize, Marker) {
    match method {
        Kind::LogNeighbours | Kind::Neighbours(1) | Kind::Vote(1) => (0, Marker::Circle),
        Kind::Neighbours(_) | Kind::Vote(_) => (0, Marker::Square),
        Kind::EarlyStopped | Kind::InterpolatingNet => (1, Marker::Circle),
        Kind::TunedRidge(name) | Kind::Ring(name) | Kind::Design(name) => {
            (color(name), Marker::Circle)
        }
        Kind::LaplaceLine => (color(Name::Laplace), Marker::Square),
        Kind::Hilbert | Kind::PiecewiseLinear | Kind::Simplex(_) => (5, Marker::Circle),
        Kind::PowerDesign(_) | Kind::Critical => (6, Marker::Circle),
        Kind::Polynomial => (6, Marker::Triangle),
    }
}

fn empty(title: &str, label: &str) -> Panel {
    Panel::new(label, "excess risk / σ²")
        .title(title)
        .log_x()
        .log_y()
        .legend(LegendPosition::Below)
}

/// A dashed line at a limit, with its name above it.
fn level(panel: Panel, excess: f64, text: &str) -> Panel {
    // Where no dots are.
    let left = if excess > 0.3 { 3.3 } else { 2.0 };
    panel
        .horizontal(excess, "")
        .dashed()
        .note(left, 1.06 * excess, text)
}

/// Tempered, by a mean of labels or a Gaussian design: what is exact. Without linear pieces, which the kernels show, and
/// votes, whose excess is no multiple of σ².
fn labels(results: &Results) -> Panel {
    let mut panel = empty("tempered: labels and designs", "training examples n");
    for curve in &results.curves {
        let (excess, text) = match curve.method {
            Kind::Neighbours(k) => (1.0 / k as f64, format!("1/k, k = {k}")),
            Kind::PowerDesign(alpha) => (alpha - 1.0, format!("α − 1, α = {alpha}")),
            _ => continue,
        };
        panel = add(panel, &curve.method.label(), &[curve]);
        panel = level(panel, excess, &text);
    }
    panel
}

/// Tempered: kernels on the circle, what the eigenframework says of them, and a network.
fn kernels(results: &Results) -> Panel {
    let mut panel = empty("tempered: kernels and a network", "training examples n");
    for curve in &results.curves {
        let label = curve.method.label();
        match curve.method {
            Kind::Ring(Name::Laplace | Name::ReluNtk) | Kind::InterpolatingNet => {
                panel = add(panel, &label, &[curve]);
            }
            Kind::Design(name) => {
                let predicted = curve.points.iter().filter(|p| p.predicted.is_some());
                let label = format!("eigenframework, {} spectrum", name.text());
                panel = panel
                    .line_of(
                        &label,
                        predicted,
                        |p| p.n as f64,
                        |p| p.predicted.unwrap_or(f64::NAN),
                    )
                    .color(color(name))
                    .dotted()
                    .width(2.5);
            }
            _ => {}
        }
    }
    level(panel, limit::LINE - 1.0, "2/3: straight lines")
}

/// Tempered: one simplex, whose dimension is what varies.
fn simplices(results: &Results) -> Panel {
    let simplices = results.curves.iter();
    let simplices = simplices.filter(|curve| matches!(curve.method, Kind::Simplex(_)));
    let title = "tempered: a simplex, by dimension";
    add(
        empty(title, "corners d + 1"),
        "linear on a simplex of d dimensions",
        &simplices.collect::<Vec<_>>(),
    )
}

/// The colour of a kernel on the circle and of what the eigenframework says of it.
fn color(name: Name) -> usize {
    match name {
        Name::Laplace => 2,
        Name::ReluNtk => 3,
        Name::Gaussian => 4,
    }
}

/// One series: dots, and a line where every point has a prediction.
fn add(panel: Panel, label: &str, curves: &[&Curve]) -> Panel {
    let (color, marker) = curves
        .first()
        .map_or_else(Default::default, |c| style(c.method));
    let points = || curves.iter().flat_map(|curve| &curve.points);
    let n = |point: &Point| point.n as f64;
    let panel = match points().all(|point| point.predicted.is_some()) {
        true => panel.line_of(label, points(), n, |p| p.predicted.unwrap_or(f64::NAN)),
        false => {
            let joined = panel.line_of("", points(), n, |p| p.excess);
            joined.width(1.0).opacity(0.35)
        }
    };
    panel
        .color(color)
        .solid()
        .points_of(label, points(), n, |p| p.excess)
        .color(color)
        .marker(marker)
        .size(5.0)
        .error_bars_of(points(), |p| p.range)
}
