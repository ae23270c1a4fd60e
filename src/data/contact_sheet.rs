//! Class counts and small pictures of the first images, as PNG inside HTML.
//!
//! One pixel of an image is one pixel of the PNG: twenty digits take 11 kB, where a drawn square for
//! every pixel would take hundreds.

use super::Images;
use crate::display::png::{self, Pixels};
use crate::display::{Html, html_table};

const SHOWN: usize = 20;
const COLUMNS: usize = 10;
const SIDE: usize = 56;

/// Class counts and the first images.
pub(super) fn page(images: &Images) -> Html {
    let (height, width, channels) = images.shape;
    let (name, n) = (&images.name, images.len());
    let mut sentence = format!(
        "{name}: {n} images, {height} × {width} pixels, {channels} channel{}",
        if channels == 1 { "" } else { "s" }
    );
    if images.n_train < n {
        sentence += &format!("; the first {} are its training images", images.n_train);
    }
    let mut html = Html::paragraph(&sentence);
    for note in &images.notes {
        html.push(&Html::paragraph(&format!("Note: {note}.")));
    }
    html.push(&counts(images));
    html.push(&pictures(images, SHOWN));
    html
}

/// How many images each class has, of those classes that have any.
fn counts(images: &Images) -> Html {
    let (mut head, mut row) = (vec!["class".to_owned()], vec!["images".to_owned()]);
    for (class, count) in images.counts().into_iter().enumerate() {
        if count > 0 {
            head.push(class.to_string());
            row.push(count.to_string());
        }
    }
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    Html::new(html_table(&head, &[row]))
}

/// A table of the first `count` images, each above its label; empty where the fields of
/// `images` do not agree.
fn pictures(images: &Images, count: usize) -> Html {
    let pictures: Vec<String> = (0..count.min(images.len()))
        .filter_map(|index| {
            let label = images.labels[index];
            let source = png::data_uri(&file(images, index)?);
            let (height, width, _) = images.shape;
            let shown = (SIDE * width).checked_div(height)?.clamp(1, 4 * SIDE);
            Some(format!(
                "<td align=\"center\"><img alt=\"image of class {label}\" width=\"{shown}\" height=\"{SIDE}\" \
                 style=\"image-rendering: pixelated\" src=\"{source}\"><br>{label}</td>"
            ))
        })
        .collect();
    if pictures.is_empty() {
        return Html::default();
    }
    let rows: Vec<String> = pictures
        .chunks(COLUMNS)
        .map(|row| format!("<tr>{}</tr>", row.concat()))
        .collect();
    Html::new(format!("<table>{}</table>\n", rows.join("\n")))
}

/// Image `index` as a PNG file, or nothing where the fields of `images` do not agree.
fn file(images: &Images, index: usize) -> Option<Vec<u8>> {
    let (height, width, channels) = images.shape;
    let area = height.checked_mul(width)?;
    let row = images.pixels.outer_iter().nth(index)?;
    let kind = match channels {
        1 => Pixels::Grey,
        3 => Pixels::Rgb,
        _ => return None,
    };
    if area.checked_mul(channels)? != row.len() {
        return None;
    }
    let bytes: Vec<u8> = (0..area)
        .flat_map(|at| (0..channels).map(move |channel| row[channel * area + at]))
        .collect();
    png::encode((width, height), kind, &bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    #[test]
    fn the_page_shows_counts_images_and_an_escaped_name() {
        let pixels = Array2::from_shape_fn((4, 6), |(i, j)| (10 * i + j) as u8);
        let images = Images::new(pixels, vec![3, 0, 3, 1], (2, 3, 1), 4, "four <tiny>");
        let images = images.expect("valid");
        let html = page(&images);
        let html = html.as_str();
        assert!(html.contains("four &lt;tiny&gt;") && !html.contains("<tiny>"));
        let table = counts(&images);
        assert!(html.contains(table.as_str()));
        let document = roxmltree::Document::parse(table.as_str()).expect("well-formed");
        let texts = |tag| -> Vec<&str> {
            let cells = document.descendants().filter(|n| n.has_tag_name(tag));
            cells.filter_map(|cell| cell.text()).collect()
        };
        assert_eq!(texts("th"), ["class", "0", "1", "3"]);
        assert_eq!(texts("td"), ["images", "1", "1", "2"]);
        assert_eq!(html.matches("<img").count(), 4);
    }

    #[test]
    fn planes_become_interleaved_colours() {
        let pixels = Array2::from_shape_vec((1, 6), vec![1, 2, 11, 12, 21, 22]).expect("shape");
        let images = Images::new(pixels, vec![0], (1, 2, 3), 1, "dots").expect("valid");
        let html = page(&images);
        let (_, rest) = html.as_str().split_once("src=\"").expect("an image");
        let (source, _) = rest.split_once('"').expect("an attribute");
        let (width, height, _, bytes) = png::decode(source);
        assert_eq!((width, height), (2, 1));
        assert_eq!(bytes, [1, 11, 21, 2, 12, 22]);
    }
}
