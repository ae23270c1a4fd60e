//! Reads what a student handed in: notebooks, folders of them, zips of them, zips in zips.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Seek};
use std::path::Path;

use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::fnv::Fnv;
use super::handed_in::{
    DEEPEST, Entry, HandedIn, Kind, MOST_NAMES, NO_ANSWER, Tree, attempt, by_name, entries,
    file_name, ilias_late, regular,
};
use super::names::shown;
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
/// How many bytes are read of one submission.
const MOST_BYTES: usize = 128 << 20;
/// How many zips are opened of one submission.
const MOST_ZIPS: usize = 50;
/// How deep zips may lie in zips.
const DEEPEST_ZIP: usize = 3;
/// How many sentences are kept about what could not be read.
const MOST_FINDINGS: usize = 50;
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

/// What has been read so far.
#[derive(Default)]
struct Reading {
    notebooks: Vec<Notebook>,
    findings: Vec<String>,
    left_out: Vec<(String, &'static str)>,
    bytes: usize,
    zips: usize,
    names: usize,
}

impl Reading {
    fn say(&mut self, sentence: String) {
        if self.findings.len() < MOST_FINDINGS && !self.findings.contains(&sentence) {
            self.findings.push(sentence);
        }
    }

    fn leave_out(&mut self, path: &Path, why: &'static str) {
        self.left_out.push((file_name(path), why));
    }

    fn folder(&mut self, folder: &Path, depth: usize) -> Result<()> {
        for child in Tree::Folder(folder.to_owned()).children(Path::new(""))? {
            self.names += 1;
            if self.names > MOST_NAMES {
                self.say(format!("only the first {MOST_NAMES} files are looked at"));
                return Ok(());
            }
            let path = folder.join(&child.path);
            let file = || regular(&path).map_err(|error| Error::io(&path, error));
            match child.kind {
                Kind::Folder if depth < DEEPEST => self.folder(&path, depth + 1)?,
                Kind::Folder => self.say(format!(
                    "folders deeper than {DEEPEST} are not read: {}",
                    shown(&child.name())
                )),
                Kind::Notebook => self
                    .add(child.name(), file()?)
                    .map_err(|error| Error::io(&path, error))?,
                Kind::Zip => self.zip(&shown(&child.name()), file()?, None, 0),
                Kind::Other(why) => self.leave_out(&child.path, why),
            }
        }
        Ok(())
    }

    /// Nothing is unpacked: notebooks are read into memory, whatever paths their names pretend, and
    /// what is no notebook is not opened. `within` is the part of the zip that counts.
    fn zip(&mut self, name: &str, from: impl Read + Seek, within: Option<&Path>, depth: usize) {
        self.zips += 1;
        if self.zips > MOST_ZIPS {
            return self.say(format!("only the first {MOST_ZIPS} zips are opened"));
        }
        let mut archive = match ZipArchive::new(from) {
            Ok(archive) => archive,
            Err(error) => {
                return self.say(format!(
                    "{name} cannot be read: it is no zip, or a part of it is missing ({error})"
                ));
            }
        };
        for Entry { index, path, kind } in entries(&archive) {
            self.names += 1;
            if self.names > MOST_NAMES {
                return self.say(format!("only the first {MOST_NAMES} files are looked at"));
            }
            let path = match path {
                Ok(path) if within.is_none_or(|within| path.starts_with(within)) => path,
                Ok(_) => continue,
                Err(_) if within.is_some() => continue,
                Err(path) => {
                    let path = path.escape_debug();
                    self.say(format!("the zip holds a path that leads out of it: {path}"));
                    continue;
                }
            };
            match kind {
                Kind::Folder => {}
                Kind::Other(why) => self.leave_out(&path, why),
                Kind::Notebook | Kind::Zip => {
                    if let Err(why) = self.entry(&mut archive, index, &path, &kind, depth) {
                        let path = shown(&path.to_string_lossy());
                        self.say(format!("{path} in {name} cannot be read: {why}"));
                    }
                }
            }
        }
    }

    /// One entry of a zip; what is wrong with it costs itself only.
    fn entry<R: Read + Seek>(
        &mut self,
        archive: &mut ZipArchive<R>,
        index: usize,
        path: &Path,
        kind: &Kind,
        depth: usize,
    ) -> std::result::Result<(), String> {
        let mut entry = archive.by_index(index).map_err(why)?;
        let method = entry.compression();
        if !matches!(
            method,
            CompressionMethod::Stored | CompressionMethod::Deflated
        ) {
            return Err(format!(
                "it is packed in a way that is not read here ({method}); a zip made with what comes with the system would be"
            ));
        }
        let damaged = |error: std::io::Error| format!("it is damaged ({error})");
        if *kind == Kind::Notebook {
            return self.add(file_name(path), entry).map_err(damaged);
        }
        if depth + 1 >= DEEPEST_ZIP {
            return Err(format!("zips lie in zips more than {DEEPEST_ZIP} deep"));
        }
        let mut bytes = Vec::new();
        let left = MOST_BYTES.saturating_sub(self.bytes);
        let read = (&mut entry).take(left as u64 + 1).read_to_end(&mut bytes);
        read.map_err(damaged)?;
        drop(entry);
        if bytes.len() > left {
            return Err(format!("more than {} MiB have been read", MOST_BYTES >> 20));
        }
        self.bytes += bytes.len();
        let name = shown(&file_name(path));
        self.zip(&name, Cursor::new(bytes), None, depth + 1);
        Ok(())
    }

    fn add(&mut self, name: String, from: impl Read) -> std::io::Result<()> {
        if self.notebooks.len() == MOST_NOTEBOOKS {
            self.say(format!(
                "only the first {MOST_NOTEBOOKS} notebooks are read"
            ));
            return Ok(());
        }
        if self.bytes >= MOST_BYTES {
            let megabytes = MOST_BYTES >> 20;
            self.say(format!(
                "only the first {megabytes} MiB of notebooks are read"
            ));
            return Ok(());
        }
        // One byte more than allowed, so that too large a notebook is known for one.
        let mut bytes = Vec::new();
        from.take(LARGEST_NOTEBOOK as u64 + 1)
            .read_to_end(&mut bytes)?;
        self.bytes += bytes.len();
        self.notebooks.push(Notebook { name, bytes });
        Ok(())
    }

    /// Of notebooks that ILIAS numbered as attempts at one, the last counts.
    fn only_latest(&mut self) {
        let key = |name: &str| {
            let (late, rest) = ilias_late(name);
            let (base, number) = attempt(rest);
            (base, (late, number))
        };
        let mut latest: BTreeMap<String, (bool, u64)> = BTreeMap::new();
        for notebook in &self.notebooks {
            let (base, order) = key(&notebook.name);
            let best = latest.entry(base).or_insert(order);
            *best = order.max(*best);
        }
        let (kept, earlier) =
            std::mem::take(&mut self.notebooks)
                .into_iter()
                .partition(|notebook| {
                    let (base, order) = key(&notebook.name);
                    latest.get(&base) == Some(&order)
                });
        self.notebooks = kept;
        for notebook in earlier {
            let name = shown(&notebook.name);
            self.say(format!("an earlier attempt does not count: {name}"));
        }
        if latest.values().any(|(late, _)| *late) {
            self.say("handed in late".into());
        }
    }
}

/// Why an entry cannot be opened, and the way out.
fn why(error: ZipError) -> String {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
            "it is encrypted; a zip without a password would be read".into()
        }
        error => format!("it is damaged ({error})"),
    }
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
