//! What attacks on pictures share: how an input is laid out, and the range of a pixel.

use crate::error::{Error, Result, check_finite};

/// Checks that d inputs are the pixels of pictures of `shape`, (height, width, channels), none of them 0.
pub(super) fn check_shape(d: usize, shape: (usize, usize, usize)) -> Result<()> {
    let (height, width, channels) = shape;
    let pixels = height
        .checked_mul(width)
        .and_then(|p| p.checked_mul(channels));
    if d == 0 || pixels != Some(d) {
        let expected = format!("height·width·channels = {d}, none of them 0");
        return Err(Error::domain(
            "the shape of the pictures",
            expected,
            format!("{shape:?}"),
        ));
    }
    Ok(())
}

/// Checks that pixels are finite and inside their range.
pub(super) fn check_pixels<'a>(
    what: &str,
    x: impl IntoIterator<Item = &'a f64> + Clone,
    range: (f64, f64),
) -> Result<()> {
    let (low, high) = range;
    if !(low.is_finite() && high.is_finite() && low < high) {
        let got = format!("{low} to {high}");
        return Err(Error::domain(
            "the range of a pixel",
            "two finite numbers, the lower first",
            got,
        ));
    }
    check_finite(what, x.clone())?;
    match x.into_iter().find(|v| !(low..=high).contains(*v)) {
        None => Ok(()),
        Some(v) => Err(Error::domain(
            what,
            format!("pixels from {low} to {high}"),
            v,
        )),
    }
}

/// Checks that there is one slope a pixel, all finite.
pub(super) fn check_slopes(slopes: &[usize], pixels: &[usize]) -> Result<()> {
    match slopes == pixels {
        true => Ok(()),
        false => Err(Error::shape(
            "the slopes",
            format!("{pixels:?} like the pixels"),
            slopes,
        )),
    }
}
