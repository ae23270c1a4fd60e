//! The binary version of CIFAR-10.
//!
//! A batch is a run of records of 3073 bytes, with nothing around them: one label 0..=9, then 1024 red,
//! 1024 green and 1024 blue values of a 32×32 image, each colour row by row. The batches as published hold
//! 10,000 records; any number from 1 is read here.
//!
//! # Reference
//! A. Krizhevsky (2009), "Learning multiple layers of features from tiny images", technical report,
//! University of Toronto.

use std::path::Path;

use ndarray::Array2;

use super::Images;
use super::file::{self, MAX_BYTES, mismatch};
use super::idx::check_labels;
#[cfg(doc)]
use crate::Error;
use crate::Result;

/// Classes of CIFAR-10.
pub const CLASSES: usize = 10;

const SHAPE: (usize, usize, usize) = (32, 32, 3);
const PIXELS: usize = SHAPE.0 * SHAPE.1 * SHAPE.2;

/// Reads one batch from its bytes; `path` is for messages only.
///
/// # Errors
/// [`Error::Data`]: no bytes, more than [`MAX_BYTES`], a last record cut short, or a label above 9.
pub fn parse_batch(path: &Path, bytes: &[u8]) -> Result<Images> {
    let record = 1 + PIXELS;
    let whole = bytes.len() / record;
    if bytes.is_empty() || bytes.len() as u64 > MAX_BYTES || !bytes.len().is_multiple_of(record) {
        return Err(mismatch(
            path,
            format!("whole records of {record} bytes, at least 1 and at most {MAX_BYTES} bytes"),
            format!(
                "{} bytes: {whole} records and {} bytes",
                bytes.len(),
                bytes.len() % record
            ),
        ));
    }
    let mut labels = Vec::with_capacity(whole);
    let mut pixels = Vec::with_capacity(whole * PIXELS);
    for record in bytes.chunks_exact(record) {
        labels.push(record[0]);
        pixels.extend_from_slice(&record[1..]);
    }
    check_labels(path, &labels, CLASSES)?;
    let pixels = Array2::from_shape_vec((whole, PIXELS), pixels)
        .map_err(|error| mismatch(path, "3072 pixels a record", error))?;
    Images::new(pixels, labels, SHAPE, CLASSES, "CIFAR-10")
}

/// Reads one batch from a file.
///
/// # Errors
/// As [`parse_batch`]; [`Error::Io`] where the file cannot be read.
pub fn read_batch(path: &Path) -> Result<Images> {
    parse_batch(path, &file::read(path)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_stay_in_planes_and_labels_come_first() {
        let mut bytes = vec![7];
        bytes.extend([10; 1024]);
        bytes.extend([20; 1024]);
        bytes.extend([30; 1024]);
        let images = parse_batch(Path::new("batch"), &bytes).expect("valid");
        assert_eq!((images.labels.as_slice(), images.shape), (&[7][..], SHAPE));
        let corners = [0, 1023, 1024, 2047, 2048, 3071].map(|at| images.pixels[[0, at]]);
        assert_eq!(corners, [10, 10, 20, 20, 30, 30]);
    }

    #[test]
    fn refusals_say_what_was_found() {
        let refusal = |bytes: &[u8]| {
            let parsed = parse_batch(Path::new("a/batch.bin"), bytes);
            parsed.expect_err("must be refused").to_string()
        };
        let expected = "a/batch.bin: expected whole records of 3073 bytes, at least 1 and at most 1073741824 bytes";
        assert_eq!(
            refusal(&[]),
            format!("{expected}, found 0 bytes: 0 records and 0 bytes")
        );
        let cut = refusal(&[0; 3073 + 5]);
        assert_eq!(
            cut,
            format!("{expected}, found 3078 bytes: 1 records and 5 bytes")
        );
        let mut second = vec![0; 2 * 3073];
        second[3073] = 10;
        let label = refusal(&second);
        assert_eq!(
            label,
            "a/batch.bin: expected labels below 10, found label 10 at index 1"
        );
    }
}
