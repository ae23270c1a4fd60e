//! The looks of layers, as the panel draws them and as the legend repeats them.

use super::canvas::{Canvas, Stroke};
use super::kinds::Rule;
use super::layer::Layer;
use super::shape::Rect;
use super::style::{self, Marker, Rgb};

/// Px of a sample in the legend.
pub(crate) const SAMPLE: f64 = 26.0;

/// What stands before a label: a piece of what the layer looks like.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Sample {
    Stroke(Stroke),
    Upright(Stroke),
    Arrow(Stroke),
    Marker(Marker, Rgb, f64, f64),
    Fill(Rgb, f64),
}

impl Sample {
    pub(crate) fn of(layer: &Layer) -> Option<Self> {
        Some(match layer {
            Layer::Line(l) => {
                let stroke = Stroke {
                    color: style::series(l.color),
                    width: drawable_width(l.width),
                    // A faint stroke would be hard to find in the legend.
                    opacity: drawable_opacity(l.opacity).max(0.5),
                    style: l.style,
                };
                if l.directed {
                    Self::Arrow(stroke)
                } else {
                    Self::Stroke(stroke)
                }
            }
            Layer::Points(l) => Self::Marker(
                l.marker,
                style::series(l.color),
                drawable_size(l.size).clamp(4.0, 9.0),
                drawable_opacity(l.opacity).max(0.5),
            ),
            Layer::Band(l) => Self::Fill(style::series(l.color), drawable_opacity(l.opacity)),
            Layer::VerticalLine(l) => Self::Upright(rule_stroke(l)),
            Layer::HorizontalLine(l) => Self::Stroke(rule_stroke(l)),
            Layer::Bars(l) => Self::Fill(style::series(l.color), BAR_OPACITY),
            Layer::Histogram(l) => Self::Fill(style::series(l.color), HISTOGRAM_OPACITY),
            Layer::Arrows(l) => Self::Arrow(Stroke::solid(arrow_color(l.color), 1.2)),
            Layer::Heatmap(_) | Layer::Images(_) | Layer::Text(_) => return None,
        })
    }

    pub(crate) fn draw(&self, canvas: &mut Canvas, left: f64, middle: f64) {
        let right = left + SAMPLE;
        match self {
            Self::Stroke(stroke) => canvas.line(&[(left, middle), (right, middle)], stroke),
            Self::Upright(stroke) => {
                let x = left + 0.5 * SAMPLE;
                // Two dashes and the gap between them.
                canvas.line(&[(x, middle + 5.5), (x, middle - 5.5)], stroke);
            }
            Self::Arrow(stroke) => {
                canvas.line(&[(left, middle), (right, middle)], stroke);
                let head = [
                    (right - 5.0, middle - 3.5),
                    (right, middle),
                    (right - 5.0, middle + 3.5),
                ];
                canvas.line(
                    &head,
                    &Stroke {
                        style: style::LineStyle::Solid,
                        ..*stroke
                    },
                );
            }
            Self::Marker(marker, color, size, opacity) => {
                canvas.markers(
                    &[(left + 0.5 * SAMPLE, middle)],
                    *marker,
                    *size,
                    *color,
                    *opacity,
                );
            }
            Self::Fill(color, opacity) => {
                let swatch = Rect {
                    left,
                    top: middle - 5.0,
                    width: SAMPLE,
                    height: 10.0,
                };
                canvas.rect(&swatch, *color, *opacity);
            }
        }
    }
}

/// Opacity of bars.
pub(crate) const BAR_OPACITY: f64 = 0.85;
/// Opacity of histograms, through which curves stay visible.
pub(crate) const HISTOGRAM_OPACITY: f64 = 0.4;

/// The stroke of a reference line.
pub(crate) fn rule_stroke(rule: &Rule) -> Stroke {
    Stroke {
        style: rule.style,
        ..Stroke::solid(
            rule.color.map_or(style::MUTED, style::series),
            style::RULE_WIDTH,
        )
    }
}

/// The colour of arrows.
pub(crate) fn arrow_color(color: Option<usize>) -> Rgb {
    color.map_or(style::MUTED, style::series)
}

/// A stroke width that can be drawn, whatever the caller set.
pub(crate) fn drawable_width(width: f64) -> f64 {
    if width.is_finite() {
        width.clamp(0.2, 20.0)
    } else {
        style::LINE_WIDTH
    }
}

/// A marker's diameter that can be drawn, whatever the caller set.
pub(crate) fn drawable_size(size: f64) -> f64 {
    if size.is_finite() {
        size.clamp(1.0, 40.0)
    } else {
        style::MARKER_SIZE
    }
}

/// An opacity that can be drawn, in steps of 0.001, whatever the caller set.
pub(crate) fn drawable_opacity(opacity: f64) -> f64 {
    if opacity.is_finite() {
        (opacity.clamp(0.0, 1.0) * 1000.0).round() / 1000.0
    } else {
        1.0
    }
}
