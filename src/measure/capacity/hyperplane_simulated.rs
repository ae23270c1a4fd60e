//! Random labellings of random points, and how many of them a hyperplane does fit.

use crate::data::synthetic::{gaussian, random_signs};
use crate::error::Result;
use crate::fit::separable;
use crate::stats::{Estimate, estimate};

/// The share of random labellings of Gaussian points, n of them in R^d, that a hyperplane through the
/// origin separates, by simulation: new points and signs each draw, each judged with a proof (see
/// [`crate::fit::separable`]).
///
/// # Errors
/// n, d or the draws are 0.
pub fn separable_fraction(n: usize, d: usize, draws: usize, seed: u64) -> Result<Estimate> {
    estimate(draws, seed, "separable fraction", |rng| {
        let x = gaussian(n, d, rng)?;
        let signs = random_signs(n, rng)?;
        Ok(f64::from(u8::from(separable(&x, &signs)?)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_input_is_an_error() {
        assert!(separable_fraction(0, 1, 1, 1).is_err() && separable_fraction(1, 0, 1, 1).is_err());
        assert!(separable_fraction(2, 1, 0, 1).is_err());
    }
}
