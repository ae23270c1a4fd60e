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
//! Read too are: other numbers than bytes (`09` signed bytes, `0b` and `0c` whole numbers of 2 and 4 bytes, `0d` and `0e`
//! floats of 4 and 8) as long as they are grey levels or labels, a fourth axis for 1 or 3 channels, the label in the first of QMNIST's
//! eight columns, and a little-endian header before single bytes.
//!
//! # Reference
//! The format is described with the MNIST database, Y. LeCun, C. Cortes, C. J. C. Burges (1998).

use std::path::Path;

use ndarray::Array2;

use super::array::{Array, Kind, Pictures, bytes_of};
use super::file::{self, Contents, MAX_BYTES, mismatch};
use super::{Images, npy, sniff};
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
    /// `row·width + column`. Three colours are three such planes, one after the other.
    pub pixels: Array2<u8>,
    /// Rows of an image.
    pub height: usize,
    /// Columns of an image.
    pub width: usize,
    /// 1 for grey, 3 for colour.
    pub channels: usize,
}

/// Reads an IDX file of images from its bytes; `path` is for messages only.
///
/// # Errors
/// [`Error::Data`]: damaged gzip, a wrong magic number, a header or body cut short, bytes after the end,
/// a size of 0, numbers that are no grey levels, or more than [`MAX_BYTES`] of pixels. Memory taken is a small multiple of the
/// contents really there, whatever the header says.
pub fn parse_images(path: &Path, bytes: &[u8]) -> Result<IdxImages> {
    let read = pictures(path, decode(path, bytes, Some(IMAGES_MAGIC))?)?;
    let (height, width, channels) = read.shape;
    Ok(IdxImages {
        pixels: read.pixels,
        height,
        width,
        channels,
    })
}

/// Reads an IDX file of labels from its bytes; `path` is for messages only.
///
/// # Errors
/// As [`parse_images`], and [`Error::Data`] for a label that is not in `0..classes`.
pub fn parse_labels(path: &Path, bytes: &[u8], classes: usize) -> Result<Vec<u8>> {
    let read = labels(path, decode(path, bytes, Some(LABELS_MAGIC))?)?;
    check_labels(path, &read, classes)?;
    Ok(read)
}

/// The array in a file: IDX, plain or gzipped, or NumPy's.
pub(super) fn array(path: &Path, bytes: &[u8]) -> Result<Array> {
    if bytes.starts_with(npy::MAGIC) {
        return npy::parse(path, bytes);
    }
    let packed = path
        .extension()
        .is_some_and(|end| end.eq_ignore_ascii_case("npz"));
    if packed && bytes.starts_with(b"PK") {
        return npy::parse_only(path, bytes);
    }
    decode(path, bytes, None)
}

/// An array as images.
pub(super) fn pictures(path: &Path, array: Array) -> Result<Pictures> {
    array.into_pictures(path, &describe(IMAGES_MAGIC))
}

/// An array as labels.
pub(super) fn labels(path: &Path, array: Array) -> Result<Vec<u8>> {
    array.into_labels(path, &describe(LABELS_MAGIC))
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
    let shape = (parsed.height, parsed.width, parsed.channels);
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

/// Reads an IDX file. Where `wanted` is known, an array of another number of dimensions is refused before it is read.
fn decode(path: &Path, bytes: &[u8], wanted: Option<u32>) -> Result<Array> {
    let expected = || match wanted {
        Some(magic) => describe(magic),
        None => format!("{} or {}", describe(IMAGES_MAGIC), describe(LABELS_MAGIC)),
    };
    let mut contents = Contents::new(path, bytes);
    let head = contents.up_to(4)?;
    let &[a, b, c, d] = head.as_slice() else {
        let found = match head.len() {
            0 => "an empty file: fetch it again".to_owned(),
            length => format!("{length} bytes in all"),
        };
        return Err(mismatch(path, "a header of at least 8 bytes", found));
    };
    let magic = u32::from_be_bytes([a, b, c, d]);
    let (kind, dimensions, big_endian) = match [a, b, c, d] {
        [0, 0, kind, dimensions @ 1..=4] => (kind_of(kind), dimensions, true),
        [dimensions @ 1..=4, 8, 0, 0] => (Some(Kind::U8), dimensions, false),
        _ => (None, 0, true),
    };
    let kind = kind.ok_or_else(|| {
        let found = sniff::describe(bytes).unwrap_or_else(|| describe(magic));
        mismatch(path, expected(), found)
    })?;
    let one = dimensions == 1;
    if (one && wanted == Some(IMAGES_MAGIC)) || (dimensions > 2 && wanted == Some(LABELS_MAGIC)) {
        return Err(mismatch(path, expected(), describe(magic)));
    }
    let sizes = sizes(path, &mut contents, dimensions.into(), big_endian)?;
    let values = body(path, &mut contents, &sizes, kind)?;
    let mut notes = Vec::new();
    if !big_endian {
        let path = path.display();
        notes.push(format!(
            "{path}: its header is little-endian, against the format"
        ));
    }
    Ok(Array {
        // Their product is at most 2³⁰ and none is 0, so each of them fits.
        sizes: sizes.iter().map(|&size| size as usize).collect(),
        kind,
        big_endian,
        bytes: values,
        what: describe(magic),
        notes,
    })
}

/// How the numbers are stored.
fn kind_of(code: u8) -> Option<Kind> {
    Some(match code {
        0x08 => Kind::U8,
        0x09 => Kind::I8,
        0x0b => Kind::I16,
        0x0c => Kind::I32,
        0x0d => Kind::F32,
        0x0e => Kind::F64,
        _ => return None,
    })
}

/// The sizes after the magic number.
fn sizes(
    path: &Path,
    contents: &mut Contents<'_>,
    dimensions: usize,
    big_endian: bool,
) -> Result<Vec<u32>> {
    let bytes = contents.up_to(4 * dimensions as u64)?;
    let (words, _) = bytes.as_chunks::<4>();
    if words.len() < dimensions {
        return Err(mismatch(
            path,
            format!("a header of {} bytes", 4 + 4 * dimensions),
            format!("{} bytes in all", 4 + bytes.len()),
        ));
    }
    let word = |word: &[u8; 4]| match big_endian {
        true => u32::from_be_bytes(*word),
        false => u32::from_le_bytes(*word),
    };
    Ok(words.iter().map(word).collect())
}

/// The values after the header: exactly as many as the sizes say.
fn body(path: &Path, contents: &mut Contents<'_>, sizes: &[u32], kind: Kind) -> Result<Vec<u8>> {
    let product = sizes.iter().map(u32::to_string).collect::<Vec<_>>();
    let product = product.join(" × ");
    let count: Vec<usize> = sizes.iter().map(|&size| size as usize).collect();
    let Some(count) = bytes_of(&count, kind) else {
        let expected = format!("sizes whose product is 1 to {MAX_BYTES}");
        return Err(mismatch(path, expected, format!("sizes {product}")));
    };
    // One byte more than is due, to notice bytes after the end.
    let mut values = contents.up_to(count + 1)?;
    let found = values.len() as u64;
    if found != count {
        let each = match kind.size() {
            1 => String::new(),
            size => format!(" × {size}"),
        };
        return Err(mismatch(
            path,
            format!("{product}{each} = {count} bytes after the header"),
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
            (
                &tiny()[..0],
                "a header of at least 8 bytes, found an empty file: fetch it again",
            ),
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
    fn other_headers_are_read() {
        let path = Path::new("images");
        let expected = parse_images(path, &tiny()).expect("valid");
        let mut little = vec![3, 8, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0];
        little.extend(1..=12);
        assert_eq!(parse_images(path, &little).expect("read"), expected);
        assert_eq!(array(path, &little).expect("read").notes.len(), 1);
        let mut channel = vec![0, 0, 8, 4, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 1];
        channel.extend(1..=12);
        assert_eq!(parse_images(path, &channel).expect("read"), expected);
        let page = b"<!DOCTYPE html><title>403 Forbidden</title>";
        let said = refusal(page);
        assert!(
            said.contains("found an HTML page (403 Forbidden), not data"),
            "{said}"
        );
    }

    #[test]
    fn sizes_whose_product_overflows_are_refused_at_once() {
        let mut bytes = vec![0, 0, 8, 3];
        bytes.extend([255; 12]);
        assert!(refusal(&bytes).contains("found sizes 4294967295 × 4294967295 × 4294967295"));
    }
}
