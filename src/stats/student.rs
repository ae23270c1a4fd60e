//! Quantiles of Student's law with any number of degrees of freedom.

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use crate::error::{Error, Result};

/// Beyond, a search among incomplete beta functions need not end.
const MAX_SEARCHED: usize = 10_000;

/// The least order: below, the search fails.
const MIN_ORDER: f64 = 1e-12;

/// The quantile of order `order` of Student's t with `freedom` degrees of freedom; `None` stands for infinitely many, the
/// normal law.
///
/// # Formula
/// Beyond 10⁴ degrees of freedom ν, Fisher and Cornish's expansion about the normal quantile z:
/// z + (z³ + z)/(4ν) + (5z⁵ + 16z³ + 3z)/(96ν²). The next term is below 10⁻⁸ for orders from 10⁻¹², and below 10⁻¹² for
/// the quartiles.
///
/// # Errors
/// No degree of freedom; an order outside 10⁻¹² to 1 − 10⁻¹².
pub(crate) fn student_quantile(order: f64, freedom: Option<usize>) -> Result<f64> {
    if !(MIN_ORDER..=1.0 - MIN_ORDER).contains(&order) {
        let expected = format!("{MIN_ORDER} to 1 − {MIN_ORDER}");
        return Err(Error::domain("the order of a quantile", expected, order));
    }
    let z = Normal::standard().inverse_cdf(order);
    match freedom {
        None => Ok(z),
        Some(freedom) if freedom > MAX_SEARCHED => {
            let nu = freedom as f64;
            let (z3, z5) = (z.powi(3), z.powi(5));
            let second = (5.0 * z5 + 16.0 * z3 + 3.0 * z) / 96.0;
            Ok(z + ((z3 + z) / 4.0 + second / nu) / nu)
        }
        Some(freedom) => StudentsT::new(0.0, 1.0, freedom as f64)
            .map(|law| law.inverse_cdf(order))
            .map_err(|_| Error::domain("the degrees of freedom", "at least 1", freedom)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both routes meet, and the tail is that of the tables.
    #[test]
    fn the_expansion_meets_the_search() {
        for order in [1e-9, 1e-4, 0.1, 0.75] {
            let searched = student_quantile(order, Some(MAX_SEARCHED)).expect("valid");
            let expanded = student_quantile(order, Some(MAX_SEARCHED + 1)).expect("valid");
            assert!(
                (searched - expanded).abs() < 1e-6,
                "{order}: {searched} {expanded}"
            );
            let normal = student_quantile(order, None).expect("valid");
            let far = student_quantile(order, Some(usize::MAX)).expect("valid");
            assert!((normal - far).abs() < 1e-12, "{order}: {normal} {far}");
        }
        // Cauchy's law: tan(π(p − ½)).
        assert!((student_quantile(0.75, Some(1)).expect("valid") - 1.0).abs() < 1e-9);
        assert!((student_quantile(0.975, Some(10)).expect("valid") - 2.228_139).abs() < 1e-6);
        assert!(student_quantile(0.3, Some(0)).is_err() && student_quantile(0.0, None).is_err());
        assert!(student_quantile(f64::NAN, Some(3)).is_err());
    }

    #[test]
    fn the_search_ends_for_every_order_and_freedom() {
        for freedom in [1, 2, 3, 10, 59, 199, 1000, MAX_SEARCHED] {
            for order in [MIN_ORDER, 1e-9, 1e-6, 1e-3, 0.3, 0.75, 1.0 - 1e-6] {
                let quantile = student_quantile(order, Some(freedom)).expect("valid");
                assert!(quantile.is_finite(), "{order} {freedom}");
            }
        }
    }
}
