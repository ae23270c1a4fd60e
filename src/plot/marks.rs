//! Draws the layers of a panel.

use super::axis::Scale;
use super::canvas::{Align, Canvas, Font, Stroke};
use super::layer::{Arrows, Images, Layer, Line, Note, Points};
use super::legend;
use super::panel::Panel;
use super::shape::{self, Point, Rect};
use super::style::{self, Rgb};
use super::view::View;
use super::{raster, text};

/// Draws every layer of `panel`, lowest first; each spends about `budget` points.
pub(crate) fn draw(
    canvas: &mut Canvas,
    panel: &Panel,
    view: &View,
    budget: usize,
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
            Layer::Images(images) => draw_images(canvas, images, frame)?,
            Layer::Band(band) => {
                for area in view.areas(band, budget) {
                    canvas.polygon(&area, style::series(band.color), opacity(band.opacity));
                }
            }
            Layer::Histogram(histogram) => {
                let blocks = view.blocks(histogram);
                let color = style::series(histogram.color);
                for block in blocks.iter().take(budget) {
                    canvas.rect(block, color, legend::HISTOGRAM_OPACITY);
                }
                let outlines: Vec<Vec<Point>> = blocks.iter().take(budget).map(outline).collect();
                canvas.lines(&outlines, &Stroke::solid(color, 1.0));
            }
            Layer::Bars(bars) => {
                let rects = view.bars(bars, bar_layer, bar_layers);
                bar_layer += 1;
                let mut errors = Vec::new();
                for (i, rect) in rects.iter().take(budget) {
                    canvas.rect(rect, style::series(bars.color), legend::BAR_OPACITY);
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
                        canvas.line(&ends, &legend::rule_stroke(rule));
                    }
                }
            }
            Layer::HorizontalLine(rule) => {
                if let Some(t) = view.y.scale.transform(rule.at) {
                    let y = view.place(view.x.low, t).1;
                    let ends = [(frame.left, y), (frame.right(), y)];
                    if frame.holds(ends[0], 0.5) {
                        canvas.line(&ends, &legend::rule_stroke(rule));
                    }
                }
            }
            Layer::Arrows(arrows) => draw_arrows(canvas, arrows, view, budget),
            Layer::Line(line) => draw_line(canvas, line, view, budget),
            Layer::Points(points) => draw_points(canvas, points, view, budget),
            Layer::Text(note) => draw_note(canvas, note, view),
        }
    }
    Ok(())
}

fn opacity(v: f64) -> f64 {
    if v.is_finite() {
        (v.clamp(0.0, 1.0) * 1000.0).round() / 1000.0
    } else {
        1.0
    }
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
        width: legend::drawable_width(line.width),
        opacity: opacity(line.opacity),
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
        if let Some(head) = pieces.last().and_then(|piece| arrow_head(piece, 9.0)) {
            canvas.polygon(&head, stroke.color, stroke.opacity);
        }
    }
}

/// A triangle at the end of a line, along its last `length` px.
fn arrow_head(line: &[Point], length: f64) -> Option<Vec<Point>> {
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
    let size = if points.size.is_finite() {
        points.size.clamp(1.0, 40.0)
    } else {
        style::MARKER_SIZE
    };
    canvas.markers(
        &spread(at, budget),
        points.marker,
        size,
        color,
        opacity(points.opacity),
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

fn draw_arrows(canvas: &mut Canvas, arrows: &Arrows, view: &View, budget: usize) {
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
        &Stroke::solid(legend::arrow_color(arrows.color), 1.2),
    );
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

/// The places of small images.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grid {
    columns: usize,
    rows: usize,
    side: f64,
    caption: f64,
}

impl Grid {
    const GAP: f64 = 6.0;

    /// The grid that shows `images` largest within `width × height` px.
    pub(crate) fn new(images: &Images, width: f64, height: f64) -> Self {
        let count = images.images.len().max(1);
        let caption = if images.captions.is_empty() {
            0.0
        } else {
            text::height(2, style::TICK)
        };
        let fit = |columns: usize| {
            let rows = count.div_ceil(columns);
            let side = (width / columns as f64 - Self::GAP)
                .min(height / rows as f64 - Self::GAP - caption)
                .clamp(4.0, 220.0);
            Self {
                columns,
                rows,
                side,
                caption,
            }
        };
        match images.columns {
            // Fewer columns come first, and win ties.
            0 => (1..=count.min(200))
                .map(fit)
                .reduce(|best, next| if next.side > best.side { next } else { best })
                .unwrap_or_else(|| fit(1)),
            columns => fit(columns.min(count)),
        }
    }

    /// Px from the first row's top to the last row's end.
    pub(crate) fn height(&self) -> f64 {
        self.rows as f64 * (self.side + self.caption + Self::GAP) - Self::GAP
    }
}

fn draw_images(canvas: &mut Canvas, images: &Images, frame: &Rect) -> Result<(), String> {
    let grid = Grid::new(images, frame.width, frame.height + Grid::GAP);
    for (i, image) in images.images.iter().enumerate() {
        let Some(pixels) = raster::small_image(image, images) else {
            continue;
        };
        let (row, column) = (i / grid.columns, i % grid.columns);
        let (rows, columns) = image.dim();
        let unit = grid.side / rows.max(columns) as f64;
        let pitch = (frame.width / grid.columns as f64)
            .min(grid.side + 40.0)
            .max(grid.side);
        let cell = (
            frame.left + column as f64 * pitch,
            frame.top + row as f64 * (grid.side + grid.caption + Grid::GAP),
        );
        let rect = Rect {
            left: cell.0 + 0.5 * (grid.side - unit * columns as f64),
            top: cell.1 + 0.5 * (grid.side - unit * rows as f64),
            width: unit * columns as f64,
            height: unit * rows as f64,
        };
        canvas.image(&rect, &pixels.png()?);
        canvas.frame(&rect, &Stroke::solid(style::GRID, 0.8));
        let words = images.captions.get(i).map_or("", String::as_str);
        for (k, line) in text::wrap(words, pitch - 2.0, style::TICK, 2)
            .iter()
            .enumerate()
        {
            let y = cell.1 + grid.side + (k as f64 + 0.5) * text::height(1, style::TICK);
            canvas.text(
                line,
                (cell.0 + 0.5 * grid.side, y),
                Align::Center,
                &Font::new(style::TICK),
            );
        }
    }
    Ok(())
}
