//! Numbers as pixels: heatmaps, small images and colour bars, as PNG inside the SVG.
//!
//! A rectangle per cell would take 100 bytes each; a compressed image takes a fraction.

use super::axis::{Axis, Extent, Scale, Span};
use super::kinds::{Heatmap, Images};
use super::shape::Rect;
use super::style::{self, ColorScale};
use super::view::View;
use crate::display::png::{self, Pixels};

/// Palette entries: the levels of a colour scale, then the page, then "no number".
const LEVELS: usize = 254;
const PAGE: u8 = 254;
const MISSING: u8 = 255;

/// An image in the colours of one scale, rows from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Raster {
    width: usize,
    pixels: Vec<u8>,
    colors: ColorScale,
}

impl Raster {
    fn new(
        colors: ColorScale,
        (width, height): (usize, usize),
        pixel: impl Fn(usize, usize) -> u8,
    ) -> Self {
        let pixels = (0..height)
            .flat_map(|row| (0..width).map(move |column| (row, column)))
            .map(|(row, column)| pixel(row, column))
            .collect();
        Self {
            width,
            pixels,
            colors,
        }
    }

    /// The image as a PNG file.
    pub(crate) fn png(&self) -> Result<Vec<u8>, String> {
        let levels = (0..LEVELS).map(|i| self.colors.color(i as f64 / (LEVELS - 1) as f64));
        let palette: Vec<u8> = levels
            .chain([style::BACKGROUND, style::MISSING])
            .flat_map(|(r, g, b)| [r, g, b])
            .collect();
        let height = self.pixels.len().checked_div(self.width).unwrap_or(0);
        let kind = Pixels::Indexed(&palette);
        png::encode((self.width, height), kind, &self.pixels)
    }
}

/// The palette entry of a share of the colour scale, from 0 to 1.
fn level(share: f64) -> u8 {
    // `as` sends NaN to 0.
    (share.clamp(0.0, 1.0) * (LEVELS - 1) as f64).round() as u8
}

/// The interval of a heatmap's colours.
pub(crate) fn color_span(map: &Heatmap) -> Span {
    let axis = Axis {
        scale: map.scale,
        range: map.range,
        ..Axis::default()
    };
    let mut extent = Extent::default();
    map.z
        .iter()
        .filter_map(|&z| map.scale.transform(z))
        .for_each(|t| extent.include(t));
    Span::new(&axis, &extent, 0.0)
}

/// The heatmap's pixels and the rectangle they fill; `None` if no cell is in view.
pub(crate) fn heatmap(map: &Heatmap, view: &View) -> Option<(Rect, Raster)> {
    let colors = color_span(map);
    let color = |row: usize, column: usize| {
        map.scale
            .transform(map.z[[row, column]])
            .map_or(MISSING, |t| level(colors.fraction(t)))
    };
    let x = Cells::new(&map.x_edges, &view.x, view.frame.width)?;
    let y = Cells::new(&map.y_edges, &view.y, view.frame.height)?;
    let rect = Rect {
        left: view.frame.left + x.from * view.frame.width,
        top: view.frame.bottom() - y.to * view.frame.height,
        width: (x.to - x.from) * view.frame.width,
        height: (y.to - y.from) * view.frame.height,
    };
    let rows = y.of_pixel.len();
    let raster = Raster::new(map.colors, (x.of_pixel.len(), rows), |row, column| {
        color(y.of_pixel[rows - 1 - row], x.of_pixel[column])
    });
    Some((rect, raster))
}

/// Along one axis: the shares of the frame between which cells lie, and the cell each pixel
/// shows.
struct Cells {
    from: f64,
    to: f64,
    of_pixel: Vec<usize>,
}

impl Cells {
    fn new(edges: &[f64], span: &Span, length: f64) -> Option<Self> {
        // An edge off the scale (0 on a logarithmic axis) lies at the end of the axis.
        let places: Vec<f64> = edges
            .iter()
            .map(|&e| span.scale.transform(e).map_or(0.0, |t| span.fraction(t)))
            .collect();
        let (from, to) = (places.first()?.max(0.0), places.last()?.min(1.0));
        if places.len() < 2 || to <= from {
            return None;
        }
        let cells = places.len() - 1;
        // Twice a px, so that cells keep sharp edges however the image is smoothed.
        let pixels = (2.0 * (to - from) * length).ceil().max(1.0) as usize;
        let of_pixel = (0..pixels)
            .map(|i| {
                let at = from + (i as f64 + 0.5) / pixels as f64 * (to - from);
                places.partition_point(|&place| place <= at).clamp(1, cells) - 1
            })
            .collect();
        Some(Self { from, to, of_pixel })
    }
}

/// The colours of a scale, low at the bottom.
pub(crate) fn ramp(colors: ColorScale) -> Raster {
    Raster::new(colors, (1, LEVELS), |row, _| (LEVELS - 1 - row) as u8)
}

/// Small images on one sheet of `width × height` pixels; `corners` are their top left
/// corners, and the longer side of each is enlarged or reduced to `side`.
pub(crate) fn sheet(
    all: &Images,
    (width, height): (usize, usize),
    corners: &[(usize, usize)],
    side: usize,
) -> Raster {
    let (low, high) = all.range.unwrap_or_else(|| {
        let finite = all.images.iter().flatten().filter(|v| v.is_finite());
        finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &v| {
            (a.min(v), b.max(v))
        })
    });
    let color = |v: f64| {
        if Scale::Linear.transform(v).is_none() {
            MISSING
        } else if high > low {
            level((v - low) / (high - low))
        } else {
            level(0.5)
        }
    };
    let mut sheet = Raster::new(all.colors, (width, height), |_, _| PAGE);
    for (image, &(left, top)) in all.images.iter().zip(corners) {
        let (rows, columns) = image.dim();
        let longer = rows.max(columns).max(1);
        let (tall, wide) = (rows * side / longer, columns * side / longer);
        // A narrow image stands in the middle of its square.
        let (left, top) = (left + (side - wide) / 2, top + (side - tall) / 2);
        for y in 0..tall {
            for x in 0..wide {
                let pixel = color(image[[y * rows / tall, x * columns / wide]]);
                if let Some(place) = sheet.pixels.get_mut((top + y) * width + left + x) {
                    *place = pixel;
                }
            }
        }
    }
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_png_holds_the_pixels() {
        let raster = Raster::new(ColorScale::Ink, (5, 3), |row, column| {
            (77 * row + column) as u8
        });
        let file = raster.png().expect("a small image can be encoded");
        let (width, height, palette, pixels) = png::decode(&png::data_uri(&file));
        assert_eq!((width, height, pixels), (5, 3, raster.pixels));
        let palette = palette.expect("colours");
        let entry = |i: usize| (palette[3 * i], palette[3 * i + 1], palette[3 * i + 2]);
        assert_eq!(palette.len(), 3 * 256);
        assert_eq!(entry(LEVELS - 1), ColorScale::Ink.color(1.0));
        assert_eq!(entry(usize::from(PAGE)), style::BACKGROUND);
        assert_eq!(entry(usize::from(MISSING)), style::MISSING);
    }

    #[test]
    fn uneven_cells_get_their_share_of_pixels() {
        let span = Span {
            scale: Scale::Linear,
            low: 0.0,
            high: 10.0,
        };
        let cells = Cells::new(&[0.0, 1.0, 10.0], &span, 50.0).expect("in view");
        let first = cells.of_pixel.iter().filter(|&&c| c == 0).count();
        assert_eq!((first, cells.of_pixel.len()), (10, 100));
        let half = Cells::new(&[-10.0, 5.0], &span, 50.0).expect("in view");
        assert_eq!((half.from, half.to, half.of_pixel.len()), (0.0, 0.5, 50));
        assert!(Cells::new(&[11.0, 12.0], &span, 50.0).is_none());
    }
}
