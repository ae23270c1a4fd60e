//! How surprising a number of successes is.

use statrs::distribution::{Binomial, DiscreteCDF};

use super::smaller;
use crate::error::{Error, Result};

/// The two-sided p-value of `successes` of `draws` under probability `p`: twice the smaller tail, at most 1. Below a level
/// by chance in that share of runs or fewer, at any p and any number of draws.
///
/// # Errors
/// p outside \[0, 1\].
pub fn binomial_p_value(p: f64, successes: u64, draws: u64) -> Result<f64> {
    let law = Binomial::new(p, draws)
        .map_err(|_| Error::domain("the probability p", "from 0 to 1", p))?;
    let at_least = match successes {
        0 => 1.0,
        count => law.sf(count - 1),
    };
    Ok(smaller(2.0 * smaller(law.cdf(successes), at_least), 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_values_by_hand() {
        // Three heads of three: twice 1/8.
        let p_value = |p, successes, draws| binomial_p_value(p, successes, draws).expect("valid");
        assert!((p_value(0.5, 3, 3) - 0.25).abs() < 1e-12);
        assert_eq!(p_value(1.0, 10, 10), 1.0);
        assert!(p_value(1.0, 9, 10) < 1e-12);
        assert!(p_value(1e-9, 1, 100) < 1e-6);
        assert_eq!(p_value(0.5, 5, 10), 1.0);
        assert!(binomial_p_value(f64::NAN, 1, 2).is_err());
    }
}
