//! Markers of scatters.

use super::canvas::{Canvas, Stroke};
use super::shape::Point;
use super::style::{Marker, Rgb};

impl Canvas {
    /// Markers of one kind, as one element.
    pub(crate) fn markers(
        &mut self,
        at: &[Point],
        marker: Marker,
        size: f64,
        color: Rgb,
        opacity: f64,
    ) {
        if at.is_empty() {
            return;
        }
        let r = 0.5 * size;
        let corners: &[Point] = match marker {
            Marker::Circle => {
                let dots: Vec<Vec<Point>> = at.iter().map(|&p| vec![p]).collect();
                return self.lines(
                    &dots,
                    &Stroke {
                        opacity,
                        ..Stroke::solid(color, size)
                    },
                );
            }
            Marker::Cross => {
                let strokes: Vec<Vec<Point>> = at
                    .iter()
                    .flat_map(|&(x, y)| {
                        let s = 0.85 * r;
                        [
                            vec![(x - s, y - s), (x + s, y + s)],
                            vec![(x - s, y + s), (x + s, y - s)],
                        ]
                    })
                    .collect();
                return self.lines(
                    &strokes,
                    &Stroke {
                        opacity,
                        ..Stroke::solid(color, 1.6)
                    },
                );
            }
            Marker::Square => &[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
            Marker::Triangle => &[(0.0, -1.15), (1.05, 0.8), (-1.05, 0.8)],
            Marker::Diamond => &[(0.0, -1.25), (1.1, 0.0), (0.0, 1.25), (-1.1, 0.0)],
        };
        let shapes: Vec<Vec<Point>> = at
            .iter()
            .map(|&(x, y)| {
                corners
                    .iter()
                    .map(|&(a, b)| (x + a * r, y + b * r))
                    .collect()
            })
            .collect();
        self.fills(&shapes, color, opacity);
    }
}
