//! What a student handed in, read.

mod reading;

use std::path::Path;

use super::fnv::Fnv;
use super::handed_in::{HandedIn, Kind, NO_ANSWER, by_name, file_name, regular};
use super::names::shown;
use super::notebook_file::Notebook;
use crate::{Error, Result};
use reading::Reading;

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

/// How many names of what was left out are told.
const MOST_LEFT_OUT: usize = 8;

impl Submission {
    /// Reads the notebooks at `path`, which are one submission. A broken zip is a finding, not an
    /// error.
    ///
    /// # Errors
    /// `path` cannot be read, or is neither folder nor notebook nor zip.
    pub fn read(path: &Path) -> Result<Self> {
        std::fs::metadata(path).map_err(|error| Error::io(path, error))?;
        Self::read_all(&HandedIn::one(path))
    }

    /// Reads all that a student handed in.
    ///
    /// # Errors
    /// A file or folder cannot be read, or is neither folder nor notebook nor zip.
    pub fn read_all(handed_in: &HandedIn) -> Result<Self> {
        let mut reading = Reading::default();
        for part in &handed_in.parts {
            let file = || regular(&part.path).map_err(|error| Error::io(&part.path, error));
            if part.path.is_dir() {
                reading.folder(&part.path, 0)?;
                continue;
            }
            match by_name(&part.path) {
                Kind::Notebook => reading
                    .add(file_name(&part.path), file()?)
                    .map_err(|error| Error::io(&part.path, error))?,
                Kind::Zip => reading.zip("the zip", file()?, part.within.as_deref(), 0),
                _ => {
                    return Err(Error::Data {
                        path: part.path.clone(),
                        expected: "a folder, a notebook (.ipynb) or a zip".into(),
                        found: "something else".into(),
                    });
                }
            }
        }
        if handed_in.numbered {
            reading.only_latest();
        }
        let mut notebooks = reading.notebooks;
        notebooks.sort_by(|a, b| a.name.cmp(&b.name));
        let mut findings = handed_in.findings.clone();
        findings.extend(reading.findings);
        if notebooks.is_empty() {
            findings.push("there is no notebook in it".into());
        }
        findings.extend(left_out(&reading.left_out, notebooks.is_empty()));
        Ok(Self {
            name: handed_in.name.clone(),
            notebooks,
            findings,
        })
    }

    /// A hash of the notebooks and of what could not be read: the same bytes, the same grade.
    #[must_use]
    pub fn hash(&self) -> String {
        let mut hash = Fnv::default();
        for notebook in &self.notebooks {
            hash.add(notebook.name.as_bytes());
            hash.add(&notebook.bytes);
        }
        for finding in &self.findings {
            hash.add(finding.as_bytes());
        }
        hash.hex()
    }
}

/// A sentence about the files that were not read. Beside notebooks only those count that somebody
/// could take for an answer.
fn left_out(files: &[(String, &'static str)], all: bool) -> Option<String> {
    let told: Vec<String> = files
        .iter()
        .filter(|(_, why)| all || *why != NO_ANSWER)
        .map(|(name, why)| format!("{} ({why})", shown(name)))
        .collect();
    let more = match told.len().saturating_sub(MOST_LEFT_OUT) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let first: Vec<&str> = told
        .iter()
        .take(MOST_LEFT_OUT)
        .map(String::as_str)
        .collect();
    (!told.is_empty()).then(|| format!("left out: {}{more}", first.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_could_be_an_answer_is_told_beside_notebooks() {
        let files = [
            ("a.png".to_owned(), NO_ANSWER),
            ("a.rs".to_owned(), "no notebook"),
        ];
        assert_eq!(
            left_out(&files, false).unwrap(),
            "left out: a.rs (no notebook)"
        );
        assert!(left_out(&files, true).unwrap().contains("a.png"));
        assert_eq!(left_out(&files[..1], false), None);
        let many = vec![files[1].clone(); 20];
        assert!(left_out(&many, false).unwrap().ends_with("and 12 more"));
    }
}
