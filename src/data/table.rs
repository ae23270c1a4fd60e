//! Images in CSV tables, as Kaggle gives MNIST: one image a line, the label and then the pixels.

use std::path::{Path, PathBuf};

use super::array::{Array, Kind};
use super::file::{self, Contents, MAX_BYTES, mismatch};
use super::pair::Pair;
use crate::Result;

/// Headings of the column with the label.
const HEADINGS: [&str; 5] = ["label", "labels", "class", "target", "digit"];

/// Reads a table, plain or gzipped. The label is in the column headed so, else in the first.
pub(super) fn read(path: &Path) -> Result<Pair> {
    let packed = file::read(path)?;
    let bytes = Contents::new(path, &packed).up_to(MAX_BYTES)?;
    parse(path, &bytes)
}

fn parse(path: &Path, bytes: &[u8]) -> Result<Pair> {
    let expected = "a CSV table with a label and height² or 3·height² grey levels a line";
    let refuse = |found: String| mismatch(path, expected, found);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(bytes);
    let (mut labels, mut pixels) = (Vec::new(), Vec::new());
    let (mut at, mut columns) = (0, 0);
    for (line, record) in reader.byte_records().enumerate() {
        let record = record.map_err(|error| refuse(error.to_string()))?;
        if line == 0 {
            columns = record.len();
            let text = |cell: &[u8]| String::from_utf8_lossy(cell).trim().to_lowercase();
            let heading = record
                .iter()
                .position(|cell| HEADINGS.contains(&text(cell).as_str()));
            at = heading.unwrap_or(0);
            let number = |cell: &[u8]| text(cell).parse::<f64>().is_ok();
            let headed = !record.iter().all(number);
            if headed && heading.is_none() {
                let found = "a heading without `label`: these images have none".to_owned();
                return Err(refuse(found));
            }
            if headed {
                continue;
            }
        }
        for (column, cell) in record.iter().enumerate() {
            let text = String::from_utf8_lossy(cell);
            let value: f64 = text.trim().parse().map_err(|_| {
                let line = line + 1;
                refuse(format!("`{text}` in line {line}, column {}", column + 1))
            })?;
            if value.fract() != 0.0 || !(0.0..=255.0).contains(&value) {
                let line = line + 1;
                return Err(refuse(format!(
                    "{value} in line {line}, column {}",
                    column + 1
                )));
            }
            match column == at {
                true => labels.push(value as u8),
                false => pixels.push(value as u8),
            }
        }
    }
    let levels = columns.saturating_sub(1);
    let side =
        |area: usize| (area > 1 && area.isqrt() * area.isqrt() == area).then(|| area.isqrt());
    let sizes = match (side(levels), side(levels / 3)) {
        (Some(side), _) => vec![labels.len(), side, side],
        (None, Some(side)) if levels.is_multiple_of(3) => vec![labels.len(), 3, side, side],
        _ => return Err(refuse(format!("{levels} columns beside the label"))),
    };
    if labels.is_empty() {
        return Err(refuse("no line of numbers".to_owned()));
    }
    let array = |sizes: Vec<usize>, bytes| Array {
        sizes,
        kind: Kind::U8,
        big_endian: false,
        bytes,
        what: format!("a table of {columns} columns"),
        notes: Vec::new(),
    };
    let path = || PathBuf::from(path);
    let count = labels.len();
    Pair::new(
        (path(), array(sizes, pixels)),
        (path(), array(vec![count], labels)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::pair::join;

    fn read(text: &str) -> Result<crate::data::Images> {
        join(parse(Path::new("t.csv"), text.as_bytes())?, None, "")
    }

    #[test]
    fn labels_are_found_with_and_without_a_heading() {
        let bare = read("7,1,2,3,4\n3,250,6,7,8\n").expect("valid");
        assert_eq!(
            (bare.labels.as_slice(), bare.shape),
            (&[7, 3][..], (2, 2, 1))
        );
        assert_eq!(bare.pixels.row(1).to_vec(), [250, 6, 7, 8]);
        let headed = read("label,1x1,1x2,2x1,2x2\n7,1,2,3,4\n3,250,6,7,8\n").expect("valid");
        assert_eq!(headed, bare);
        let last = read("a,b,c,d,class\n1,2,3,4,7\n250,6,7,8,3\n").expect("valid");
        assert_eq!(last, bare);
    }

    #[test]
    fn other_tables_are_refused() {
        for (text, found) in [
            ("", "0 columns beside the label"),
            ("5,0,0,0,0,0\n", "5 columns beside the label"),
            ("5,1,2,3,x\n", "a heading without `label`"),
            ("label,a,b,c,d\n", "no line of numbers"),
            ("5,1,2,3,4\n5,1,2,x,4\n", "`x` in line 2, column 4"),
            ("5,1,2,3,4.5\n", "4.5 in line 1, column 5"),
            ("5,1,2,3,NaN\n", "NaN in line 1, column 5"),
            ("5,1,2,3,4\n5,1,2,3\n", "found record"),
        ] {
            let reason = read(text).expect_err("refused").to_string();
            assert!(
                reason.starts_with("t.csv: expected a CSV table"),
                "{reason}"
            );
            assert!(reason.contains(found), "{text}: {reason}");
        }
    }
}
