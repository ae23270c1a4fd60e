//! A panel: two axes and layers, built by short chained calls.

use ndarray::Array2;

use super::axis::{Axis, Scale};
use super::layer::{
    Arrows, Band, Bars, Heatmap, Histogram, Images, Layer, Line, Note, Points, Rule,
};
use super::style::{self, ColorScale, LineStyle, Marker};

/// Where the legend stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LegendPosition {
    /// Where it covers no data; below the panel if there is no such place, or if it has
    /// more than six entries.
    #[default]
    Auto,
    /// Inside, top left.
    TopLeft,
    /// Inside, top right.
    TopRight,
    /// Inside, bottom left.
    BottomLeft,
    /// Inside, bottom right.
    BottomRight,
    /// Under the panel.
    Below,
    /// Beside the panel.
    Right,
    /// Nowhere.
    None,
}

/// One pair of axes with what is drawn in them.
///
/// Every method takes the panel and returns it. A line, scatter, histogram, bars or path
/// takes the first palette colour not yet used; if it bears the label of an earlier layer it
/// takes that layer's colour and shares its legend entry. [`Panel::band`] takes the colour of
/// the layer before it. `dashed`, `dotted`, `color`, `width`, `opacity`, `marker`,
/// `error_bars` change the layer added last.
///
/// ```
/// use dltheory::plot::Panel;
/// let ratio = [0.5, 0.9, 1.0, 1.1, 2.0];
/// let mse = [0.2, 2.0, 150.0, 1.5, 0.1];
/// let panel = Panel::new("m / n", "test MSE")
///     .log_y()
///     .line("min-norm", &ratio, &mse)
///     .band(&ratio, &[0.1, 1.0, 90.0, 1.0, 0.08], &[0.3, 3.0, 300.0, 2.0, 0.13])
///     .vertical(1.0, "interpolation threshold m = n");
/// assert_eq!(panel.layers.len(), 3);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panel {
    /// Stands above the frame; empty for none.
    pub title: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// What is drawn.
    pub layers: Vec<Layer>,
    /// Where the legend stands.
    pub legend: LegendPosition,
    /// One unit is equally long on both axes: for trajectories in a plane.
    pub equal_aspect: bool,
}

impl Panel {
    /// An empty panel with axis labels.
    #[must_use]
    pub fn new(x_label: &str, y_label: &str) -> Self {
        Self {
            x: Axis::new(x_label),
            y: Axis::new(y_label),
            ..Self::default()
        }
    }

    /// A panel without axes that shows `images` `(rows, columns)` in rows of `columns`
    /// (0: as fits best), ink on paper.
    #[must_use]
    pub fn images(images: &[Array2<f64>], columns: usize) -> Self {
        Self::default().layer(Layer::Images(Images {
            images: images.to_vec(),
            columns,
            colors: ColorScale::Ink,
            ..Images::default()
        }))
    }

    /// Sets the title.
    #[must_use]
    pub fn title(mut self, title: &str) -> Self {
        self.title = title.to_owned();
        self
    }

    /// Makes the horizontal axis logarithmic.
    #[must_use]
    pub fn log_x(mut self) -> Self {
        self.x.scale = Scale::Log10;
        self
    }

    /// Makes the vertical axis logarithmic.
    #[must_use]
    pub fn log_y(mut self) -> Self {
        self.y.scale = Scale::Log10;
        self
    }

    /// Fixes the ends of the horizontal axis; an infinite end is chosen from the data.
    #[must_use]
    pub fn x_range(mut self, low: f64, high: f64) -> Self {
        self.x.range = Some((low, high));
        self
    }

    /// Fixes the ends of the vertical axis; an infinite end is chosen from the data.
    #[must_use]
    pub fn y_range(mut self, low: f64, high: f64) -> Self {
        self.y.range = Some((low, high));
        self
    }

    /// Makes one unit equally long on both axes.
    #[must_use]
    pub fn equal_aspect(mut self) -> Self {
        self.equal_aspect = true;
        self
    }

    /// Places the legend.
    #[must_use]
    pub fn legend(mut self, position: LegendPosition) -> Self {
        self.legend = position;
        self
    }

    /// Adds any layer.
    #[must_use]
    pub fn layer(mut self, layer: Layer) -> Self {
        self.layers.push(layer);
        self
    }

    /// Adds a line through `(x[i], y[i])`.
    #[must_use]
    pub fn line(self, label: &str, x: &[f64], y: &[f64]) -> Self {
        let color = self.color_for(label);
        self.layer(Layer::Line(Line {
            label: label.to_owned(),
            x: x.to_vec(),
            y: y.to_vec(),
            color,
            style: style::stroke_of(color),
            ..Line::default()
        }))
    }

    /// Adds a trajectory: a line with a dot at its start and an arrow head at its end.
    #[must_use]
    pub fn path(mut self, label: &str, x: &[f64], y: &[f64]) -> Self {
        self = self.line(label, x, y);
        if let Some(Layer::Line(line)) = self.layers.last_mut() {
            line.directed = true;
        }
        self
    }

    /// Adds points `(x[i], y[i])`; each scatter of a panel gets its own marker.
    #[must_use]
    pub fn points(self, label: &str, x: &[f64], y: &[f64]) -> Self {
        let color = self.color_for(label);
        let scatters = self
            .layers
            .iter()
            .filter(|l| matches!(l, Layer::Points(_)))
            .count();
        self.layer(Layer::Points(Points {
            label: label.to_owned(),
            x: x.to_vec(),
            y: y.to_vec(),
            color,
            marker: Marker::nth(scatters),
            ..Points::default()
        }))
    }

    /// Adds the area between `(x[i], low[i])` and `(x[i], high[i])`, in the colour of the
    /// layer before it and without a legend entry.
    #[must_use]
    pub fn band(self, x: &[f64], low: &[f64], high: &[f64]) -> Self {
        let before = self.layers.iter().rev().find_map(Layer::color);
        self.layer(Layer::Band(Band {
            label: String::new(),
            x: x.to_vec(),
            low: low.to_vec(),
            high: high.to_vec(),
            color: before.unwrap_or(0),
            opacity: style::BAND_OPACITY,
        }))
    }

    /// Adds a dashed vertical line at `x`; `label` (or nothing) stands in the legend.
    #[must_use]
    pub fn vertical(self, x: f64, label: &str) -> Self {
        self.layer(Layer::VerticalLine(rule(x, label)))
    }

    /// Adds a dashed horizontal line at `y`; `label` (or nothing) stands in the legend.
    #[must_use]
    pub fn horizontal(self, y: f64, label: &str) -> Self {
        self.layer(Layer::HorizontalLine(rule(y, label)))
    }

    /// Adds bars over named categories. Calls with the same categories stand side by side.
    #[must_use]
    pub fn bars(mut self, label: &str, categories: &[&str], heights: &[f64]) -> Self {
        let color = self.color_for(label);
        let x: Vec<f64> = (0..categories.len()).map(|i| i as f64).collect();
        self.x.ticks = x
            .iter()
            .copied()
            .zip(categories.iter().map(|c| (*c).to_owned()))
            .collect();
        self.layer(Layer::Bars(Bars {
            label: label.to_owned(),
            x,
            height: heights.to_vec(),
            color,
            ..Bars::default()
        }))
    }

    /// Adds a histogram of the finite `values` in `bins` equal bins, scaled so that its area
    /// is 1: it can be compared with a density.
    #[must_use]
    pub fn histogram(self, label: &str, values: &[f64], bins: usize) -> Self {
        let color = self.color_for(label);
        let (edges, heights) = density(values, bins.clamp(1, 10_000));
        self.layer(Layer::Histogram(Histogram {
            label: label.to_owned(),
            edges,
            heights,
            color,
        }))
    }

    /// Adds the matrix `z (rows, columns)` as colours; `x_edges` are the ends of its
    /// columns, `y_edges` of its rows, row 0 lowest. `label` stands beside the colour bar.
    #[must_use]
    pub fn heatmap(self, label: &str, x_edges: &[f64], y_edges: &[f64], z: &Array2<f64>) -> Self {
        self.layer(Layer::Heatmap(Heatmap {
            x_edges: x_edges.to_vec(),
            y_edges: y_edges.to_vec(),
            z: z.clone(),
            label: label.to_owned(),
            ..Heatmap::default()
        }))
    }

    /// Adds arrows from `(x[i], y[i])` along `(dx[i], dy[i])`, in grey, the longest about as
    /// long as its neighbours are apart.
    #[must_use]
    pub fn arrows(self, label: &str, x: &[f64], y: &[f64], dx: &[f64], dy: &[f64]) -> Self {
        self.layer(Layer::Arrows(Arrows {
            label: label.to_owned(),
            x: x.to_vec(),
            y: y.to_vec(),
            dx: dx.to_vec(),
            dy: dy.to_vec(),
            ..Arrows::default()
        }))
    }

    /// Adds a note beside `(x, y)`.
    #[must_use]
    pub fn note(self, x: f64, y: f64, text: &str) -> Self {
        self.layer(Layer::Text(Note {
            text: text.to_owned(),
            x,
            y,
        }))
    }

    /// The colour a new layer called `label` should take.
    fn color_for(&self, label: &str) -> usize {
        let named = self
            .layers
            .iter()
            .filter(|l| !label.is_empty() && l.label() == label)
            .find_map(Layer::color);
        let used: Vec<usize> = self.layers.iter().filter_map(Layer::color).collect();
        named
            .or_else(|| (0..=used.len()).find(|index| !used.contains(index)))
            .unwrap_or(0)
    }
}

fn rule(at: f64, label: &str) -> Rule {
    Rule {
        label: label.to_owned(),
        at,
        style: LineStyle::Dashed,
        color: None,
    }
}

/// Bin edges, and heights whose area is 1.
fn density(values: &[f64], bins: usize) -> (Vec<f64>, Vec<f64>) {
    let finite: Vec<f64> = values
        .iter()
        .copied()
        .filter(|v| v.abs() <= 1e300)
        .collect();
    let (low, high) = finite
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &v| {
            (a.min(v), b.max(v))
        });
    if finite.is_empty() {
        return (vec![0.0, 1.0], vec![0.0]);
    }
    let reach = 1e-9 * low.abs().max(high.abs());
    let (low, high) = if high - low > reach.max(1e-290) {
        (low, high)
    } else {
        // One value only: a bin of width 1, or as wide as rounding asks for.
        (low - reach.max(0.5), high + reach.max(0.5))
    };
    let width = (high - low) / bins as f64;
    let edges: Vec<f64> = (0..=bins).map(|i| low + i as f64 * width).collect();
    let mut counts = vec![0_usize; bins];
    for v in &finite {
        counts[(((v - low) / width) as usize).min(bins - 1)] += 1;
    }
    let area = finite.len() as f64 * width;
    let heights = counts.into_iter().map(|c| c as f64 / area).collect();
    (edges, heights)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_follow_labels_and_bands_follow_lines() {
        let panel = Panel::new("x", "y")
            .line("a", &[], &[])
            .band(&[], &[], &[])
            .line("b", &[], &[])
            .points("a", &[], &[])
            .band(&[], &[], &[])
            .line("c", &[], &[]);
        let colors: Vec<_> = panel.layers.iter().filter_map(Layer::color).collect();
        assert_eq!(colors, [0, 0, 1, 0, 0, 2]);
    }

    #[test]
    fn histograms_have_area_one() {
        for values in [
            &[1.0, 2.0, 2.5, f64::NAN, 9.0][..],
            &[3.0],
            &[1e300, -1e300],
            &[1e-300, 0.0],
        ] {
            let (edges, heights) = density(values, 7);
            let area: f64 = edges
                .windows(2)
                .zip(&heights)
                .map(|(e, h)| (e[1] - e[0]) * h)
                .sum();
            assert!((area - 1.0).abs() < 1e-9, "{values:?}: {area}");
        }
    }
}
