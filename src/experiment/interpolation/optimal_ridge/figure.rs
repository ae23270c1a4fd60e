//! The picture of an optimal-ridge run.

use super::digits::{DigitCurve, DigitPoint};
use super::isotropic::{Curves, Point};
use crate::plot::{Figure, Panel};
use crate::stats::{larger, smaller};

pub(super) fn figure(digits: &DigitCurve, curves: &Curves) -> Figure {
    let null = curves.problem.signal;
    Figure::new("Optimally tuned ridge regression has no double descent")
        .panel(errors(digits))
        .panel(penalties(digits))
        .panel(isotropic(
            &curves.by_features,
            null,
            "isotropic, features p vary",
            "features / examples, p/n",
            |point| point.ridge.gamma,
        ))
        .panel(isotropic(
            &curves.by_examples,
            null,
            "isotropic, examples n vary",
            "examples / features, n/p",
            |point| 1.0 / point.ridge.gamma,
        ))
        .columns(2)
        .caption(
            "Bars: ± 2 standard errors of the mean over draws. At p = n the risk without a penalty is infinite.",
        )
}

fn ratio(point: &DigitPoint) -> f64 {
    point.ratio
}

fn errors(curve: &DigitCurve) -> Panel {
    let points = &curve.points;
    Panel::new(
        "feature columns / training digits, m/n",
        "test error (label²)",
    )
    .title("digits with flipped labels")
    .log_x()
    .log_y()
    .line_of("no penalty", points, ratio, |p| p.ridgeless.mean())
    .line_of("best penalty of each width", points, ratio, |p| {
        p.tuned.mean()
    })
    .line_of("penalty chosen by validation", points, ratio, |p| {
        p.validated.mean()
    })
    .dashed()
    .vertical(1.0, "m = n")
}

fn penalties(curve: &DigitCurve) -> Panel {
    let points = &curve.points;
    Panel::new("feature columns / training digits, m/n", "penalty λ")
        .title("digits: the penalties")
        .log_x()
        .log_y()
        .y_range(curve.tried.0, curve.tried.1)
        .line_of("best of each width", points, ratio, |p| p.lambda)
        .color(1)
        .line_of("chosen by validation", points, ratio, |p| {
            p.lambda_validated
        })
        .color(2)
        .dashed()
        .vertical(1.0, "m = n")
}

fn isotropic(
    points: &[Point],
    null: f64,
    title: &str,
    label: &str,
    place: impl Fn(&Point) -> f64,
) -> Panel {
    // At p = n its mean is infinite: a gap, not the mean of these draws.
    let ridgeless = |p: &Point| match p.ridgeless.finite.is_finite() {
        true => p.ridgeless.risk.mean,
        false => f64::NAN,
    };
    let finite = points.iter().map(ridgeless).filter(|risk| !risk.is_nan());
    let top = finite.fold(1.0, larger);
    let tuned = points.iter().map(|p| p.ridge.risk.mean);
    let bottom = tuned.fold(top, smaller);
    Panel::new(label, "excess risk ‖ŵ − β‖²")
        .title(title)
        .log_x()
        .log_y()
        .y_range(bottom / 1.5, 1.5 * top)
        .line_of("no penalty", points, &place, ridgeless)
        .line_of("formula for the penalty λ*", points, &place, |p| {
            p.ridge.predicted
        })
        .points_of("simulated at λ*", points, &place, |p| p.ridge.risk.mean)
        .color(1)
        .size(5.0)
        .error_bars_of(points, |p| p.ridge.risk.bar(2.0))
        .vertical(1.0, "p = n")
        .horizontal(null, "null risk r²")
}
