//! The picture.

use super::run::{End, Results, title};
use super::settings::PerturbationStability;
use super::start::Start;
use crate::plot::style::Marker;
use crate::plot::{Figure, Panel};
use crate::stats::mean;

pub(super) fn figure(settings: &PerturbationStability, results: &Results) -> Figure {
    let panel = |title: &str| Panel::new("width m", "P/ε").title(title).log_x().log_y();
    let width = |s: &Start| s.width as f64;
    let trained = |e: &End| e.width as f64;
    let mut figure = Figure::new("Perturbation stability by width, depth and initialisation");
    for init in settings.inits() {
        let mut panel = panel(title(init));
        for (color, &depth) in settings.depths.iter().enumerate() {
            let own = || results.starts_of(init).filter(|s| s.depth == depth);
            let label = |what: &str| format!("L = {depth}: {what}");
            panel = panel
                .line_of(&label("exact at the start"), own(), width, |s| s.predicted)
                .color(color)
                .solid()
                .points_of(&label("measured"), own(), width, |s| s.stability.mean)
                .color(color)
                .marker(Marker::nth(0))
                .line_of(&label("the slide's bound"), own(), width, |s| s.bound.value)
                .color(color)
                .dotted();
            let ends = || results.ends_of(init).filter(|e| e.depth == depth);
            if ends().next().is_some() {
                panel = panel
                    .points_of(&label("after training"), ends(), trained, |e| {
                        e.stability.mean
                    })
                    .color(color)
                    .marker(Marker::nth(2));
            }
        }
        figure = figure.panel(panel);
    }
    let small = || results.ends_of("small");
    if small().next().is_some() {
        figure = figure.panel(
            panel("non-lazy: weights start at m^(−c)")
                .line_of("before training", small(), trained, |e| {
                    mean(e.runs.iter().map(|run| run.before))
                })
                .line_of("after training", small(), trained, |e| e.stability.mean)
                .line_of("n/m^(c+1.5)", small(), trained, |e| e.bound)
                .dotted(),
        );
    }
    figure.columns(2).shared_legend().caption(
        "The slides' bounds hold up to an unnamed constant. Beyond L³ units only their plateau is left.",
    )
}
