//! The picture: one panel a regime.

use super::Results;
use super::curve::{Curve, Kind, Regime};
use crate::plot::{Figure, LegendPosition, Panel};

pub(super) fn figure(results: &Results) -> Figure {
    Figure::new("What fitting noise costs as n grows")
        .panel(panel(results, Regime::Benign, "benign: → 0"))
        .panel(panel(results, Regime::Tempered, "tempered: → a constant"))
        .panel(panel(results, Regime::Catastrophic, "catastrophic: → ∞"))
        .columns(3)
        .caption(
            "Excess risk is what a method loses beyond the noise σ² itself. Dots: measured, with 3 standard errors (left, \
             middle: means) or quartiles (right: medians). Lines: predicted for each n, where there is a formula. Dashed: \
             limits. A simplex of d dimensions has d + 1 training points.",
        )
}

fn panel(results: &Results, regime: Regime, title: &str) -> Panel {
    let mut panel = Panel::new("training examples n", "excess risk / σ²")
        .title(title)
        .log_x()
        .log_y()
        .legend(LegendPosition::Below);
    let mut limits: Vec<f64> = Vec::new();
    let chosen = results.curves.iter().filter(|curve| {
        // Votes are counted in errors, not in σ²; simplices are drawn below as one series.
        curve.method.regime() == regime && !matches!(curve.method, Kind::Vote(_) | Kind::Simplex(_))
    });
    for curve in chosen {
        panel = add(panel, &curve.method.label(), &[curve]);
        limits.extend(curve.limit.filter(|limit| *limit > 0.0));
    }
    if regime == Regime::Tempered {
        let simplices: Vec<&Curve> = results
            .curves
            .iter()
            .filter(|curve| matches!(curve.method, Kind::Simplex(_)))
            .collect();
        panel = add(panel, "one simplex, d = n − 1", &simplices);
    }
    limits.sort_by(f64::total_cmp);
    limits.dedup_by(|a, b| (*a - *b).abs() < 1e-9);
    for limit in limits {
        panel = panel.horizontal(limit, "").dashed();
    }
    panel
}

/// One series: dots, and a line where every point has a prediction.
fn add(panel: Panel, label: &str, curves: &[&Curve]) -> Panel {
    let points = || curves.iter().flat_map(|curve| &curve.points);
    let n: Vec<f64> = points().map(|point| point.n as f64).collect();
    let predicted: Vec<f64> = points().filter_map(|point| point.predicted).collect();
    let low: Vec<f64> = points().map(|point| point.range.0).collect();
    let high: Vec<f64> = points().map(|point| point.range.1).collect();
    let excess: Vec<f64> = points().map(|point| point.excess).collect();
    let panel = match predicted.len() == n.len() && n.len() > 1 {
        true => panel.line(label, &n, &predicted),
        false => panel,
    };
    panel
        .points(label, &n, &excess)
        .size(5.0)
        .error_bars(&low, &high)
}
