//! What a reader should know of a set before an experiment says something odd about it.

use std::collections::HashSet;

use super::Images;
use crate::{Error, Result};

/// Notes what is thin about `images`.
///
/// # Errors
/// [`Error::Domain`] where all images are equal: nothing can be learnt from them.
pub(super) fn note(images: &mut Images) -> Result<()> {
    let n = images.len();
    let rows: Vec<Vec<u8>>;
    // Equal rows are found by their bytes; the files give them in one piece.
    let different = match images.pixels.as_slice() {
        Some(all) => distinct(all.chunks_exact(images.pixels.ncols().max(1))),
        None => {
            rows = images.pixels.outer_iter().map(|row| row.to_vec()).collect();
            distinct(rows.iter().map(Vec::as_slice))
        }
    };
    if different < 2 && n > 1 {
        let got = format!("{n} equal images");
        let expected = "images that differ: there is nothing to tell apart in these";
        return Err(Error::domain(&images.name, expected, got));
    }
    let mut notes = Vec::new();
    if 2 * different < n {
        notes.push(format!("only {different} of the {n} images are different"));
    }
    let flat =
        |row: ndarray::ArrayView1<'_, u8>| row.iter().all(|pixel| row.first() == Some(pixel));
    match images
        .pixels
        .outer_iter()
        .filter(|row| flat(row.view()))
        .count()
    {
        flat if flat == n => notes.push("every image is of one grey level".to_owned()),
        flat if 10 * flat > n => notes.push(format!("{flat} of {n} images are of one grey level")),
        _ => (),
    }
    let counts = images.counts();
    let present: Vec<usize> = (0..counts.len())
        .filter(|&class| counts[class] > 0)
        .collect();
    match present[..] {
        [class] => notes.push(format!(
            "all {n} images are of class {class}: there is no second class to tell it from"
        )),
        _ if present.len() < counts.len() => {
            let absent = (0..counts.len()).filter(|&class| counts[class] == 0);
            let absent: Vec<String> = absent.map(|class| class.to_string()).collect();
            notes.push(format!("no image is of class {}", absent.join(", ")));
        }
        _ => (),
    }
    let greatest = images.pixels.iter().copied().max().unwrap_or(0);
    if greatest < 64 {
        notes.push(format!(
            "the greatest grey level is {greatest} of 255; scale 0–{greatest} to 0–255 before \
             writing the files, or inputs will be small"
        ));
    }
    images.notes.append(&mut notes);
    Ok(())
}

fn distinct<'a>(rows: impl Iterator<Item = &'a [u8]>) -> usize {
    rows.collect::<HashSet<&[u8]>>().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    fn noted(pixels: impl Fn(usize, usize) -> u8, labels: &[u8]) -> Result<Vec<String>> {
        let pixels = Array2::from_shape_fn((labels.len(), 4), |(i, j)| pixels(i, j));
        let mut images = Images::new(pixels, labels.to_vec(), (2, 2, 1), 3, "four").expect("valid");
        note(&mut images).map(|()| images.notes)
    }

    #[test]
    fn thin_sets_are_noted_and_sound_ones_are_not() {
        let varied = |i, j| (60 * i + j) as u8;
        assert!(noted(varied, &[0, 1, 2, 0]).expect("sound").is_empty());
        let one = noted(varied, &[1; 4]).expect("read");
        assert_eq!(
            one,
            ["all 4 images are of class 1: there is no second class to tell it from"]
        );
        let gap = noted(varied, &[0, 0, 2, 0]).expect("read");
        assert_eq!(gap, ["no image is of class 1"]);
        let flat = noted(|i, _| 100 * (i % 2) as u8, &[0, 1, 2, 0, 1]).expect("read");
        let due = [
            "only 2 of the 5 images are different",
            "every image is of one grey level",
        ];
        assert_eq!(flat, due);
        let dim = noted(|i, j| (4 * i + j) as u8, &[0, 1, 2, 0]).expect("read");
        assert!(
            dim[0].starts_with("the greatest grey level is 15 of 255"),
            "{dim:?}"
        );
        let equal = noted(|_, _| 0, &[0, 1, 2])
            .expect_err("nothing to learn")
            .to_string();
        assert!(
            equal.starts_with("four is 3 equal images, expected images that differ"),
            "{equal}"
        );
    }
}
