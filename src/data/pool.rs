//! Coarser images: the mean of each small square of pixels.

use ndarray::Array2;

use super::Images;
use crate::{Error, Result};

/// Images as numbers in \[0, 1\], each square of `side`×`side` pixels replaced by its mean.
///
/// Returns `(n, d/side²)`: channel by channel and row by row, as in [`Images::pixels`]. A side of 1 gives pixel/255.
/// Fewer inputs make narrow networks: a hidden unit then has fewer weights, and widths step through
/// the number of parameters more finely.
///
/// # Errors
/// [`Error::Domain`] when `side` is 0 or does not divide height and width.
///
/// ```
/// use dltheory::data;
/// let digits = data::mnist_sample()?;
/// assert_eq!(data::mean_pool(&digits, 2)?.dim(), (10_000, 14 * 14));
/// assert!(data::mean_pool(&digits, 3).is_err());
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn mean_pool(images: &Images, side: usize) -> Result<Array2<f64>> {
    let (height, width, channels) = images.shape;
    if side == 0 || height % side != 0 || width % side != 0 {
        let expected = format!("a number that divides the {height} × {width} pixels");
        return Err(Error::domain(
            "the side of the averaged squares",
            expected,
            side,
        ));
    }
    let (rows, columns) = (height / side, width / side);
    let scale = 255.0 * (side * side) as f64;
    let square = |image: usize, at: usize| {
        let (channel, place) = (at / (rows * columns), at % (rows * columns));
        let (top, left) = (side * (place / columns), side * (place % columns));
        let pixels = (0..side * side).map(|i| {
            let (row, column) = (top + i / side, left + i % side);
            let index = channel * height * width + row * width + column;
            f64::from(images.pixels[[image, index]])
        });
        pixels.sum::<f64>() / scale
    };
    let shape = (images.len(), rows * columns * channels);
    Ok(Array2::from_shape_fn(shape, |(image, at)| {
        square(image, at)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn squares_are_averaged_channel_by_channel() {
        let grey = array![[0, 51, 102, 102, 102, 51, 0, 0]];
        let images = Images::new(grey, vec![0], (2, 4, 1), 1, "grey").expect("valid");
        let pooled = mean_pool(&images, 2).expect("2 divides both");
        assert_eq!(pooled, array![[0.2, 0.2]]);
        assert_eq!(mean_pool(&images, 1).expect("as they are")[[0, 2]], 0.4);
        let colours = Array2::from_shape_fn((1, 12), |(_, i)| if i < 4 { 255 } else { 0 });
        let images = Images::new(colours, vec![0], (2, 2, 3), 1, "red").expect("valid");
        assert_eq!(
            mean_pool(&images, 2).expect("valid"),
            array![[1.0, 0.0, 0.0]]
        );
        assert!(mean_pool(&images, 0).is_err() && mean_pool(&images, 4).is_err());
    }
}
