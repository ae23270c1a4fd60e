//! The picture of kernels and a network on one product.

use super::draw::{KERNELS, SparseParity};
use super::points::Point;
use crate::plot::{Figure, Panel};
use crate::stats::Estimate;

pub(super) fn figure(settings: &SparseParity, points: &[Point]) -> Figure {
    let sizes = settings.sizes.len();
    let names = KERNELS.iter().map(|(_, words)| *words).chain(["network"]);
    let panel = |title: &str, y: &str, of: fn(&Point) -> Estimate| {
        let mut panel = Panel::new("training examples n", y).title(title);
        for (color, (own, name)) in points.chunks(sizes).zip(names.clone()).enumerate() {
            panel = panel
                .points_of(name, own, |p| p.n as f64, |p| of(p).mean)
                .color(color)
                .error_bars_of(own, |p| of(p).bar(2.0))
                .line_of("", own, |p| p.n as f64, |p| of(p).mean)
                .color(color);
        }
        panel
    };
    let own = &points[..sizes];
    Figure::new("The product of two coordinates")
        .panel(
            panel("mean squared error", "mean squared error", |p| p.mse)
                .line_of(
                    "least of such kernels, 1 − n/N",
                    own,
                    |p| p.n as f64,
                    |p| p.bound,
                )
                .color(6)
                .dashed(),
        )
        .panel(
            panel("wrong signs", "share of signs wrong", |p| p.error).horizontal(0.5, "guessing"),
        )
        .caption(&format!(
            "d = {} signs, N = d(d − 1)/2 = {} products. Means over {} draws, ± 2 s.e.",
            settings.dim,
            settings.dim * (settings.dim - 1) / 2,
            settings.draws
        ))
}
