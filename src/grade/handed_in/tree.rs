//! A folder, or a zip that is never unpacked, as a tree of names.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags, open};
use zip::ZipArchive;

use crate::{Error, Result};

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Folder,
    Notebook,
    Zip,
    /// Nothing that is read, and why.
    Other(&'static str),
}

/// A name in a tree.
#[derive(Clone, Debug)]
pub(crate) struct Child {
    /// From the root of the tree.
    pub(crate) path: PathBuf,
    pub(crate) kind: Kind,
}

impl Child {
    /// Its own name.
    pub(crate) fn name(&self) -> String {
        file_name(&self.path)
    }
}

/// A folder or a zip.
pub(crate) enum Tree {
    Folder(PathBuf),
    Zip(PathBuf, Vec<Entry>),
}

/// An entry of a zip.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Its number in the zip.
    pub(crate) index: usize,
    /// Where it is, or the name of one that leads out of the zip.
    pub(crate) path: std::result::Result<PathBuf, String>,
    pub(crate) kind: Kind,
}

/// How deep folders are searched for notebooks.
pub(crate) const DEEPEST: usize = 16;
/// How many names one search looks at, in a folder or a zip.
pub(crate) const MOST_NAMES: usize = 100_000;

impl Tree {
    /// The tree of a zip.
    ///
    /// # Errors
    /// It is no zip, in words.
    pub(crate) fn zip(path: &Path) -> std::result::Result<Self, String> {
        let file = regular(path).map_err(|error| error.to_string())?;
        let archive = ZipArchive::new(file).map_err(|error| error.to_string())?;
        Ok(Self::Zip(path.to_owned(), entries(&archive)))
    }

    /// What is in the folder `at`, sorted by name. Checkpoints and what a system hides are not.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub(crate) fn children(&self, at: &Path) -> Result<Vec<Child>> {
        let mut children = match self {
            Self::Folder(root) => {
                let folder = root.join(at);
                let read = || -> std::io::Result<Vec<Child>> {
                    let mut children = Vec::new();
                    for entry in std::fs::read_dir(&folder)? {
                        let entry = entry?;
                        let path = at.join(entry.file_name());
                        let kind = of_file(&path, entry.file_type()?);
                        children.push(Child { path, kind });
                    }
                    Ok(children)
                };
                read().map_err(|error| Error::io(&folder, error))?
            }
            Self::Zip(_, entries) => {
                let mut children: Vec<Child> = Vec::new();
                let below = entries.iter().filter_map(|entry| {
                    let path = entry.path.as_ref().ok()?;
                    Some((path.strip_prefix(at).ok()?, &entry.kind))
                });
                for (path, kind) in below {
                    let mut parts = path.iter();
                    if let Some(first) = parts.next() {
                        let deeper = parts.next().is_some();
                        let kind = if deeper { Kind::Folder } else { kind.clone() };
                        let path = at.join(first);
                        children.push(Child { path, kind });
                    }
                }
                children
            }
        };
        children.retain(|child| !hidden(&child.path));
        children.sort_by(|a, b| a.path.cmp(&b.path));
        children.dedup_by(|a, b| a.path == b.path);
        Ok(children)
    }

    /// The names of the notebooks and zips below each child of the folder `at` that has any.
    pub(crate) fn notebooks(&self, at: &Path) -> Result<BTreeMap<PathBuf, Vec<String>>> {
        let mut names: BTreeMap<PathBuf, Vec<String>> = BTreeMap::new();
        match self {
            // One look at each entry, however many folders they make.
            Self::Zip(_, entries) => {
                for entry in entries {
                    let path = entry.path.as_ref().ok();
                    let below = path.and_then(|path| path.strip_prefix(at).ok());
                    if let Some(below) = below
                        && matches!(entry.kind, Kind::Notebook | Kind::Zip)
                        && let Some(first) = below.iter().next()
                    {
                        let name = file_name(below);
                        names.entry(at.join(first)).or_default().push(name);
                    }
                }
            }
            Self::Folder(_) => {
                for child in self.children(at)? {
                    let found = self.walk(&child);
                    if !found.is_empty() {
                        names.insert(child.path, found);
                    }
                }
            }
        }
        Ok(names)
    }

    fn walk(&self, from: &Child) -> Vec<String> {
        let mut names = Vec::new();
        let (mut left, mut seen) = (vec![(from.clone(), 0)], 0);
        while let Some((child, depth)) = left.pop() {
            match child.kind {
                Kind::Notebook | Kind::Zip => names.push(child.name()),
                Kind::Folder if depth <= DEEPEST && seen < MOST_NAMES => {
                    // A folder that cannot be read is told when it is graded.
                    let below = self.children(&child.path).unwrap_or_default();
                    seen += below.len();
                    left.extend(below.into_iter().map(|child| (child, depth + 1)));
                }
                _ => {}
            }
        }
        names
    }
}

/// The entries of a zip that are not hidden. Names are read as far as they can be: a notebook is
/// found by its ending, whatever the letters before it were.
pub(crate) fn entries<R: Read + Seek>(archive: &ZipArchive<R>) -> Vec<Entry> {
    let mut entries = Vec::new();
    for index in 0..archive.len().min(MOST_NAMES) {
        let Ok(data) = archive.by_index_data(index) else {
            continue;
        };
        let name = match (std::str::from_utf8(data.name_raw()), data.name()) {
            (Ok(name), _) => name.to_owned(),
            (_, Ok(name)) => name.into_owned(),
            _ => String::from_utf8_lossy(data.name_raw()).into_owned(),
        };
        let kind = match () {
            () if data.is_symlink() => Kind::Other(LINK),
            () if data.is_dir() || name.ends_with('\\') => Kind::Folder,
            () => by_name(Path::new(&name)),
        };
        let parts = name
            .split(['/', '\\'])
            .filter(|part| !part.is_empty() && *part != ".");
        let path: PathBuf = parts.collect();
        if path.iter().any(|part| hidden(Path::new(part))) && !path.iter().any(|part| part == "..")
        {
            continue;
        }
        let leads_out = path.iter().any(|part| part == "..") || name.contains('\0');
        entries.push(Entry {
            index,
            path: if leads_out { Err(name) } else { Ok(path) },
            kind,
        });
    }
    entries
}

const LINK: &str = "a link, which is not followed";

fn of_file(path: &Path, kind: std::fs::FileType) -> Kind {
    match () {
        // It could lead to another student's work.
        () if kind.is_symlink() => Kind::Other(LINK),
        () if kind.is_dir() => Kind::Folder,
        () if kind.is_file() => by_name(path),
        () => Kind::Other("no file: a pipe, a socket or a device"),
    }
}

/// What a file is, from its name.
pub(crate) fn by_name(path: &Path) -> Kind {
    let name = file_name(path).to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    match () {
        // Browsers and platforms save a notebook as JSON, which it is.
        () if ends(&[".ipynb", ".ipynb.json"]) => Kind::Notebook,
        () if ends(&[".zip"]) => Kind::Zip,
        () if ends(&[
            ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".lzma",
        ]) =>
        {
            Kind::Other("an archive that is not opened: unpack it, or make it a .zip")
        }
        () if name.contains(".ipynb") => {
            Kind::Other("not named as a notebook: its name must end in .ipynb")
        }
        () if ends(&[".rs", ".txt", ".py", ".html", ".pdf", ".doc", ".docx"]) => {
            Kind::Other("no notebook (.ipynb)")
        }
        () => Kind::Other(NO_ANSWER),
    }
}

/// What is said of a file that nobody takes for an answer.
pub(crate) const NO_ANSWER: &str = "neither a notebook (.ipynb) nor a zip";

/// Checkpoints of Jupyter, and what a system hides.
fn hidden(path: &Path) -> bool {
    let name = file_name(path);
    name.starts_with('.') || ["__MACOSX", "Thumbs.db", "desktop.ini"].contains(&name.as_str())
}

pub(crate) fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// Opens a file to read, if it is one: what has become a link is not followed, and nobody waits for
/// the other end of a pipe.
pub(crate) fn regular(path: &Path) -> std::io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = File::from(open(path, flags, Mode::empty())?);
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(std::io::Error::other("it is no regular file")),
    }
}
