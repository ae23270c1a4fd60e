//! The picture of risk by step.

use super::points::Point;
use super::run::{KINDS, LinearEpochDoubleDescent};
use crate::error::Result;
use crate::measure::stopped_risk;
use crate::plot::{Figure, Panel};

pub(super) fn figure(settings: &LinearEpochDoubleDescent, points: &[Point]) -> Result<Figure> {
    let last = (settings.steps as f64).ln();
    let mut steps: Vec<usize> = (0..=300)
        .map(|i| (last * f64::from(i) / 300.0).exp().round() as usize)
        .collect();
    steps.dedup();
    let x: Vec<f64> = steps.iter().map(|&t| t as f64).collect();
    let (noise, n) = (settings.noise_variance(), settings.n);
    let [fast, slow] = settings.groups(false);
    let law = |groups: &[_]| -> Result<Vec<f64>> {
        let each = steps.iter();
        each.map(|&t| stopped_risk(groups, noise, n, t)).collect()
    };
    let own = |at: usize| -> Vec<&Point> {
        let of_kind = |p: &&Point| p.kind == KINDS[at] && p.step > 0;
        points.iter().filter(of_kind).collect()
    };
    let marks = |panel: Panel, name: &str, at: usize, color: usize| {
        panel
            .points_of(name, own(at), |p| p.step as f64, |p| p.risk.mean)
            .color(color)
            .error_bars_of(own(at), |p| p.risk.bar(2.0))
    };
    let label = "steps of gradient descent";
    let panel = |title: &str| {
        Panel::new(label, "excess risk (label²)")
            .title(title)
            .log_x()
    };
    let one = panel("one step size")
        .line("fast features", &x, &law(&[fast])?)
        .color(2)
        .dashed()
        .line("slow features", &x, &law(&[slow])?)
        .color(3)
        .dashed()
        .line("sum", &x, &law(&[fast, slow])?)
        .color(0);
    let one = marks(one, "orthogonal columns", 0, 0);
    let one = marks(one, "Gaussian columns", 1, 1);
    let matched = panel("steps matched to the scales")
        .line("sum", &x, &law(&settings.groups(true))?)
        .color(0);
    Ok(Figure::new("Two trade-offs in one curve")
        .panel(one)
        .panel(marks(matched, "orthogonal columns", 2, 0))
        .share_y()
        .caption("Lines: the formula. Marks: means over draws, ± 2 s.e."))
}
