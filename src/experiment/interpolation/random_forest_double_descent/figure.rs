//! The picture of a forest.

use super::draw::RandomForestDoubleDescent;
use super::points::Point;
use crate::plot::{Figure, Panel};

pub(super) fn figure(settings: &RandomForestDoubleDescent, points: &[Point]) -> Figure {
    let own = |axis: &str| -> Vec<&Point> { points.iter().filter(|p| p.axis == axis).collect() };
    let curve = |panel: Panel, name: &str, axis: &str, color: usize, x: fn(&&Point) -> f64| {
        panel
            .points_of(name, own(axis), |p| x(&p), |p| p.test_mse.mean)
            .color(color)
            .size(4.0)
            .error_bars_of(own(axis), |p| p.test_mse.bar(2.0))
            .line_of("", own(axis), |p| x(&p), |p| p.test_mse.mean)
            .color(color)
    };
    let leaves = Panel::new("leaves of each tree", "mean squared test error")
        .title("more leaves")
        .log_x();
    let leaves = curve(leaves, "one tree", "leaves", 0, |p| p.leaves as f64);
    let name = format!("{} trees", settings.trees);
    let leaves = curve(leaves, &name, "forest_leaves", 1, |p| p.leaves as f64)
        .line_of(
            "one tree, training",
            own("leaves"),
            |p| p.leaves as f64,
            |p| p.train_mse,
        )
        .color(0)
        .dashed();
    let trees =
        Panel::new("trees, each grown out", "mean squared test error").title("then more trees");
    let trees = curve(trees, "", "trees", 0, |p| p.trees as f64);
    Figure::new("A forest: more leaves, then more trees")
        .panel(leaves)
        .panel(trees)
        .share_y()
        .caption(&format!(
            "Means over {} draws of n = {} digits, ± 2 s.e.; {} % of training labels changed. The path of one tree in (a) goes on in \
             (b).",
            settings.draws,
            settings.n,
            100.0 * settings.label_noise
        ))
}
