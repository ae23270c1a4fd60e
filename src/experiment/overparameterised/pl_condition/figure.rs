//! The picture of `pl_condition`.

use super::findings::Measured;
use super::settings::{PlCondition, Point};
use crate::error::Result;
use crate::plot::{Figure, LegendPosition, Panel};
use crate::stats::smaller;

/// Names and colours of what is behind the output.
fn name(outer: &str) -> (&'static str, usize) {
    match outer {
        "phi" => ("F = φ(f)", 1),
        _ => ("F = f", 0),
    }
}

pub(super) fn figure(
    title: &str,
    settings: &PlCondition,
    measured: &Measured,
    points: &[Point],
) -> Result<Figure> {
    let m = |p: &Point| p.width as f64;
    let by_width =
        |y: &str, title: &str| Panel::new("hidden units m", y).title(title).log_x().log_y();
    let mut loss = Panel::new("step t", "loss L_t / L_0")
        .title("the loss, widest network")
        .log_y();
    let mut pl = Panel::new("step t", "½‖∇L‖² / L")
        .title("the PL ratio, widest network")
        .log_y();
    let mut hessians = by_width("‖∇²F‖ at the start", "Hessian of the function");
    let mut change = by_width("‖K(end) − K(0)‖ / ‖K(0)‖", "how much the kernel moves");
    let mut balls =
        by_width("distance from the start", "the ball, F = f").legend(LegendPosition::Below);
    for (at, &outer) in settings.outer.iter().enumerate() {
        let (label, color) = name(outer);
        let run = &measured.runs[at][settings.widths.len() - 1][0];
        let constants = run.constants()?;
        let steps: Vec<f64> = run.seen.iter().map(|s| s.step as f64).collect();
        let values =
            |of: &dyn Fn(&super::run::Seen) -> f64| run.seen.iter().map(of).collect::<Vec<f64>>();
        let first = run.first_loss();
        let factor = 1.0 - run.rate * constants.mu;
        let last = smaller(steps[steps.len() - 1], 1e-9_f64.ln() / factor.ln());
        loss = loss
            .line(label, &steps, &values(&|s| s.loss / first))
            .color(color)
            .line(
                &format!("{label}: (1 − ημ)^t"),
                &[0.0, last],
                &[1.0, factor.powf(last)],
            )
            .color(color)
            .dashed();
        pl = pl
            .line(label, &steps, &values(&|s| s.pl))
            .color(color)
            .line(&format!("{label}: λ_min(K)"), &steps, &values(&|s| s.least))
            .color(color)
            .dashed();
        let own: Vec<&Point> = points.iter().filter(|p| p.outer == outer).collect();
        let rows = || own.iter().copied();
        hessians = hessians
            .points_of(label, rows(), m, |p| p.hessian.mean)
            .error_bars_of(rows(), |p| p.hessian.bar(2.0))
            .color(color)
            .line_of(
                if outer == "phi" {
                    "|φ''|‖∇f‖²"
                } else {
                    "exact mean"
                },
                rows(),
                m,
                |p| p.hessian_exact,
            )
            .color(color);
        change = change
            .points_of(label, rows(), m, |p| p.kernel_change.mean)
            .error_bars_of(rows(), |p| p.kernel_change.bar(2.0))
            .color(color);
        if at == 0 {
            balls = balls
                .points_of("largest distance", rows(), m, |p| p.distance)
                .line_of("2√(2L_0/μ)", rows(), m, |p| p.path)
                .line_of("R = 2√(2βL_0)/μ", rows(), m, |p| p.radius)
                .title(&format!("the ball, {label}"));
        }
    }
    Ok(Figure::new(title)
        .panel(loss)
        .panel(pl)
        .panel(hessians)
        .panel(change)
        .panel(balls)
        .columns(3)
        .caption("(a), (b) the first draw. Bars: 2 standard errors over draws."))
}
