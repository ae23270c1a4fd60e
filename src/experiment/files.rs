//! The three files of a run: all whole, or none.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::Report;
use crate::{Error, Result};

/// Where a report was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The table.
    pub csv: PathBuf,
    /// The figure.
    pub svg: PathBuf,
    /// Settings, numbers and claims.
    pub json: PathBuf,
}

impl Report {
    /// Writes `ID.csv`, `ID.svg` and `ID.json` into `dir`, which is made if missing.
    ///
    /// # Errors
    /// [`Error::Plot`] if the figure cannot be drawn, [`Error::Io`] if a file cannot be written.
    /// Then none of the three has changed.
    pub fn write(&self, dir: &Path) -> Result<Written> {
        let svg = self.figure.svg()?;
        let json = format!("{:#}\n", self.to_json());
        let path = |ending: &str| dir.join(format!("{}.{ending}", self.experiment));
        let (csv_path, svg_path, json_path) = (path("csv"), path("svg"), path("json"));
        fs::create_dir_all(dir).map_err(|error| Error::io(dir, error))?;
        replace_all(&[
            (&csv_path, &self.table.to_csv()),
            (&svg_path, svg.as_bytes()),
            (&json_path, json.as_bytes()),
        ])?;
        Ok(Written {
            csv: csv_path,
            svg: svg_path,
            json: json_path,
        })
    }
}

/// Puts every file in place, or leaves all as they were.
fn replace_all(files: &[(&PathBuf, &[u8])]) -> Result<()> {
    // First what is most likely to fail: write everything aside, and keep what was there.
    let mut staged = Vec::new();
    for (path, bytes) in files {
        let before = match fs::read(path) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(Error::io(*path, error)),
        };
        staged.push((*path, aside(path, bytes)?, before));
    }
    // Then the renames, undone if one fails.
    let mut replaced: Vec<(&PathBuf, Option<Vec<u8>>)> = Vec::new();
    for (path, file, before) in staged {
        if let Err(error) = file.persist(path) {
            for (path, before) in replaced {
                undo(path, before.as_deref());
            }
            return Err(Error::io(path, error.error));
        }
        replaced.push((path, before));
    }
    Ok(())
}

/// A temporary file beside `path` that holds `bytes`.
fn aside(path: &Path, bytes: &[u8]) -> Result<NamedTempFile> {
    let failed = |error| Error::io(path, error);
    let mut builder = tempfile::Builder::new();
    builder.prefix(".dltheory-");
    // A temporary file is private unless told otherwise; a result is an ordinary file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = builder.tempfile_in(folder).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    Ok(file)
}

/// Brings back what stood at `path`, as well as can be done: an error is being reported already.
fn undo(path: &Path, before: Option<&[u8]>) {
    match before {
        None => drop(fs::remove_file(path)),
        Some(bytes) => {
            if let Ok(file) = aside(path, bytes) {
                drop(file.persist(path));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Coin;

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(dir)
            .expect("a folder")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into()
            })
            .collect();
        names.sort();
        names
    }

    #[test]
    fn three_files_in_a_new_folder_and_again_over_them() {
        let dir = tempfile::tempdir().expect("a folder");
        let out = dir.path().join("deep/er");
        let report = Coin::report();
        for _ in 0..2 {
            let written = report.write(&out).expect("writes");
            assert_eq!(names(&out), ["coin.csv", "coin.json", "coin.svg"]);
            let json = fs::read(&written.json).expect("there");
            let json: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
            assert_eq!(json, report.to_json());
            assert_eq!(
                fs::read(&written.csv).expect("there"),
                report.table.to_csv()
            );
        }
        #[cfg(unix)]
        {
            // As readable as any file made here: the user's umask decides, nothing else.
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode();
            let ordinary = out.join("ordinary");
            fs::write(&ordinary, "").expect("writes");
            assert_eq!(mode(&out.join("coin.csv")), mode(&ordinary));
        }
    }

    #[test]
    fn a_name_that_is_taken_by_a_folder_leaves_all_as_it_was() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::create_dir(dir.path().join("coin.json")).expect("a folder");
        fs::write(dir.path().join("coin.csv"), "old").expect("writes");
        let error = Coin::report().write(dir.path()).expect_err("no room");
        assert!(error.to_string().contains("coin.json"), "{error}");
        assert_eq!(names(dir.path()), ["coin.csv", "coin.json"]);
        assert_eq!(
            fs::read(dir.path().join("coin.csv")).expect("there"),
            b"old"
        );
    }

    #[test]
    fn a_rename_that_fails_undoes_those_before_it() {
        let dir = tempfile::tempdir().expect("a folder");
        let [old, new] = ["old", "new"].map(|name| dir.path().join(name));
        fs::write(&old, "before").expect("writes");
        // The closing slash asks for a folder: reading finds nothing, renaming a file fails.
        let last = dir.path().join("last/");
        let files: [(&PathBuf, &[u8]); 3] = [(&old, b"after"), (&new, b"x"), (&last, b"y")];
        replace_all(&files).expect_err("the last cannot be put in place");
        assert_eq!(names(dir.path()), ["old"]);
        assert_eq!(fs::read(&old).expect("there"), b"before");
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let error = Coin::report()
            .write(&file.path().join("out"))
            .expect_err("not a folder");
        assert!(error.to_string().contains("out"), "{error}");
    }
}
