//! From numbers to px: what the axes must cover, and where each mark falls.

use super::axis::{Extent, Scale, Span};
use super::layer::{Band, Bars, Histogram, Layer, Line};
use super::panel::Panel;
use super::shape::{self, Point, Rect};

/// A frame on the page and the intervals it shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct View {
    pub(crate) frame: Rect,
    pub(crate) x: Span,
    pub(crate) y: Span,
}

impl View {
    /// The px of transformed coordinates.
    pub(crate) fn place(&self, tx: f64, ty: f64) -> Point {
        (
            self.frame.left + self.x.fraction(tx) * self.frame.width,
            self.frame.bottom() - self.y.fraction(ty) * self.frame.height,
        )
    }

    /// The px of a point; `None` if an axis has no place for it.
    pub(crate) fn point(&self, x: f64, y: f64) -> Option<Point> {
        Some(self.place(self.x.scale.transform(x)?, self.y.scale.transform(y)?))
    }

    /// The same, for points inside the frame only.
    pub(crate) fn visible(&self, x: f64, y: f64) -> Option<Point> {
        self.point(x, y).filter(|&p| self.frame.holds(p, 0.5))
    }

    /// Shrinks the frame so that one unit is equally long on both axes; it keeps its middle
    /// and its top.
    pub(crate) fn equalise(&mut self) {
        let px_x = self.frame.width / (self.x.high - self.x.low);
        let px_y = self.frame.height / (self.y.high - self.y.low);
        let frame = &mut self.frame;
        // A frame a few px wide would show nothing: very unequal spans stay unequal.
        let width = (frame.width * px_y / px_x).clamp(60.0_f64.min(frame.width), frame.width);
        let height = (frame.height * px_x / px_y).clamp(60.0_f64.min(frame.height), frame.height);
        frame.left += 0.5 * (frame.width - width);
        (frame.width, frame.height) = (width, height);
    }

    /// The visible pieces of a line, thinned to about `budget` points.
    pub(crate) fn pieces(&self, line: &Line, budget: usize) -> Vec<Vec<Point>> {
        let points: Vec<Option<Point>> = line
            .x
            .iter()
            .zip(&line.y)
            .map(|(&x, &y)| self.point(x, y))
            .collect();
        let pieces = shape::clip_line(&points, &self.frame);
        let total: usize = pieces.iter().map(Vec::len).sum();
        // Each piece gets its share; many short pieces are cut off at the budget.
        pieces
            .iter()
            .take(budget.max(1))
            .map(|piece| shape::thin(piece, (budget * piece.len() / total.max(1)).max(2)))
            .collect()
    }

    /// The visible polygons of a band, split where a point is missing.
    pub(crate) fn areas(&self, band: &Band, budget: usize) -> Vec<Vec<Point>> {
        let ends: Vec<Option<(Point, Point)>> = (0..band.x.len())
            .map(|i| {
                let (low, high) = (band.low[i], band.high[i]);
                let top = self.point(band.x[i], high)?;
                let bottom = match self.y.scale.transform(low) {
                    Some(t) => self.place(self.x.scale.transform(band.x[i])?, t),
                    None if low <= 0.0 => (top.0, self.frame.bottom() + 1.0),
                    None => return None,
                };
                Some((bottom, top))
            })
            .collect();
        let runs: Vec<Vec<(Point, Point)>> = ends
            .split(Option::is_none)
            .map(|run| run.iter().flatten().copied().collect())
            .filter(|run: &Vec<_>| run.len() > 1)
            .collect();
        let total: usize = runs.iter().map(Vec::len).sum();
        runs.iter()
            .take(budget.max(1))
            .map(|run| {
                let share = (budget * run.len() / total.max(1) / 2).max(2);
                let lower: Vec<Point> = run.iter().map(|e| e.0).collect();
                let upper: Vec<Point> = run.iter().map(|e| e.1).collect();
                let mut outline = shape::thin(&upper, share);
                outline.extend(shape::thin(&lower, share).into_iter().rev());
                shape::clip_polygon(outline, &self.frame)
            })
            .filter(|polygon| polygon.len() > 2)
            .collect()
    }

    /// The part of a data-aligned rectangle inside the frame. A lower end off the scale
    /// (0 on a logarithmic axis) reaches down to the frame.
    fn block(&self, left: f64, right: f64, low: f64, high: f64) -> Option<Rect> {
        let x0 = self.x.scale.transform(left).unwrap_or(self.x.low);
        let x1 = self.x.scale.transform(right)?;
        let y0 = self.y.scale.transform(low).unwrap_or(self.y.low);
        let y1 = self.y.scale.transform(high)?;
        let (a, b) = (self.place(x0, y0), self.place(x1, y1));
        let frame = &self.frame;
        let clip_x = |v: f64| v.clamp(frame.left, frame.right());
        let clip_y = |v: f64| v.clamp(frame.top, frame.bottom());
        let (left, right) = (clip_x(a.0.min(b.0)), clip_x(a.0.max(b.0)));
        let (top, bottom) = (clip_y(a.1.min(b.1)), clip_y(a.1.max(b.1)));
        (right > left).then_some(Rect {
            left,
            top,
            width: right - left,
            height: bottom - top,
        })
    }

    /// Each bar of `bars`, which is the `index`-th of `count` bar layers: its number and
    /// its rectangle.
    pub(crate) fn bars(&self, bars: &Bars, index: usize, count: usize) -> Vec<(usize, Rect)> {
        let width = 0.8 * spacing(&bars.x);
        let slot = width / count.max(1) as f64;
        (0..bars.x.len())
            .filter_map(|i| {
                let left = bars.x[i] - 0.5 * width + index as f64 * slot;
                let rect = self.block(left, left + slot, 0.0, bars.height[i])?;
                Some((i, rect))
            })
            .collect()
    }

    /// The rectangle of each interval.
    pub(crate) fn blocks(&self, histogram: &Histogram) -> Vec<Rect> {
        let ends = histogram.edges.windows(2).zip(&histogram.heights);
        ends.filter_map(|(e, &h)| self.block(e[0], e[1], 0.0, h))
            .collect()
    }
}

/// The least distance between neighbouring positions; 1 if there is none.
pub(crate) fn spacing(x: &[f64]) -> f64 {
    let mut sorted: Vec<f64> = x.iter().copied().filter(|v| v.abs() <= 1e300).collect();
    sorted.sort_by(f64::total_cmp);
    let gaps = sorted.windows(2).map(|pair| pair[1] - pair[0]);
    let least = gaps.filter(|gap| *gap > 0.0).fold(f64::INFINITY, f64::min);
    if least.is_finite() { least } else { 1.0 }
}

/// What the two axes of a panel must cover.
pub(crate) fn extents(panel: &Panel) -> (Extent, Extent) {
    let (mut x, mut y) = (Extent::default(), Extent::default());
    for layer in &panel.layers {
        cover(panel, layer, &mut x, &mut y);
    }
    (x, y)
}

fn cover(panel: &Panel, layer: &Layer, x: &mut Extent, y: &mut Extent) {
    let mut point = |px: f64, py: f64| {
        // A point outside a range the caller fixed does not stretch the other axis.
        let place = panel.x.scale.transform(px).zip(panel.y.scale.transform(py));
        if let Some((tx, ty)) = place.filter(|_| panel.x.admits(px) && panel.y.admits(py)) {
            x.include(tx);
            y.include(ty);
        }
    };
    match layer {
        Layer::Line(l) => l.x.iter().zip(&l.y).for_each(|(&a, &b)| point(a, b)),
        Layer::Points(l) => {
            for heights in [&l.y, &l.y_low, &l.y_high] {
                l.x.iter().zip(heights).for_each(|(&a, &b)| point(a, b));
            }
        }
        Layer::Band(l) => {
            for heights in [&l.low, &l.high] {
                l.x.iter().zip(heights).for_each(|(&a, &b)| point(a, b));
            }
        }
        Layer::Text(l) => point(l.x, l.y),
        Layer::Arrows(l) => {
            for i in 0..l.x.len() {
                point(l.x[i], l.y[i]);
                if let Some(scale) = l.scale {
                    point(l.x[i] + scale * l.dx[i], l.y[i] + scale * l.dy[i]);
                }
            }
        }
        Layer::Bars(l) => {
            let half = 0.5 * spacing(&l.x);
            for heights in [&l.height, &l.low, &l.high] {
                for (&a, &b) in l.x.iter().zip(heights) {
                    point(a - half, b);
                    point(a + half, b);
                }
            }
            from_zero(panel, y);
        }
        Layer::Histogram(l) => {
            for (edges, &height) in l.edges.windows(2).zip(&l.heights) {
                point(edges[0], height);
                point(edges[1], height);
            }
            from_zero(panel, y);
        }
        Layer::VerticalLine(l) => panel
            .x
            .scale
            .transform(l.at)
            .iter()
            .for_each(|&t| x.include(t)),
        Layer::HorizontalLine(l) => {
            panel
                .y
                .scale
                .transform(l.at)
                .iter()
                .for_each(|&t| y.include(t));
        }
        Layer::Heatmap(l) => {
            for (axis, edges, extent) in [(&panel.x, &l.x_edges, x), (&panel.y, &l.y_edges, y)] {
                let ends: Vec<f64> = edges
                    .iter()
                    .filter_map(|&e| axis.scale.transform(e))
                    .collect();
                if let [low, .., high] = ends[..] {
                    extent.include_flush(low, high);
                }
            }
        }
        Layer::Images(_) => {}
    }
}

fn from_zero(panel: &Panel, y: &mut Extent) {
    if panel.y.scale == Scale::Linear {
        y.include_flush(0.0, 0.0);
    }
}

/// Positions about 4 px apart on everything drawn, so that a legend can avoid them.
pub(crate) fn ink(panel: &Panel, view: &View) -> Vec<Point> {
    const STEP: f64 = 4.0;
    let mut ink: Vec<Point> = Vec::new();
    let mut walk = |points: &[Point]| {
        ink.extend(points.first());
        for pair in points.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let steps = ((a.0 - b.0).hypot(a.1 - b.1) / STEP)
                .ceil()
                .clamp(1.0, 2000.0);
            ink.extend((1..=steps as usize).map(|i| {
                let t = i as f64 / steps;
                (a.0 + t * (b.0 - a.0), a.1 + t * (b.1 - a.1))
            }));
        }
    };
    let fill = |rect: &Rect, walk: &mut dyn FnMut(&[Point])| {
        for share in [0.05, 0.5, 0.95] {
            let x = rect.left + share * rect.width;
            walk(&[(x, rect.top), (x, rect.bottom())]);
        }
    };
    let count = panel
        .layers
        .iter()
        .filter(|l| matches!(l, Layer::Bars(_)))
        .count();
    let mut index = 0;
    for layer in &panel.layers {
        match layer {
            Layer::Line(l) => view.pieces(l, 500).iter().for_each(|piece| walk(piece)),
            Layer::Band(l) => view.areas(l, 300).iter().for_each(|area| walk(area)),
            Layer::Points(l) => {
                for (i, (&a, &b)) in l.x.iter().zip(&l.y).enumerate().take(5000) {
                    // A marker covers more than a spot of a line.
                    view.visible(a, b).iter().for_each(|&p| walk(&[p, p, p]));
                    let ends = l.y_low.get(i).zip(l.y_high.get(i));
                    if let Some((p, q)) = ends
                        .and_then(|(&low, &high)| view.visible(a, low).zip(view.visible(a, high)))
                    {
                        walk(&[p, q]);
                    }
                }
            }
            Layer::Bars(l) => {
                for (_, rect) in view.bars(l, index, count) {
                    fill(&rect, &mut walk);
                }
                index += 1;
            }
            Layer::Histogram(l) => view.blocks(l).iter().for_each(|rect| fill(rect, &mut walk)),
            Layer::Arrows(l) => {
                for (&a, &b) in l.x.iter().zip(&l.y) {
                    view.visible(a, b).iter().for_each(|&p| walk(&[p, p]));
                }
            }
            Layer::Text(l) => view
                .visible(l.x, l.y)
                .iter()
                .for_each(|&p| walk(&[p, (p.0 + 60.0, p.1)])),
            _ => {}
        }
    }
    ink
}
