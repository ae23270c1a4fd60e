//! Data sets: real digits and made ones.

use std::path::PathBuf;

/// Where the digits come from (placeholder).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The sample in the repository.
    Sample,
    /// A folder the user names.
    Folder(PathBuf),
}

impl Source {
    /// The folder `DLTHEORY_DATA` names, or the sample.
    #[must_use]
    pub fn from_env() -> Self {
        std::env::var_os("DLTHEORY_DATA").map_or(Self::Sample, |dir| Self::Folder(dir.into()))
    }
}
