//! A grid of small images, such as digits.

use super::canvas::{Align, Canvas, Font, Stroke};
use super::kinds::Images;
use super::shape::Rect;
use super::{raster, style, text};

/// Px between images.
const GAP: f64 = 6.0;
/// Images are placed and drawn on a grid of half px, so that their pixels are equal squares.
const FINE: f64 = 2.0;

/// The places of small images; lengths in half px.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Grid {
    columns: usize,
    rows: usize,
    side: usize,
    /// From one image to the next.
    right: usize,
    down: usize,
}

impl Grid {
    /// The grid that shows `images` largest within `width × height` px.
    pub(crate) fn new(images: &Images, width: f64, height: f64) -> Self {
        let count = images.images.len().max(1);
        let caption = if images.captions.is_empty() {
            0.0
        } else {
            text::height(2, style::TICK)
        };
        let side = |columns: usize| {
            let rows = count.div_ceil(columns) as f64;
            (width / columns as f64 - GAP)
                .min((height + GAP) / rows - GAP - caption)
                .clamp(4.0, 220.0)
        };
        let columns = match images.columns {
            // Fewer columns come first, and win ties.
            0 => (1..=count.min(200))
                .reduce(|best, next| if side(next) > side(best) { next } else { best })
                .unwrap_or(1),
            columns => columns.min(count),
        };
        let room = FINE * side(columns);
        // A whole number of half px for each pixel of the largest image, where that fits.
        let sides = images
            .images
            .iter()
            .map(|image| image.nrows().max(image.ncols()));
        let pixels = sides.max().unwrap_or(1).max(1);
        let side = match room as usize {
            room if room >= pixels => room - room % pixels,
            room => room,
        };
        // Captions may be wider than their images.
        let spare = if caption > 0.0 { 80.0 } else { FINE * GAP };
        let pitch = (FINE * width / columns as f64).min(side as f64 + spare);
        Self {
            columns,
            rows: count.div_ceil(columns),
            side,
            right: (pitch as usize).max(side),
            down: side + (FINE * (caption + GAP)).ceil() as usize,
        }
    }

    /// Px from the first row's top to the last row's end.
    pub(crate) fn height(&self) -> f64 {
        (self.rows * self.down) as f64 / FINE - GAP
    }

    /// Top left corner of image `i`, in half px.
    fn corner(&self, i: usize) -> (usize, usize) {
        let inset = (self.right - self.side) / 2;
        (
            i % self.columns * self.right + inset,
            i / self.columns * self.down,
        )
    }
}

/// Draws the images with their captions into `frame`.
pub(crate) fn draw(canvas: &mut Canvas, images: &Images, frame: &Rect) -> Result<(), String> {
    if images.images.is_empty() {
        return Ok(());
    }
    let grid = Grid::new(images, frame.width, frame.height);
    let corners: Vec<(usize, usize)> = (0..images.images.len()).map(|i| grid.corner(i)).collect();
    let sheet = (
        grid.corner(grid.columns - 1).0 + grid.side,
        (grid.rows - 1) * grid.down + grid.side,
    );
    let (left, top) = (frame.left.round(), frame.top.round());
    let rect = Rect {
        left,
        top,
        width: sheet.0 as f64 / FINE,
        height: sheet.1 as f64 / FINE,
    };
    let pixels = raster::sheet(images, sheet, &corners, grid.side);
    canvas.image(&rect, &pixels.png()?);
    let side = grid.side as f64 / FINE;
    for (i, corner) in corners.iter().enumerate() {
        let place = Rect {
            left: left + corner.0 as f64 / FINE,
            top: top + corner.1 as f64 / FINE,
            width: side,
            height: side,
        };
        canvas.frame(&place, &Stroke::solid(style::GRID, style::AXIS_WIDTH));
        let words = images.captions.get(i).map_or("", String::as_str);
        let room = grid.right as f64 / FINE - 2.0;
        for (k, line) in text::wrap(words, room, style::TICK, 2).iter().enumerate() {
            let y = place.bottom() + (k as f64 + 0.5) * text::height(1, style::TICK);
            let x = place.left + 0.5 * side;
            canvas.text(line, (x, y), Align::Center, &Font::new(style::TICK));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    #[test]
    fn pixels_are_whole_and_images_fit() {
        for count in [1, 2, 7, 20, 100] {
            let images = Images {
                images: vec![Array2::zeros((28, 28)); count],
                ..Images::default()
            };
            let grid = Grid::new(&images, 616.0, 340.0);
            assert_eq!(grid.side % 28, 0, "{grid:?}");
            assert!(grid.columns * grid.rows >= count, "{grid:?}");
            assert!(grid.height() <= 340.0, "{count}: {grid:?}");
            let right = grid.corner(grid.columns - 1).0 + grid.side;
            assert!(right as f64 <= FINE * 616.0, "{count}: {grid:?}");
        }
    }
}
