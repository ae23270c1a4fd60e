//! The picture.

use super::curve::{Point, Results};
use crate::error::Result;
use crate::plot::{Figure, Panel};
use crate::stats::{Estimate, larger, smaller};

pub(super) fn figure(results: &Results) -> Result<Figure> {
    let problem = &results.problem;
    let last = results.points.last().map_or(2.0, |point| point.gamma);
    let first = results.points.first().map_or(0.1, |point| point.gamma);
    // The limit as a smooth line with a gap at its pole, γ = 1.
    let steps = 200;
    let share = |i: i32| f64::from(i) / f64::from(steps);
    let smooth: Vec<f64> = (0..steps)
        .map(|i| first.powf(1.0 - share(i)))
        .chain([1.0])
        .chain((1..=steps).map(|i| last.powf(share(i))))
        .collect();
    let limit = |of: &dyn Fn(f64) -> Result<f64>| -> Result<Vec<f64>> {
        smooth.iter().map(|&gamma| of(gamma)).collect()
    };
    let points = &results.points;
    let panel = |title: &str, label: &str, curve: &[f64], of: fn(&Point) -> Estimate| {
        let top = points.iter().map(|p| of(p).bar(2.0).1).fold(0.0, larger);
        let bottom = points.iter().map(|p| of(p).mean).fold(top, smaller);
        Panel::new("γ = p/n", label)
            .title(title)
            .log_x()
            .log_y()
            .y_range(bottom / 1.5, 1.5 * top)
            .line("limit", &smooth, curve)
            .points_of("measured, ± 2 s.e.", points, |p| p.gamma, |p| of(p).mean)
            .size(4.5)
            .error_bars_of(points, |p| of(p).bar(2.0))
    };
    let mut risk = panel(
        "risk",
        "excess risk ‖ŵ − β‖²",
        &limit(&|gamma| problem.ridgeless_risk(gamma))?,
        |p| p.measured,
    )
    .vertical(1.0, "γ = 1");
    if let Some(minimum) = problem.local_minimum() {
        risk = risk.vertical(minimum, "√SNR/(√SNR − 1)");
    }
    let norm = panel(
        "norm",
        "squared norm ‖ŵ‖²",
        &limit(&|gamma| problem.ridgeless_norm2(gamma))?,
        |p| p.norm_measured,
    );
    Ok(Figure::new("Ridgeless least squares: risk and norm where n and p grow together")
        .panel(risk.horizontal(problem.signal, "null risk r²"))
        .panel(norm.vertical(1.0, "γ = 1").horizontal(problem.signal, "r²"))
        .caption(&format!(
            "n = {}, SNR = {}. At γ = 1 the mean is infinite: what is measured there grows with the draws.",
            results.n,
            crate::display::format_number(problem.signal / problem.noise)
        )))
}
