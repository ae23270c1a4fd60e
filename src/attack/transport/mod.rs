//! Grey values as mass that is carried from pixel to pixel: how far two pictures are apart, and what an attack can do that
//! carries a little mass a short way.

mod distance;
mod moves;

pub use distance::{Transport, transport_distance};
pub use moves::{Carried, carry_within_range, worst_carrying};

use super::picture::check_shape;
use crate::error::{Error, Result};

/// Checks that d pixels are those of one grey picture of `shape`, (height, width).
fn check_grey(d: usize, (height, width): (usize, usize)) -> Result<()> {
    check_shape(d, (height, width, 1))
}

/// The sum of the pixels, which must be positive.
fn mass<'a>(what: &str, x: impl IntoIterator<Item = &'a f64>) -> Result<f64> {
    let sum: f64 = x.into_iter().sum();
    match sum > 0.0 && sum.is_finite() {
        true => Ok(sum),
        false => Err(Error::domain(
            &format!("the mass of {what}"),
            "above 0",
            sum,
        )),
    }
}
