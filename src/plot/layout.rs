//! Where everything on the page goes: margins from the texts they hold, frames aligned in
//! rows and columns.

use super::draft::{self, ColorBar, LABEL_GAP, Placed, RIGHT_LEGEND, TICK_GAP, images};
use super::figure::Figure;
use super::labels;
use super::legend::Legend;
use super::panel::LegendPosition;
use super::shape::{Point, Rect};
use super::spot::{self, Spot};
use super::{style, text};

/// Px around the page.
const EDGE: f64 = 12.0;
/// Px between panels.
const BETWEEN: f64 = 16.0;

/// The page.
#[derive(Clone, Debug)]
pub(crate) struct Page<'a> {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) title: Vec<String>,
    pub(crate) caption: Vec<String>,
    pub(crate) legend: Option<(Legend, Point)>,
    pub(crate) panels: Vec<Placed<'a>>,
    /// The part of the page that belongs to each panel, with its title and legend.
    pub(crate) cells: Vec<Rect>,
    pub(crate) left: f64,
    pub(crate) title_top: f64,
    pub(crate) caption_top: f64,
}

/// Places everything.
///
/// # Errors
/// A sentence about the first inconsistent axis or layer.
pub(crate) fn page(figure: &Figure) -> Result<Page<'_>, String> {
    let columns = figure.columns_used();
    let (cell_width, frame_height) = figure.sizes();
    let mut placed = draft::drafts(figure, frame_height)?;

    // Margins, the widest of each column and row.
    let n_rows = placed.len().div_ceil(columns);
    let mut left = vec![0.0_f64; columns];
    let mut right = vec![0.0_f64; columns];
    for (i, p) in placed.iter().enumerate() {
        let (l, r) = draft::first_margins(p, cell_width);
        left[i % columns] = left[i % columns].max(l);
        right[i % columns] = right[i % columns].max(r);
    }
    let widths: Vec<f64> = (0..columns)
        .map(|column| (cell_width - left[column] - right[column]).max(80.0))
        .collect();
    let mut heights = vec![0.0_f64; n_rows];
    for (i, p) in placed.iter_mut().enumerate() {
        let (row, column) = (i / columns, i % columns);
        heights[row] = heights[row].max(draft::fit_width(p, widths[column]));
        let (l, r) = draft::margins(p);
        left[column] = left[column].max(l);
        right[column] = right[column].max(r);
    }
    let mut x = EDGE;
    let mut spans = Vec::with_capacity(columns);
    for column in 0..columns {
        spans.push((x, left[column] + widths[column] + right[column]));
        x += left[column];
        for p in placed.iter_mut().skip(column).step_by(columns) {
            p.room.0 += x;
            p.view.frame.left += x;
        }
        x += widths[column] + right[column] + BETWEEN;
    }
    let width = x - BETWEEN + EDGE;

    let inner = width - 2.0 * EDGE;
    let title = text::wrap(&figure.title, inner / text::BOLD, style::FIGURE_TITLE, 3);
    let caption = text::wrap(&figure.caption, inner, style::CAPTION, 12);
    let title_top = EDGE - 2.0;
    let mut y = title_top + text::height(title.len(), style::FIGURE_TITLE);
    if !title.is_empty() {
        y += 6.0;
    }
    let mut cells = Vec::with_capacity(placed.len());
    for (row, height) in placed.chunks_mut(columns).zip(&heights) {
        let end = place_row(row, y, *height, figure.shared_legend);
        cells.extend(spans.iter().take(row.len()).map(|&(left, width)| Rect {
            left: left - 0.5 * BETWEEN,
            top: y - 0.5 * BETWEEN,
            width: width + BETWEEN,
            height: end - y + BETWEEN,
        }));
        y = end + BETWEEN;
    }
    y = if placed.is_empty() {
        y
    } else {
        y - BETWEEN + 4.0
    };

    let mut legend = None;
    if figure.shared_legend
        && let Some(shared) = Legend::new(&figure.panels, inner, usize::MAX)
    {
        let at = (0.5 * (width - shared.width), y);
        y += shared.height + 2.0;
        legend = Some((shared, at));
    }
    let caption_top = y + 4.0;
    let height = if caption.is_empty() {
        y + EDGE - 4.0
    } else {
        caption_top + text::height(caption.len(), style::CAPTION) + EDGE - 2.0
    };
    Ok(Page {
        width,
        height,
        title,
        caption,
        legend,
        panels: placed,
        cells,
        left: EDGE,
        title_top,
        caption_top,
    })
}

/// Places a row whose titles start at `top`; returns where its lowest part ends.
fn place_row(row: &mut [Placed], top: f64, height: f64, shared_legend: bool) -> f64 {
    let lines = row.iter().map(|p| p.title.len()).max().unwrap_or(0);
    let mut frame_top = top + text::height(lines, style::PANEL_TITLE);
    if lines > 0 {
        frame_top += 4.0;
    }
    let mut end = frame_top;
    for p in row {
        p.view.frame.top += frame_top;
        let mut bottom = frame_top + height;
        if images(p.panel).is_none() {
            bottom = p.view.frame.bottom();
            let label = if p.x_label.is_empty() {
                0.0
            } else {
                LABEL_GAP - 2.0
            };
            bottom += TICK_GAP + labels::tick_height(&p.x_ticks) + label;
            bottom += text::height(p.x_label.len(), style::LABEL);
        } else {
            p.view.frame.height = height;
        }
        if !shared_legend && p.panel.legend != LegendPosition::None {
            bottom += place_legend(p, bottom);
        }
        end = end.max(bottom);
    }
    end
}

/// Chooses a panel's legend; returns the px it needs below `bottom`.
fn place_legend(p: &mut Placed, bottom: f64) -> f64 {
    let frame = p.view.frame;
    let panels = std::slice::from_ref(p.panel);
    if images(p.panel).is_some() {
        return 0.0;
    }
    let Some(inside) = Legend::new(panels, 0.72 * frame.width, 1) else {
        return 0.0;
    };
    let (legend, at, below) = match spot::spot(p.panel, &p.view, &inside) {
        Spot::Inside(at) => {
            p.legend = Some((inside, at, true));
            return 0.0;
        }
        Spot::Below => {
            let (left, width) = p.room;
            let legend = Legend::new(panels, width, usize::MAX).unwrap_or(inside);
            let at = (left + 0.5 * (width - legend.width), bottom + 2.0);
            let below = legend.height + 2.0;
            (legend, at, below)
        }
        Spot::Right => {
            let legend = Legend::new(panels, RIGHT_LEGEND, 1).unwrap_or(inside);
            let bar = p.bar.as_ref().map_or(0.0, ColorBar::width);
            let at = (frame.right() + bar + 8.0, frame.top);
            let below = (at.1 + legend.height - bottom).max(0.0);
            (legend, at, below)
        }
    };
    p.legend = Some((legend, at, false));
    below
}
