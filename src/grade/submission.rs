//! Finds submissions: a notebook, a folder of notebooks, a zip of them, a folder of all that.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::fnv::Fnv;
use super::notebook_file::{LARGEST_NOTEBOOK, Notebook};
use crate::{Error, Result};

/// What one student handed in.
#[derive(Clone, Debug)]
pub struct Submission {
    /// The name of the folder or file.
    pub name: String,
    /// Its notebooks, sorted by name.
    pub notebooks: Vec<Notebook>,
    /// What could not be read.
    pub findings: Vec<String>,
}

/// How many notebooks are read of one submission.
const MOST_NOTEBOOKS: usize = 200;
/// How many bytes of notebooks are read of one submission.
const MOST_BYTES: usize = 128 << 20;
/// How deep folders are searched for notebooks.
const DEEPEST: usize = 8;

/// The submissions that `path` stands for, sorted by name: a folder without notebooks of its own
/// is a class, with one submission a folder or zip in it.
///
/// # Errors
/// There is nothing at `path`, or no submission in it.
pub fn find(path: &Path) -> Result<Vec<PathBuf>> {
    let metadata = std::fs::metadata(path).map_err(|error| Error::io(path, error))?;
    if !metadata.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = entries(path)?;
    if entries.iter().any(|entry| is(entry, "ipynb")) {
        return Ok(vec![path.to_owned()]);
    }
    let found: Vec<PathBuf> = entries
        .into_iter()
        .filter(|entry| entry.is_dir() || is(entry, "zip"))
        .collect();
    if found.is_empty() {
        return Err(Error::Data {
            path: path.to_owned(),
            expected: "notebooks (*.ipynb), or a folder or zip for each student".into(),
            found: "none of these".into(),
        });
    }
    Ok(found)
}

impl Submission {
    /// Reads the notebooks at `path`. A broken zip is a finding, not an error.
    ///
    /// # Errors
    /// `path` cannot be read, or is neither folder nor notebook nor zip.
    pub fn read(path: &Path) -> Result<Self> {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let name = absolute
            .file_stem()
            .filter(|_| !path.is_dir())
            .or(absolute.file_name());
        let mut submission = Self {
            name: name.map_or_else(|| "submission".into(), |n| n.to_string_lossy().into_owned()),
            notebooks: Vec::new(),
            findings: Vec::new(),
        };
        if path.is_dir() {
            submission.folder(path, 0)?;
        } else if is(path, "ipynb") {
            submission.file(path)?;
        } else if is(path, "zip") {
            let file = File::open(path).map_err(|error| Error::io(path, error))?;
            if let Err(error) = submission.zip(file) {
                submission
                    .findings
                    .push(format!("the zip cannot be read: {error}"));
            }
        } else {
            return Err(Error::Data {
                path: path.to_owned(),
                expected: "a folder, a notebook (.ipynb) or a zip".into(),
                found: "something else".into(),
            });
        }
        submission.notebooks.sort_by(|a, b| a.name.cmp(&b.name));
        if submission.notebooks.is_empty() {
            submission
                .findings
                .push("there is no notebook in it".into());
        }
        Ok(submission)
    }

    fn folder(&mut self, folder: &Path, depth: usize) -> Result<()> {
        for entry in entries(folder)? {
            // A link could lead to another student's work.
            if entry.is_symlink() || hidden(&entry) {
                continue;
            }
            if entry.is_dir() && depth < DEEPEST {
                self.folder(&entry, depth + 1)?;
            } else if is(&entry, "ipynb") && entry.is_file() {
                self.file(&entry)?;
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path) -> Result<()> {
        let file = File::open(path).map_err(|error| Error::io(path, error))?;
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        self.add(name, file).map_err(|error| Error::io(path, error))
    }

    /// Nothing is unpacked: notebooks are read into memory, whatever paths their names pretend.
    fn zip(&mut self, file: File) -> std::result::Result<(), String> {
        let mut archive = zip::ZipArchive::new(file).map_err(|error| error.to_string())?;
        for index in 0..archive.len() {
            let entry = archive.by_index(index).map_err(|error| error.to_string())?;
            let Some(path) = entry.enclosed_name() else {
                let name = entry.name().map(|name| name.escape_debug().to_string());
                let name = name.unwrap_or_else(|_| "(no text)".into());
                self.findings
                    .push(format!("the zip holds a path that leads out of it: {name}"));
                continue;
            };
            if entry.is_file()
                && is(&path, "ipynb")
                && !path.iter().any(|part| hidden(Path::new(part)))
            {
                let name = path
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
                self.add(name, entry).map_err(|error| error.to_string())?;
            }
        }
        Ok(())
    }

    fn add(&mut self, name: String, from: impl Read) -> std::io::Result<()> {
        if self.notebooks.len() == MOST_NOTEBOOKS {
            let sentence = format!("only the first {MOST_NOTEBOOKS} notebooks are read");
            if !self.findings.contains(&sentence) {
                self.findings.push(sentence);
            }
            return Ok(());
        }
        let read: usize = self.notebooks.iter().map(|n| n.bytes.len()).sum();
        if read >= MOST_BYTES {
            let sentence = format!(
                "only the first {} MiB of notebooks are read",
                MOST_BYTES >> 20
            );
            if !self.findings.contains(&sentence) {
                self.findings.push(sentence);
            }
            return Ok(());
        }
        // One byte more than allowed, so that too large a notebook is known for one.
        let mut bytes = Vec::new();
        from.take(LARGEST_NOTEBOOK as u64 + 1)
            .read_to_end(&mut bytes)?;
        self.notebooks.push(Notebook { name, bytes });
        Ok(())
    }

    /// A hash of the notebooks: the same bytes, the same grade.
    #[must_use]
    pub fn hash(&self) -> String {
        let mut hash = Fnv::default();
        for notebook in &self.notebooks {
            hash.add(notebook.name.as_bytes());
            hash.add(&notebook.bytes);
        }
        hash.hex()
    }
}

/// Checkpoints of Jupyter, and what a system hides.
fn hidden(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') || name == "__MACOSX"
}

fn is(path: &Path, extension: &str) -> bool {
    path.extension()
        .is_some_and(|e| e.eq_ignore_ascii_case(extension))
        && !hidden(path)
}

/// What is in a folder, sorted.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = || -> std::io::Result<Vec<PathBuf>> {
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            entries.push(entry?.path());
        }
        entries.sort();
        Ok(entries)
    };
    read().map_err(|error| Error::io(folder, error))
}
