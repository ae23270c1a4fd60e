//! The binary version of CIFAR-10, and of CIFAR-100.
//!
//! A batch is a run of records of 3073 bytes, with nothing around them: one label 0..=9, then 1024 red,
//! 1024 green and 1024 blue values of a 32×32 image, each colour row by row. The batches as published hold
//! 10,000 records; any number from 1 is read here. CIFAR-100's records have 3074 bytes: a coarse label 0..=19, a fine
//! label 0..=99, then the same pixels. Nothing in a file says which it is, so both are tried.
//!
//! # Reference
//! A. Krizhevsky (2009), "Learning multiple layers of features from tiny images", technical report,
//! University of Toronto.

use std::path::Path;

use ndarray::Array2;

use super::file::{self, MAX_BYTES, mismatch};
use super::idx::check_labels;
use super::{Images, sniff};
#[cfg(doc)]
use crate::Error;
use crate::Result;

/// Classes of CIFAR-10.
pub const CLASSES: usize = 10;

/// Classes of CIFAR-100, by the fine label.
pub const FINE_CLASSES: usize = 100;
const COARSE_CLASSES: usize = 20;

/// The five files for training.
pub(super) const BATCHES: [&str; 5] = [
    "data_batch_1.bin",
    "data_batch_2.bin",
    "data_batch_3.bin",
    "data_batch_4.bin",
    "data_batch_5.bin",
];
/// The file for testing.
pub(super) const TEST_BATCH: &str = "test_batch.bin";
/// The folder they are published in.
pub(super) const FOLDER: &str = "cifar-10-batches-bin";
/// CIFAR-100's files, for training and for testing.
pub(super) const FILES_100: [&str; 2] = ["train.bin", "test.bin"];

const SHAPE: (usize, usize, usize) = (32, 32, 3);
const PIXELS: usize = SHAPE.0 * SHAPE.1 * SHAPE.2;

/// Reads one batch from its bytes; `path` is for messages only.
///
/// # Errors
/// [`Error::Data`]: no bytes, more than [`MAX_BYTES`], a last record cut short, or a label above 9.
pub fn parse_batch(path: &Path, bytes: &[u8]) -> Result<Images> {
    parse(path, bytes, 1, CLASSES)
}

/// Reads a file of CIFAR-100 from its bytes, by its fine labels; `path` is for messages only.
///
/// # Errors
/// As [`parse_batch`], for records of 3074 bytes and labels above 99.
pub fn parse_fine(path: &Path, bytes: &[u8]) -> Result<Images> {
    parse(path, bytes, 2, FINE_CLASSES)
}

/// Reads CIFAR-10 or CIFAR-100, whichever the labels fit.
///
/// # Errors
/// As [`parse_batch`]; [`Error::Data`] where the labels fit both.
pub(super) fn parse_any(path: &Path, bytes: &[u8]) -> Result<Images> {
    let fits = |limits: &[usize]| {
        let record = limits.len() + PIXELS;
        let below = |record: &[u8]| {
            limits
                .iter()
                .zip(record)
                .all(|(&limit, &label)| usize::from(label) < limit)
        };
        bytes.len().is_multiple_of(record) && bytes.chunks_exact(record).all(below)
    };
    match (fits(&[CLASSES]), fits(&[COARSE_CLASSES, FINE_CLASSES])) {
        (true, true) if !bytes.is_empty() => {
            let found = "bytes that are both: nothing tells them apart";
            Err(mismatch(path, "records of CIFAR-10 or of CIFAR-100", found))
        }
        (false, true) => parse_fine(path, bytes),
        (false, false)
            if bytes.len().is_multiple_of(2 + PIXELS)
                && !bytes.len().is_multiple_of(1 + PIXELS) =>
        {
            parse_fine(path, bytes)
        }
        _ => parse_batch(path, bytes),
    }
}

fn parse(path: &Path, bytes: &[u8], label_bytes: usize, classes: usize) -> Result<Images> {
    let record = label_bytes + PIXELS;
    let whole = bytes.len() / record;
    if bytes.is_empty() || bytes.len() as u64 > MAX_BYTES || !bytes.len().is_multiple_of(record) {
        let found = sniff::describe(bytes).unwrap_or_else(|| {
            format!(
                "{} bytes: {whole} records and {} bytes",
                bytes.len(),
                bytes.len() % record
            )
        });
        let expected =
            format!("whole records of {record} bytes, at least 1 and at most {MAX_BYTES} bytes");
        return Err(mismatch(path, expected, found));
    }
    let mut labels = Vec::with_capacity(whole);
    let mut pixels = Vec::with_capacity(whole * PIXELS);
    for record in bytes.chunks_exact(record) {
        let (own, levels) = record.split_at(label_bytes);
        labels.extend(own.last());
        pixels.extend_from_slice(levels);
    }
    check_labels(path, &labels, classes)?;
    let pixels = Array2::from_shape_vec((whole, PIXELS), pixels)
        .map_err(|error| mismatch(path, "3072 pixels a record", error))?;
    Images::new(pixels, labels, SHAPE, classes, &format!("CIFAR-{classes}"))
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
            format!("{expected}, found an empty file: fetch it again")
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

    #[test]
    fn the_labels_tell_cifar_100_from_cifar_10() {
        let path = Path::new("batch");
        // 3073 records of 3074 bytes are as long as 3074 of 3073.
        let hundred: Vec<u8> = (0..3073)
            .flat_map(|i| [vec![(i % 20) as u8, (i % 100) as u8], vec![0; 3072]].concat())
            .collect();
        let images = parse_any(path, &hundred).expect("labels fit one only");
        assert_eq!(
            (images.classes, images.len(), images.labels[3072]),
            (100, 3073, 72)
        );
        let ten: Vec<u8> = (0..3074)
            .flat_map(|i| [vec![(i % 10) as u8], vec![255; 3072]].concat())
            .collect();
        assert_eq!(
            parse_any(path, &ten).expect("labels fit one only").classes,
            10
        );
        let both = parse_any(path, &[0; 3073 * 2 * 1537])
            .expect_err("fits both")
            .to_string();
        assert!(both.contains("both"), "{both}");
    }
}
