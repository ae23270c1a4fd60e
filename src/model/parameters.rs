//! Writing a flat list of parameters into a model.

use crate::error::{Error, Result, check_finite};

/// Puts `parameters` into `places`, in order.
///
/// # Errors
/// There are more or fewer parameters than places, or one is not finite.
pub(super) fn write<'a>(
    places: impl Iterator<Item = &'a mut f64>,
    parameters: &[f64],
) -> Result<()> {
    let places: Vec<&mut f64> = places.collect();
    if places.len() != parameters.len() {
        let (expected, got) = (format!("({},)", places.len()), [parameters.len()]);
        return Err(Error::shape("the parameters", expected, &got));
    }
    check_finite("the parameters", parameters)?;
    let pairs = places.into_iter().zip(parameters);
    pairs.for_each(|(place, value)| *place = *value);
    Ok(())
}
