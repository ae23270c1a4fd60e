//! The picture of an optimal-ridge run.

use super::findings::Results;
use super::isotropic::Point;
use crate::plot::{Figure, Panel};
use crate::stats::{larger, smaller};

pub(super) fn figure(results: &Results) -> Figure {
    Figure::new("Optimally tuned ridge regression has no double descent")
        .panel(digits(results))
        .panel(penalties(results))
        .panel(isotropic(
            results,
            &results.isotropic.by_features,
            "isotropic, features p vary",
            "features / examples, p/n",
            |point| point.ridge.gamma,
        ))
        .panel(isotropic(
            results,
            &results.isotropic.by_examples,
            "isotropic, examples n vary",
            "examples / features, n/p",
            |point| 1.0 / point.ridge.gamma,
        ))
        .columns(2)
        .caption("Bars: ± 3 standard errors of the mean over draws.")
}

fn digits(results: &Results) -> Panel {
    let curve = &results.digits;
    let ratio = curve.each(|p| p.ratio);
    Panel::new(
        "feature columns / training digits, m/n",
        "test error (label²)",
    )
    .title("digits with flipped labels")
    .log_x()
    .log_y()
    .line("no penalty", &ratio, &curve.each(|p| p.ridgeless.mean()))
    .line(
        "best penalty of each width",
        &ratio,
        &curve.each(|p| p.tuned.mean()),
    )
    .line(
        "penalty chosen by validation",
        &ratio,
        &curve.each(|p| p.validated.mean()),
    )
    .dashed()
    .vertical(1.0, "m = n")
}

fn penalties(results: &Results) -> Panel {
    let curve = &results.digits;
    let ratio = curve.each(|p| p.ratio);
    Panel::new("feature columns / training digits, m/n", "penalty λ")
        .title("digits: the penalties")
        .log_x()
        .log_y()
        .y_range(curve.tried.0, curve.tried.1)
        .line("best of each width", &ratio, &curve.each(|p| p.lambda))
        .color(1)
        .line(
            "chosen by validation",
            &ratio,
            &curve.each(|p| p.lambda_validated),
        )
        .color(2)
        .dashed()
        .vertical(1.0, "m = n")
}

fn isotropic(
    results: &Results,
    points: &[Point],
    title: &str,
    label: &str,
    place: impl Fn(&Point) -> f64,
) -> Panel {
    let each = |of: &dyn Fn(&Point) -> f64| points.iter().map(of).collect::<Vec<f64>>();
    let x = each(&place);
    let top = each(&|p| p.ridgeless.risk.mean)
        .into_iter()
        .fold(1.0, larger);
    let bottom = each(&|p| p.ridge.risk.mean).into_iter().fold(top, smaller);
    Panel::new(label, "excess risk ‖ŵ − β‖²")
        .title(title)
        .log_x()
        .log_y()
        .y_range(bottom / 1.5, 1.5 * top)
        .line("no penalty", &x, &each(&|p| p.ridgeless.risk.mean))
        .line(
            "formula for the penalty λ*",
            &x,
            &each(&|p| p.ridge.predicted),
        )
        .points("simulated at λ*", &x, &each(&|p| p.ridge.risk.mean))
        .color(1)
        .size(5.0)
        .error_bars(
            &each(&|p| p.ridge.risk.mean - 3.0 * p.ridge.risk.se),
            &each(&|p| p.ridge.risk.mean + 3.0 * p.ridge.risk.se),
        )
        .vertical(1.0, "p = n")
        .horizontal(results.isotropic.problem.signal, "null risk r²")
}
