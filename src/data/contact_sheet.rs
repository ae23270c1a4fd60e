//! Class counts and small pictures of the first images, as PNG inside HTML.
//!
//! One pixel of an image is one pixel of the PNG: twenty digits take 11 kB, where a drawn square for
//! every pixel would take hundreds.

use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

use super::Images;

const SHOWN: usize = 20;
const COLUMNS: usize = 10;
const SIDE: usize = 56;

/// Class counts and the first images.
pub(super) fn page(images: &Images) -> String {
    let (height, width, channels) = images.shape;
    let name = escape(&images.name);
    let n = images.len();
    let mut html = format!(
        "<p><b>{name}</b>: {n} images, {height} × {width} pixels, {channels} channel{}",
        if channels == 1 { "" } else { "s" }
    );
    if images.n_train < n {
        html += &format!("; the first {} are its training images", images.n_train);
    }
    html += "</p>\n<table><tr><th>class</th>";
    let counts = images.counts();
    let present = || counts.iter().enumerate().filter(|&(_, &count)| count > 0);
    present().for_each(|(class, _)| html += &format!("<td>{class}</td>"));
    html += "</tr>\n<tr><th>images</th>";
    present().for_each(|(_, count)| html += &format!("<td>{count}</td>"));
    html += "</tr></table>\n";
    html += &table(images, SHOWN);
    html
}

/// Text that stands for itself in HTML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// A table of the first `count` images, each above its label; empty where the fields of
/// `images` do not agree.
fn table(images: &Images, count: usize) -> String {
    let pictures: Vec<String> = (0..count.min(images.len()))
        .filter_map(|index| {
            let label = images.labels[index];
            let data = base64(&png(images, index)?);
            let (height, width, _) = images.shape;
            let shown = (SIDE * width).checked_div(height)?.clamp(1, 4 * SIDE);
            Some(format!(
                "<td align=\"center\"><img alt=\"image of class {label}\" width=\"{shown}\" height=\"{SIDE}\" \
                 style=\"image-rendering: pixelated\" src=\"data:image/png;base64,{data}\"><br>{label}</td>"
            ))
        })
        .collect();
    if pictures.is_empty() {
        return String::new();
    }
    let rows: Vec<String> = pictures
        .chunks(COLUMNS)
        .map(|row| format!("<tr>{}</tr>", row.join("")))
        .collect();
    format!("<table>{}</table>", rows.join("\n"))
}

/// Image `index` as a PNG file, or nothing where the fields of `images` do not agree.
fn png(images: &Images, index: usize) -> Option<Vec<u8>> {
    let (height, width, channels) = images.shape;
    let area = height.checked_mul(width)?;
    let row = images.pixels.outer_iter().nth(index)?;
    let colour_type = match channels {
        1 => 0,
        3 => 2,
        _ => return None,
    };
    if area == 0 || area.checked_mul(channels)? != row.len() {
        return None;
    }
    let mut lines = Vec::with_capacity(height * (1 + width * channels));
    for line in 0..height {
        lines.push(0); // no filter
        for at in line * width..(line + 1) * width {
            lines.extend((0..channels).map(|channel| row[channel * area + at]));
        }
    }
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    packed.write_all(&lines).ok()?;

    let mut header = Vec::from(u32::try_from(width).ok()?.to_be_bytes());
    header.extend(u32::try_from(height).ok()?.to_be_bytes());
    header.extend([8, colour_type, 0, 0, 0]); // 8 bits a value, standard methods
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, b"IHDR", &header)?;
    chunk(&mut file, b"IDAT", &packed.finish().ok()?)?;
    chunk(&mut file, b"IEND", &[])?;
    Some(file)
}

/// Appends one PNG chunk: length, kind, data, checksum of kind and data.
fn chunk(file: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) -> Option<()> {
    let mut sum = Crc::new();
    sum.update(kind);
    sum.update(data);
    file.extend(u32::try_from(data.len()).ok()?.to_be_bytes());
    file.extend(kind);
    file.extend(data);
    file.extend(sum.sum().to_be_bytes());
    Some(())
}

/// Base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let word = byte(0) << 16 | byte(1) << 8 | byte(2);
        for letter in 0..4 {
            if letter <= group.len() {
                let index = (word >> (18 - 6 * letter)) & 63;
                text.push(char::from(LETTERS[index as usize]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    #[test]
    fn base64_gives_the_examples_of_rfc_4648() {
        let examples = [
            "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy",
        ];
        for (length, expected) in examples.into_iter().enumerate() {
            assert_eq!(base64(&b"foobar"[..length]), expected);
        }
        assert_eq!(base64(&[0xfb, 0xff, 0xfe]), "+//+");
    }

    #[test]
    fn the_page_shows_counts_images_and_an_escaped_name() {
        let pixels = Array2::from_shape_fn((4, 6), |(i, j)| (10 * i + j) as u8);
        let images = Images::new(pixels, vec![2, 0, 2, 1], (2, 3, 1), 3, "four <tiny>");
        let html = page(&images.expect("valid"));
        assert!(html.contains("four &lt;tiny&gt;") && !html.contains("<tiny>"));
        assert!(html.contains("<td>1</td><td>1</td><td>2</td>"));
        assert_eq!(html.matches("<img").count(), 4);
    }

    #[test]
    fn planes_become_interleaved_colours() {
        let pixels = Array2::from_shape_vec((1, 6), vec![1, 2, 11, 12, 21, 22]).expect("shape");
        let images = Images::new(pixels, vec![0], (1, 2, 3), 1, "dots").expect("valid");
        let file = png(&images, 0).expect("fields agree");
        let at = file
            .windows(4)
            .position(|kind| kind == b"IDAT")
            .expect("chunk");
        let mut lines = Vec::new();
        let mut packed = flate2::read::ZlibDecoder::new(&file[at + 4..]);
        std::io::Read::read_to_end(&mut packed, &mut lines).expect("zlib data");
        assert_eq!(lines, [0, 1, 11, 21, 2, 12, 22]);
        // The end chunk never changes, so its checksum is known.
        assert!(file.ends_with(b"\0\0\0\0IEND\xae\x42\x60\x82"));
    }
}
