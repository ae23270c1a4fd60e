//! Checks of arguments that several rooms share, each an error that names the argument.

use ndarray::ArrayRef1;

use super::{Error, Result};

/// The most numbers one made array may hold: 2³⁰, eight gigabytes.
const MAX_NUMBERS: usize = 1 << 30;

/// Checks that every number of an array, of `f64` or `f32`, is finite.
///
/// # Errors
/// [`Error::NotFinite`] names the array and the first offending index.
pub fn check_finite<'a, T: Copy + Into<f64> + 'a>(
    what: &str,
    values: impl IntoIterator<Item = &'a T>,
) -> Result<()> {
    let mut numbers = values.into_iter().map(|v| (*v).into()).enumerate();
    match numbers.find(|(_, v)| !v.is_finite()) {
        None => Ok(()),
        Some((index, got)) => Err(Error::NotFinite {
            what: what.to_owned(),
            got,
            index,
        }),
    }
}

/// A number that was computed from sound input, if `f64` could hold it.
///
/// # Errors
/// [`Error::Overflow`] where it is infinite or NaN.
pub(crate) fn within_range(what: &str, value: f64) -> Result<f64> {
    match value.is_finite() {
        true => Ok(value),
        false => Err(Error::overflow(what, value)),
    }
}

/// Checks eigenvalues: some, finite, none negative.
pub(crate) fn check_eigenvalues(eigenvalues: &ArrayRef1<f64>) -> Result<()> {
    check_count("the number of eigenvalues", eigenvalues.len())?;
    check_finite("the eigenvalues", eigenvalues)?;
    match eigenvalues.iter().find(|value| **value < 0.0) {
        None => Ok(()),
        Some(value) => Err(Error::domain("an eigenvalue", "at least 0", value)),
    }
}

/// Checks that a size, an exponent or a standard deviation is finite and not negative.
pub(crate) fn check_scale(what: &str, value: f64) -> Result<()> {
    if value.is_finite() && value >= 0.0 {
        Ok(())
    } else {
        Err(Error::domain(what, "a finite number ≥ 0", value))
    }
}

/// Checks that a number is finite and above 0.
pub(crate) fn check_positive(what: &str, value: f64) -> Result<()> {
    if value.is_finite() && value > 0.0 {
        return Ok(());
    }
    Err(Error::domain(what, "a positive finite number", value))
}

/// Checks that a count is not 0.
pub(crate) fn check_count(what: &str, count: usize) -> Result<()> {
    if count == 0 {
        return Err(Error::domain(what, "at least 1", 0));
    }
    Ok(())
}

/// Checks the shape of an array to be made, (n, d): not empty, and within memory.
pub(crate) fn check_size(what: &str, n: usize, d: usize) -> Result<()> {
    match n.checked_mul(d) {
        Some(0) => Err(Error::shape(what, "at least (1, 1)", &[n, d])),
        Some(total) if total <= MAX_NUMBERS => Ok(()),
        _ => {
            let expected = format!("at most {MAX_NUMBERS} numbers");
            Err(Error::shape(what, expected, &[n, d]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_finite_says_where() {
        let error = check_finite("labels", &[1.0, f64::NAN]).expect_err("NaN must be found");
        assert!(
            error.to_string().contains("labels holds NaN at index 1"),
            "{error}"
        );
        assert_eq!(error.argument(), Some("labels"));
        assert!(check_finite("weights", &[1.0_f32, f32::INFINITY]).is_err());
    }

    #[test]
    fn an_overflow_blames_no_argument() {
        assert_eq!(within_range("the loss", 1e308).ok(), Some(1e308));
        let error = within_range("the loss", f64::INFINITY).expect_err("it is infinite");
        assert_eq!(
            error.to_string(),
            "the loss is inf, beyond the range of f64"
        );
        assert_eq!(error.argument(), None);
    }
}
