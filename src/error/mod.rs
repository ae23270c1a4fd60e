//! The one error type: each variant names the thing, what was expected and what came.

mod check;

use std::path::PathBuf;

pub use check::check_finite;
pub(crate) use check::{
    check_count, check_eigenvalues, check_positive, check_scale, check_size, within_range,
};

/// A result whose error is [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// What can go wrong because of a caller's input or the outside world.
///
/// `Debug` prints the same sentence as `Display`, so that an `unwrap()` in a
/// notebook reads as a sentence too.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An array has the wrong shape.
    #[error("{what} has shape {got}, expected {expected}")]
    Shape {
        /// The array.
        what: String,
        /// The shape a caller should give, in words or numbers.
        expected: String,
        /// The shape that came.
        got: String,
    },
    /// A number or a name lies outside what is allowed.
    #[error("{what} is {got}, expected {expected}")]
    Domain {
        /// The quantity.
        what: String,
        /// The allowed values, in words.
        expected: String,
        /// The value that came.
        got: String,
    },
    /// An array holds NaN or an infinity.
    #[error("{what} holds {got} at index {index}, expected finite numbers")]
    NotFinite {
        /// The array.
        what: String,
        /// The first such value.
        got: f64,
        /// Its position in row-major order.
        index: usize,
    },
    /// A number computed from sound input is too large for `f64`. Nothing is wrong with one argument alone.
    #[error("{what} is {got}, beyond the range of f64")]
    Overflow {
        /// The number.
        what: String,
        /// What came out: an infinity, or NaN where infinities met.
        got: f64,
    },
    /// An iterative method grew without bound. The numbers it reached are not returned.
    #[error("{method} diverged at step {step}: {quantity} = {value:.3e}{hint}")]
    Diverged {
        /// The method.
        method: String,
        /// The step at which it was noticed.
        step: usize,
        /// What grew.
        quantity: String,
        /// How large it was.
        value: f64,
        /// What to change, starting with a separator, or empty.
        hint: String,
    },
    /// An iterative method used up its steps.
    #[error(
        "{method} did not converge in {steps} steps: residual {residual:.3e}, wanted {tolerance:.3e}"
    )]
    NotConverged {
        /// The method.
        method: String,
        /// The steps taken.
        steps: usize,
        /// The residual reached.
        residual: f64,
        /// The residual wanted.
        tolerance: f64,
    },
    /// A factorisation could not be finished.
    #[error("linear algebra failed: {0}")]
    Linalg(#[from] crate::engine::Failed),
    /// A data file is not what it should be.
    #[error("{}: expected {expected}, found {found}", path.display())]
    Data {
        /// The file.
        path: PathBuf,
        /// What the format or the caller asks for.
        expected: String,
        /// What the file holds.
        found: String,
    },
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A name that is not in a list.
    #[error("unknown {kind} `{name}`; valid: {}", valid.join(", "))]
    Unknown {
        /// What kind of name: "experiment", "setting", …
        kind: &'static str,
        /// The name that came.
        name: String,
        /// The valid names, nearest first.
        valid: Vec<String>,
    },
    /// A figure could not be drawn.
    #[error("figure {what}: {reason}")]
    Plot {
        /// The figure.
        what: String,
        /// Why.
        reason: String,
    },
    /// The machine has no room: threads, memory, address space.
    #[error("{0}")]
    Machine(String),
    /// Grading cannot go on: our or the machine's trouble, never a student's.
    #[error("grading: {0}")]
    Grading(String),
}

impl std::fmt::Debug for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

impl Error {
    /// A [`Error::Shape`].
    pub fn shape(what: &str, expected: impl ToString, got: &[usize]) -> Self {
        Self::Shape {
            what: what.to_owned(),
            expected: expected.to_string(),
            got: format!("{got:?}"),
        }
    }

    /// A [`Error::Domain`].
    pub fn domain(what: &str, expected: impl ToString, got: impl ToString) -> Self {
        Self::Domain {
            what: what.to_owned(),
            expected: expected.to_string(),
            got: got.to_string(),
        }
    }

    /// An [`Error::Overflow`].
    pub fn overflow(what: &str, got: f64) -> Self {
        Self::Overflow {
            what: what.to_owned(),
            got,
        }
    }

    /// The argument that is not as it should be, as [`Error::Shape`], [`Error::Domain`] and
    /// [`Error::NotFinite`] name it: "the inputs". `None` where no argument is to blame.
    ///
    /// ```
    /// use dltheory::linalg::spectral_norm;
    /// use ndarray::array;
    /// let error = spectral_norm(&array![[f64::NAN]]).expect_err("not a number");
    /// assert_eq!(error.argument(), Some("the matrix"));
    /// ```
    #[must_use]
    pub fn argument(&self) -> Option<&str> {
        match self {
            Self::Shape { what, .. } | Self::Domain { what, .. } | Self::NotFinite { what, .. } => {
                Some(what)
            }
            _ => None,
        }
    }

    /// A [`Error::Unknown`] whose valid names are sorted by nearness to `name`.
    pub fn unknown<'a>(
        kind: &'static str,
        name: &str,
        valid: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut valid: Vec<String> = valid.into_iter().map(str::to_owned).collect();
        valid.sort_by(|a, b| {
            let near = |s: &str| strsim::jaro_winkler(s, name);
            near(b).total_cmp(&near(a)).then_with(|| a.cmp(b))
        });
        Self::Unknown {
            kind,
            name: name.to_owned(),
            valid,
        }
    }

    /// Whether numbers left the range of their type: what an iteration that grows without bound runs
    /// into, and no argument's fault.
    #[must_use]
    pub fn is_out_of_range(&self) -> bool {
        matches!(self, Self::NotFinite { .. } | Self::Overflow { .. })
    }

    /// An [`Error::Io`].
    pub fn io(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Self::Io {
            path: path.into(),
            source,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_names_the_nearest_first_and_debug_reads_like_display() {
        let error = Error::unknown("experiment", "doubel_descent", ["alpha", "double_descent"]);
        assert_eq!(
            error.to_string(),
            "unknown experiment `doubel_descent`; valid: double_descent, alpha"
        );
        assert_eq!(format!("{error:?}"), error.to_string());
    }
}
