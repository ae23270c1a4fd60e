//! Arrow heads and vector fields.

use super::axis::Scale;
use super::canvas::{Canvas, Stroke};
use super::kinds::Arrows;
use super::sample;
use super::shape::{self, Point};
use super::view::View;

/// A triangle at the end of a line, along its last `length` px.
pub(crate) fn head(line: &[Point], length: f64) -> Option<Vec<Point>> {
    let &tip = line.last()?;
    let apart = |p: &Point| (p.0 - tip.0).hypot(p.1 - tip.1);
    let from = line
        .iter()
        .rev()
        .find(|p| apart(p) >= 0.6 * length)
        .or(line.first())?;
    let distance = apart(from);
    if distance < 1.0 {
        return None;
    }
    let (ux, uy) = ((tip.0 - from.0) / distance, (tip.1 - from.1) / distance);
    let (bx, by) = (tip.0 - length * ux, tip.1 - length * uy);
    let half = 0.4 * length;
    Some(vec![
        tip,
        (bx - half * uy, by + half * ux),
        (bx + half * uy, by - half * ux),
    ])
}

/// Draws a vector field; spends about `budget` arrows.
pub(crate) fn draw(canvas: &mut Canvas, arrows: &Arrows, view: &View, budget: usize) {
    let per_x = view.frame.width / (view.x.high - view.x.low);
    let per_y = view.frame.height / (view.y.high - view.y.low);
    // Directions in px. On a logarithmic axis an arrow shows d log₁₀ v = dv / (v ln 10).
    let slope = |scale: Scale, v: f64, dv: f64| match scale {
        Scale::Linear => dv,
        Scale::Log10 => dv / (v * std::f64::consts::LN_10),
    };
    let tails: Vec<(Point, Point)> = (0..arrows.x.len())
        .filter_map(|i| {
            let tail = view.visible(arrows.x[i], arrows.y[i])?;
            let dx = slope(view.x.scale, arrows.x[i], arrows.dx[i]) * per_x;
            let dy = -slope(view.y.scale, arrows.y[i], arrows.dy[i]) * per_y;
            (dx.abs() <= 1e300 && dy.abs() <= 1e300).then_some((tail, (dx, dy)))
        })
        .take(budget)
        .collect();
    let longest = tails
        .iter()
        .map(|(_, d)| d.0.hypot(d.1))
        .fold(0.0, f64::max);
    // Neighbours of n arrows spread over the frame are about √(area / n) apart.
    let apart = (view.frame.width * view.frame.height / tails.len().max(1) as f64).sqrt();
    let scale = match arrows.scale {
        Some(scale) if scale.is_finite() => scale,
        _ => 0.95 * apart.min(60.0) / longest.max(1e-300),
    };
    let strokes: Vec<Vec<Point>> = tails
        .iter()
        .flat_map(|&((x, y), (dx, dy))| {
            let (dx, dy) = (scale * dx, scale * dy);
            let length = dx.hypot(dy);
            if length.is_nan() || length > 1e5 {
                return Vec::new();
            }
            if length < 0.5 {
                return vec![vec![(x, y)]];
            }
            let tip = (x + dx, y + dy);
            let head = (0.35 * length).min(6.0);
            let (ux, uy) = (dx / length * head, dy / length * head);
            let wing = |side: f64| (tip.0 - ux - side * 0.5 * uy, tip.1 - uy + side * 0.5 * ux);
            let shaft = [Some((x, y)), Some(tip)];
            let head = [Some(wing(1.0)), Some(tip), Some(wing(-1.0))];
            let mut pieces = shape::clip_line(&shaft, &view.frame);
            pieces.extend(shape::clip_line(&head, &view.frame));
            pieces
        })
        .collect();
    canvas.lines(
        &strokes,
        &Stroke::solid(sample::arrow_color(arrows.color), 1.2),
    );
}
