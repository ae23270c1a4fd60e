//! The four panels.

use super::limit::Limit;
use super::runs::Method;
use super::settings::Point;
use crate::plot::{Figure, LegendPosition, Panel};
use crate::real::norm;

fn step(point: &Point) -> f64 {
    point.step as f64
}

/// `rows`: of gradient descent on four points, then of the methods.
pub(super) fn figure(title: &str, rows: &[Point], limit: &Limit, methods: &[Method]) -> Figure {
    let of = |points: &'static str, method: &'static str| {
        rows.iter()
            .filter(move |row| row.points == points && row.method == method)
    };
    let four = || of("four", "descent");
    let square = norm([limit.direction.as_slice()]).powi(2);
    let scaled = Panel::new("steps t", "ηtL, and length of w − ŵ ln t")
        .title("four points: what tends to a number")
        .log_x()
        .legend(LegendPosition::Below)
        .line_of("ηtL", four(), step, |row: &Point| {
            row.scaled_loss.unwrap_or(f64::NAN)
        })
        .color(0)
        .line_of("‖w − ŵ ln t‖", four(), step, |row: &Point| {
            row.residual.unwrap_or(f64::NAN)
        })
        .color(1)
        .horizontal(square, "‖ŵ‖² = Σα")
        .color(0)
        .horizontal(norm([limit.residual.as_slice()]), "‖ρ‖")
        .color(1);
    let length = norm([limit.direction.as_slice()]);
    let steps: Vec<f64> = four().map(step).collect();
    let line: Vec<f64> = steps
        .iter()
        .map(|t| {
            let whole = limit.direction.iter().zip(&limit.residual);
            norm([whole
                .map(|(d, r)| d * t.ln() + r)
                .collect::<Vec<f64>>()
                .as_slice()])
        })
        .collect();
    let lengths = Panel::new("steps t", "length of w")
        .title(&format!(
            "four points: the length grows like {length:.3} ln t"
        ))
        .log_x()
        .legend(LegendPosition::Below)
        .points_of("measured", four(), step, |row: &Point| row.norm)
        .color(0)
        .line("‖ŵ ln t + ρ‖", &steps, &line)
        .color(1);
    let mut angles = Panel::new("steps t", "angle to ŵ in radians")
        .title("one support vector: the directions")
        .log_x()
        .legend(LegendPosition::Below);
    let mut gaps = Panel::new("steps t", "1 − margin/bound, in ℓ∞")
        .title("the same: margins in ℓ∞")
        .log_x()
        .log_y()
        .legend(LegendPosition::Below);
    for (color, method) in methods.iter().enumerate() {
        let own = || of("one", method.name);
        let name = shown(method.name);
        angles = angles
            .line_of(name, own(), step, |row: &Point| row.angle)
            .color(color)
            .solid();
        gaps = gaps
            .line_of(name, own(), step, |row: &Point| row.gap_max)
            .color(color)
            .solid();
        if matches!(method.name, "adagrad" | "adam") {
            let limit = super::problem::angle(&method.predicted, &methods[0].predicted);
            angles = angles.horizontal(limit, "").color(color);
        }
    }
    Figure::new(title)
        .panel(scaled)
        .panel(lengths)
        .panel(angles)
        .panel(gaps)
        .columns(2)
        .caption("Level lines: limits by theory, each in the colour of its curve.")
}

fn shown(name: &'static str) -> &'static str {
    match name {
        "adagrad" => "AdaGrad",
        "adam" => "Adam",
        "momentum" => "momentum 0.9",
        _ => "gradient descent",
    }
}
