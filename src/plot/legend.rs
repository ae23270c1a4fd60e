//! The legend: one entry per label, placed where it hides no data.

use super::canvas::{Align, Canvas, Font, Stroke};
use super::layer::{Layer, Rule};
use super::panel::{LegendPosition, Panel};
use super::shape::{Point, Rect};
use super::style::{self, Marker, Rgb};
use super::{text, view};

const SAMPLE: f64 = 26.0;
const GAP: f64 = 7.0;
const PADDING: f64 = 6.0;
const BETWEEN_COLUMNS: f64 = 20.0;
const MARGIN: f64 = 8.0;

/// What stands before a label: a piece of what the layer looks like.
#[derive(Clone, Debug, PartialEq)]
enum Sample {
    Stroke(Stroke),
    Arrow(Stroke),
    Marker(Marker, Rgb, f64, f64),
    Fill(Rgb, f64),
}

impl Sample {
    fn of(layer: &Layer) -> Option<Self> {
        Some(match layer {
            Layer::Line(l) => {
                let stroke = Stroke {
                    color: style::series(l.color),
                    width: drawable_width(l.width),
                    // A faint stroke would be hard to find in the legend.
                    opacity: l.opacity.clamp(0.5, 1.0),
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
                l.size.clamp(4.0, 9.0),
                l.opacity.clamp(0.5, 1.0),
            ),
            Layer::Band(l) => Self::Fill(style::series(l.color), l.opacity.clamp(0.0, 1.0)),
            Layer::VerticalLine(l) | Layer::HorizontalLine(l) => Self::Stroke(rule_stroke(l)),
            Layer::Bars(l) => Self::Fill(style::series(l.color), BAR_OPACITY),
            Layer::Histogram(l) => Self::Fill(style::series(l.color), HISTOGRAM_OPACITY),
            Layer::Arrows(l) => Self::Arrow(Stroke::solid(arrow_color(l.color), 1.2)),
            Layer::Heatmap(_) | Layer::Images(_) | Layer::Text(_) => return None,
        })
    }

    fn draw(&self, canvas: &mut Canvas, left: f64, middle: f64) {
        let right = left + SAMPLE;
        match self {
            Self::Stroke(stroke) => canvas.line(&[(left, middle), (right, middle)], stroke),
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

#[derive(Clone, Debug, PartialEq)]
struct Entry {
    label: Vec<String>,
    samples: Vec<Sample>,
}

/// A legend with its size, ready to be drawn anywhere.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Legend {
    entries: Vec<Entry>,
    columns: usize,
    column_width: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Legend {
    /// The labels of `panels`, in at most `columns` columns within `max_width` px; `None`
    /// if there are none.
    pub(crate) fn new(panels: &[Panel], max_width: f64, columns: usize) -> Option<Self> {
        let room = (max_width - SAMPLE - GAP - 2.0 * PADDING).max(30.0);
        let mut labels: Vec<&str> = Vec::new();
        let mut entries: Vec<Entry> = Vec::new();
        for layer in panels.iter().flat_map(|p| &p.layers) {
            let label = layer.label();
            let Some(sample) = Sample::of(layer).filter(|_| !label.trim().is_empty()) else {
                continue;
            };
            let index = labels.iter().position(|l| *l == label).unwrap_or_else(|| {
                labels.push(label);
                entries.push(Entry {
                    label: text::wrap(label, room, style::LEGEND, 3),
                    samples: Vec::new(),
                });
                entries.len() - 1
            });
            if !entries[index].samples.contains(&sample) {
                entries[index].samples.push(sample);
            }
        }
        // Fills below strokes below markers, as in the panel.
        for entry in &mut entries {
            entry.samples.sort_by_key(|s| match s {
                Sample::Fill(..) => 0,
                Sample::Stroke(_) | Sample::Arrow(_) => 1,
                Sample::Marker(..) => 2,
            });
        }
        let widest = entries
            .iter()
            .map(|e| text::widest(&e.label, style::LEGEND))
            .fold(0.0, f64::max);
        let column_width = SAMPLE + GAP + widest;
        let fit = ((max_width - 2.0 * PADDING + BETWEEN_COLUMNS) / (column_width + BETWEEN_COLUMNS))
            as usize;
        let columns = columns.min(fit).clamp(1, entries.len().max(1));
        // As many columns as that number of rows needs, so that rows are equally full.
        let rows = entries.len().div_ceil(columns);
        let columns = entries.len().div_ceil(rows.max(1)).max(1);
        let mut legend = Self {
            entries,
            columns,
            column_width,
            width: columns as f64 * (column_width + BETWEEN_COLUMNS) - BETWEEN_COLUMNS
                + 2.0 * PADDING,
            height: 0.0,
        };
        legend.height = legend.row_heights().iter().sum::<f64>() + 2.0 * PADDING - 2.0;
        (!legend.entries.is_empty()).then_some(legend)
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    fn row_heights(&self) -> Vec<f64> {
        let rows = self.entries.chunks(self.columns);
        rows.map(|row| {
            let lines = row.iter().map(|e| e.label.len()).max().unwrap_or(1);
            text::height(lines.max(1), style::LEGEND) + 2.0
        })
        .collect()
    }

    /// Draws the legend with its top left corner at `(left, top)`; `boxed`: on a background
    /// through which grid lines shine faintly.
    pub(crate) fn draw(&self, canvas: &mut Canvas, (left, top): Point, boxed: bool) {
        if boxed {
            let rect = Rect {
                left,
                top,
                width: self.width,
                height: self.height,
            };
            canvas.rect(&rect, style::BACKGROUND, style::LEGEND_OPACITY);
            canvas.frame(&rect, &Stroke::solid(style::GRID, style::AXIS_WIDTH));
        }
        let line = text::height(1, style::LEGEND);
        let mut y = top + PADDING;
        for (row, height) in self.entries.chunks(self.columns).zip(self.row_heights()) {
            for (i, entry) in row.iter().enumerate() {
                let x = left + PADDING + i as f64 * (self.column_width + BETWEEN_COLUMNS);
                for sample in &entry.samples {
                    sample.draw(canvas, x, y + 0.5 * line);
                }
                for (k, words) in entry.label.iter().enumerate() {
                    let at = (x + SAMPLE + GAP, y + (k as f64 + 0.5) * line);
                    canvas.text(words, at, Align::Left, &Font::new(style::LEGEND));
                }
            }
            y += height;
        }
    }
}

/// Where the legend goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Spot {
    /// Over the data, its top left corner here.
    Inside(Point),
    Below,
    Right,
}

/// Where a panel's legend goes, given what the panel shows in `view`.
pub(crate) fn spot(panel: &Panel, view: &view::View, legend: &Legend) -> Spot {
    let frame = &view.frame;
    let right = frame.right() - MARGIN - legend.width;
    let bottom = frame.bottom() - MARGIN - legend.height;
    let (left, top) = (frame.left + MARGIN, frame.top + MARGIN);
    let (middle, centre) = (0.5 * (left + right), 0.5 * (top + bottom));
    match panel.legend {
        LegendPosition::TopLeft => return Spot::Inside((left, top)),
        LegendPosition::TopRight => return Spot::Inside((right.max(left), top)),
        LegendPosition::BottomLeft => return Spot::Inside((left, bottom.max(top))),
        LegendPosition::BottomRight => return Spot::Inside((right.max(left), bottom.max(top))),
        LegendPosition::Below | LegendPosition::None => return Spot::Below,
        LegendPosition::Right => return Spot::Right,
        LegendPosition::Auto => {}
    }
    let too_large = legend.width > 0.75 * frame.width || legend.height > 0.6 * frame.height;
    if legend.len() > 6 || too_large {
        return Spot::Below;
    }
    let ink = view::ink(panel, view);
    let hidden = |&(left, top): &Point| {
        let rect = Rect {
            left,
            top,
            width: legend.width,
            height: legend.height,
        };
        ink.iter().filter(|&&p| rect.holds(p, 4.0)).count()
    };
    let places = [
        (right, top),
        (left, top),
        (right, bottom),
        (left, bottom),
        (middle, top),
        (middle, bottom),
        (right, centre),
        (left, centre),
    ];
    // The first of the best; `min_by_key` keeps the first of equals.
    match places
        .iter()
        .map(|p| (hidden(p), p))
        .min_by_key(|(hidden, _)| *hidden)
    {
        Some((0, &place)) => Spot::Inside(place),
        _ => Spot::Below,
    }
}
