//! The page: `plotters` draws each shape, groups add what its SVG backend has no word for.
//!
//! The backend knows whole numbers only, so it draws on a page ten times as large, which the
//! `viewBox` scales back: coordinates are exact to a tenth of a px. Dashes, embedded images,
//! style sheets and the accessible title are added around its output.

use std::fmt::Write as _;

use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{
    Color, FontDesc, FontFamily, FontStyle, FontTransform, RGBAColor, ShapeStyle, TextStyle,
};

use super::shape::{Point, Rect};
use super::style::{self, LineStyle, Rgb};
use super::text;

/// Backend units per px.
const UNITS: f64 = 10.0;

/// How an outline is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stroke {
    pub(crate) color: Rgb,
    pub(crate) width: f64,
    pub(crate) opacity: f64,
    pub(crate) style: LineStyle,
}

impl Stroke {
    pub(crate) fn solid(color: Rgb, width: f64) -> Self {
        Self {
            color,
            width,
            opacity: 1.0,
            style: LineStyle::Solid,
        }
    }
}

/// How a text stands at its position; always centred on it across its direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Center,
    Right,
    /// Centred, read from bottom to top.
    Upwards,
}

/// Size, weight and colour of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Font {
    pub(crate) size: f64,
    pub(crate) bold: bool,
    pub(crate) color: Rgb,
}

impl Font {
    pub(crate) fn new(size: f64) -> Self {
        Self {
            size,
            bold: false,
            color: style::INK,
        }
    }
}

/// A page of `width × height` px that collects SVG elements.
pub(crate) struct Canvas {
    width: f64,
    height: f64,
    body: String,
    sheet: String,
    numbers: usize,
    failure: Option<String>,
}

impl Canvas {
    pub(crate) fn new(width: f64, height: f64) -> Self {
        Self {
            width,
            height,
            body: String::new(),
            sheet: String::new(),
            numbers: 0,
            failure: None,
        }
    }

    /// Lets the backend draw, and keeps the elements without its document around them.
    fn draw<E: std::fmt::Display>(&mut self, shape: impl FnOnce(&mut SVGBackend) -> Result<(), E>) {
        let mut document = String::new();
        let size = (units(self.width) as u32, units(self.height) as u32);
        // The backend closes the document when it is dropped.
        let drawn = shape(&mut SVGBackend::with_string(&mut document, size));
        if let Err(error) = drawn {
            self.failure.get_or_insert(error.to_string());
        }
        let inside = document.split_once(">\n").map_or("", |(_, rest)| rest);
        self.body
            .push_str(inside.strip_suffix("</svg>\n").unwrap_or(inside));
    }

    /// Adds elements as they are.
    pub(crate) fn write(&mut self, elements: &str) {
        self.body.push_str(elements);
    }

    /// Adds rules to the style sheet of the page.
    pub(crate) fn add_style(&mut self, rules: &str) {
        self.sheet.push_str(rules);
    }

    /// A number for names that no other element of the page has.
    pub(crate) fn next_number(&mut self) -> usize {
        self.numbers += 1;
        self.numbers
    }

    /// A line through `points`.
    pub(crate) fn line(&mut self, points: &[Point], stroke: &Stroke) {
        let dashes = dashes(stroke);
        if let Some(attributes) = &dashes {
            let _ = writeln!(self.body, "<g {attributes}>");
        }
        self.draw(|b| b.draw_path(points.iter().map(coordinates), &shape_style(stroke)));
        if dashes.is_some() {
            self.body.push_str("</g>\n");
        }
    }

    /// Many strokes of one kind as one element: each item is a line of its own, and a line
    /// of one point is a dot.
    pub(crate) fn lines(&mut self, lines: &[Vec<Point>], stroke: &Stroke) {
        if lines.is_empty() {
            return;
        }
        let _ = write!(
            self.body,
            "<path fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" opacity=\"{}\" d=\"",
            hex(stroke.color),
            units(stroke.width),
            stroke.opacity
        );
        self.outlines(lines);
        self.body.push_str("\"/>\n");
    }

    /// Fills the inside of closed lines, as one element.
    pub(crate) fn fills(&mut self, shapes: &[Vec<Point>], color: Rgb, opacity: f64) {
        let _ = write!(
            self.body,
            "<path fill=\"{}\" opacity=\"{opacity}\" d=\"",
            hex(color)
        );
        self.outlines(shapes);
        self.body.push_str("\"/>\n");
    }

    fn outlines(&mut self, lines: &[Vec<Point>]) {
        for line in lines {
            for (i, point) in line.iter().enumerate() {
                let (x, y) = coordinates(point);
                let _ = write!(self.body, "{}{x} {y}", if i == 0 { "M" } else { "L" });
            }
            if line.len() == 1 {
                // With round ends, a stroke of no length is a disc.
                self.body.push_str("h0");
            }
        }
    }

    /// A filled polygon.
    pub(crate) fn polygon(&mut self, points: &[Point], color: Rgb, opacity: f64) {
        if points.len() > 2 {
            let fill = rgba(color, opacity).filled();
            self.draw(|b| b.fill_polygon(points.iter().map(coordinates), &fill));
        }
    }

    /// A filled rectangle.
    pub(crate) fn rect(&mut self, rect: &Rect, color: Rgb, opacity: f64) {
        let (from, to) = (
            coordinates(&(rect.left, rect.top)),
            coordinates(&(rect.right(), rect.bottom())),
        );
        self.draw(|b| b.draw_rect(from, to, &rgba(color, opacity).filled(), true));
    }

    /// The outline of a rectangle.
    pub(crate) fn frame(&mut self, rect: &Rect, stroke: &Stroke) {
        let (left, top, right, bottom) = (rect.left, rect.top, rect.right(), rect.bottom());
        let corners = [
            (left, top),
            (right, top),
            (right, bottom),
            (left, bottom),
            (left, top),
        ];
        self.line(&corners, stroke);
    }

    /// One line of text whose middle height is at `at`.
    pub(crate) fn text(&mut self, content: &str, at: Point, align: Align, font: &Font) {
        let h_pos = match align {
            Align::Left => HPos::Left,
            Align::Center | Align::Upwards => HPos::Center,
            Align::Right => HPos::Right,
        };
        let weight = if font.bold {
            FontStyle::Bold
        } else {
            FontStyle::Normal
        };
        let turn = if align == Align::Upwards {
            FontTransform::Rotate270
        } else {
            FontTransform::None
        };
        // The backend divides sizes by 1.24.
        let description = FontDesc::new(
            FontFamily::Name(style::FONT),
            font.size * UNITS * 1.24,
            weight,
        );
        let color = rgba(font.color, 1.0);
        let style = TextStyle::from(description.transform(turn))
            .color(&color)
            .pos(Pos::new(h_pos, VPos::Center));
        let content = text::clean(content);
        self.draw(|b| b.draw_text(&content, &style, coordinates(&at)));
    }

    /// A PNG stretched over `rect`, its pixels left as squares.
    pub(crate) fn image(&mut self, rect: &Rect, png: &[u8]) {
        let _ = writeln!(
            self.body,
            "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" preserveAspectRatio=\"none\" \
             style=\"image-rendering:pixelated\" href=\"{}\"/>",
            units(rect.left),
            units(rect.top),
            units(rect.width),
            units(rect.height),
            crate::display::png::data_uri(png)
        );
    }

    /// The whole document, or why a shape could not be drawn.
    pub(crate) fn finish(
        self,
        title: &str,
        description: &str,
        part: Option<&Rect>,
    ) -> Result<String, String> {
        if let Some(reason) = self.failure {
            return Err(reason);
        }
        let whole = Rect {
            width: self.width,
            height: self.height,
            ..Rect::default()
        };
        let part = part.unwrap_or(&whole);
        let [x, y, w, h] = [part.left, part.top, part.width, part.height].map(units);
        let title = crate::display::escape(&text::clean(title));
        let description = crate::display::escape(&text::clean(description));
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" \
             viewBox=\"{x} {y} {w} {h}\" role=\"img\">\n<title>{title}</title>\n",
            part.width.round(),
            part.height.round()
        );
        if !description.is_empty() {
            let _ = writeln!(svg, "<desc>{description}</desc>");
        }
        if !self.sheet.is_empty() {
            let _ = writeln!(svg, "<style>\n{}</style>", self.sheet);
        }
        let _ = writeln!(
            svg,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" fill=\"{}\"/>",
            hex(style::BACKGROUND)
        );
        svg.push_str("<g stroke-linejoin=\"round\" stroke-linecap=\"round\">\n");
        svg.push_str(&self.body);
        svg.push_str("</g>\n</svg>\n");
        Ok(svg)
    }
}

/// px to backend units.
pub(crate) fn units(px: f64) -> i32 {
    (px * UNITS).round() as i32
}

fn coordinates(&(x, y): &Point) -> (i32, i32) {
    (units(x), units(y))
}

pub(crate) fn hex((r, g, b): Rgb) -> String {
    format!("#{r:02X}{g:02X}{b:02X}")
}

fn rgba((r, g, b): Rgb, opacity: f64) -> RGBAColor {
    RGBAColor(r, g, b, opacity)
}

fn shape_style(stroke: &Stroke) -> ShapeStyle {
    ShapeStyle {
        color: rgba(stroke.color, stroke.opacity),
        filled: false,
        stroke_width: units(stroke.width).max(1) as u32,
    }
}

/// The attributes of a dashed or dotted line; lengths follow its width.
fn dashes(stroke: &Stroke) -> Option<String> {
    let w = stroke.width.max(1.0);
    match stroke.style {
        LineStyle::Solid => None,
        LineStyle::Dashed => Some(format!(
            "stroke-linecap=\"butt\" stroke-dasharray=\"{} {}\"",
            units(3.5 * w),
            units(2.2 * w)
        )),
        // Dots are strokes of no length with round ends.
        LineStyle::Dotted => Some(format!("stroke-dasharray=\"0 {}\"", units(2.0 * w))),
    }
}
