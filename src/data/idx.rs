//! The IDX format of the MNIST files, plain or gzipped.
//!
//! All header numbers are unsigned 32-bit big-endian; one byte a value follows, nothing after it.
//!
//! | file | magic number | then | then |
//! |---|---|---|---|
//! | images | `0x00000803` | n, height, width | n·height·width grey levels, row by row, 0 = background |
//! | labels | `0x00000801` | n | n labels |
//!
//! (`08` stands for unsigned bytes, the last byte for the number of dimensions.)
//! Gzip is recognised by its own first bytes `1f 8b`, whatever the file is called.
//!
//! # Reference
//! The format is described with the MNIST database, Y. LeCun, C. Cortes, C. J. C. Burges (1998).

use std::path::Path;

use ndarray::Array2;

use super::Images;
use super::file::{self, Contents, MAX_BYTES, mismatch};
#[cfg(doc)]
use crate::Error;
use crate::Result;

/// Classes of a file of digits: labels are 0..=9.
pub const DIGITS: usize = 10;

const IMAGES_MAGIC: u32 = 0x803;
const LABELS_MAGIC: u32 = 0x801;

/// What an IDX file of images holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdxImages {
    /// Grey levels 0..=255, `(n, height·width)`: pixel (row, column) of an image is at
    /// `row·width + column`.
    pub pixels: Array2<u8>,
    /// Rows of an image.
    pub height: usize,
    /// Columns of an image.
    pub width: usize,
}

/// Reads an IDX file of images from its bytes; `path` is for messages only.
///
/// # Errors
/// [`Error::Data`]: damaged gzip, a wrong magic number, a header or body cut short, bytes after the end,
/// a size of 0, or more than [`MAX_BYTES`] of pixels. Memory taken is a small multiple of the
/// contents really there, whatever the header says.
pub fn parse_images(path: &Path, bytes: &[u8]) -> Result<IdxImages> {
    let mut contents = Contents::new(path, bytes);
    let sizes: [u32; 3] = header(path, &mut contents, IMAGES_MAGIC)?;
    let pixels = body(path, &mut contents, &sizes)?;
    // Each size is at least 1 and their product at most 2³⁰, so all of them fit.
    let [n, height, width] = sizes.map(|size| size as usize);
    let pixels = Array2::from_shape_vec((n, height * width), pixels)
        .map_err(|error| mismatch(path, "n × height × width pixels", error))?;
    Ok(IdxImages {
        pixels,
        height,
        width,
    })
}

/// Reads an IDX file of labels from its bytes; `path` is for messages only.
///
/// # Errors
/// As [`parse_images`], and [`Error::Data`] for a label that is not in `0..classes`.
pub fn parse_labels(path: &Path, bytes: &[u8], classes: usize) -> Result<Vec<u8>> {
    let mut contents = Contents::new(path, bytes);
    let sizes: [u32; 1] = header(path, &mut contents, LABELS_MAGIC)?;
    let labels = body(path, &mut contents, &sizes)?;
    check_labels(path, &labels, classes)?;
    Ok(labels)
}

/// Reads images and their labels from the bytes of two files; each comes with its path for messages.
///
/// # Errors
/// As [`parse_images`] and [`parse_labels`], and [`Error::Data`] when the two counts differ.
pub fn parse_pair(
    images: (&Path, &[u8]),
    labels: (&Path, &[u8]),
    classes: usize,
    name: &str,
) -> Result<Images> {
    let parsed = parse_images(images.0, images.1)?;
    let known = parse_labels(labels.0, labels.1, classes)?;
    if known.len() != parsed.pixels.nrows() {
        let count = parsed.pixels.nrows();
        return Err(mismatch(
            labels.0,
            format!(
                "{count} labels, as many as images in {}",
                images.0.display()
            ),
            format!("{} labels", known.len()),
        ));
    }
    let shape = (parsed.height, parsed.width, 1);
    Images::new(parsed.pixels, known, shape, classes, name)
}

/// Reads images and their labels from two files, plain or gzipped.
///
/// # Errors
/// As [`parse_pair`]; [`Error::Io`] where a file cannot be read.
pub fn read_pair(images: &Path, labels: &Path, classes: usize, name: &str) -> Result<Images> {
    let (image_bytes, label_bytes) = (file::read(images)?, file::read(labels)?);
    parse_pair(
        (images, &image_bytes),
        (labels, &label_bytes),
        classes,
        name,
    )
}

/// Refuses a label outside `0..classes`.
pub(super) fn check_labels(path: &Path, labels: &[u8], classes: usize) -> Result<()> {
    match labels
        .iter()
        .position(|&label| usize::from(label) >= classes)
    {
        None => Ok(()),
        Some(index) => Err(mismatch(
            path,
            format!("labels below {classes}"),
            format!("label {} at index {index}", labels[index]),
        )),
    }
}

/// The magic number, checked, and the `D` sizes after it.
fn header<const D: usize>(
    path: &Path,
    contents: &mut Contents<'_>,
    magic: u32,
) -> Result<[u32; D]> {
    let wanted = 4 + 4 * D;
    let bytes = contents.up_to(wanted as u64)?;
    let (words, _) = bytes.as_chunks::<4>();
    let mut words = words.iter().map(|word| u32::from_be_bytes(*word));
    if let Some(found) = words.next()
        && found != magic
    {
        return Err(mismatch(path, describe(magic), describe(found)));
    }
    let mut sizes = [0; D];
    if bytes.len() < wanted {
        return Err(mismatch(
            path,
            format!("a header of {wanted} bytes"),
            format!("{} bytes in all", bytes.len()),
        ));
    }
    for (size, word) in sizes.iter_mut().zip(words) {
        *size = word;
    }
    Ok(sizes)
}

/// The values after the header: exactly as many as the sizes say.
fn body(path: &Path, contents: &mut Contents<'_>, sizes: &[u32]) -> Result<Vec<u8>> {
    let product = sizes.iter().map(u32::to_string).collect::<Vec<_>>();
    let product = product.join(" × ");
    let count = sizes
        .iter()
        .try_fold(1_u64, |count, &size| count.checked_mul(u64::from(size)))
        .filter(|count| (1..=MAX_BYTES).contains(count));
    let Some(count) = count else {
        let expected = format!("sizes whose product is 1 to {MAX_BYTES}");
        return Err(mismatch(path, expected, format!("sizes {product}")));
    };
    // One byte more than is due, to notice bytes after the end.
    let mut values = contents.up_to(count + 1)?;
    let found = values.len() as u64;
    if found != count {
        return Err(mismatch(
            path,
            format!("{product} = {count} bytes after the header"),
            match found > count {
                true => "more bytes after these".to_owned(),
                false => format!("{found} bytes"),
            },
        ));
    }
    values.shrink_to_fit();
    Ok(values)
}

/// A magic number in words.
fn describe(magic: u32) -> String {
    let kind = match magic {
        IMAGES_MAGIC => " (images)",
        LABELS_MAGIC => " (labels)",
        _ => "",
    };
    format!("magic number {magic:#010x}{kind}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two 2×3 images.
    fn tiny() -> Vec<u8> {
        let mut bytes = vec![0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3];
        bytes.extend(1..=12);
        bytes
    }

    fn refusal(bytes: &[u8]) -> String {
        let parsed = parse_images(Path::new("some/images"), bytes);
        parsed.expect_err("must be refused").to_string()
    }

    #[test]
    fn pixels_come_row_by_row() {
        let images = parse_images(Path::new("images"), &tiny()).expect("valid");
        assert_eq!((images.height, images.width), (2, 3));
        let rows = ndarray::arr2(&[[1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12]]);
        assert_eq!(images.pixels, rows);
    }

    #[test]
    fn every_refusal_names_the_file_what_was_due_and_what_was_there() {
        let with = |at: usize, byte: u8| {
            let mut bytes = tiny();
            bytes[at] = byte;
            bytes
        };
        let longer = [tiny(), vec![0]].concat();
        let cases: [(&[u8], &str); 8] = [
            (&tiny()[..0], "a header of 16 bytes, found 0 bytes in all"),
            (&tiny()[..9], "a header of 16 bytes, found 9 bytes in all"),
            (
                &tiny()[..20],
                "2 × 2 × 3 = 12 bytes after the header, found 4 bytes",
            ),
            (
                &longer,
                "2 × 2 × 3 = 12 bytes after the header, found more bytes after these",
            ),
            (
                &with(3, 1),
                "magic number 0x00000803 (images), found magic number 0x00000801 (labels)",
            ),
            (
                &with(0, 9),
                "magic number 0x00000803 (images), found magic number 0x09000803",
            ),
            (
                &with(7, 0),
                "sizes whose product is 1 to 1073741824, found sizes 0 × 2 × 3",
            ),
            (
                &with(4, 255),
                "sizes whose product is 1 to 1073741824, found sizes 4278190082 × 2 × 3",
            ),
        ];
        for (bytes, reason) in cases {
            assert_eq!(refusal(bytes), format!("some/images: expected {reason}"));
        }
    }

    #[test]
    fn sizes_whose_product_overflows_are_refused_at_once() {
        let mut bytes = vec![0, 0, 8, 3];
        bytes.extend([255; 12]);
        assert!(refusal(&bytes).contains("found sizes 4294967295 × 4294967295 × 4294967295"));
    }
}
