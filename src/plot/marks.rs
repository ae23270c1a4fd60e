//! Draws the layers of a panel.

use super::axis::Scale;
use super::canvas::{Align, Canvas, Font, Stroke};
use super::kinds::{Line, Note, Points};
use super::layer::Layer;
use super::panel::Panel;
use super::running::{self, Clock};
use super::shape::{Point, Rect};
use super::style::{self, Rgb};
use super::view::View;
use super::{arrows, raster, sample, text};

/// Draws every layer of `panel`, lowest first; each spends about `budget` points. With a `clock`, paths run.
pub(crate) fn draw(
    canvas: &mut Canvas,
    panel: &Panel,
    view: &View,
    budget: usize,
    clock: Option<Clock>,
) -> Result<(), String> {
    let mut layers: Vec<&Layer> = panel.layers.iter().collect();
    layers.sort_by_key(|layer| layer.depth());
    let bar_layers = layers
        .iter()
        .filter(|l| matches!(l, Layer::Bars(_)))
        .count();
    let mut bar_layer = 0;
    let frame = &view.frame;
    for layer in layers {
        match layer {
            Layer::Heatmap(map) => {
                if let Some((rect, pixels)) = raster::heatmap(map, view) {
                    canvas.image(&rect, &pixels.png()?);
                }
            }
            // A panel of images is drawn by itself.
            Layer::Images(_) => {}
            Layer::Band(band) => {
                for area in view.areas(band, budget) {
                    canvas.polygon(
                        &area,
                        style::series(band.color),
                        sample::drawable_opacity(band.opacity),
                    );
                }
            }
            Layer::Histogram(histogram) => {
                let blocks = view.blocks(histogram);
                let color = style::series(histogram.color);
                for block in blocks.iter().take(budget) {
                    canvas.rect(block, color, sample::HISTOGRAM_OPACITY);
                }
                let outlines: Vec<Vec<Point>> = blocks.iter().take(budget).map(outline).collect();
                canvas.lines(&outlines, &Stroke::solid(color, 1.0));
            }
            Layer::Bars(bars) => {
                let rects = view.bars(bars, bar_layer, bar_layers);
                bar_layer += 1;
                let mut errors = Vec::new();
                for (i, rect) in rects.iter().take(budget) {
                    canvas.rect(rect, style::series(bars.color), sample::BAR_OPACITY);
                    let ends = bars.low.get(*i).zip(bars.high.get(*i));
                    let middle = rect.left + 0.5 * rect.width;
                    errors
                        .extend(ends.and_then(|(&low, &high)| error_bar(view, middle, low, high)));
                }
                draw_errors(canvas, &errors, style::INK);
            }
            Layer::VerticalLine(rule) => {
                if let Some(t) = view.x.scale.transform(rule.at) {
                    let x = view.place(t, view.y.low).0;
                    let ends = [(x, frame.bottom()), (x, frame.top)];
                    if frame.holds(ends[0], 0.5) {
                        canvas.line(&ends, &sample::rule_stroke(rule));
                    }
                }
            }
            Layer::HorizontalLine(rule) => {
                if let Some(t) = view.y.scale.transform(rule.at) {
                    let y = view.place(view.x.low, t).1;
                    let ends = [(frame.left, y), (frame.right(), y)];
                    if frame.holds(ends[0], 0.5) {
                        canvas.line(&ends, &sample::rule_stroke(rule));
                    }
                }
            }
            Layer::Arrows(field) => arrows::draw(canvas, field, view, budget),
            Layer::Line(line) => match clock.filter(|_| line.directed) {
                Some(clock) => running::draw(canvas, line, view, budget, clock),
                None => draw_line(canvas, line, view, budget),
            },
            Layer::Points(points) => draw_points(canvas, points, view, budget),
            Layer::Text(note) => draw_note(canvas, note, view),
        }
    }
    Ok(())
}

/// Left, top and right side of a rectangle: steps of a histogram.
fn outline(rect: &Rect) -> Vec<Point> {
    vec![
        (rect.left, rect.bottom()),
        (rect.left, rect.top),
        (rect.right(), rect.top),
        (rect.right(), rect.bottom()),
    ]
}

fn draw_line(canvas: &mut Canvas, line: &Line, view: &View, budget: usize) {
    let stroke = Stroke {
        color: style::series(line.color),
        width: sample::drawable_width(line.width),
        opacity: sample::drawable_opacity(line.opacity),
        style: line.style,
    };
    let pieces = view.pieces(line, budget);
    let (lone, long): (Vec<&Vec<Point>>, Vec<&Vec<Point>>) =
        pieces.iter().partition(|p| p.len() == 1);
    for piece in long {
        canvas.line(piece, &stroke);
    }
    // A point between two gaps is a line of no length: show it as a dot.
    let lone: Vec<Point> = lone.into_iter().flatten().copied().collect();
    canvas.markers(
        &lone,
        style::Marker::Circle,
        2.0 * stroke.width,
        stroke.color,
        stroke.opacity,
    );
    if line.directed {
        let start = line
            .x
            .iter()
            .zip(&line.y)
            .find_map(|(&x, &y)| view.point(x, y));
        if let Some(start) = start.filter(|&p| view.frame.holds(p, 0.5)) {
            let size = style::MARKER_SIZE;
            canvas.markers(
                &[start],
                style::Marker::Circle,
                size,
                stroke.color,
                stroke.opacity,
            );
        }
        if let Some(head) = pieces.last().and_then(|piece| arrows::head(piece, 9.0)) {
            canvas.polygon(&head, stroke.color, stroke.opacity);
        }
    }
}

fn draw_points(canvas: &mut Canvas, points: &Points, view: &View, budget: usize) {
    let color = style::series(points.color);
    let mut errors = Vec::new();
    let mut at: Vec<Point> = Vec::new();
    for (i, (&x, &y)) in points.x.iter().zip(&points.y).enumerate() {
        let Some(place) = view.visible(x, y) else {
            continue;
        };
        at.push(place);
        let ends = points.y_low.get(i).zip(points.y_high.get(i));
        errors.extend(ends.and_then(|(&low, &high)| error_bar(view, place.0, low, high)));
    }
    errors.truncate(budget);
    draw_errors(canvas, &errors, color);
    let size = sample::drawable_size(points.size);
    canvas.markers(
        &spread(at, budget),
        points.marker,
        size,
        color,
        sample::drawable_opacity(points.opacity),
    );
}

/// Keeps one of the points that fall on the same tenth of a px; if more than `budget` stay,
/// on the same fifth, and so on.
fn spread(mut points: Vec<Point>, budget: usize) -> Vec<Point> {
    let mut grid = 0.1;
    loop {
        let key = |p: &Point| ((p.0 / grid).round() as i64, (p.1 / grid).round() as i64);
        let mut seen = std::collections::HashSet::new();
        // Order is that of the data, so the result does not depend on the hashing.
        points.retain(|p| seen.insert(key(p)));
        if points.len() <= budget.max(1) || grid > 1e4 {
            return points;
        }
        grid *= 2.0;
    }
}

/// The vertical stroke of an error bar and its caps, clipped to the frame.
fn error_bar(view: &View, x: f64, low: f64, high: f64) -> Option<[Vec<Point>; 3]> {
    let scale = view.y.scale;
    let top = view.place(view.x.low, scale.transform(high)?).1;
    // A lower end off a logarithmic axis reaches down to the frame.
    let bottom = match scale.transform(low) {
        Some(t) => view.place(view.x.low, t).1,
        None if scale == Scale::Log10 && low <= 0.0 => view.frame.bottom(),
        None => return None,
    };
    let clamp = |y: f64| y.clamp(view.frame.top, view.frame.bottom());
    let (top, bottom) = (clamp(top), clamp(bottom));
    let cap = |y: f64| vec![(x - 3.0, y), (x + 3.0, y)];
    Some([vec![(x, top), (x, bottom)], cap(top), cap(bottom)])
}

fn draw_errors(canvas: &mut Canvas, errors: &[[Vec<Point>; 3]], color: Rgb) {
    canvas.lines(&errors.concat(), &Stroke::solid(color, 1.2));
}

/// Writes a note to the right of its point, or where it stays inside the frame.
fn draw_note(canvas: &mut Canvas, note: &Note, view: &View) {
    let Some((x, y)) = view.visible(note.x, note.y) else {
        return;
    };
    let frame = &view.frame;
    let lines = text::wrap(&note.text, 0.9 * frame.width, style::LEGEND, 4);
    let width = text::widest(&lines, style::LEGEND);
    let height = text::height(lines.len(), style::LEGEND);
    let right = x + 6.0;
    let left = if right + width <= frame.right() {
        right
    } else {
        x - 6.0 - width
    };
    let left = left.clamp(frame.left, (frame.right() - width).max(frame.left));
    let top = (y - 0.5 * height).clamp(frame.top, (frame.bottom() - height).max(frame.top));
    let behind = Rect {
        left: left - 2.0,
        top,
        width: width + 4.0,
        height,
    };
    canvas.rect(&behind, style::BACKGROUND, 0.7);
    for (i, line) in lines.iter().enumerate() {
        let at = (
            left,
            top + (i as f64 + 0.5) * text::height(1, style::LEGEND),
        );
        canvas.text(line, at, Align::Left, &Font::new(style::LEGEND));
    }
}
