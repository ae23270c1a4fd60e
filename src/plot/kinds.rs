//! The kinds of marks: one plain struct each.

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

/// Small images in a grid, such as digits. A panel that holds one draws the first such grid
/// and nothing else.
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
