//! What a class handed in, as platforms and people give it: notebooks, folders, zips, and folders
//! or zips of all that. What is left out is named, with the reason.

mod find;
mod level;
mod platform;
mod tree;

use std::path::{Path, PathBuf};

use crate::{Error, Result};
pub use find::find;
pub use platform::Student;
pub(super) use platform::{attempt, ilias_late};
pub(super) use tree::{
    DEEPEST, Entry, Kind, MOST_NAMES, NO_ANSWER, Tree, by_name, entries, file_name, regular,
};

/// What one student handed in, not read yet.
#[derive(Clone, Debug, Default)]
pub struct HandedIn {
    /// Whose: the name of the folder or file, or what a platform's name says.
    pub name: String,
    /// What a roster may know the student by.
    pub student: Student,
    /// Where it is.
    pub(super) parts: Vec<Part>,
    /// What must be said of it.
    pub findings: Vec<String>,
    /// Whether its folder is one of ILIAS, which numbers attempts.
    pub(super) numbered: bool,
}

/// A file or a folder, or one within a zip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) path: PathBuf,
    pub(super) within: Option<PathBuf>,
}

/// Something that was not read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Its name.
    pub name: String,
    /// Why, as the end of a sentence: "a link, which is not followed".
    pub why: String,
}

/// What a path stands for.
#[derive(Clone, Debug, Default)]
pub struct Class {
    /// The submissions, sorted by name.
    pub submissions: Vec<HandedIn>,
    /// What is none.
    pub left_out: Vec<LeftOut>,
    /// What the person who grades should know.
    pub notes: Vec<String>,
    /// The paths all this was found at.
    pub paths: Vec<PathBuf>,
}

impl HandedIn {
    /// One submission, whatever is in the folder, notebook or zip at `path`.
    #[must_use]
    pub fn one(path: &Path) -> Self {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let name = match path.is_dir() {
            true => absolute.file_name(),
            false => absolute.file_stem(),
        };
        let name = name.map_or_else(|| "submission".into(), |n| n.to_string_lossy().into_owned());
        Self {
            student: Student {
                name: Some(name.clone()),
                ids: vec![name.clone()],
            },
            name,
            // What was named on the command line may be a link.
            parts: vec![Part {
                path: path.canonicalize().unwrap_or(absolute),
                within: None,
            }],
            ..Self::default()
        }
    }
}

impl Class {
    /// One submission, whatever is in the folder, notebook or zip at `path`.
    ///
    /// # Errors
    /// There is nothing at `path`.
    pub fn one(path: &Path) -> Result<Self> {
        std::fs::metadata(path).map_err(|error| Error::io(path, error))?;
        Ok(Self {
            submissions: vec![HandedIn::one(path)],
            paths: vec![path.to_owned()],
            ..Self::default()
        })
    }

    /// Adds the submissions of another path.
    pub fn extend(&mut self, other: Self) {
        for submission in other.submissions {
            // The same path named twice is one submission.
            if !self.submissions.iter().any(|s| s.parts == submission.parts) {
                self.submissions.push(submission);
            }
        }
        self.left_out.extend(other.left_out);
        self.notes.extend(other.notes);
        self.paths.extend(other.paths);
    }
}
