//! Pixels as PNG files, and as images inside a page.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use png::{BitDepth, ColorType, Compression, Encoder, EncodingError, Filter};

/// What the bytes of an image mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pixels<'a> {
    /// One byte a pixel: its entry of a palette with three bytes an entry.
    Indexed(&'a [u8]),
    /// One byte a pixel, from black to white.
    Grey,
    /// Three bytes a pixel: red, green, blue.
    Rgb,
}

/// A PNG file of `width × height` pixels, row by row from the top, or why there is none:
/// an empty image, or bytes that do not match its size.
pub(crate) fn encode(
    (width, height): (usize, usize),
    kind: Pixels,
    bytes: &[u8],
) -> Result<Vec<u8>, String> {
    let side = |side: usize| u32::try_from(side).map_err(|error| error.to_string());
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, side(width)?, side(height)?);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::High);
    match kind {
        Pixels::Indexed(palette) => {
            encoder.set_color(ColorType::Indexed);
            encoder.set_palette(palette);
            // Enlarged cells repeat rows: the difference to the row above is nearly free.
            encoder.set_filter(Filter::Up);
        }
        Pixels::Grey => encoder.set_color(ColorType::Grayscale),
        Pixels::Rgb => encoder.set_color(ColorType::Rgb),
    }
    let written = || -> Result<(), EncodingError> {
        let mut writer = encoder.write_header()?;
        writer.write_image_data(bytes)?;
        writer.finish()
    };
    written().map_err(|error| error.to_string())?;
    Ok(file)
}

/// The address of an image whose file is the address itself.
pub(crate) fn data_uri(file: &[u8]) -> String {
    format!("data:image/png;base64,{}", STANDARD.encode(file))
}

/// The inverse of both, for tests: width, height, palette, bytes.
#[cfg(test)]
pub(crate) fn decode(uri: &str) -> (u32, u32, Option<Vec<u8>>, Vec<u8>) {
    let text = uri.strip_prefix("data:image/png;base64,").expect("a PNG");
    let file = STANDARD.decode(text).expect("base64");
    let decoder = png::Decoder::new(std::io::Cursor::new(file));
    let mut reader = decoder.read_info().expect("a header");
    let mut bytes = vec![0; reader.output_buffer_size().expect("a small image")];
    let frame = reader.next_frame(&mut bytes).expect("pixels");
    let palette = reader.info().palette.as_ref().map(|p| p.to_vec());
    (frame.width, frame.height, palette, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_reads_back() {
        let bytes: Vec<u8> = (0..18).map(|i| 14 * i).collect();
        let palette = [7; 768];
        for (kind, width, colors) in [
            (Pixels::Grey, 6, None),
            (Pixels::Rgb, 2, None),
            (Pixels::Indexed(&palette), 6, Some(palette.to_vec())),
        ] {
            let file = encode((width, 3), kind, &bytes).expect("sizes match");
            let back = decode(&data_uri(&file));
            assert_eq!(back, (width as u32, 3, colors, bytes.clone()));
        }
    }

    #[test]
    fn sizes_that_do_not_match_are_refused() {
        assert!(encode((0, 3), Pixels::Grey, &[]).is_err());
        assert!(encode((3, 0), Pixels::Grey, &[]).is_err());
        assert!(encode((2, 2), Pixels::Grey, &[0; 5]).is_err());
        assert!(encode((2, 2), Pixels::Rgb, &[0; 4]).is_err());
        assert!(encode((usize::MAX, 2), Pixels::Grey, &[0]).is_err());
    }
}
