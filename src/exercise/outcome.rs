//! What one check found: expected, got, how far apart, how far apart they may be.

use ndarray::{ArrayBase, Data, Dimension};

use crate::display::format_number;

/// The result of one check on one set of inputs. Its constructors work out whether it passed.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub(crate) passed: bool,
    pub(crate) what: String,
    pub(crate) expected: String,
    pub(crate) got: String,
    pub(crate) relative_error: Option<f64>,
    pub(crate) tolerance: Option<f64>,
}

impl Outcome {
    /// Passes if |got − expected| ≤ tolerance · |expected|. For an expected 0, use
    /// [`Outcome::at_most`].
    #[must_use]
    pub fn close(what: &str, expected: f64, got: f64, tolerance: f64) -> Self {
        let error = (got - expected).abs() / expected.abs();
        Self {
            passed: expected.is_finite() && error <= tolerance,
            what: what.to_owned(),
            expected: format_number(expected),
            got: format_number(got),
            relative_error: Some(error),
            tolerance: Some(tolerance),
        }
    }

    /// Passes if |got − expected| ≤ tolerance, an absolute one, such as some standard errors.
    #[must_use]
    pub fn within(what: &str, expected: f64, got: f64, tolerance: f64) -> Self {
        Self {
            passed: expected.is_finite() && (got - expected).abs() <= tolerance,
            what: what.to_owned(),
            // The column of tolerances is relative; beside 0 there is no such thing.
            expected: match expected == 0.0 {
                true => format!("0 ± {}", format_number(tolerance)),
                false => format_number(expected),
            },
            got: format_number(got),
            relative_error: (expected != 0.0).then(|| (got - expected).abs() / expected.abs()),
            tolerance: (expected != 0.0).then(|| tolerance / expected.abs()),
        }
    }

    /// Passes if got ≤ bound.
    #[must_use]
    pub fn at_most(what: &str, bound: f64, got: f64) -> Self {
        Self {
            passed: got <= bound,
            what: what.to_owned(),
            expected: format!("≤ {}", format_number(bound)),
            got: format_number(got),
            relative_error: None,
            tolerance: None,
        }
    }

    /// Passes if got ≥ bound.
    #[must_use]
    pub fn at_least(what: &str, bound: f64, got: f64) -> Self {
        Self {
            passed: got >= bound,
            what: what.to_owned(),
            expected: format!("≥ {}", format_number(bound)),
            got: format_number(got),
            relative_error: None,
            tolerance: None,
        }
    }

    /// Passes if ‖got − expected‖ ≤ tolerance · ‖expected‖ (Euclidean norm of all entries).
    #[must_use]
    pub fn arrays<S, R, D>(
        what: &str,
        expected: &ArrayBase<S, D>,
        got: &ArrayBase<R, D>,
        tolerance: f64,
    ) -> Self
    where
        S: Data<Elem = f64>,
        R: Data<Elem = f64>,
        D: Dimension,
    {
        if expected.shape() != got.shape() {
            return Self::holds(
                what,
                false,
                &format!("shape {:?}", expected.shape()),
                &format!("shape {:?}", got.shape()),
            );
        }
        let size = expected.iter().map(|e| e * e).sum::<f64>().sqrt();
        let gap = expected
            .iter()
            .zip(got)
            .map(|(e, g)| (g - e).powi(2))
            .sum::<f64>()
            .sqrt();
        let error = gap / size.max(f64::MIN_POSITIVE);
        Self {
            passed: size.is_finite() && error <= tolerance,
            what: what.to_owned(),
            expected: entries(expected.iter()),
            got: entries(got.iter()),
            relative_error: Some(error),
            tolerance: Some(tolerance),
        }
    }

    /// Passes as [`Outcome::close`] does, but tells neither what was expected nor how far off `got` is: the
    /// number of `whose` is the answer itself.
    #[must_use]
    pub fn undisclosed(whose: &str, expected: f64, got: f64, tolerance: f64) -> Self {
        Self {
            what: "your number".to_owned(),
            expected: format!("the number of {whose}, to four digits"),
            relative_error: None,
            ..Self::close("", expected, got, tolerance)
        }
    }

    /// Passes if `condition` is true; `expected` and `got` say so in words.
    #[must_use]
    pub fn holds(what: &str, condition: bool, expected: &str, got: &str) -> Self {
        Self {
            passed: condition,
            what: what.to_owned(),
            expected: expected.to_owned(),
            got: got.to_owned(),
            relative_error: None,
            tolerance: None,
        }
    }

    /// Both: the first of the two that fails, or the first.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        if self.passed && !other.passed {
            other
        } else {
            self
        }
    }

    /// The same, without what would tell about the inputs, which are not the notebook's: right or
    /// wrong, and an order of magnitude. A tolerance may depend on the inputs too.
    #[cfg(feature = "cli")]
    pub(crate) fn elsewhere(self) -> Self {
        Self {
            what: "on other inputs than the notebook's".to_owned(),
            expected: "right there too".to_owned(),
            got: "wrong".to_owned(),
            relative_error: self.relative_error.map(magnitude),
            tolerance: None,
            passed: self.passed,
        }
    }

    /// Whether the check passed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.passed
    }
}

/// The power of ten at or below a number ≥ 0, of the few that are worth telling.
#[cfg(feature = "cli")]
fn magnitude(x: f64) -> f64 {
    10_f64.powi(x.log10().floor().clamp(-15.0, 15.0) as i32)
}

/// The first entries of an array.
fn entries<'a>(numbers: impl ExactSizeIterator<Item = &'a f64>) -> String {
    const SHOWN: usize = 4;
    let more = numbers.len() > SHOWN;
    let shown: Vec<String> = numbers.take(SHOWN).map(|x| format_number(*x)).collect();
    format!("[{}{}]", shown.join(", "), if more { ", …" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn nan_never_passes() {
        let nan = f64::NAN;
        assert!(!Outcome::close("x", 1.0, nan, 0.1).passed());
        assert!(!Outcome::close("x", nan, nan, 0.1).passed());
        assert!(!Outcome::within("x", 0.0, nan, 0.1).passed());
        assert!(!Outcome::at_most("x", 1.0, nan).passed());
        assert!(!Outcome::at_least("x", 1.0, nan).passed());
        assert!(!Outcome::arrays("x", &array![1.0], &array![nan], 0.1).passed());
    }

    #[test]
    fn tolerances_are_relative_and_shown() {
        let outcome = Outcome::close("x", 200.0, 201.0, 0.01);
        assert!(outcome.passed());
        assert_eq!(outcome.relative_error, Some(0.005));
        assert!(!Outcome::close("x", 200.0, 203.0, 0.01).passed());
        assert!(Outcome::arrays("x", &array![3.0, 4.0], &array![3.0, 4.04], 0.01).passed());
        assert!(!Outcome::arrays("x", &array![3.0, 4.0], &array![3.0], 0.01).passed());
    }

    #[cfg(feature = "cli")]
    #[test]
    fn elsewhere_there_is_no_more_than_an_order_of_magnitude() {
        for (error, told) in [
            (0.012_345, 0.01),
            (7e8, 1e8),
            (1e-200, 1e-15),
            (1e200, 1e15),
        ] {
            let outcome = Outcome::within("x", 1.0, 1.0 + error, 0.1 * error).elsewhere();
            let about = outcome.relative_error.unwrap();
            assert!(
                (about / told - 1.0).abs() < 1e-12 || error < 1e-16,
                "{about}"
            );
            assert!(outcome.tolerance.is_none() && outcome.got == "wrong");
        }
        for error in [0.0, f64::INFINITY, f64::NAN] {
            assert!(magnitude(error).is_finite(), "{error}");
        }
    }

    #[test]
    fn and_shows_what_fails() {
        let good = Outcome::at_most("a", 1.0, 0.0);
        let bad = Outcome::at_most("b", 1.0, 2.0);
        assert_eq!(good.clone().and(bad.clone()).what, "b");
        assert_eq!(bad.and(good).what, "b");
    }
}
