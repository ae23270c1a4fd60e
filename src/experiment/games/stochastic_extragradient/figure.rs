//! Distances on the way, and where runs end.

use super::runs::Runs;
use super::settings::{Point, StochasticExtragradient};
use crate::plot::{Figure, LegendPosition, Panel};

/// What a method is called in the legend, and its colour.
fn drawn(method: &str) -> (&'static str, usize) {
    match method {
        "eg_plus" => ("EG+", 2),
        "seg_printed" => ("SEG, 1/k and 1/k", 4),
        "seg_admissible" => ("SEG, k^(−1/3) and k^(−2/3)", 3),
        "seg_plus" => ("SEG+", 0),
        _ => ("BC-SEG+", 1),
    }
}

/// Distances by step, bands from the tenth to the ninetieth of a hundred runs.
fn distances(title: &str, points: &[Point], game: &str) -> Panel {
    let mut panel = Panel::new("step k", "distance from the solution")
        .title(title)
        .log_x()
        .log_y()
        .legend(LegendPosition::BottomLeft);
    let mut methods: Vec<&'static str> = Vec::new();
    for point in points.iter().filter(|p| p.game == game) {
        if !methods.contains(&point.method) {
            methods.push(point.method);
        }
    }
    for method in methods {
        let (name, color) = drawn(method);
        let own: Vec<&Point> = points
            .iter()
            .filter(|p| p.game == game && p.method == method && p.step > 0)
            .collect();
        let x: Vec<f64> = own.iter().map(|p| p.step as f64).collect();
        let near: Vec<f64> = own.iter().map(|p| p.near).collect();
        let far: Vec<f64> = own.iter().map(|p| p.far).collect();
        let middle: Vec<f64> = own.iter().map(|p| p.square.mean.sqrt()).collect();
        panel = panel
            .band(&x, &near, &far)
            .color(color)
            .line(name, &x, &middle)
            .color(color);
        if own.iter().all(|p| p.exact.is_some()) {
            let exact: Vec<f64> = own.iter().filter_map(|p| p.exact).map(f64::sqrt).collect();
            panel = panel.line("", &x, &exact).color(color).dotted();
        }
    }
    panel
}

/// Where the runs of each method end.
fn ends(all: &[Runs]) -> Panel {
    let mut panel = Panel::new("x", "y")
        .title("ends of all runs; cross: the solution")
        .equal_aspect();
    for runs in all {
        let (name, color) = drawn(runs.method);
        let x: Vec<f64> = runs.runs.iter().map(|run| run.end[0]).collect();
        let y: Vec<f64> = runs.runs.iter().map(|run| run.end[1]).collect();
        panel = panel.points(name, &x, &y).color(color);
    }
    let [x, y] = all[0].solution;
    panel
        .points("", &[x], &[y])
        .marker(crate::plot::Marker::Cross)
        .color(6)
}

impl StochasticExtragradient {
    pub(super) fn figure(&self, title: &str, points: &[Point], own: &[Runs]) -> Figure {
        let figure = Figure::new(title);
        match self.game {
            "quadratic" => figure
                .panel(distances(
                    &format!("weak Minty, ρ = {}; dotted: the law", self.rho),
                    points,
                    "quadratic",
                ))
                .panel(distances(
                    "monotone, ρ = 0; dotted: the law",
                    points,
                    "monotone",
                )),
            game => figure
                .panel(distances(&game.replace('_', " "), points, game))
                .panel(ends(own)),
        }
    }
}
