//! The students' version of this repository: no solution, no hidden check.

use std::path::{Path, PathBuf};

use super::toolchain::ROOT;
use crate::exercise::{self, hidden};
use crate::{Error, Result};

/// What a student gets. Whatever is not named here stays with the instructor.
pub(super) const GIVEN: &[&str] = &[
    ".gitignore",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    ".clippy.toml",
    "benches",
    "build.rs",
    "data",
    "environment.md",
    "lab",
    "notebooks",
    "src",
    "tests",
];
/// What of it a student does not get.
const KEPT: &[&str] = &[
    "src/exercise/solutions",
    "src/exercise/hidden",
    "tests/chapters",
    "tests/grading",
];
/// What is left behind by running things.
pub(super) const LITTER: &[&str] = &["__pycache__", ".ipynb_checkpoints", ".pytest_cache"];

/// What `src/exercise/hidden/mod.rs` is in the students' version.
const NO_HIDDEN: &str = "//! Hidden checks are the instructor's.

use super::Check;

/// The hidden checks of the exercise `name`: none here.
#[must_use]
pub fn checks(_name: &str) -> &'static [Check] {
    &[]
}

/// What the inputs of grading depend on: nothing here.
pub(crate) const SOURCES: &[&str] = &[];
";

/// Writes the students' version into `to`, which must not exist or be empty. Returns the number
/// of files.
///
/// # Errors
/// `to` has something in it, or cannot be written. Then nothing is left there.
pub fn release(to: &Path) -> Result<usize> {
    only_for_instructors()?;
    let root = Path::new(ROOT);
    let occupied = std::fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_some());
    if occupied || to.is_file() {
        return Err(Error::Data {
            path: to.to_owned(),
            expected: "a new or an empty folder".into(),
            found: "something in it".into(),
        });
    }
    let target = std::path::absolute(to).map_err(|error| Error::io(to, error))?;
    if GIVEN
        .iter()
        .any(|given| target.starts_with(root.join(given)))
    {
        return Err(Error::domain(
            "the folder",
            "outside what is released",
            to.display(),
        ));
    }
    let parent = target.parent().unwrap_or(Path::new("/"));
    std::fs::create_dir_all(parent).map_err(|error| Error::io(parent, error))?;
    let draft = tempfile::TempDir::new_in(parent).map_err(|error| Error::io(parent, error))?;
    let mut files = 0;
    for given in GIVEN {
        if root.join(given).exists() {
            copy(root, Path::new(given), draft.path(), &mut files)?;
        }
    }
    let write = |path: &str, text: &str| {
        let path = draft.path().join(path);
        let folder = path.parent().unwrap_or(Path::new("/"));
        std::fs::create_dir_all(folder).map_err(|error| Error::io(folder, error))?;
        std::fs::write(&path, text).map_err(|error| Error::io(&path, error))
    };
    write("src/exercise/hidden/mod.rs", NO_HIDDEN)?;
    write("src/exercise/grading.csv", &visible_rows(exercise::GRADING))?;
    // A folder of a temporary name is only ours to read.
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(draft.path(), std::fs::Permissions::from_mode(0o755))
        .map_err(|error| Error::io(draft.path(), error))?;
    let draft = draft.keep();
    let _ = std::fs::remove_dir(&target);
    std::fs::rename(&draft, &target).map_err(|error| Error::io(&target, error))?;
    Ok(files + 1)
}

/// Whether this is what [`release`] wrote.
#[must_use]
pub fn is_students_version() -> bool {
    hidden::SOURCES.is_empty()
}

/// Refuses what the students' version cannot do.
pub(super) fn only_for_instructors() -> Result<()> {
    match is_students_version() {
        true => Err(Error::Grading(
            "this is the students' version: it has no solutions and no hidden checks".into(),
        )),
        false => Ok(()),
    }
}

/// The lines of `grading.csv` that are about visible checks, comments included.
fn visible_rows(text: &str) -> String {
    let hidden_row = |line: &str| {
        let cells = line.split([',', ';', '\t']);
        let mut cells = cells.map(|cell| cell.trim_matches(['"', ' ', '\u{feff}']));
        let (Some(name), Some(check)) = (cells.next(), cells.next()) else {
            return false;
        };
        hidden::checks(name)
            .iter()
            .any(|hidden| hidden.name == check)
    };
    let lines = text
        .lines()
        .filter(|line| line.starts_with('#') || !hidden_row(line));
    lines.map(|line| format!("{line}\n")).collect()
}

fn copy(root: &Path, path: &Path, to: &Path, files: &mut usize) -> Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if KEPT.iter().any(|kept| path == Path::new(kept)) || LITTER.contains(&name.as_ref()) {
        return Ok(());
    }
    let (from, target): (PathBuf, PathBuf) = (root.join(path), to.join(path));
    if from.is_dir() {
        std::fs::create_dir_all(&target).map_err(|error| Error::io(&target, error))?;
        for entry in std::fs::read_dir(&from).map_err(|error| Error::io(&from, error))? {
            let entry = entry.map_err(|error| Error::io(&from, error))?;
            copy(root, &path.join(entry.file_name()), to, files)?;
        }
    } else {
        std::fs::copy(&from, &target).map_err(|error| Error::io(&target, error))?;
        *files += 1;
    }
    Ok(())
}
