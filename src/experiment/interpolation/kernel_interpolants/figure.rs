//! The picture of a run with wrong labels.

use super::draw::{KernelInterpolants, METHODS};
use super::points::{Point, mixed};
use crate::plot::{Figure, Panel};
use crate::stats::Estimate;

pub(super) fn figure(settings: &KernelInterpolants, points: &[Point], classes: usize) -> Figure {
    let shares = &settings.shares;
    let most = shares[shares.len() - 1];
    let fine: Vec<f64> = (0..=50).map(|i| most * f64::from(i) / 50.0).collect();
    let clean = points[2 * shares.len()].error.mean;
    let trained = |share: f64| mixed(clean, share, classes);
    let law =
        |of: &dyn Fn(f64) -> f64| -> Vec<f64> { fine.iter().map(|&share| of(share)).collect() };
    let panel = |title: &str, y: &str, of: fn(&Point) -> Estimate, line: &[f64]| {
        let mut panel = Panel::new("share of training labels changed, η", y).title(title);
        for (color, (own, (_, name))) in points.chunks(shares.len()).zip(METHODS).enumerate() {
            panel = panel
                .points_of(name, own, |p| p.label_noise, |p| of(p).mean)
                .color(color)
                .error_bars_of(own, |p| of(p).bar(2.0));
        }
        panel.line("", &fine, line).color(2).dashed()
    };
    Figure::new("Interpolating wrong labels")
        .panel(panel(
            "clean test labels",
            "share of test digits read wrongly",
            |p| p.error,
            &law(&trained),
        ))
        .panel(
            panel(
                "test labels changed too",
                "share of test labels not met",
                |p| p.noisy_error,
                &law(&|share| mixed(trained(share), share, classes)),
            )
            .line("no mistake but the changed labels", &fine, &fine)
            .color(6)
            .dotted(),
        )
        .caption("Means over draws, ± 2 s.e. Dashed: the formula for the nearest neighbour.")
}
