//! The picture of a cross-validation run.

use super::draw::{CrossValidation, OneDraw, lambdas};
use super::points::Point;
use crate::error::Result;
use crate::plot::{Figure, Panel};
use crate::stats::{Estimate, PowerLaw, mean};

pub(super) fn figure(
    settings: &CrossValidation,
    points: &[Point],
    last: &[OneDraw],
    laws: [PowerLaw; 2],
) -> Result<Figure> {
    let tried = lambdas(settings.penalties);
    let curve = |of: fn(&OneDraw) -> &Vec<f64>| -> Vec<f64> {
        let at = |i: usize| mean(last.iter().map(|draw| of(draw)[i]));
        (0..tried.len()).map(at).collect()
    };
    let folds = format!("{}-fold", settings.folds);
    let n = points[points.len() - 1].n;
    let errors = Panel::new("penalty λ/λ*", "squared error (label²)")
        .title(&format!("n = {n}"))
        .log_x()
        .line("risk", &tried, &curve(|d| &d.risk))
        .line("leave-one-out", &tried, &curve(|d| &d.loo))
        .dashed()
        .line(&folds, &tried, &curve(|d| &d.fold))
        .dotted()
        .line("training error", &tried, &curve(|d| &d.train));
    let mut regret = Panel::new("training examples n", "risk over the least risk, − 1")
        .title("what the choice costs")
        .log_x()
        .log_y();
    type Regret = fn(&Point) -> Estimate;
    let loo: (&str, Regret) = ("leave-one-out", |p| p.loo_regret);
    let fold: (&str, Regret) = (&folds, |p| p.fold_regret);
    let ends = [points[0].n as f64, n as f64];
    for ((color, (name, of)), law) in (1..).zip([loo, fold]).zip(laws) {
        // A line of slope −1 through the middle of the fitted one.
        let middle = (ends[0] * ends[1]).sqrt();
        let guide = ends.map(|at| law.at(middle) * middle / at);
        regret = regret
            .points_of(name, points, |p| p.n as f64, |p| of(p).mean)
            .color(color)
            .error_bars_of(points, |p| of(p).bar(2.0))
            .line("", &ends, &guide)
            .color(color)
            .dashed();
    }
    Ok(
        Figure::new("Cross-validation chooses the penalty of ridge regression")
            .panel(errors)
            .panel(regret)
            .caption(&format!(
                "(a): means over {} training sets. (b): ± 2 s.e.; dashed: slope −1.",
                settings.draws
            )),
    )
}
