//! The picture.

use super::run::{End, Results, title};
use super::settings::PerturbationStability;
use super::start::Start;
use crate::error::Result;
use crate::plot::style::Marker;
use crate::plot::{Figure, Panel};
use crate::stats::mean;

/// Widths at which formulas are drawn.
const DENSE: usize = 40;

pub(super) fn figure(settings: &PerturbationStability, results: &Results) -> Result<Figure> {
    let panel = |title: &str| Panel::new("width m", "P/ε").title(title).log_x().log_y();
    let width = |s: &Start| s.width as f64;
    let trained = |e: &End| e.width as f64;
    let mut figure = Figure::new("Perturbation stability by width, depth and initialisation");
    for init in settings.inits() {
        let mut panel = panel(title(init));
        for (color, &depth) in settings.depths.iter().enumerate() {
            let own = || results.starts_of(init).filter(|s| s.depth == depth);
            let ends = || results.ends_of(init).filter(|e| e.depth == depth);
            let formulas = dense(settings, init, depth)?;
            panel = panel
                .line_of(&format!("L = {depth}"), &formulas, |f| f.0, |f| f.1)
                .color(color)
                .solid()
                .points_of("", own(), width, |s| s.stability.mean)
                .color(color)
                .marker(Marker::nth(0))
                .line_of("", &formulas, |f| f.0, |f| f.2)
                .color(color)
                .dotted()
                .points_of("", ends(), trained, |e| e.stability.mean)
                .color(color)
                .marker(Marker::nth(2));
        }
        figure = figure.panel(panel);
    }
    let small = || results.ends_of("small");
    if small().next().is_some() {
        let c = settings.non_lazy_power;
        figure = figure.panel(
            panel(&format!("two layers that start at m^(−{c})"))
                .line_of("small start, before training", small(), trained, |e| {
                    mean(e.runs.iter().map(|run| run.before))
                })
                .color(3)
                .line_of("small start, after training", small(), trained, |e| {
                    e.stability.mean
                })
                .color(4)
                .line_of("n/m^(c + 1.5)", small(), trained, |e| e.bound)
                .color(6)
                .dotted(),
        );
    }
    if let Some(followed) = results.followed(settings) {
        let lazy = title(settings.lazy_start().unwrap_or("ntk"));
        let small = format!("start m^(−{}), by epoch", settings.non_lazy_power);
        for panel in followed.panels([&format!("{lazy} start, by epoch"), &small]) {
            figure = figure.panel(panel);
        }
    }
    let trained = match results.ends.is_empty() {
        true => "",
        false => {
            " Triangles: after training. In the panels after those lines join what was measured, but for the dotted one; by epoch: the \
             widest networks of the least depth."
        }
    };
    Ok(figure.columns(2).shared_legend().caption(&format!(
        "By depth L: solid, the exact mean at the start; circles, measured there; dotted, the slide's bound without its \
         unnamed constant, which beyond L³ units falls to a plateau.{trained}"
    )))
}

/// Width, exact mean at the start and the slide's bound, at many widths.
fn dense(
    settings: &PerturbationStability,
    init: &str,
    depth: usize,
) -> Result<Vec<(f64, f64, f64)>> {
    let (first, last) = (
        settings.widths[0],
        settings.widths[settings.widths.len() - 1],
    );
    let growth = (last as f64 / first as f64).powf(1.0 / (DENSE - 1) as f64);
    let width = |i: usize| (first as f64 * growth.powi(i as i32)).round() as usize;
    let mut widths: Vec<usize> = (0..DENSE).map(width).collect();
    widths.dedup();
    let at = |width: usize| {
        let (exact, bound) = settings.formulas((init, depth, width))?;
        Ok((width as f64, exact, bound))
    };
    widths.into_iter().map(at).collect()
}
