//! The picture.

use super::curve::Width;
use super::run::Curves;
use super::settings::LinearDoubleDescent;
use crate::plot::{Figure, Layer, Panel};
use crate::stats::{larger, least};

pub(super) fn figure(settings: &LinearDoubleDescent, curves: &Curves) -> Figure {
    let all = [curves.main(), &curves.prescient, &curves.random];
    let exact = || all.into_iter().flatten().map(|width| width.exact);
    let finite = || exact().filter(|risk| risk.is_finite());
    let (low, high) = (least(finite()), finite().fold(settings.null_risk(), larger));
    let panel = |title: &str| {
        Panel::new("features p", "test error E(y − ŵ·x)²")
            .title(title)
            .log_y()
            .y_range(low / 1.5, 3.0 * high)
    };
    let rules = |panel: Panel| {
        panel
            .vertical(settings.n as f64, "p = n")
            .horizontal(settings.null_risk(), "predicting 0")
            .dotted()
    };
    let title = match settings.decay {
        "flat" => "equal coefficients",
        _ => "coefficients β² ∝ 1/j², largest first",
    };
    let main = drawn(panel(title), curves.main(), "exact", "simulated, ± 2 s.e.");
    let orders = panel("coefficients β² ∝ 1/j²: which first?");
    let orders = drawn(orders, &curves.prescient, "largest first (prescient)", "");
    let orders = drawn(orders, &curves.random, "random order", "");
    Figure::new("Linear regression: the exact double descent")
        .panel(rules(main))
        .panel(rules(orders))
        .caption(
            "Lines: exact formula, infinite for n − 1 ≤ p ≤ n + 1. Dots: simulation, left out for |p − n| ≤ 3, where its \
             variance is infinite.",
        )
}

/// A curve, exact and simulated. The infinite middle of the exact one is a gap.
fn drawn(panel: Panel, curve: &[Width], exact: &str, simulated: &str) -> Panel {
    let p = |width: &Width| width.p as f64;
    let panel = panel.line_of(exact, curve, p, |width| width.exact);
    let color = panel.layers.last().and_then(Layer::color).unwrap_or(0);
    let testable = || curve.iter().filter(|width| width.testable());
    panel
        .points_of(simulated, testable(), p, |width| width.risk.mean)
        .color(color)
        .size(4.0)
        .error_bars_of(testable(), |width| {
            let reach = 2.0 * width.se;
            (width.risk.mean - reach, width.risk.mean + reach)
        })
}
