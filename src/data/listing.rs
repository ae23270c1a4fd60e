//! What lies in a folder, and what the names of its files promise.

use std::path::{Path, PathBuf};

use super::file;
use super::sniff;
use crate::{Error, Result};

/// How deep a folder is searched: `data/MNIST/raw/FILE` and one more.
const DEPTH: usize = 3;
/// The most files looked at, so that naming a whole disk ends soon.
const MOST: usize = 10_000;
/// The most names in a message.
const NAMED: usize = 12;

/// Which images of a set a file is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Training.
    Train,
    /// Testing.
    Test,
    /// The set makes no such division.
    All,
}

/// What a file's name says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Role {
    /// What stands before `train` or `test`: "emnist-letters"; often nothing.
    pub(super) prefix: String,
    pub(super) part: Part,
    pub(super) labels: bool,
    /// How far the name is from the usual one: of two files for one thing the lower is tried first.
    pub(super) rank: usize,
}

impl Role {
    /// The role of a file with this name, if it is one of a pair of images and labels.
    pub(super) fn of(name: &str) -> Option<Self> {
        let mut name = name.to_lowercase();
        let mut rank = 0;
        for (end, more) in [(".gz", 1), (".npy", 0), (".npz", 0)] {
            if let Some(rest) = name.strip_suffix(end) {
                name = rest.to_owned();
                rank += more;
            }
        }
        let plain = without_copy_mark(&name);
        if plain.len() < name.len() {
            rank += 2;
        }
        // `train-images.idx3-ubyte` is the one usual name with a dot.
        if let Some((_, end)) = plain.rsplit_once('.')
            && !(end.starts_with("idx") || end.starts_with("ubyte"))
        {
            return None;
        }
        let words: Vec<&str> = plain.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        let part_of = |word: &str| match word {
            "train" | "training" => Some(Part::Train),
            "t10k" | "test" | "testing" | "test10k" | "test50k" => Some(Part::Test),
            _ => None,
        };
        let kind_of = |word: &str| match word {
            "images" | "image" | "imgs" | "x" => Some(false),
            "labels" | "label" | "y" => Some(true),
            _ => None,
        };
        let labels = words.iter().find_map(|word| kind_of(word))?;
        let part = words.iter().find_map(|word| part_of(word));
        let numbered = words.iter().any(|word| word.starts_with("idx"));
        if part.is_none() && !numbered {
            return None;
        }
        let before = words
            .iter()
            .take_while(|word| part_of(word).or(kind_of(word).map(|_| Part::All)).is_none());
        Some(Self {
            prefix: before.copied().collect::<Vec<_>>().join("-"),
            part: part.unwrap_or(Part::All),
            labels,
            rank,
        })
    }

    /// The usual name of a file with this role.
    pub(super) fn usual_name(prefix: &str, part: Part, labels: bool) -> String {
        let kind = if labels {
            "labels-idx1-ubyte"
        } else {
            "images-idx3-ubyte"
        };
        let part = match part {
            Part::Train => "train",
            Part::Test => "t10k",
            Part::All => "",
        };
        let words = [prefix, part, kind];
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        words.join("-")
    }
}

/// `name` without what browsers and file managers add to a second copy: "name (1)", "name 2", "name - copy".
fn without_copy_mark(name: &str) -> &str {
    let name = name.trim_end();
    let numbered = name
        .trim_end_matches(')')
        .trim_end_matches(|c: char| c.is_ascii_digit());
    for (kept, end) in [
        (numbered, " ("),
        (numbered, " "),
        (name, " - copy"),
        (name, " copy"),
    ] {
        if let Some(rest) = kept.strip_suffix(end)
            && !rest.is_empty()
        {
            return rest.trim_end();
        }
    }
    name
}

/// All files below a folder, sorted, without hidden ones and what other systems leave behind (`._name`, `__MACOSX`).
#[derive(Debug)]
pub(super) struct Listing {
    folder: PathBuf,
    pub(super) files: Vec<PathBuf>,
}

impl Listing {
    /// Looks through `folder`.
    pub(super) fn of(folder: &Path) -> Result<Self> {
        let mut files = Vec::new();
        walk(folder, DEPTH, &mut files)?;
        files.sort();
        let folder = folder.to_owned();
        Ok(Self { folder, files })
    }

    /// The files with this name, shallowest first.
    pub(super) fn named(&self, name: &str) -> Vec<&Path> {
        let same = |path: &&PathBuf| path.file_name().is_some_and(|found| found == name);
        let mut found: Vec<&Path> = self
            .files
            .iter()
            .filter(same)
            .map(PathBuf::as_path)
            .collect();
        found.sort_by_key(|path| path.components().count());
        found
    }

    /// The files whose name ends like this, in small or capital letters.
    pub(super) fn ending(&self, end: &str) -> Vec<&Path> {
        let like = |path: &&PathBuf| path.to_string_lossy().to_lowercase().ends_with(end);
        self.files
            .iter()
            .filter(like)
            .map(PathBuf::as_path)
            .collect()
    }

    /// What is there in words, for a folder in which nothing fits.
    pub(super) fn words(&self) -> String {
        if self.files.is_empty() {
            return "no file at all".to_owned();
        }
        // Neighbours of one kind share its description.
        let mut kinds: Vec<(Option<String>, Vec<String>)> = Vec::new();
        for path in self.files.iter().take(NAMED) {
            let short = path
                .strip_prefix(&self.folder)
                .unwrap_or(path)
                .display()
                .to_string();
            let head = file::head(path).ok();
            let said = head
                .and_then(|bytes| sniff::describe(&bytes))
                .or_else(|| sniff::by_name(&short));
            match kinds.last_mut() {
                Some((last, names)) if *last == said => names.push(short),
                _ => kinds.push((said, vec![short])),
            }
        }
        let kinds: Vec<String> = kinds
            .into_iter()
            .map(|(said, names)| {
                let said = said.map_or_else(String::new, |said| format!(" ({said})"));
                names.join(", ") + &said
            })
            .collect();
        let more = match self.files.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more files"),
        };
        format!("none of these; there is {}{more}", kinds.join(", "))
    }
}

fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<()> {
    let io = |source| Error::io(folder, source);
    for entry in std::fs::read_dir(folder).map_err(io)? {
        let entry = entry.map_err(io)?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') || name == "__MACOSX" || files.len() >= MOST {
            continue;
        }
        let path = entry.path();
        if path.is_file() {
            files.push(path);
        } else if depth > 0 && path.is_dir() {
            // A folder within that may not be read is none of ours.
            let _ = walk(&path, depth - 1, files);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_they_hold() {
        let role = |name: &str| {
            let role = Role::of(name)?;
            Some((role.prefix, role.part, role.labels, role.rank))
        };
        let due = |prefix: &str, part, labels, rank| Some((prefix.to_owned(), part, labels, rank));
        for (name, expected) in [
            ("train-images-idx3-ubyte", due("", Part::Train, false, 0)),
            ("train-images.idx3-ubyte.gz", due("", Part::Train, false, 1)),
            ("T10K-labels-idx1-ubyte", due("", Part::Test, true, 0)),
            (
                "t10k-labels-idx1-ubyte (1).gz",
                due("", Part::Test, true, 3),
            ),
            ("t10k-labels-idx1-ubyte 2", due("", Part::Test, true, 2)),
            (
                "train-labels-idx1-ubyte - Copy.gz",
                due("", Part::Train, true, 3),
            ),
            (
                "emnist-letters-test-images-idx3-ubyte.gz",
                due("emnist-letters", Part::Test, false, 1),
            ),
            (
                "qmnist-train-labels-idx2-int",
                due("qmnist", Part::Train, true, 0),
            ),
            (
                "mnist-10k-images-idx3-ubyte.gz",
                due("mnist-10k", Part::All, false, 1),
            ),
            (
                "kmnist-train-imgs.npz",
                due("kmnist", Part::Train, false, 0),
            ),
            ("x_train.npy", due("", Part::Train, false, 0)),
            ("train.csv", None),
            ("train-images.txt", None),
            ("images", None),
            ("README.md", None),
        ] {
            assert_eq!(role(name), expected, "{name}");
        }
        let usual = Role::usual_name("emnist-letters", Part::Test, true);
        assert_eq!(usual, "emnist-letters-t10k-labels-idx1-ubyte");
    }
}
