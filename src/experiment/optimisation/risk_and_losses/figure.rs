//! Losses, the slip, and risks by epoch.

use super::runs::Point;
use crate::plot::{Figure, LegendPosition, Panel};

pub(super) fn figure(title: &str, points: &[Point]) -> Figure {
    let margins: Vec<f64> = (-100..=150).map(|i| 0.02 * f64::from(i)).collect();
    let of = |loss: fn(f64) -> f64| margins.iter().map(|m| loss(*m)).collect::<Vec<f64>>();
    let losses = Panel::new("margin y f", "loss")
        .title("losses above the error")
        .y_range(-0.1, 5.0)
        .line(
            "error, 0 or 1",
            &margins,
            &of(|m| if m > 0.0 { 0.0 } else { 1.0 }),
        )
        .color(4)
        .line("squared, (1 − yf)²", &margins, &of(|m| (1.0 - m).powi(2)))
        .color(0)
        .line(
            "hinge, max(0, 1 − yf)",
            &margins,
            &of(|m| if m < 1.0 { 1.0 - m } else { 0.0 }),
        )
        .color(1)
        .line(
            "logistic, log₂(1 + e^(−yf))",
            &margins,
            &of(|m| (-m).exp().ln_1p() / std::f64::consts::LN_2),
        )
        .color(2);
    let outputs: Vec<f64> = (-200..=300).map(|i| 0.02 * f64::from(i)).collect();
    let positive: Vec<f64> = outputs.iter().copied().filter(|f| *f > 0.0).collect();
    let right: Vec<f64> = outputs.iter().map(|f| (-f).exp().ln_1p()).collect();
    let printed: Vec<f64> = positive.iter().map(|f| -f.ln()).collect();
    let slip = Panel::new("output f", "loss of label 1")
        .title("the slip: log(y f) for log g(f)")
        .y_range(-2.0, 5.0)
        .line("−log g(f), g = 1/(1 + e^(−f))", &outputs, &right)
        .line("−log(y f) as printed: none for f ≤ 0", &positive, &printed)
        .dashed()
        .horizontal(0.0, "");
    let mut risks = Panel::new("epoch", "empirical risk / its value at the start")
        .title("empirical risk")
        .log_y();
    let mut errors = Panel::new("epoch", "share on the wrong side")
        .title("errors: test (lines, ± 2 s.e.), training (dashed)")
        .legend(LegendPosition::Below);
    let mut names: Vec<&str> = points.iter().map(|p| p.loss).collect();
    names.dedup();
    // All begin near one half.
    let first_drawn = usize::from(points.iter().any(|p| p.epoch > 0));
    for (color, name) in names.into_iter().enumerate() {
        let own = || points.iter().filter(move |p| p.loss == name);
        let first = own().next().map_or(f64::NAN, |p| p.risk.mean);
        let label = name.replace('_', "-");
        let epoch = |p: &Point| p.epoch as f64;
        risks = risks
            .line_of(&label, own().filter(|p| p.risk.mean > 0.0), epoch, |p| {
                p.risk.mean / first
            })
            .color(color);
        let drawn = || own().filter(move |p| p.epoch >= first_drawn);
        errors = errors
            .line_of(&label, drawn(), epoch, |p| p.test_error.mean)
            .color(color)
            .band_of(drawn(), epoch, |p| p.test_error.bar(2.0))
            .color(color)
            .line_of("", drawn(), epoch, |p| p.train_error.mean)
            .color(color)
            .dashed();
    }
    Figure::new(title)
        .panel(losses)
        .panel(slip)
        .panel(risks)
        .panel(errors)
        .columns(2)
}
