//! Adding layers to a panel.

use ndarray::Array2;

use super::kinds::{Arrows, Band, Bars, Heatmap, Histogram, Line, Note, Points, Rule};
use super::layer::Layer;
use super::panel::Panel;
use super::style::{self, LineStyle, Marker};

impl Panel {
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

    /// Adds a grey vertical line at `x`, dashed, the panel's next ones dotted, then solid;
    /// `label` (or nothing) stands in the legend.
    #[must_use]
    pub fn vertical(self, x: f64, label: &str) -> Self {
        let vertical = |l: &&Layer| matches!(l, Layer::VerticalLine(_));
        let count = self.layers.iter().filter(vertical).count();
        self.layer(Layer::VerticalLine(rule(x, label, count)))
    }

    /// Adds a grey horizontal line at `y`, dashed, the panel's next ones dotted, then solid;
    /// `label` (or nothing) stands in the legend.
    #[must_use]
    pub fn horizontal(self, y: f64, label: &str) -> Self {
        let horizontal = |l: &&Layer| matches!(l, Layer::HorizontalLine(_));
        let count = self.layers.iter().filter(horizontal).count();
        self.layer(Layer::HorizontalLine(rule(y, label, count)))
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

/// The `index`-th reference line of its direction.
fn rule(at: f64, label: &str, index: usize) -> Rule {
    Rule {
        label: label.to_owned(),
        at,
        style: [LineStyle::Dashed, LineStyle::Dotted, LineStyle::Solid][index % 3],
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
