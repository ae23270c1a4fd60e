//! The picture of a run.

use super::curve::{Entry, Point, Results};
use crate::plot::{Figure, Panel};
use crate::stats::Estimate;

const PARAMETERS: &str = "parameters / numbers to fit, P/(n k)";

pub(super) fn figure(results: &Results) -> Figure {
    let ratio = |p: &Point| p.ratio;
    let with_band = |panel: Panel, label: &str, of: &dyn Fn(&Point) -> Estimate| {
        panel
            .line_of(label, &results.points, ratio, |p| of(p).mean)
            .band_of(&results.points, ratio, |p| of(p).bar(2.0))
    };
    let panel = |label: &str, title: &str| Panel::new(PARAMETERS, label).title(title).log_x();
    let squared = |title: &str| {
        let panel = panel("squared error", title).log_y();
        panel.y_range(1e-4, f64::INFINITY)
    };
    let (frozen, place) = (&results.frozen, |p: &Entry| p.ratio);
    let random = squared("hidden layer frozen at random")
        .line_of("test", frozen, place, |p| p.test_mse)
        .line_of("training", frozen, place, |p| p.train_mse);
    let trained = squared("all layers trained");
    let trained = with_band(trained, "test", &|p| p.last().test_mse);
    let trained = with_band(trained, "training", &|p| p.last().train_mse);
    let errors = panel(
        "share of digits told wrong",
        "all layers trained: wrong answers",
    );
    let errors = with_band(errors, "test", &|p| p.last().test_error);
    let errors = with_band(errors, "training", &|p| p.last().train_error);
    let mut stopped = panel("squared test error", "stopped early").log_y();
    for at in (0..3).rev() {
        let epochs = results.points[0].stages[at].epochs;
        let of = |p: &Point| p.stages[at].test_mse;
        stopped = with_band(stopped, &format!("{epochs} epochs"), &of);
    }
    Figure::new("Double descent of a fully connected network on MNIST digits")
        .panel(random.vertical(1.0, "P = n k"))
        .panel(trained.vertical(1.0, "P = n k"))
        .panel(errors.vertical(1.0, "P = n k"))
        .panel(stopped.vertical(1.0, ""))
        .caption(
            "Means over draws, bands of two standard errors (frozen: medians). Test labels are clean, training labels \
             are not. n digits with k = 10 outputs are n k numbers to fit.",
        )
}
