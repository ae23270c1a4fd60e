//! The picture: by dimension, by training-set size among junk, by training-set size for the classifier.

use super::points::{Point, UniformConvergence};
use crate::plot::{Figure, LegendPosition, Panel};

pub(super) fn figure(settings: &UniformConvergence, points: &[Point]) -> Figure {
    let (alpha, variance) = (settings.inflation, settings.noise * settings.noise);
    let ratio = |p: &Point| p.p as f64 / p.n as f64;
    let n = |p: &Point| p.n as f64;
    let part = |part: &'static str| points.iter().filter(move |p| p.part == part);
    // Nearer to n its sign is not safe.
    let safe = move |p: &&Point| p.quantity != "two_sided" || ratio(p) >= 4.0;
    let worst = format!("worst with ‖w‖ ≤ {alpha}‖ŵ‖");
    let one_sided = [
        ("risk", "test error of ŵ"),
        ("worst", &worst),
        ("bound", "one-sided bound B² Tr(Σ)/n"),
    ];
    let isotropic = Panel::new("dimension / training examples, p/n", "squared error")
        .title(&format!("pure noise, n = {}", settings.n))
        .log_x()
        .log_y();
    let isotropic = curves(isotropic, part("isotropic").filter(safe), ratio, &one_sided);
    let two_sided = [("two_sided", "|R − R_n| at −ŵ")];
    let isotropic = curves(isotropic, part("isotropic").filter(safe), ratio, &two_sided)
        .horizontal(variance, "noise level σ²");
    let junk = Panel::new("training examples n", "squared error")
        .title("one useful coordinate among junk")
        .log_x()
        .log_y();
    let junk = curves(junk, part("junk"), n, &one_sided);
    let junk = curves(
        junk,
        part("junk"),
        n,
        &[("two_sided", "two-sided, at least")],
    )
    .horizontal(variance, "noise level σ²")
    .horizontal(alpha * alpha * variance, &format!("{alpha}²σ²"));
    let classifier = Panel::new("training examples n", "share of errors")
        .title("a classifier that generalises")
        .log_x()
        .y_range(-0.02, 1.05);
    let errors = [
        ("train", "training set"),
        ("test", "new data"),
        ("flipped", "training set, noise negated"),
    ];
    let classifier = curves(classifier, part("classifier"), n, &errors);
    let spiked = Panel::new("spikes / rest, Tr Σ₁/Tr Σ₂", "squared error")
        .title(&format!(
            "{} spikes, n = {}",
            settings.spikes, settings.spike_n
        ))
        .log_x()
        .log_y();
    let ratio = |p: &Point| p.spikes.unwrap_or(f64::NAN);
    let bounds = [
        ("risk", "test error of ŵ"),
        ("bound", "B² Tr(Σ)/n, B = ‖ŵ‖"),
        ("split", "spikes split off"),
    ];
    let spiked =
        curves(spiked, part("spiked"), ratio, &bounds).horizontal(variance, "noise level σ²");
    Figure::new("Uniform convergence of interpolators")
        .panel(isotropic.legend(LegendPosition::Below))
        .panel(junk.legend(LegendPosition::Below))
        .panel(classifier.legend(LegendPosition::Below))
        .panel(spiked.legend(LegendPosition::Below))
        .columns(2)
        .caption(
            "Dots: means over training sets. Lines: predictions. The noise level σ² is the best \
             any predictor can do.",
        )
}

/// Quantities, each with its name: predictions as lines, measurements as dots.
fn curves<'a>(
    panel: Panel,
    points: impl Iterator<Item = &'a Point> + Clone,
    x: impl Fn(&Point) -> f64,
    quantities: &[(&str, &str)],
) -> Panel {
    quantities.iter().fold(panel, |panel, (quantity, name)| {
        let own = points.clone().filter(|p| p.quantity == *quantity);
        panel
            .line_of(name, own.clone(), &x, |p| p.predicted)
            .points_of(name, own, &x, |p| p.measured.mean)
    })
}
