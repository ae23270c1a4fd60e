//! Reads notebooks, folders of them, zips of them, zips in zips, up to limits.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Seek};
use std::path::Path;

use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use crate::grade::handed_in::{
    DEEPEST, Entry, Kind, MOST_NAMES, Tree, attempt, entries, file_name, ilias_late, regular,
};
use crate::grade::names::shown;
use crate::grade::notebook_file::{LARGEST_NOTEBOOK, Notebook};
use crate::{Error, Result};

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

/// What has been read so far.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) notebooks: Vec<Notebook>,
    pub(super) findings: Vec<String>,
    pub(super) left_out: Vec<(String, &'static str)>,
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

    pub(super) fn folder(&mut self, folder: &Path, depth: usize) -> Result<()> {
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
    pub(super) fn zip(
        &mut self,
        name: &str,
        from: impl Read + Seek,
        within: Option<&Path>,
        depth: usize,
    ) {
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
                "it is packed in a way that is not read here ({method}): pack it again, with the system's file manager or `zip`"
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

    pub(super) fn add(&mut self, name: String, from: impl Read) -> std::io::Result<()> {
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
    pub(super) fn only_latest(&mut self) {
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
