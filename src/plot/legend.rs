//! The legend: one entry per label.

use super::canvas::{Align, Canvas, Font, Stroke};
use super::panel::Panel;
use super::sample::{SAMPLE, Sample};
use super::shape::{Point, Rect};
use super::{style, text};

const GAP: f64 = 7.0;
const PADDING: f64 = 6.0;
const BETWEEN_COLUMNS: f64 = 20.0;

#[derive(Clone, Debug, PartialEq)]
struct Entry {
    label: Vec<String>,
    samples: Vec<Sample>,
}

/// A legend with its size, ready to be drawn anywhere.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Legend {
    entries: Vec<Entry>,
    /// The width of each column.
    columns: Vec<f64>,
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
                Sample::Stroke(_) | Sample::Upright(_) | Sample::Arrow(_) => 1,
                Sample::Marker(..) => 2,
            });
        }
        if entries.is_empty() {
            return None;
        }
        let room = max_width - 2.0 * PADDING;
        // As many columns as fit, of those numbers that fill the rows equally.
        let rows = |columns: usize| entries.len().div_ceil(columns);
        let columns = (1..=columns.min(entries.len()))
            .rev()
            .filter(|&columns| entries.len().div_ceil(rows(columns)) == columns)
            .map(|columns| column_widths(&entries, columns))
            .find(|widths| total(widths) <= room)
            .unwrap_or_else(|| column_widths(&entries, 1));
        let mut legend = Self {
            width: total(&columns) + 2.0 * PADDING,
            entries,
            columns,
            height: 0.0,
        };
        legend.height = legend.row_heights().iter().sum::<f64>() + 2.0 * PADDING - 2.0;
        Some(legend)
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    fn row_heights(&self) -> Vec<f64> {
        let rows = self.entries.chunks(self.columns.len());
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
        for (row, height) in self
            .entries
            .chunks(self.columns.len())
            .zip(self.row_heights())
        {
            let mut x = left + PADDING;
            for (entry, width) in row.iter().zip(&self.columns) {
                for sample in &entry.samples {
                    sample.draw(canvas, x, y + 0.5 * line);
                }
                for (k, words) in entry.label.iter().enumerate() {
                    let at = (x + SAMPLE + GAP, y + (k as f64 + 0.5) * line);
                    canvas.text(words, at, Align::Left, &Font::new(style::LEGEND));
                }
                x += width + BETWEEN_COLUMNS;
            }
            y += height;
        }
    }
}

/// The width of each of `columns` columns filled row by row.
fn column_widths(entries: &[Entry], columns: usize) -> Vec<f64> {
    let width = |entry: &Entry| SAMPLE + GAP + text::widest(&entry.label, style::LEGEND);
    (0..columns)
        .map(|column| {
            let entries = entries.iter().skip(column).step_by(columns);
            entries.map(width).fold(0.0, f64::max)
        })
        .collect()
}

/// The width of columns with the gaps between them.
fn total(columns: &[f64]) -> f64 {
    columns.iter().sum::<f64>() + BETWEEN_COLUMNS * (columns.len() as f64 - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_fill_the_width_and_rows_equally() {
        let panel = (0..9).fold(Panel::default(), |p, i| {
            p.line(&format!("series {i}"), &[], &[])
        });
        let panels = [panel];
        for (width, columns, rows) in [(2000.0, 9, 1), (400.0, 3, 3), (80.0, 1, 9)] {
            let legend = Legend::new(&panels, width, usize::MAX).expect("nine labels");
            assert_eq!(
                (legend.columns.len(), legend.row_heights().len()),
                (columns, rows)
            );
            assert!(legend.width <= width, "{} > {width}", legend.width);
        }
        assert!(Legend::new(&[Panel::default().line("", &[], &[])], 500.0, 1).is_none());
    }
}
