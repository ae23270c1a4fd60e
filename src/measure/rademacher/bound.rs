//! From Rademacher complexity to a bound on the test error.

use crate::error::{Error, Result, check_count, check_finite, check_scale};

/// Which complexity the bound is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Complexity {
    /// The mean over training sets, E_S R_S: 2R + c√(ln(1/δ)/(2n)).
    Expected,
    /// That of the training set at hand, R_S: 2R + 3c√(ln(2/δ)/(2n)).
    Empirical,
}

/// The gap that, with probability at least 1 − δ over training sets, no function of the class exceeds:
/// L(f) − L_S(f) ≤ gap for all f at once.
///
/// # Formula
/// 2R + c√(ln(1/δ)/(2n)) or 2R + 3c√(ln(2/δ)/(2n)), see [`Complexity`]; losses in \[0, c\], R the
/// complexity of the *loss* class ℓ∘H. For an L-Lipschitz loss R(ℓ∘H) ≤ L·R(H); for the 0–1 loss of
/// ±1-valued functions R(ℓ∘H) = R(H)/2. Source documents also print 2R + c√(ln(4/δ)/n), with c
/// any constant.
///
/// A gap ≥ c is true of every class and says nothing: see [`is_vacuous`].
///
/// Takes `complexity` R ≥ 0, the number of examples `n`, the failure probability `delta` δ in (0, 1), and the
/// loss's `range` c > 0.
///
/// # Errors
/// A number outside its range, or n = 0.
///
/// # Reference
/// Mohri, Rostamizadeh & Talwalkar 2018, "Foundations of machine learning", 2nd ed., Theorem 3.3 (c = 1); after Koltchinskii &
/// Panchenko 2000 and Bartlett & Mendelson 2002.
///
/// ```
/// use dltheory::measure::{Complexity, generalisation_gap, is_vacuous};
/// let gap = generalisation_gap(1.0, Complexity::Empirical, 10_000, 0.05, 1.0)?;
/// assert!(is_vacuous(gap, 1.0)); // a class that fits any signs
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn generalisation_gap(
    complexity: f64,
    version: Complexity,
    n: usize,
    delta: f64,
    range: f64,
) -> Result<f64> {
    check_scale("the complexity R", complexity)?;
    check_count("the number of examples n", n)?;
    check_scale("the range of the loss c", range)?;
    if !(delta > 0.0 && delta < 1.0) {
        return Err(Error::domain(
            "the failure probability δ",
            "above 0 and below 1",
            delta,
        ));
    }
    let (factor, failures) = match version {
        Complexity::Expected => (1.0, 1.0),
        Complexity::Empirical => (3.0, 2.0),
    };
    let confidence = ((f64::ln(failures) - delta.ln()) / (2.0 * n as f64)).sqrt();
    let gap = 2.0 * complexity + factor * range * confidence;
    check_finite("the gap", &[gap])?;
    Ok(gap)
}

/// Whether a bound on a loss in \[0, `range`\] says nothing: no smaller than the range itself.
#[must_use]
pub fn is_vacuous(bound: f64, range: f64) -> bool {
    // NaN says nothing either.
    bound.is_nan() || bound >= range
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::finite_class_complexity;
    use crate::rng::stream;
    use crate::stats::{larger, largest};
    use ndarray::Array2;
    use rand::RngExt;

    #[test]
    fn both_versions_match_the_formula() {
        let expected = generalisation_gap(0.1, Complexity::Expected, 50, 0.1, 1.0).expect("valid");
        assert!((expected - (0.2 + (10.0_f64.ln() / 100.0).sqrt())).abs() < 1e-15);
        let empirical =
            generalisation_gap(0.1, Complexity::Empirical, 50, 0.1, 2.0).expect("valid");
        assert!((empirical - (0.2 + 6.0 * (20.0_f64.ln() / 100.0).sqrt())).abs() < 1e-15);
    }

    /// Twenty classifiers against labels by coin flip: errors are fair coins, every true error is ½. The largest gap
    /// over the class stays below the bound in all of 300 training sets, of which δ = 10 % might not.
    #[test]
    fn the_bound_holds_on_a_finite_class() {
        let (m, n, delta) = (20, 60, 0.1);
        let mut broken = 0;
        for draw in 0..300 {
            let rng = &mut stream(1, "finite class", draw);
            let errors =
                Array2::from_shape_simple_fn((m, n), || f64::from(u8::from(rng.random::<bool>())));
            let rows = errors.rows().into_iter();
            let worst = largest(rows.map(|row| 0.5 - row.sum() / n as f64));
            let r = finite_class_complexity(&errors, 100, draw)
                .expect("valid")
                .mean;
            let gap = generalisation_gap(larger(r, 0.0), Complexity::Empirical, n, delta, 1.0)
                .expect("valid");
            broken += usize::from(worst > gap);
        }
        assert!(broken <= 30, "{broken}");
    }

    #[test]
    fn bad_input_is_an_error() {
        let gap = |r, n, delta, c| generalisation_gap(r, Complexity::Expected, n, delta, c);
        assert!(gap(-1.0, 5, 0.1, 1.0).is_err() && gap(f64::NAN, 5, 0.1, 1.0).is_err());
        assert!(gap(0.1, 0, 0.1, 1.0).is_err() && gap(0.1, 5, 0.1, -1.0).is_err());
        for delta in [0.0, 1.0, -0.1, f64::NAN] {
            assert!(gap(0.1, 5, delta, 1.0).is_err());
        }
        assert!(is_vacuous(f64::NAN, 1.0) && is_vacuous(1.0, 1.0) && !is_vacuous(0.9, 1.0));
    }
}
