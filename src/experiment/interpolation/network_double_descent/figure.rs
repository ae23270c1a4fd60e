//! The picture of a run.

use super::curve::Point;
use super::findings::Results;
use crate::plot::{Figure, Panel};
use crate::stats::Estimate;

const PARAMETERS: &str = "parameters / numbers to fit, P/(n k)";

pub(super) fn figure(results: &Results) -> Figure {
    let network = &results.network;
    let ratio = network.each(|p| p.ratio);
    let with_band = |panel: Panel, label: &str, of: &dyn Fn(&Point) -> Estimate| {
        let each = |side: f64| network.each(|p| of(p).mean + side * of(p).se);
        panel
            .line(label, &ratio, &each(0.0))
            .band(&ratio, &each(-1.0), &each(1.0))
    };
    let frozen = &results.frozen.points;
    let ratios: Vec<f64> = frozen.iter().map(|p| p.ratio).collect();
    let test: Vec<f64> = frozen.iter().map(|p| p.test_mse).collect();
    let train: Vec<f64> = frozen.iter().map(|p| p.train_mse).collect();
    let floor = 1e-4;
    let random = Panel::new(PARAMETERS, "squared error")
        .title("hidden layer frozen at random")
        .log_x()
        .log_y()
        .y_range(floor, f64::INFINITY)
        .line("test", &ratios, &test)
        .line("training", &ratios, &train)
        .vertical(1.0, "P = n k");
    let panel = Panel::new(PARAMETERS, "squared error")
        .title("all layers trained")
        .log_x()
        .log_y()
        .y_range(floor, f64::INFINITY);
    let panel = with_band(panel, "test", &|p| p.last().test_mse);
    let trained = with_band(panel, "training", &|p| p.last().train_mse).vertical(1.0, "P = n k");
    let panel = Panel::new(PARAMETERS, "share of digits told wrong")
        .title("all layers trained: wrong answers")
        .log_x();
    let panel = with_band(panel, "test", &|p| p.last().test_error);
    let errors = with_band(panel, "training", &|p| p.last().train_error).vertical(1.0, "P = n k");
    let mut stopped = Panel::new(PARAMETERS, "squared test error")
        .title("stopped early")
        .log_x()
        .log_y();
    let count = network.points.first().map_or(0, |p| p.stages.len());
    for stage in (0..count).rev() {
        let epochs = network.points[0].stages[stage].epochs;
        let of = |p: &Point| p.stages[stage].test_mse;
        stopped = with_band(stopped, &format!("{epochs} epochs"), &of);
    }
    Figure::new("Double descent of a fully connected network on MNIST digits")
        .panel(random)
        .panel(trained)
        .panel(errors)
        .panel(stopped.vertical(1.0, ""))
        .caption(
            "Means over draws, bands of one standard error (frozen: medians). Test labels are clean, training labels \
             are not. n digits with k = 10 outputs are n k numbers to fit.",
        )
}
