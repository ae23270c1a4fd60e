//! From numbers to px: where each mark falls.

use super::axis::Span;
use super::cover;
use super::kinds::{Band, Bars, Histogram, Line};
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
        let width = 0.8 * cover::spacing(&bars.x);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::axis::Scale;

    #[test]
    fn an_equal_aspect_shows_circles_as_circles() {
        let span = |high| Span {
            scale: Scale::Linear,
            low: 0.0,
            high,
        };
        for (x, y) in [(1.0, 1.0), (4.0, 1.0), (1.0, 3.0)] {
            let frame = Rect {
                left: 10.0,
                top: 5.0,
                width: 400.0,
                height: 300.0,
            };
            let mut view = View {
                frame,
                x: span(x),
                y: span(y),
            };
            view.equalise();
            let per_unit = (view.frame.width / x, view.frame.height / y);
            assert!((per_unit.0 - per_unit.1).abs() < 1e-9, "{view:?}");
            assert!(frame.holds((view.frame.left, view.frame.top), 1e-9));
            assert!(frame.holds((view.frame.right(), view.frame.bottom()), 1e-9));
        }
    }

    #[test]
    fn bars_stand_side_by_side_from_zero() {
        let span = |low, high| Span {
            scale: Scale::Linear,
            low,
            high,
        };
        let frame = Rect {
            left: 0.0,
            top: 0.0,
            width: 100.0,
            height: 100.0,
        };
        let view = View {
            frame,
            x: span(-0.5, 0.5),
            y: span(-1.0, 1.0),
        };
        let bars = Bars {
            x: vec![0.0],
            height: vec![1.0],
            ..Bars::default()
        };
        let (_, first) = view.bars(&bars, 0, 2)[0];
        let (_, second) = view.bars(
            &Bars {
                height: vec![-1.0],
                ..bars
            },
            1,
            2,
        )[0];
        assert_eq!(
            (first.top, first.bottom(), second.bottom()),
            (0.0, 50.0, 100.0)
        );
        assert!((first.right() - second.left).abs() < 1e-9);
        assert!(
            (second.right() - first.left - 80.0).abs() < 1e-9,
            "80 % of the spacing"
        );
    }
}
