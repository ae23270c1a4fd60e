//! What a panel can show: one plain struct per kind of mark.
//!
//! Numbers a scale cannot show (NaN, ±∞, values ≤ 0 on a logarithmic axis) are left out:
//! lines get a gap, points, bars and arrows are skipped, heatmap cells turn grey.

use ndarray::Array2;

use super::axis::Scale;
use super::style::{self, ColorScale, LineStyle, Marker};

/// A line through points in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its entry in the legend; empty for none.
    pub label: String,
    /// Abscissae.
    pub x: Vec<f64>,
    /// Ordinates, as many.
    pub y: Vec<f64>,
    /// Index into the palette.
    pub color: usize,
    /// Solid, dashed or dotted.
    pub style: LineStyle,
    /// Stroke in px.
    pub width: f64,
    /// 0 (invisible) to 1.
    pub opacity: f64,
    /// Marks the start by a dot and the end by an arrow head: a trajectory.
    pub directed: bool,
}

impl Default for Line {
    fn default() -> Self {
        Self {
            label: String::new(),
            x: Vec::new(),
            y: Vec::new(),
            color: 0,
            style: LineStyle::Solid,
            width: style::LINE_WIDTH,
            opacity: 1.0,
            directed: false,
        }
    }
}

/// A scatter of points, with or without error bars.
#[derive(Clone, Debug, PartialEq)]
pub struct Points {
    /// Its entry in the legend; empty for none.
    pub label: String,
    /// Abscissae.
    pub x: Vec<f64>,
    /// Ordinates, as many.
    pub y: Vec<f64>,
    /// Lower ends of the error bars, as many as points; empty for none.
    pub y_low: Vec<f64>,
    /// Upper ends of the error bars, as many as points; empty for none.
    pub y_high: Vec<f64>,
    /// Index into the palette.
    pub color: usize,
    /// The shape.
    pub marker: Marker,
    /// Diameter in px.
    pub size: f64,
    /// 0 (invisible) to 1.
    pub opacity: f64,
}

impl Default for Points {
    fn default() -> Self {
        Self {
            label: String::new(),
            x: Vec::new(),
            y: Vec::new(),
            y_low: Vec::new(),
            y_high: Vec::new(),
            color: 0,
            marker: Marker::Circle,
            size: style::MARKER_SIZE,
            opacity: 0.9,
        }
    }
}

/// The area between two curves. Where the lower one leaves a logarithmic axis, the area
/// reaches down to the frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// Its entry in the legend; empty for none.
    pub label: String,
    /// Abscissae.
    pub x: Vec<f64>,
    /// Lower curve, as many.
    pub low: Vec<f64>,
    /// Upper curve, as many.
    pub high: Vec<f64>,
    /// Index into the palette.
    pub color: usize,
    /// 0 (invisible) to 1.
    pub opacity: f64,
}

/// A straight reference line across the panel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rule {
    /// Its entry in the legend; empty for none.
    pub label: String,
    /// Where it crosses the other axis.
    pub at: f64,
    /// Solid, dashed or dotted.
    pub style: LineStyle,
    /// Index into the palette; none for grey.
    pub color: Option<usize>,
}

/// Bars from 0 (from the frame, on a logarithmic axis). Several layers with the same
/// positions stand side by side.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bars {
    /// Its entry in the legend; empty for none.
    pub label: String,
    /// Middle of each group of bars.
    pub x: Vec<f64>,
    /// Heights, as many.
    pub height: Vec<f64>,
    /// Lower ends of the error bars, as many; empty for none.
    pub low: Vec<f64>,
    /// Upper ends of the error bars, as many; empty for none.
    pub high: Vec<f64>,
    /// Index into the palette.
    pub color: usize,
}

/// Adjoining bars over intervals.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histogram {
    /// Its entry in the legend; empty for none.
    pub label: String,
    /// Ends of the intervals, ascending; one more than heights.
    pub edges: Vec<f64>,
    /// Height over each interval.
    pub heights: Vec<f64>,
    /// Index into the palette.
    pub color: usize,
}

/// A matrix of numbers as colours, with a colour bar for the panel's first heatmap.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heatmap {
    /// Ends of the columns, ascending; one more than columns.
    pub x_edges: Vec<f64>,
    /// Ends of the rows, ascending (row 0 is lowest); one more than rows.
    pub y_edges: Vec<f64>,
    /// The numbers `(rows, columns)`.
    pub z: Array2<f64>,
    /// What the numbers are; stands beside the colour bar.
    pub label: String,
    /// How numbers are spaced along the colour bar.
    pub scale: Scale,
    /// Ends of the colour bar; none, or an infinite end: chosen from the data.
    pub range: Option<(f64, f64)>,
    /// The colours.
    pub colors: ColorScale,
}

/// A vector field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arrows {
    /// Its entry in the legend; empty for none.
    pub label: String,
    /// Abscissae of the tails.
    pub x: Vec<f64>,
    /// Ordinates of the tails, as many.
    pub y: Vec<f64>,
    /// Horizontal components, as many.
    pub dx: Vec<f64>,
    /// Vertical components, as many.
    pub dy: Vec<f64>,
    /// An arrow ends at `(x + scale·dx, y + scale·dy)`; none: the longest is about as long
    /// as its neighbours are apart.
    pub scale: Option<f64>,
    /// Index into the palette; none for grey.
    pub color: Option<usize>,
}

/// Small images in a grid, such as digits. A panel that holds one draws no axes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Images {
    /// The images `(rows, columns)`, row 0 on top.
    pub images: Vec<Array2<f64>>,
    /// A caption under each; empty for none.
    pub captions: Vec<String>,
    /// Images in a row; 0: as fits best.
    pub columns: usize,
    /// Numbers with the first and the last colour; none: lowest and highest of all pixels.
    pub range: Option<(f64, f64)>,
    /// The colours.
    pub colors: ColorScale,
}

/// A note beside a point.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Note {
    /// The words.
    pub text: String,
    /// Abscissa.
    pub x: f64,
    /// Ordinate.
    pub y: f64,
}

/// One layer of a panel. Heatmaps lie below bands, bands below bars, bars below reference
/// lines, these below arrows, lines, points and notes, whatever the order they came in.
#[derive(Clone, Debug, PartialEq)]
pub enum Layer {
    /// A line or a trajectory.
    Line(Line),
    /// A scatter.
    Points(Points),
    /// An area between two curves.
    Band(Band),
    /// A vertical reference line.
    VerticalLine(Rule),
    /// A horizontal reference line.
    HorizontalLine(Rule),
    /// Bars.
    Bars(Bars),
    /// A histogram.
    Histogram(Histogram),
    /// A heatmap.
    Heatmap(Heatmap),
    /// A vector field.
    Arrows(Arrows),
    /// A grid of images.
    Images(Images),
    /// A note.
    Text(Note),
}

impl Layer {
    /// Below (small) or above (large) other layers.
    pub(crate) fn depth(&self) -> u8 {
        match self {
            Self::Heatmap(_) | Self::Images(_) => 0,
            Self::Band(_) => 1,
            Self::Histogram(_) | Self::Bars(_) => 2,
            Self::VerticalLine(_) | Self::HorizontalLine(_) => 3,
            Self::Arrows(_) => 4,
            Self::Line(_) => 5,
            Self::Points(_) => 6,
            Self::Text(_) => 7,
        }
    }

    /// The entry in the legend; empty for none.
    pub(crate) fn label(&self) -> &str {
        match self {
            Self::Line(l) => &l.label,
            Self::Points(l) => &l.label,
            Self::Band(l) => &l.label,
            Self::VerticalLine(l) | Self::HorizontalLine(l) => &l.label,
            Self::Bars(l) => &l.label,
            Self::Histogram(l) => &l.label,
            Self::Arrows(l) => &l.label,
            Self::Heatmap(_) | Self::Images(_) | Self::Text(_) => "",
        }
    }

    /// The palette index of a data series; `None` for what has no series colour.
    pub(crate) fn color(&self) -> Option<usize> {
        match self {
            Self::Line(l) => Some(l.color),
            Self::Points(l) => Some(l.color),
            Self::Band(l) => Some(l.color),
            Self::VerticalLine(l) | Self::HorizontalLine(l) => l.color,
            Self::Bars(l) => Some(l.color),
            Self::Histogram(l) => Some(l.color),
            Self::Arrows(l) => l.color,
            Self::Heatmap(_) | Self::Images(_) | Self::Text(_) => None,
        }
    }

    /// What is inconsistent in the layer, if anything.
    pub(crate) fn check(&self) -> Result<(), String> {
        let same = |what: &str, want: usize, got: usize| {
            (want == got)
                .then_some(())
                .ok_or_else(|| format!("{what} has {got} numbers, expected {want}"))
        };
        let optional = |what: &str, want: usize, got: usize| {
            if got == 0 {
                Ok(())
            } else {
                same(what, want, got)
            }
        };
        let ascending = |what: &str, edges: &[f64], cells: usize| {
            same(what, cells + 1, edges.len())?;
            let fine = edges.iter().all(|e| e.is_finite()) && edges.windows(2).all(|e| e[0] < e[1]);
            fine.then_some(())
                .ok_or_else(|| format!("{what}: expected finite, ascending numbers"))
        };
        let checked = match self {
            Self::Line(l) => same("y", l.x.len(), l.y.len()),
            Self::Points(l) => same("y", l.x.len(), l.y.len())
                .and_then(|()| optional("y_low", l.x.len(), l.y_low.len()))
                .and_then(|()| optional("y_high", l.x.len(), l.y_high.len())),
            Self::Band(l) => same("low", l.x.len(), l.low.len())
                .and_then(|()| same("high", l.x.len(), l.high.len())),
            Self::Bars(l) => same("height", l.x.len(), l.height.len())
                .and_then(|()| optional("low", l.x.len(), l.low.len()))
                .and_then(|()| optional("high", l.x.len(), l.high.len())),
            Self::Histogram(l) => ascending("edges", &l.edges, l.heights.len()),
            Self::Heatmap(l) => ascending("x_edges", &l.x_edges, l.z.ncols())
                .and_then(|()| ascending("y_edges", &l.y_edges, l.z.nrows())),
            Self::Arrows(l) => same("y", l.x.len(), l.y.len())
                .and_then(|()| same("dx", l.x.len(), l.dx.len()))
                .and_then(|()| same("dy", l.x.len(), l.dy.len())),
            Self::Images(l) => optional("captions", l.images.len(), l.captions.len()),
            Self::VerticalLine(_) | Self::HorizontalLine(_) | Self::Text(_) => Ok(()),
        };
        checked.map_err(|reason| match self.label() {
            "" => format!("an unnamed layer: {reason}"),
            label => format!(
                "layer `{}`: {reason}",
                label.chars().take(60).collect::<String>()
            ),
        })
    }
}
