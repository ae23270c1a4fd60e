//! Where everything on the page goes: margins from the texts they hold, frames aligned in
//! rows and columns.

use super::axis::{Axis, Extent, Span};
use super::figure::Figure;
use super::layer::{Heatmap, Images, Layer};
use super::legend::{self, Legend, Spot};
use super::panel::{LegendPosition, Panel};
use super::shape::{Point, Rect};
use super::ticks::{self, Run, Tick};
use super::view::{self, View};
use super::{raster, style, text};

/// Around the page and between panels, px.
const EDGE: f64 = 12.0;
const BETWEEN: f64 = 16.0;
/// From the frame to a tick label, px.
pub(crate) const TICK_GAP: f64 = 7.0;
/// From tick labels to the axis label, px.
pub(crate) const LABEL_GAP: f64 = 6.0;
/// From the frame to the colour bar, and its width, px.
pub(crate) const BAR_GAP: f64 = 12.0;
pub(crate) const BAR_WIDTH: f64 = 12.0;

/// Widest legend beside a panel, px.
const RIGHT_LEGEND: f64 = 200.0;

/// The colour bar of a heatmap.
#[derive(Clone, Debug)]
pub(crate) struct ColorBar<'a> {
    pub(crate) map: &'a Heatmap,
    pub(crate) span: Span,
    pub(crate) ticks: Vec<Tick>,
    pub(crate) label: Vec<String>,
}

impl ColorBar<'_> {
    fn width(&self) -> f64 {
        let label = if self.label.is_empty() {
            0.0
        } else {
            LABEL_GAP
        };
        BAR_GAP
            + BAR_WIDTH
            + TICK_GAP
            + widest_tick(&self.ticks)
            + label
            + text::height(self.label.len(), style::LABEL)
    }
}

/// A panel with the place of all its parts.
#[derive(Clone, Debug)]
pub(crate) struct Placed<'a> {
    pub(crate) panel: &'a Panel,
    pub(crate) view: View,
    pub(crate) title: Vec<String>,
    pub(crate) x_label: Vec<String>,
    pub(crate) y_label: Vec<String>,
    pub(crate) x_ticks: Vec<Tick>,
    pub(crate) y_ticks: Vec<Tick>,
    pub(crate) bar: Option<ColorBar<'a>>,
    /// The legend, its top left corner, and whether it lies over the data.
    pub(crate) legend: Option<(Legend, Point, bool)>,
}

/// The page.
#[derive(Clone, Debug)]
pub(crate) struct Page<'a> {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) title: Vec<String>,
    pub(crate) caption: Vec<String>,
    pub(crate) legend: Option<(Legend, Point)>,
    pub(crate) panels: Vec<Placed<'a>>,
    pub(crate) left: f64,
    pub(crate) title_top: f64,
    pub(crate) caption_top: f64,
}

/// The small images of a panel, if it shows such.
pub(crate) fn images(panel: &Panel) -> Option<&Images> {
    panel.layers.iter().find_map(|layer| match layer {
        Layer::Images(images) => Some(images),
        _ => None,
    })
}

/// Px that the widest tick label takes.
pub(crate) fn widest_tick(ticks: &[Tick]) -> f64 {
    let lines = ticks.iter().flat_map(|t| t.label.lines());
    lines
        .map(|line| text::width(line, style::TICK))
        .fold(0.0, f64::max)
}

/// Px that horizontal tick labels take in height.
pub(crate) fn tick_height(ticks: &[Tick]) -> f64 {
    let lines = ticks
        .iter()
        .map(|t| t.label.lines().count())
        .max()
        .unwrap_or(0);
    text::height(lines, style::TICK)
}

/// Places everything.
///
/// # Errors
/// A sentence about the first inconsistent axis or layer.
pub(crate) fn page(figure: &Figure) -> Result<Page<'_>, String> {
    let columns = figure.columns_used();
    let (cell_width, frame_height) = figure.sizes();
    let mut placed = drafts(figure, frame_height)?;

    // Margins, the widest of each column and row.
    let n_rows = placed.len().div_ceil(columns);
    let mut left = vec![0.0_f64; columns];
    let mut right = vec![0.0_f64; columns];
    for (i, p) in placed.iter().enumerate() {
        let (l, r) = side_margins(p, cell_width);
        left[i % columns] = left[i % columns].max(l);
        right[i % columns] = right[i % columns].max(r);
    }
    let mut x = EDGE;
    let mut heights = vec![0.0_f64; n_rows];
    for column in 0..columns {
        let width = (cell_width - left[column] - right[column]).max(80.0);
        for i in (column..placed.len()).step_by(columns) {
            let p = &mut placed[i];
            p.view.frame = Rect {
                left: x + left[column],
                top: 0.0,
                width,
                height: frame_height,
            };
            heights[i / columns] = heights[i / columns].max(fit_width(p, width));
        }
        x += left[column] + width + right[column] + BETWEEN;
    }
    let width = x - BETWEEN + EDGE;

    let inner = width - 2.0 * EDGE;
    let title = text::wrap(&figure.title, inner / 1.13, style::FIGURE_TITLE, 3);
    let caption = text::wrap(&figure.caption, inner, style::CAPTION, 12);
    let title_top = EDGE - 2.0;
    let mut y = title_top + text::height(title.len(), style::FIGURE_TITLE);
    if !title.is_empty() {
        y += 6.0;
    }
    for (row, height) in placed.chunks_mut(columns).zip(&heights) {
        y = place_row(row, y, *height, figure.shared_legend) + BETWEEN;
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
        left: EDGE,
        title_top,
        caption_top,
    })
}

/// Intervals, vertical ticks and colour bars, which do not depend on widths.
fn drafts(figure: &Figure, frame_height: f64) -> Result<Vec<Placed<'_>>, String> {
    let mut extents: Vec<(Extent, Extent)> = Vec::new();
    for (number, panel) in figure.panels.iter().enumerate() {
        let name = |reason: String| match figure.panels.len() {
            1 => reason,
            _ => format!("panel {}: {reason}", number + 1),
        };
        panel
            .x
            .check("x")
            .and_then(|()| panel.y.check("y"))
            .map_err(name)?;
        for layer in &panel.layers {
            layer.check().map_err(name)?;
            if let Layer::Heatmap(map) = layer {
                let axis = Axis {
                    scale: map.scale,
                    range: map.range,
                    ..Axis::default()
                };
                axis.check("colour").map_err(name)?;
            }
        }
        extents.push(view::extents(panel));
    }
    if figure.share_x {
        share(&mut extents, |e| &mut e.0);
    }
    if figure.share_y {
        share(&mut extents, |e| &mut e.1);
    }
    let panels = figure.panels.iter().zip(extents);
    Ok(panels
        .map(|(panel, (x, y))| {
            let frame = Rect {
                width: 100.0,
                height: frame_height,
                ..Rect::default()
            };
            let view = View {
                frame,
                x: Span::new(&panel.x, &x, 0.02),
                y: Span::new(&panel.y, &y, 0.05),
            };
            let axes = images(panel).is_none();
            let label = |axis: &Axis| text::wrap(&axis.label, frame_height, style::LABEL, 2);
            Placed {
                panel,
                view,
                title: Vec::new(),
                x_label: Vec::new(),
                y_label: if axes { label(&panel.y) } else { Vec::new() },
                x_ticks: Vec::new(),
                y_ticks: if axes {
                    axis_ticks(&panel.y, &view.y, frame_height, Run::Vertical)
                } else {
                    Vec::new()
                },
                bar: color_bar(panel, frame_height),
                legend: None,
            }
        })
        .collect())
}

fn share(extents: &mut [(Extent, Extent)], axis: impl Fn(&mut (Extent, Extent)) -> &mut Extent) {
    let mut union = Extent::default();
    extents.iter_mut().for_each(|e| union.merge(axis(e)));
    extents.iter_mut().for_each(|e| *axis(e) = union);
}

fn color_bar(panel: &Panel, height: f64) -> Option<ColorBar<'_>> {
    panel.layers.iter().find_map(|layer| match layer {
        Layer::Heatmap(map) => {
            let span = raster::color_span(map);
            Some(ColorBar {
                map,
                span,
                ticks: ticks::ticks(&span, height, Run::Vertical),
                label: text::wrap(&map.label, height, style::LABEL, 2),
            })
        }
        _ => None,
    })
}

/// The caller's ticks, or round numbers.
fn axis_ticks(axis: &Axis, span: &Span, length: f64, run: Run) -> Vec<Tick> {
    if axis.ticks.is_empty() {
        return ticks::ticks(span, length, run);
    }
    let mut named: Vec<(f64, &str)> = axis
        .ticks
        .iter()
        .filter_map(|(v, label)| Some((span.scale.transform(*v)?, label.as_str())))
        .filter(|(t, _)| (span.low..=span.high).contains(t))
        .collect();
    named.sort_by(|a, b| a.0.total_cmp(&b.0));
    let gaps = named
        .windows(2)
        .map(|p| (span.fraction(p[1].0) - span.fraction(p[0].0)) * length);
    let gap = gaps.fold(f64::INFINITY, f64::min).min(length);
    let least = if run == Run::Horizontal {
        40.0
    } else {
        1.6 * style::TICK
    };
    // Names that would stand too close: every second, third, … one only.
    let every = (least / gap.max(1e-3)).ceil().clamp(1.0, 1e6) as usize;
    let room = match run {
        Run::Horizontal => gap * every as f64 - 8.0,
        Run::Vertical => 140.0,
    };
    let lines = if run == Run::Horizontal { 3 } else { 1 };
    named
        .into_iter()
        .step_by(every)
        .map(|(at, label)| Tick {
            at,
            label: text::wrap(label, room.max(24.0), style::TICK, lines).join("\n"),
        })
        .collect()
}

/// Px left and right of the frame.
fn side_margins(p: &Placed, cell_width: f64) -> (f64, f64) {
    if images(p.panel).is_some() {
        return (0.0, 0.0);
    }
    let label = if p.y_label.is_empty() { 0.0 } else { LABEL_GAP };
    let left =
        text::height(p.y_label.len(), style::LABEL) + label + widest_tick(&p.y_ticks) + TICK_GAP;
    let bar = p.bar.as_ref().map_or(0.0, ColorBar::width);
    // The outermost tick labels may reach half their width past the frame.
    let guess = axis_ticks(
        &p.panel.x,
        &p.view.x,
        (cell_width - left - bar).max(80.0),
        Run::Horizontal,
    );
    let overhang = 0.5 * widest_tick(&guess);
    let mut right = bar.max(overhang).max(6.0);
    if p.panel.legend == LegendPosition::Right
        && let Some(legend) = Legend::new(std::slice::from_ref(p.panel), RIGHT_LEGEND, 1)
    {
        right = bar.max(overhang) + 8.0 + legend.width;
    }
    (left.max(overhang), right)
}

/// What depends on the width of the frame: returns the height the frame needs.
fn fit_width(p: &mut Placed, width: f64) -> f64 {
    p.title = text::wrap(&p.panel.title, width / 1.13, style::PANEL_TITLE, 3);
    if let Some(images) = images(p.panel) {
        let grid = super::marks::Grid::new(images, width, p.view.frame.height);
        return grid.height();
    }
    p.x_label = text::wrap(&p.panel.x.label, width, style::LABEL, 2);
    if p.panel.equal_aspect {
        p.view.equalise();
        let height = p.view.frame.height;
        p.y_ticks = axis_ticks(&p.panel.y, &p.view.y, height, Run::Vertical);
        p.bar = color_bar(p.panel, height);
    }
    p.x_ticks = axis_ticks(&p.panel.x, &p.view.x, p.view.frame.width, Run::Horizontal);
    p.view.frame.height
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
            bottom += TICK_GAP + tick_height(&p.x_ticks) + label;
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
    let Some(inside) = Legend::new(panels, 0.72 * frame.width, 1) else {
        return 0.0;
    };
    let (legend, at, below) = match legend::spot(p.panel, &p.view, &inside) {
        Spot::Inside(at) => {
            p.legend = Some((inside, at, true));
            return 0.0;
        }
        Spot::Below => {
            let legend = Legend::new(panels, frame.width, usize::MAX).unwrap_or(inside);
            let at = (
                frame.left + 0.5 * (frame.width - legend.width),
                bottom + 2.0,
            );
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
