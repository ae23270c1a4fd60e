//! Geometry in px: clipping to the frame and thinning to what a screen can show.

/// A position in px; y grows downwards.
pub(crate) type Point = (f64, f64);

/// A rectangle in px.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Rect {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Rect {
    pub(crate) fn right(&self) -> f64 {
        self.left + self.width
    }

    pub(crate) fn bottom(&self) -> f64 {
        self.top + self.height
    }

    /// Is the point inside, or within `slack` px of it?
    pub(crate) fn holds(&self, (x, y): Point, slack: f64) -> bool {
        x >= self.left - slack
            && x <= self.right() + slack
            && y >= self.top - slack
            && y <= self.bottom() + slack
    }
}

/// The part of the segment `a → b` inside `frame` (Liang and Barsky, 1984).
fn clip_segment(a: Point, b: Point, frame: &Rect) -> Option<(Point, Point)> {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (p, q) in [
        (-dx, a.0 - frame.left),
        (dx, frame.right() - a.0),
        (-dy, a.1 - frame.top),
        (dy, frame.bottom() - a.1),
    ] {
        if p == 0.0 {
            if q < 0.0 {
                return None;
            }
        } else if p < 0.0 {
            enter = enter.max(q / p);
        } else {
            leave = leave.min(q / p);
        }
    }
    (enter <= leave).then(|| {
        let at = |t: f64| (a.0 + t * dx, a.1 + t * dy);
        // The ends themselves are returned unrounded, so that pieces join exactly.
        let first = if enter > 0.0 { at(enter) } else { a };
        let last = if leave < 1.0 { at(leave) } else { b };
        (first, last)
    })
}

/// The pieces of a line inside `frame`. `None` is a missing point and leaves a gap; a point
/// between two gaps becomes a piece of one point.
pub(crate) fn clip_line(points: &[Option<Point>], frame: &Rect) -> Vec<Vec<Point>> {
    let mut pieces: Vec<Vec<Point>> = Vec::new();
    for run in points.split(Option::is_none) {
        let run: Vec<Point> = run.iter().flatten().copied().collect();
        if let [only] = run[..] {
            if frame.holds(only, 0.0) {
                pieces.push(vec![only]);
            }
            continue;
        }
        let mut piece: Vec<Point> = Vec::new();
        for pair in run.windows(2) {
            let Some((from, to)) = clip_segment(pair[0], pair[1], frame) else {
                continue;
            };
            if piece.last() != Some(&from) {
                if piece.len() > 1 {
                    pieces.push(std::mem::take(&mut piece));
                }
                piece = vec![from];
            }
            piece.push(to);
        }
        if piece.len() > 1 {
            pieces.push(piece);
        }
    }
    pieces
}

/// The part of a polygon inside `frame` (Sutherland and Hodgman, 1974).
pub(crate) fn clip_polygon(points: Vec<Point>, frame: &Rect) -> Vec<Point> {
    // Each side: coordinate to compare, its bound, and whether inside is below the bound.
    let sides = [
        (0, frame.left, false),
        (0, frame.right(), true),
        (1, frame.top, false),
        (1, frame.bottom(), true),
    ];
    let mut polygon = points;
    for (axis, bound, below) in sides {
        let coordinate = |p: Point| if axis == 0 { p.0 } else { p.1 };
        let inside = |p: Point| (coordinate(p) <= bound) == below || coordinate(p) == bound;
        let mut kept = Vec::with_capacity(polygon.len() + 4);
        for (i, &to) in polygon.iter().enumerate() {
            let from = polygon[(i + polygon.len() - 1) % polygon.len()];
            if inside(from) != inside(to) {
                let t = (bound - coordinate(from)) / (coordinate(to) - coordinate(from));
                kept.push(if axis == 0 {
                    (bound, from.1 + t * (to.1 - from.1))
                } else {
                    (from.0 + t * (to.0 - from.0), bound)
                });
            }
            if inside(to) {
                kept.push(to);
            }
        }
        polygon = kept;
    }
    polygon
}

/// Vertical strokes, `step` px apart, that fill a polygon.
pub(crate) fn hatch(polygon: &[Point], step: f64) -> Vec<(Point, Point)> {
    let ends =
        |pick: fn(f64, f64) -> f64, start: f64| polygon.iter().map(|p| p.0).fold(start, pick);
    let (left, right) = (
        ends(f64::min, f64::INFINITY),
        ends(f64::max, f64::NEG_INFINITY),
    );
    if !(left < right && right - left < 1e5 * step) {
        return Vec::new();
    }
    let strokes = ((right - left) / step).ceil() as usize;
    let mut hatch = Vec::new();
    for i in 0..strokes {
        let x = left + (i as f64 + 0.5) * (right - left) / strokes as f64;
        let mut heights: Vec<f64> = (0..polygon.len())
            .filter_map(|j| {
                let (a, b) = (polygon[j], polygon[(j + 1) % polygon.len()]);
                let crosses = (a.0 <= x) != (b.0 <= x);
                crosses.then(|| a.1 + (x - a.0) / (b.0 - a.0) * (b.1 - a.1))
            })
            .collect();
        heights.sort_by(f64::total_cmp);
        hatch.extend(
            heights
                .chunks_exact(2)
                .map(|pair| ((x, pair[0]), (x, pair[1]))),
        );
    }
    hatch
}

/// Drops points a screen cannot show, keeping at most about `budget`.
///
/// A line that runs from left to right keeps the first, lowest, highest and last point of
/// every column of half a px, so that no peak is lost (Jugel et al. 2014, "M4", PVLDB 7(10)).
/// Any line then loses points nearer than 0.2 px to the last one kept, and this distance
/// doubles until the budget is met.
pub(crate) fn thin(points: &[Point], budget: usize) -> Vec<Point> {
    let monotone = points.windows(2).all(|pair| pair[0].0 <= pair[1].0);
    let mut kept = if monotone && points.len() > budget {
        columns(points)
    } else {
        points.to_vec()
    };
    let mut distance = 0.2_f64;
    loop {
        kept = spaced(&kept, distance);
        if kept.len() <= budget.max(2) || distance > 1e4 {
            return kept;
        }
        distance *= 2.0;
    }
}

fn columns(points: &[Point]) -> Vec<Point> {
    let column = |p: &Point| (p.0 * 2.0).floor();
    points
        .chunk_by(|a, b| column(a) == column(b))
        .flat_map(|chunk| {
            let by_height = |a: &usize, b: &usize| chunk[*a].1.total_cmp(&chunk[*b].1);
            let lowest = (0..chunk.len()).min_by(by_height).unwrap_or(0);
            let highest = (0..chunk.len()).max_by(by_height).unwrap_or(0);
            let mut keep = vec![0, lowest, highest, chunk.len() - 1];
            keep.sort_unstable();
            keep.dedup();
            keep.into_iter().map(|i| chunk[i])
        })
        .collect()
}

fn spaced(points: &[Point], distance: f64) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::with_capacity(points.len());
    for (i, &point) in points.iter().enumerate() {
        let far = kept
            .last()
            .is_none_or(|last| (last.0 - point.0).hypot(last.1 - point.1) >= distance);
        if far || i + 1 == points.len() {
            kept.push(point);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Rect = Rect {
        left: 0.0,
        top: 0.0,
        width: 10.0,
        height: 10.0,
    };

    #[test]
    fn a_line_that_leaves_and_returns_becomes_two_pieces() {
        let points = [(1.0, 5.0), (4.0, 5.0), (4.0, 20.0), (8.0, 20.0), (8.0, 5.0)].map(Some);
        let pieces = clip_line(&points, &FRAME);
        assert_eq!(
            pieces,
            vec![
                vec![(1.0, 5.0), (4.0, 5.0), (4.0, 10.0)],
                vec![(8.0, 10.0), (8.0, 5.0)]
            ]
        );
    }

    #[test]
    fn a_gap_splits_a_line_and_a_lone_point_stays() {
        let points = [Some((1.0, 1.0)), Some((2.0, 1.0)), None, Some((3.0, 1.0))];
        assert_eq!(clip_line(&points, &FRAME).len(), 2);
    }

    #[test]
    fn a_polygon_around_the_frame_becomes_the_frame() {
        let around = vec![(-5.0, -5.0), (15.0, -5.0), (15.0, 15.0), (-5.0, 15.0)];
        let clipped = clip_polygon(around, &FRAME);
        assert_eq!(clipped.len(), 4);
        assert!(clipped.iter().all(|&p| FRAME.holds(p, 0.0)));
        assert!(clip_polygon(vec![(20.0, 20.0), (30.0, 20.0), (20.0, 30.0)], &FRAME).is_empty());
    }

    #[test]
    fn hatching_fills_a_triangle() {
        let triangle = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)];
        let hatch = hatch(&triangle, 1.0);
        assert_eq!(hatch.len(), 10);
        let area: f64 = hatch.iter().map(|(a, b)| b.1 - a.1).sum();
        assert!((area - 50.0).abs() < 1e-9);
    }

    #[test]
    fn thinning_keeps_the_peak_of_a_long_line() {
        let mut points: Vec<Point> = (0..100_000).map(|i| (f64::from(i) / 250.0, 3.0)).collect();
        points[54_321].1 = -77.0;
        let kept = thin(&points, 2000);
        assert!(kept.len() <= 2000);
        assert!(kept.contains(&points[54_321]));
        assert_eq!(kept.last(), points.last());
    }

    #[test]
    fn thinning_bounds_a_path_that_turns() {
        let points: Vec<Point> = (0..50_000)
            .map(|i| f64::from(i) * 0.37)
            .map(|t| (200.0 + 150.0 * t.cos(), 200.0 + 150.0 * (1.3 * t).sin()))
            .collect();
        assert!(thin(&points, 1000).len() <= 1000);
    }
}
