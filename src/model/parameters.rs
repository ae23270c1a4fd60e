//! Writing a flat list of parameters into a model.

use crate::error::{Error, Result, check_finite};
use crate::real::Real;

/// Puts `parameters` into `places`, in order.
///
/// # Errors
/// There are more or fewer parameters than places, or one is not finite.
pub(super) fn write<'a, T: Real>(
    places: impl Iterator<Item = &'a mut T>,
    parameters: &[T],
) -> Result<()> {
    let places: Vec<&mut T> = places.collect();
    if places.len() != parameters.len() {
        let (expected, got) = (format!("({},)", places.len()), [parameters.len()]);
        return Err(Error::shape("the parameters", expected, &got));
    }
    check_finite("the parameters", parameters)?;
    let pairs = places.into_iter().zip(parameters);
    pairs.for_each(|(place, value)| *place = *value);
    Ok(())
}
