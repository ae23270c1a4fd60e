//! A layer: one mark of any kind, as the rest of the drawing sees it.
//!
//! Numbers a scale cannot show (NaN, ±∞, values ≤ 0 on a logarithmic axis) are left out:
//! lines get a gap, points, bars and arrows are skipped, heatmap cells turn grey.

use super::kinds::{Arrows, Band, Bars, Heatmap, Histogram, Images, Line, Note, Points, Rule};

/// More small images than this would be specks.
const MOST_IMAGES: usize = 1000;

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

    /// The points of a trajectory; nothing for other layers.
    pub(crate) fn path_points(&self) -> Option<usize> {
        match self {
            Self::Line(line) if line.directed => Some(line.x.len()),
            _ => None,
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
            Self::Images(l) if l.images.len() > MOST_IMAGES => Err(format!(
                "{} images, expected at most {MOST_IMAGES}",
                l.images.len()
            )),
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
