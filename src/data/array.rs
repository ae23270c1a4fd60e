//! An array of numbers as a file holds it, and how it becomes grey levels or labels.

use std::path::Path;

use ndarray::Array2;

use super::file::{MAX_BYTES, mismatch};
use crate::Result;

/// How one number is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    U64,
    I64,
    F32,
    F64,
}

impl Kind {
    /// Bytes of one number.
    pub(super) fn size(self) -> usize {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::U16 | Self::I16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U64 | Self::I64 | Self::F64 => 8,
        }
    }

    fn is_float(self) -> bool {
        matches!(self, Self::F32 | Self::F64)
    }

    /// The number in `bytes`, which are [`Kind::size`] many.
    fn number(self, bytes: &[u8], big_endian: bool) -> f64 {
        let mut all = [0; 8];
        for (at, byte) in bytes.iter().enumerate().take(8) {
            all[if big_endian { bytes.len() - 1 - at } else { at }] = *byte;
        }
        let [a, b, c, d, ..] = all;
        match self {
            Self::U8 => f64::from(a),
            Self::I8 => f64::from(a as i8),
            Self::U16 => f64::from(u16::from_le_bytes([a, b])),
            Self::I16 => f64::from(i16::from_le_bytes([a, b])),
            Self::U32 => f64::from(u32::from_le_bytes([a, b, c, d])),
            Self::I32 => f64::from(i32::from_le_bytes([a, b, c, d])),
            Self::F32 => f64::from(f32::from_le_bytes([a, b, c, d])),
            Self::U64 => u64::from_le_bytes(all) as f64,
            Self::I64 => i64::from_le_bytes(all) as f64,
            Self::F64 => f64::from_le_bytes(all),
        }
    }
}

/// An array, row by row; as many bytes as its sizes ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Array {
    pub(super) sizes: Vec<usize>,
    pub(super) kind: Kind,
    pub(super) big_endian: bool,
    pub(super) bytes: Vec<u8>,
    /// What it is in words, for messages.
    pub(super) what: String,
    /// What is unusual about it.
    pub(super) notes: Vec<String>,
}

/// Grey or colour levels of n images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pictures {
    /// `(n, channels·height·width)`, laid out as in [`super::Images`].
    pub(super) pixels: Array2<u8>,
    /// (height, width, channels).
    pub(super) shape: (usize, usize, usize),
    pub(super) notes: Vec<String>,
}

impl Array {
    /// Whether it could be labels by its number of dimensions: (n), (n, 1), or QMNIST's (n, 8).
    pub(super) fn like_labels(&self) -> bool {
        matches!(self.sizes[..], [_] | [_, 1 | 8])
    }

    fn numbers(&self) -> impl Iterator<Item = f64> + '_ {
        let parts = self.bytes.chunks_exact(self.kind.size());
        parts.map(|bytes| self.kind.number(bytes, self.big_endian))
    }

    /// Images: (n, height, width), the same with a channel axis at the end or after n, or (n, side²).
    pub(super) fn into_pictures(self, path: &Path, expected: &str) -> Result<Pictures> {
        let refuse = || mismatch(path, expected, &self.what);
        let (n, (height, width, channels), last) = match self.sizes[..] {
            [n, height, width] => (n, (height, width, 1), false),
            [n, height, width, channels @ (1 | 3)] => (n, (height, width, channels), true),
            [n, channels @ (1 | 3), height, width] => (n, (height, width, channels), false),
            [n, d] if d > 1 && !self.like_labels() && d.isqrt() * d.isqrt() == d => {
                (n, (d.isqrt(), d.isqrt(), 1), false)
            }
            _ => return Err(refuse()),
        };
        let area = height.checked_mul(width).ok_or_else(refuse)?;
        let d = area.checked_mul(channels).ok_or_else(refuse)?;
        let mut notes = self.notes.clone();
        let levels = self.levels(path, &mut notes)?;
        let levels = if last && channels > 1 {
            let images = levels.chunks_exact(d.max(1));
            let planes = images.flat_map(|image| {
                (0..channels).flat_map(move |c| image.iter().skip(c).step_by(channels).copied())
            });
            planes.collect()
        } else {
            levels
        };
        let shape = (height, width, channels);
        let pixels = Array2::from_shape_vec((n, d), levels)
            .map_err(|error| mismatch(path, "n × height × width pixels", error))?;
        Ok(Pictures {
            pixels,
            shape,
            notes,
        })
    }

    /// Grey levels as bytes. Numbers from 0 to 1 are spread over 0 to 255.
    fn levels(self, path: &Path, notes: &mut Vec<String>) -> Result<Vec<u8>> {
        if self.kind == Kind::U8 {
            return Ok(self.bytes);
        }
        let expected = "grey levels: whole numbers from 0 to 255, or numbers from 0 to 1";
        let (mut greatest, mut whole) = (0.0_f64, true);
        for (at, value) in self.numbers().enumerate() {
            // NaN is in no range.
            if !(0.0..=255.0).contains(&value) {
                let found =
                    format!("{value} at index {at}; store the images before they are scaled");
                return Err(mismatch(path, expected, found));
            }
            greatest = greatest.max(value);
            whole &= value.fract() == 0.0;
        }
        let unit = self.kind.is_float() && greatest <= 1.0;
        if !unit && !whole {
            let found =
                format!("fractions up to {greatest}; store the images before they are scaled");
            return Err(mismatch(path, expected, found));
        }
        let factor = if unit { 255.0 } else { 1.0 };
        if unit {
            notes.push(format!(
                "{}: numbers from 0 to 1 became grey levels from 0 to 255, rounded",
                path.display()
            ));
        }
        Ok(self
            .numbers()
            .map(|value| (factor * value).round() as u8)
            .collect())
    }

    /// Labels: (n) or (n, 1) whole numbers from 0 to 255; of QMNIST's (n, 8) the first column.
    pub(super) fn into_labels(self, path: &Path, expected: &str) -> Result<Vec<u8>> {
        if !self.like_labels() {
            return Err(mismatch(path, expected, &self.what));
        }
        if self.kind == Kind::U8 && self.sizes.get(1).is_none_or(|&columns| columns == 1) {
            return Ok(self.bytes);
        }
        let columns = self.sizes.get(1).copied().unwrap_or(1).max(1);
        let first = self.numbers().step_by(columns).enumerate();
        first
            .map(|(at, value)| match value {
                value if (0.0..=255.0).contains(&value) && value.fract() == 0.0 => Ok(value as u8),
                value => {
                    let found = format!("label {value} at index {at}");
                    Err(mismatch(
                        path,
                        "labels that are whole numbers from 0 to 255",
                        found,
                    ))
                }
            })
            .collect()
    }
}

/// The number of bytes these sizes ask for, if it is 1 to [`MAX_BYTES`].
pub(super) fn bytes_of(sizes: &[usize], kind: Kind) -> Option<u64> {
    sizes
        .iter()
        .try_fold(kind.size() as u64, |count, &size| {
            count.checked_mul(u64::try_from(size).ok()?)
        })
        .filter(|count| (1..=MAX_BYTES).contains(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn array(sizes: &[usize], kind: Kind, bytes: Vec<u8>) -> Array {
        Array {
            sizes: sizes.to_vec(),
            kind,
            big_endian: false,
            bytes,
            what: "an array".to_owned(),
            notes: Vec::new(),
        }
    }

    fn floats(values: &[f32]) -> Array {
        let bytes = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        array(&[1, 1, values.len()], Kind::F32, bytes)
    }

    #[test]
    fn numbers_are_read_in_either_byte_order() {
        for (kind, bytes, value) in [
            (Kind::I8, &[0xff][..], -1.0),
            (Kind::U16, &[2, 1], 258.0),
            (Kind::I16, &[0xfe, 0xff], -2.0),
            (Kind::I32, &[3, 0, 0, 0], 3.0),
            (Kind::F32, &1.5_f32.to_le_bytes(), 1.5),
            (Kind::I64, &(-9_i64).to_le_bytes(), -9.0),
            (Kind::F64, &0.1_f64.to_le_bytes(), 0.1),
        ] {
            assert_eq!(kind.number(bytes, false), value);
            let turned: Vec<u8> = bytes.iter().rev().copied().collect();
            assert_eq!(kind.number(&turned, true), value);
        }
    }

    #[test]
    fn floats_become_bytes_or_are_refused() {
        let path = Path::new("x");
        let read = |values: &[f32]| floats(values).into_pictures(path, "images");
        let unit = read(&[0.0, 0.5, 1.0]).expect("0 to 1");
        assert_eq!(unit.pixels.row(0).to_vec(), [0, 128, 255]);
        assert_eq!(unit.notes.len(), 1);
        let whole = read(&[0.0, 7.0, 254.0]).expect("whole numbers");
        assert_eq!(whole.pixels.row(0).to_vec(), [0, 7, 254]);
        for bad in [&[0.5, f32::NAN][..], &[-0.4, 1.0], &[0.5, 2.0], &[256.0]] {
            let reason = read(bad).expect_err("no grey levels").to_string();
            assert!(reason.contains("expected grey levels"), "{reason}");
        }
    }

    #[test]
    fn channels_become_planes_wherever_they_stand() {
        let path = Path::new("x");
        let last = array(&[1, 1, 2, 3], Kind::U8, vec![1, 2, 3, 11, 12, 13]);
        let first = array(&[1, 3, 1, 2], Kind::U8, vec![1, 11, 2, 12, 3, 13]);
        let last = last.into_pictures(path, "images").expect("valid");
        let first = first.into_pictures(path, "images").expect("valid");
        assert_eq!((last.shape, &last.pixels), ((1, 2, 3), &first.pixels));
        assert_eq!(last.pixels.row(0).to_vec(), [1, 11, 2, 12, 3, 13]);
        let flat = array(&[2, 4], Kind::U8, vec![0; 8]).into_pictures(path, "images");
        assert_eq!(flat.expect("a square").shape, (2, 2, 1));
    }

    #[test]
    fn labels_come_in_one_column_or_in_the_first_of_eight() {
        let path = Path::new("x");
        let rows: Vec<u8> = [7_i32, 0, 0, 0, 0, 0, 0, 9, 3, 1, 1, 1, 1, 1, 1, 1]
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        let labels = array(&[2, 8], Kind::I32, rows).into_labels(path, "labels");
        assert_eq!(labels.expect("valid"), [7, 3]);
        let negative = array(&[1], Kind::I8, vec![0xff]).into_labels(path, "labels");
        let reason = negative.expect_err("negative").to_string();
        assert!(reason.ends_with("found label -1 at index 0"), "{reason}");
    }
}
