//! A panel's parts and the room they need, before the page is put together.

use super::axis::{Axis, Extent, Scale, Span};
use super::cover;
use super::figure::Figure;
use super::kinds::{Heatmap, Images};
use super::labels::{self, axis_ticks};
use super::layer::Layer;
use super::legend::Legend;
use super::panel::{LegendPosition, Panel};
use super::shape::{Point, Rect};
use super::ticks::{self, Run, Tick};
use super::view::View;
use super::{images, raster, style, text};

/// From the frame to a tick label, px.
pub(crate) const TICK_GAP: f64 = 7.0;
/// From tick labels to the axis label, px.
pub(crate) const LABEL_GAP: f64 = 6.0;
/// From the frame to the colour bar, and its width, px.
pub(crate) const BAR_GAP: f64 = 12.0;
pub(crate) const BAR_WIDTH: f64 = 12.0;
/// Widest legend beside a panel, px.
pub(crate) const RIGHT_LEGEND: f64 = 200.0;

/// The colour bar of a heatmap.
#[derive(Clone, Debug)]
pub(crate) struct ColorBar<'a> {
    pub(crate) map: &'a Heatmap,
    pub(crate) span: Span,
    pub(crate) ticks: Vec<Tick>,
    pub(crate) label: Vec<String>,
}

impl ColorBar<'_> {
    pub(crate) fn width(&self) -> f64 {
        let label = if self.label.is_empty() {
            0.0
        } else {
            LABEL_GAP
        };
        BAR_GAP
            + BAR_WIDTH
            + TICK_GAP
            + labels::widest_tick(&self.ticks)
            + label
            + text::height(self.label.len(), style::LABEL)
    }
}

/// A panel with the place of all its parts.
#[derive(Clone, Debug)]
pub(crate) struct Placed<'a> {
    pub(crate) panel: &'a Panel,
    pub(crate) view: View,
    /// The panel's title, with its letter where there are several.
    pub(crate) heading: String,
    /// Left end and width of the room for the frame, which an equal aspect may not fill.
    pub(crate) room: (f64, f64),
    /// Is there nothing that can be shown?
    pub(crate) empty: bool,
    pub(crate) title: Vec<String>,
    pub(crate) x_label: Vec<String>,
    pub(crate) y_label: Vec<String>,
    pub(crate) x_ticks: Vec<Tick>,
    pub(crate) y_ticks: Vec<Tick>,
    pub(crate) bar: Option<ColorBar<'a>>,
    /// The legend, its top left corner, and whether it lies over the data.
    pub(crate) legend: Option<(Legend, Point, bool)>,
}

/// The small images of a panel, if it shows such.
pub(crate) fn images(panel: &Panel) -> Option<&Images> {
    panel.layers.iter().find_map(|layer| match layer {
        Layer::Images(images) => Some(images),
        _ => None,
    })
}

/// Intervals, vertical ticks and colour bars, which do not depend on widths.
pub(crate) fn drafts(figure: &Figure, frame_height: f64) -> Result<Vec<Placed<'_>>, String> {
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
        extents.push(cover::extents(panel));
    }
    for scale in [Scale::Linear, Scale::Log10] {
        let on = |axis: fn(&Panel) -> &Axis| {
            let panels = figure.panels.iter();
            panels
                .map(|p| axis(p).scale == scale)
                .collect::<Vec<bool>>()
        };
        if figure.share_x {
            share(&mut extents, &on(|p| &p.x), |e| &mut e.0);
        }
        if figure.share_y {
            share(&mut extents, &on(|p| &p.y), |e| &mut e.1);
        }
    }
    let panels = figure.panels.iter().zip(extents).enumerate();
    Ok(panels
        .map(|(number, (panel, (x, y)))| {
            let frame = Rect {
                width: 100.0,
                height: frame_height,
                ..Rect::default()
            };
            let view = View {
                frame,
                x: Span::new(&panel.x, &x, 0.03),
                y: Span::new(&panel.y, &y, 0.05),
            };
            let axes = images(panel).is_none();
            let label = |axis: &Axis| text::wrap(&axis.label, frame_height, style::LABEL, 2);
            Placed {
                panel,
                view,
                heading: heading(figure, number, panel),
                room: (0.0, 0.0),
                empty: axes && x.is_empty() && y.is_empty(),
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

/// Gives the chosen panels the union of what they cover.
fn share(
    extents: &mut [(Extent, Extent)],
    chosen: &[bool],
    axis: impl Fn(&mut (Extent, Extent)) -> &mut Extent,
) {
    let mut union = Extent::default();
    for (extent, _) in extents
        .iter_mut()
        .zip(chosen)
        .filter(|(_, chosen)| **chosen)
    {
        union.merge(axis(extent));
    }
    for (extent, _) in extents
        .iter_mut()
        .zip(chosen)
        .filter(|(_, chosen)| **chosen)
    {
        *axis(extent) = union;
    }
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

/// Px that labels, vertical ticks, colour bar and a legend beside them take left and right
/// of the frame.
fn sides(p: &Placed) -> (f64, f64) {
    let label = if p.y_label.is_empty() { 0.0 } else { LABEL_GAP };
    let left = text::height(p.y_label.len(), style::LABEL)
        + label
        + labels::widest_tick(&p.y_ticks)
        + TICK_GAP;
    let bar = p.bar.as_ref().map_or(0.0, ColorBar::width);
    let beside = match p.panel.legend {
        LegendPosition::Right => Legend::new(std::slice::from_ref(p.panel), RIGHT_LEGEND, 1)
            .map_or(0.0, |l| l.width + 8.0),
        _ => 0.0,
    };
    (left, bar + beside)
}

/// Px to leave left and right of the frame, before its width is known.
pub(crate) fn first_margins(p: &Placed, cell_width: f64) -> (f64, f64) {
    if images(p.panel).is_some() {
        return (0.0, 0.0);
    }
    let (left, right) = sides(p);
    // The outermost tick labels may reach half their width past the frame.
    let width = (cell_width - left - right).max(80.0);
    let ticks = axis_ticks(&p.panel.x, &p.view.x, width, Run::Horizontal);
    let half = 0.5 * labels::widest_tick(&ticks);
    (left.max(half), right.max(half).max(6.0))
}

/// Px that are needed left and right of the room for the frame, now that its width is known.
pub(crate) fn margins(p: &Placed) -> (f64, f64) {
    if images(p.panel).is_some() {
        return (0.0, 0.0);
    }
    let frame = &p.view.frame;
    let (left, right) = sides(p);
    let (mut left, mut right) = (left - frame.left, right + frame.right() - p.room.1);
    for tick in &p.x_ticks {
        let half = 0.5 * labels::widest_tick(std::slice::from_ref(tick));
        let at = frame.left + p.view.x.fraction(tick.at) * frame.width;
        left = left.max(half - at);
        right = right.max(at + half - p.room.1);
    }
    (left, right)
}

/// The title of a panel; where there are several, behind a letter that a text can name: "(b) test error".
fn heading(figure: &Figure, number: usize, panel: &Panel) -> String {
    let letter = u8::try_from(number).ok().filter(|n| *n < 26);
    match letter.filter(|_| figure.panels.len() > 1) {
        Some(n) => format!("({}) {}", char::from(b'a' + n), panel.title)
            .trim_end()
            .to_owned(),
        None => panel.title.clone(),
    }
}

/// What depends on the width of the frame: returns the height the frame needs.
pub(crate) fn fit_width(p: &mut Placed, width: f64) -> f64 {
    p.view.frame.width = width;
    p.room = (0.0, width);
    let title = |width: f64| text::wrap(&p.heading, width / text::BOLD, style::PANEL_TITLE, 3);
    p.title = title(width);
    if let Some(images) = images(p.panel) {
        let grid = images::Grid::new(images, width, p.view.frame.height);
        return grid.height();
    }
    p.x_label = text::wrap(&p.panel.x.label, width, style::LABEL, 2);
    if p.panel.equal_aspect {
        p.view.equalise();
        p.title = title(width - p.view.frame.left);
        let height = p.view.frame.height;
        p.y_ticks = axis_ticks(&p.panel.y, &p.view.y, height, Run::Vertical);
        p.y_label = text::wrap(&p.panel.y.label, height, style::LABEL, 3);
        p.bar = color_bar(p.panel, height);
    }
    p.x_ticks = axis_ticks(&p.panel.x, &p.view.x, p.view.frame.width, Run::Horizontal);
    p.view.frame.height
}
