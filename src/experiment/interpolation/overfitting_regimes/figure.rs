//! The picture: one panel a regime.

use super::curve::{Curve, Kind, Name, Point, Regime};
use super::run::Results;
use crate::measure::overfitting::limit;
use crate::plot::{Figure, Layer, LegendPosition, Panel};

pub(super) fn figure(results: &Results) -> Figure {
    Figure::new("What fitting noise costs as n grows")
        .panel(panel(results, Regime::Benign, "benign: excess → 0"))
        .panel(tempered(results))
        .panel(panel(results, Regime::Catastrophic, "catastrophic: excess → ∞"))
        .columns(3)
        .panel_size(370.0, 300.0)
        .caption(
            "Excess risk: what is lost beyond the noise σ² itself. Dots: measured, with 3 standard errors (means, left and \
             middle) or quartiles (medians, right). Solid lines: predicted for each n; faint ones only join dots. Dashed, level: \
             limits. The eigenframework takes a kernel's features for Gaussian numbers. A simplex of d dimensions has d + 1 training points.",
        )
}

/// All curves of a regime.
fn panel(results: &Results, regime: Regime, title: &str) -> Panel {
    let chosen = results.curves.iter();
    chosen
        .filter(|curve| curve.method.regime() == regime)
        .fold(empty(title), |panel, curve| {
            add(panel, &curve.method.label(), &[curve])
        })
}

fn empty(title: &str) -> Panel {
    Panel::new("training examples n", "excess risk / σ²")
        .title(title)
        .log_x()
        .log_y()
        .legend(LegendPosition::Below)
}

/// The middle panel, without what lies on another curve (linear pieces, the Laplace kernel on a line) or is no multiple
/// of σ² (votes).
fn tempered(results: &Results) -> Panel {
    let mut panel = empty("tempered: excess → a constant");
    let mut limits: Vec<(f64, String)> =
        vec![(limit::LINE - 1.0, "2/3: straight lines".to_owned())];
    let mut simplices = Vec::new();
    for curve in &results.curves {
        let label = curve.method.label();
        match curve.method {
            Kind::Neighbours(k) => {
                panel = add(panel, &label, &[curve]);
                limits.push((1.0 / k as f64, format!("1/k, k = {k}")));
            }
            Kind::PowerDesign(alpha) => {
                panel = add(panel, &label, &[curve]);
                limits.push((alpha - 1.0, format!("α − 1, α = {alpha}")));
            }
            Kind::Ring(name @ (Name::Laplace | Name::ReluNtk)) => {
                panel = add(panel, &label, &[curve]).color(color(name));
            }
            Kind::InterpolatingNet => panel = add(panel, &label, &[curve]),
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
            Kind::Simplex(_) => simplices.push(curve),
            _ => {}
        }
    }
    panel = add(panel, "one simplex of d = n − 1 dimensions", &simplices);
    for (excess, text) in limits {
        // Above the dashed line, where neither dots nor the simplices' line are.
        let left = if excess > 0.3 { 3.3 } else { 2.0 };
        panel = panel
            .horizontal(excess, "")
            .dashed()
            .note(left, 1.06 * excess, &text);
    }
    panel
}

/// The colour of a kernel on the circle and of what the eigenframework says of it.
fn color(name: Name) -> usize {
    match name {
        Name::ReluNtk => 3,
        _ => 2,
    }
}

/// One series: dots, and a line where every point has a prediction.
fn add(panel: Panel, label: &str, curves: &[&Curve]) -> Panel {
    let points = || curves.iter().flat_map(|curve| &curve.points);
    let n = |point: &Point| point.n as f64;
    let panel = match points().all(|point| point.predicted.is_some()) {
        true => panel.line_of(label, points(), n, |p| p.predicted.unwrap_or(f64::NAN)),
        false => {
            let joined = panel.line_of("", points(), n, |p| p.excess);
            joined.width(1.0).opacity(0.35)
        }
    };
    let panel = panel.solid();
    let color = panel.layers.last().and_then(Layer::color).unwrap_or(0);
    panel
        .points_of(label, points(), n, |p| p.excess)
        .color(color)
        .size(5.0)
        .error_bars_of(points(), |p| p.range)
}
