//! How large the largest of many distances may be by chance.

use crate::error::{Error, Result, check_count};
use crate::stats::student_quantile;

/// The z that the largest of `tests` distances |mean − truth|/s.e. exceeds with probability at most `level`.
///
/// # Formula
/// By Bonferroni's inequality, whatever the dependence between the tests, z is the quantile of order
/// 1 − level/(2·tests) of one distance: of Student's t with `draws` − 1 degrees of freedom where each s.e. comes from
/// `draws` normal draws, of the normal law where it is known (`None`). One test at the level 0.0027 gives z = 3.
///
/// # Errors
/// No tests; a level outside (0, 1), or below 2·10⁻¹² a test; fewer than 2 draws.
///
/// # Reference
/// Dunn 1961, "Multiple comparisons among means", doi:10.1080/01621459.1961.10482090.
///
/// ```
/// use dltheory::stats::largest_distance;
/// assert!((largest_distance(1, 0.05, None)? - 1.96).abs() < 1e-3);
/// assert!((largest_distance(50, 0.01, None)? - 3.72).abs() < 1e-2);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn largest_distance(tests: usize, level: f64, draws: Option<usize>) -> Result<f64> {
    check_count("the number of tests", tests)?;
    if !(level > 0.0 && level < 1.0) {
        return Err(Error::domain("the level", "between 0 and 1", level));
    }
    if let Some(draws @ ..2) = draws {
        return Err(Error::domain("the number of draws", "at least 2", draws));
    }
    let freedom = draws.map(|draws| draws - 1);
    // From the lower tail: 1 − level would round.
    let quantile = student_quantile(level / (2.0 * tests as f64), freedom)?;
    Ok(-quantile)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_quantiles() {
        let z = |tests, level, draws| largest_distance(tests, level, draws).expect("valid");
        assert!((z(1, 0.002_699_796, None) - 3.0).abs() < 1e-6);
        // Student with 9 degrees of freedom, two-sided 5 %: 2.262.
        assert!((z(1, 0.05, Some(10)) - 2.262_157).abs() < 1e-5);
        assert!((z(5, 0.05, None) - z(1, 0.01, None)).abs() < 1e-12);
        assert!(z(3, 0.01, Some(1_000_000)) - z(3, 0.01, None) < 1e-3);
        assert!(z(3, 0.01, Some(20)) > z(3, 0.01, None));
    }

    #[test]
    fn bad_input_is_an_error() {
        for level in [0.0, 1.0, -0.1, f64::NAN, f64::INFINITY] {
            assert!(largest_distance(3, level, None).is_err());
        }
        assert!(largest_distance(0, 0.1, None).is_err());
        for draws in [0, 1] {
            assert!(largest_distance(3, 0.1, Some(draws)).is_err());
        }
    }
}
