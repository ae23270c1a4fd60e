//! What a factorisation can fail with.

/// A factorisation that an engine could not finish, or shapes it cannot take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{work}: {why}")]
pub struct Failed {
    /// What was asked for: "singular values", …
    pub work: &'static str,
    /// What happened, in words.
    pub why: String,
}

impl Failed {
    pub(crate) fn new(work: &'static str, why: impl ToString) -> Self {
        let why = why.to_string();
        Self { work, why }
    }

    /// Shapes that do not fit: what was expected, what came.
    pub(crate) fn shape(work: &'static str, expected: &str, got: &[usize]) -> Self {
        Self::new(work, format!("shape {got:?}, expected {expected}"))
    }
}
