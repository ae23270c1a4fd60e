//! Arrays as NumPy writes them: `.npy`, and several in one zip file, `.npz`.
//!
//! A `.npy` file is `93 NUMPY`, a version of two bytes, the length of the header (2 bytes in version 1, 4 later, little-endian),
//! a header such as `{'descr': '|u1', 'fortran_order': False, 'shape': (60000, 28, 28), }`, and the numbers.

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use super::array::{Array, Kind, bytes_of};
use super::file::{MAX_BYTES, mismatch};
use crate::{Error, Result};

/// The first bytes of every `.npy` file.
pub(super) const MAGIC: &[u8] = b"\x93NUMPY";

/// Reads one array; `path` is for messages only.
pub(super) fn parse(path: &Path, bytes: &[u8]) -> Result<Array> {
    let header = |what: &str| mismatch(path, "a NumPy array with a sound header", what);
    let rest = bytes
        .strip_prefix(MAGIC)
        .ok_or_else(|| header("another file"))?;
    let (start, length) = match *rest {
        [1, _, a, b, ..] => (4, u32::from(u16::from_le_bytes([a, b]))),
        [2 | 3, _, a, b, c, d, ..] => (6, u32::from_le_bytes([a, b, c, d])),
        _ => return Err(header("a header cut short or of a later version")),
    };
    let end = (length as usize).saturating_add(start);
    let (text, body) = rest
        .get(start..end)
        .zip(rest.get(end..))
        .ok_or_else(|| header("a header cut short"))?;
    let text = String::from_utf8_lossy(text);
    let value = |key: &str| {
        let (_, rest) = text.split_once(&format!("'{key}':"))?;
        Some(rest.trim_start())
    };
    let descr = value("descr").and_then(|rest| rest.strip_prefix('\'')?.split('\'').next());
    let descr = descr.ok_or_else(|| header("no plain `descr` in it"))?;
    let (order, code) = descr.split_at_checked(1).unwrap_or((descr, ""));
    let kind = match code {
        "u1" | "b1" => Kind::U8,
        "i1" => Kind::I8,
        "u2" => Kind::U16,
        "i2" => Kind::I16,
        "u4" => Kind::U32,
        "i4" => Kind::I32,
        "u8" => Kind::U64,
        "i8" => Kind::I64,
        "f4" => Kind::F32,
        "f8" => Kind::F64,
        _ => {
            let expected = "an array of whole numbers or of floats with 4 or 8 bytes";
            return Err(mismatch(
                path,
                expected,
                format!("numbers of the kind {descr}"),
            ));
        }
    };
    let sizes = value("shape").and_then(|rest| rest.strip_prefix('(')?.split(')').next());
    let sizes: Option<Vec<usize>> = sizes.and_then(|sizes| {
        let sizes = sizes
            .split(',')
            .map(str::trim)
            .filter(|size| !size.is_empty());
        sizes.map(|size| size.parse().ok()).collect()
    });
    let sizes = sizes.ok_or_else(|| header("no plain `shape` in it"))?;
    let by_columns = !value("fortran_order").is_some_and(|rest| rest.starts_with("False"));
    if by_columns && sizes.len() > 1 {
        let found = "an array stored column by column: save np.ascontiguousarray of it";
        return Err(mismatch(path, "an array stored row by row", found));
    }
    let shape = sizes
        .iter()
        .map(usize::to_string)
        .collect::<Vec<_>>()
        .join(" × ");
    let due = bytes_of(&sizes, kind);
    if due != Some(body.len() as u64) {
        let expected = format!("{shape} numbers of {} bytes after the header", kind.size());
        return Err(mismatch(path, expected, format!("{} bytes", body.len())));
    }
    Ok(Array {
        sizes,
        kind,
        big_endian: order == ">",
        bytes: body.to_vec(),
        what: format!("an array of {shape}"),
        notes: Vec::new(),
    })
}

/// The arrays of an `.npz` file, each with its name there.
pub(super) fn parse_npz(path: &Path, bytes: &[u8]) -> Result<Vec<(String, Array)>> {
    let damaged = |error: &dyn std::fmt::Display| {
        let found = format!("a damaged one ({error}): fetch it again");
        mismatch(path, "a zip archive of NumPy arrays (.npz)", found)
    };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let mut arrays = Vec::new();
    let mut left = MAX_BYTES;
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(|error| damaged(&error))?;
        let name = file.name().map_err(|error| damaged(&error))?.into_owned();
        let Some(key) = name.strip_suffix(".npy") else {
            continue;
        };
        let mut held = Vec::new();
        // The size in the archive may lie: memory grows with what is really there.
        file.take(left + 1)
            .read_to_end(&mut held)
            .map_err(|error| damaged(&error))?;
        left = left.checked_sub(held.len() as u64).ok_or_else(|| {
            let expected = format!("at most {MAX_BYTES} bytes when unpacked");
            mismatch(path, expected, "more")
        })?;
        let inside: PathBuf = path.join(&name);
        arrays.push((key.to_owned(), parse(&inside, &held)?));
    }
    match arrays.is_empty() {
        true => Err(mismatch(path, "NumPy arrays in it", "none")),
        false => Ok(arrays),
    }
}

/// The one array of an `.npz` file.
pub(super) fn parse_only(path: &Path, bytes: &[u8]) -> Result<Array> {
    let mut arrays = parse_npz(path, bytes)?;
    match (arrays.pop(), arrays.len()) {
        (Some((_, array)), 0) => Ok(array),
        (_, more) => Err(one_expected(path, more + 1)),
    }
}

fn one_expected(path: &Path, found: usize) -> Error {
    mismatch(path, "one array", format!("{found} arrays"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn npy(descr: &str, shape: &str, body: &[u8]) -> Vec<u8> {
        let header =
            format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n");
        let length = (header.len() as u16).to_le_bytes();
        [MAGIC, &[1, 0], &length, header.as_bytes(), body].concat()
    }

    #[test]
    fn headers_are_read() {
        let path = Path::new("a.npy");
        let array = parse(path, &npy("|u1", "(2, 1, 3)", &[1, 2, 3, 4, 5, 6])).expect("valid");
        assert_eq!((array.sizes, array.kind), (vec![2, 1, 3], Kind::U8));
        let labels = parse(path, &npy("<i8", "(1,)", &7_i64.to_le_bytes())).expect("valid");
        assert_eq!(labels.into_labels(path, "labels").expect("valid"), [7]);
        let big = parse(path, &npy(">i2", "(1,)", &[0, 9])).expect("valid");
        assert_eq!(big.into_labels(path, "labels").expect("valid"), [9]);
    }

    #[test]
    fn bad_headers_are_refused() {
        let good = npy("|u1", "(2,)", &[1, 2]);
        let path = Path::new("a.npy");
        assert!((0..good.len()).all(|length| parse(path, &good[..length]).is_err()));
        let huge = npy("|u1", "(99999999999999999999,)", &[]);
        for bytes in [huge, npy("<c8", "(1,)", &[0; 8]), npy("|u1", "(-1,)", &[])] {
            let reason = parse(path, &bytes).expect_err("refused").to_string();
            assert!(reason.starts_with("a.npy: expected "), "{reason}");
        }
        let turned =
            String::from_utf8_lossy(&npy("|b1", "(1, 1)", &[0])[10..]).replace("False", "True");
        let bytes = [
            MAGIC,
            &[1, 0],
            &(turned.len() as u16 - 1).to_le_bytes(),
            turned.as_bytes(),
        ];
        let reason = parse(path, &bytes.concat())
            .expect_err("columns")
            .to_string();
        assert!(reason.contains("row by row"), "{reason}");
    }
}
