//! Draws a page that has been laid out: titles, axes, layers, colour bars, legends.

use super::axis::Span;
use super::canvas::{Align, Canvas, Font, Stroke};
use super::describe::{describe, paths};
use super::draft::{self, ColorBar, Placed};
use super::figure::Figure;
use super::labels;
use super::layout::{self, Page};
use super::running::{self, Clock};
use super::shape::{Point, Rect};
use super::ticks::Tick;
use super::view::View;
use super::{images, marks, raster, style, text};

/// Points all lines and markers of a figure may spend: at some 10 bytes each, this keeps
/// the SVG under 300 kB.
const POINT_BUDGET: usize = 20_000;

/// The figure as SVG; with a `clock`, its paths run.
///
/// # Errors
/// A sentence about what cannot be drawn.
pub(crate) fn svg(figure: &Figure, clock: Option<Clock>) -> Result<String, String> {
    let page = layout::page(figure)?;
    let mut canvas = canvas(&page, clock);
    write_lines(
        &mut canvas,
        &page.title,
        (page.left, page.title_top),
        Align::Left,
        &Font {
            bold: true,
            ..Font::new(style::FIGURE_TITLE)
        },
    );
    for placed in &page.panels {
        panel(&mut canvas, placed, budget(figure), clock)?;
    }
    if let Some((legend, at)) = &page.legend {
        legend.draw(&mut canvas, *at, false);
    }
    caption(&mut canvas, &page);
    let title = if figure.title.trim().is_empty() {
        "Figure"
    } else {
        &figure.title
    };
    canvas.finish(title, &figure.caption, None)
}

/// A part of a figure with an image of its own.
pub(crate) struct Piece {
    /// What it shows, in words.
    pub(crate) seen: String,
    pub(crate) svg: String,
    /// In px.
    pub(crate) width: f64,
}

/// Each panel of the figure as an SVG of its own, then the legend that all share: the same drawing in pieces; and the
/// width of the whole. With a `clock`, paths run.
///
/// # Errors
/// As [`svg`].
pub(crate) fn pieces(figure: &Figure, clock: Option<Clock>) -> Result<(Vec<Piece>, f64), String> {
    let page = layout::page(figure)?;
    let mut pieces = Vec::with_capacity(page.panels.len() + 1);
    for (placed, cell) in page.panels.iter().zip(&page.cells) {
        let mut canvas = canvas(&page, clock);
        panel(&mut canvas, placed, budget(figure), clock)?;
        let title = match placed.heading.trim() {
            "" => figure.title.clone(),
            title => format!("{}: {title}", figure.title),
        };
        let mut seen = format!("{title}. {}", describe(placed.panel));
        if clock.is_some() {
            seen += &paths(placed.panel);
        }
        pieces.push(Piece {
            seen,
            svg: canvas.finish(&title, "", Some(cell))?,
            width: cell.width,
        });
    }
    if let Some((legend, at)) = &page.legend {
        let mut canvas = Canvas::new(page.width, page.height);
        legend.draw(&mut canvas, *at, false);
        let part = Rect {
            left: at.0,
            top: at.1,
            width: legend.width,
            height: legend.height,
        };
        pieces.push(Piece {
            seen: "Legend".to_owned(),
            svg: canvas.finish("Legend", "", Some(&part))?,
            width: legend.width,
        });
    }
    Ok((pieces, page.width))
}

/// An empty page, and how paths run on it.
fn canvas(page: &Page, clock: Option<Clock>) -> Canvas {
    let mut canvas = Canvas::new(page.width, page.height);
    if let Some(clock) = clock {
        canvas.add_style(&running::sheet(clock));
    }
    canvas
}

/// How many points each layer may spend.
fn budget(figure: &Figure) -> usize {
    let layers: usize = figure.panels.iter().map(|p| p.layers.len()).sum();
    (POINT_BUDGET / layers.max(1)).clamp(50, 4000)
}

fn caption(canvas: &mut Canvas, page: &Page) {
    let font = Font {
        color: style::MUTED,
        ..Font::new(style::CAPTION)
    };
    write_lines(
        canvas,
        &page.caption,
        (page.left, page.caption_top),
        Align::Left,
        &font,
    );
}

/// Writes lines below each other; `top` is where the first begins.
fn write_lines(canvas: &mut Canvas, lines: &[String], (x, top): Point, align: Align, font: &Font) {
    let line = text::height(1, font.size);
    for (i, words) in lines
        .iter()
        .enumerate()
        .filter(|(_, words)| !words.is_empty())
    {
        canvas.text(words, (x, top + (i as f64 + 0.5) * line), align, font);
    }
}

fn panel(
    canvas: &mut Canvas,
    placed: &Placed,
    budget: usize,
    clock: Option<Clock>,
) -> Result<(), String> {
    let frame = placed.view.frame;
    let title = Font {
        bold: true,
        ..Font::new(style::PANEL_TITLE)
    };
    let title_top = frame.top - 4.0 - text::height(placed.title.len(), style::PANEL_TITLE);
    write_lines(
        canvas,
        &placed.title,
        (frame.left, title_top),
        Align::Left,
        &title,
    );
    if let Some(images) = draft::images(placed.panel) {
        return images::draw(canvas, images, &frame);
    }
    if placed.empty {
        let middle = (
            frame.left + 0.5 * frame.width,
            frame.top + 0.5 * frame.height,
        );
        let font = Font {
            color: style::MUTED,
            ..Font::new(style::LABEL)
        };
        canvas.text("no data", middle, Align::Center, &font);
    }
    grid(canvas, placed);
    marks::draw(canvas, placed.panel, &placed.view, budget, clock)?;
    axes(canvas, placed);
    if let Some(bar) = &placed.bar {
        color_bar(canvas, bar, &frame)?;
    }
    if let Some((legend, at, boxed)) = &placed.legend {
        legend.draw(canvas, *at, *boxed);
    }
    Ok(())
}

fn across(span: &Span, t: f64, frame: &Rect) -> f64 {
    frame.left + span.fraction(t) * frame.width
}

fn up(span: &Span, t: f64, frame: &Rect) -> f64 {
    frame.bottom() - span.fraction(t) * frame.height
}

/// Grid lines at the labelled ticks.
fn grid(canvas: &mut Canvas, placed: &Placed) {
    let View { x, y, frame } = placed.view;
    let labelled = |t: &&Tick| !t.label.is_empty();
    let mut lines: Vec<Vec<Point>> = Vec::new();
    // Named categories stand between bars: a line through them would only distract.
    if placed.panel.x.ticks.is_empty() {
        lines.extend(placed.x_ticks.iter().filter(labelled).map(|t| {
            let at = across(&x, t.at, &frame);
            vec![(at, frame.top), (at, frame.bottom())]
        }));
    }
    lines.extend(placed.y_ticks.iter().filter(labelled).map(|t| {
        let at = up(&y, t.at, &frame);
        vec![(frame.left, at), (frame.right(), at)]
    }));
    canvas.lines(&lines, &Stroke::solid(style::GRID, 0.8));
}

/// Axis lines, ticks, numbers and labels.
fn axes(canvas: &mut Canvas, placed: &Placed) {
    let View { x, y, frame } = placed.view;
    let axis = Stroke::solid(style::MUTED, style::AXIS_WIDTH);
    if placed.bar.is_some() {
        canvas.frame(&frame, &axis);
    } else {
        let corner = [
            (frame.left, frame.top),
            (frame.left, frame.bottom()),
            (frame.right(), frame.bottom()),
        ];
        canvas.line(&corner, &axis);
    }
    let reach = |label: &str| match label.lines().take_while(|line| line.is_empty()).count() {
        0 if label.is_empty() => 2.5,
        0 => 4.5,
        // A name set lower than its neighbours: the tick leads down to it.
        lower => draft::TICK_GAP + text::height(lower, style::TICK) - 1.0,
    };
    let mut ticks: Vec<Vec<Point>> = Vec::new();
    for t in &placed.x_ticks {
        let at = across(&x, t.at, &frame);
        ticks.push(vec![
            (at, frame.bottom()),
            (at, frame.bottom() + reach(&t.label)),
        ]);
    }
    for t in &placed.y_ticks {
        let at = up(&y, t.at, &frame);
        ticks.push(vec![(frame.left - reach(&t.label), at), (frame.left, at)]);
    }
    canvas.lines(&ticks, &axis);

    let font = Font::new(style::TICK);
    let below = frame.bottom() + draft::TICK_GAP;
    for t in &placed.x_ticks {
        let lines: Vec<String> = t.label.lines().map(str::to_owned).collect();
        write_lines(
            canvas,
            &lines,
            (across(&x, t.at, &frame), below),
            Align::Center,
            &font,
        );
    }
    for t in placed.y_ticks.iter().filter(|t| !t.label.is_empty()) {
        let at = (frame.left - draft::TICK_GAP, up(&y, t.at, &frame));
        canvas.text(&t.label, at, Align::Right, &font);
    }

    let font = Font::new(style::LABEL);
    let top = below + labels::tick_height(&placed.x_ticks) + draft::LABEL_GAP - 2.0;
    let middle = frame.left + 0.5 * frame.width;
    write_lines(canvas, &placed.x_label, (middle, top), Align::Center, &font);
    let inner =
        frame.left - draft::TICK_GAP - labels::widest_tick(&placed.y_ticks) - draft::LABEL_GAP;
    let outer = inner - text::height(placed.y_label.len(), style::LABEL);
    upright(canvas, &placed.y_label, outer, &frame);
}

/// Writes lines from bottom to top, the first at `left`, centred on the frame's height.
fn upright(canvas: &mut Canvas, lines: &[String], left: f64, frame: &Rect) {
    let line = text::height(1, style::LABEL);
    for (i, words) in lines.iter().enumerate() {
        let at = (
            left + (i as f64 + 0.5) * line,
            frame.top + 0.5 * frame.height,
        );
        canvas.text(words, at, Align::Upwards, &Font::new(style::LABEL));
    }
}

fn color_bar(canvas: &mut Canvas, bar: &ColorBar, frame: &Rect) -> Result<(), String> {
    let rect = Rect {
        left: frame.right() + draft::BAR_GAP,
        width: draft::BAR_WIDTH,
        ..*frame
    };
    canvas.image(&rect, &raster::ramp(bar.map.colors).png()?);
    let axis = Stroke::solid(style::MUTED, style::AXIS_WIDTH);
    canvas.frame(&rect, &axis);
    let labelled = bar.ticks.iter().filter(|t| !t.label.is_empty());
    let mut ticks: Vec<Vec<Point>> = Vec::new();
    for t in labelled {
        let at = up(&bar.span, t.at, &rect);
        ticks.push(vec![(rect.right(), at), (rect.right() + 4.5, at)]);
        let place = (rect.right() + draft::TICK_GAP, at);
        canvas.text(&t.label, place, Align::Left, &Font::new(style::TICK));
    }
    canvas.lines(&ticks, &axis);
    let left = rect.right() + draft::TICK_GAP + labels::widest_tick(&bar.ticks) + draft::LABEL_GAP;
    upright(canvas, &bar.label, left, &rect);
    Ok(())
}
